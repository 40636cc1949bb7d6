"""The measures of training tell better from worse."""

from __future__ import annotations

import pytest
import torch

from nodegraph.generator.checkpoint import Weights, random_weights
from nodegraph.generator.config import preset
from nodegraph.training.latents import Batch
from nodegraph.training.progress import MEASURES, Measure, spread_distance, stream_figures, streamed, teacher_distance
from nodegraph.training.settings import STAGES, settings_for


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights(preset("debug"))


@pytest.fixture
def clips(weights: Weights) -> Batch:
    """Noise for latents under empty controls."""
    config, generator = weights.config, torch.Generator().manual_seed(0)
    x0 = torch.randn(2, 3, *config.latent_shape, generator=generator)
    planes = torch.zeros(2, 3, config.condition_channels, *config.latent_shape[1:])
    return Batch(x0=x0, planes=planes, tokens=torch.zeros(2, config.text.max_tokens, dtype=torch.long), captions=[])


def test_every_stage_that_trains_has_a_measure() -> None:
    assert set(MEASURES) == set(STAGES) - {"encode"}


def test_less_or_more_is_better_as_the_measure_says() -> None:
    assert Measure(figure="error").improved(2.0, 1.0)
    assert Measure(figure="psnr_db", more_is_better=True).improved(20.0, 21.0)
    assert not Measure(figure="error").improved(1.0, 1.0)


def test_another_draw_of_the_same_kind_is_nearer_than_a_blurred_or_a_frozen_one() -> None:
    draws = torch.randn(2, 4, 6, 8, 12, 16, generator=torch.Generator().manual_seed(1))
    real, other = draws
    blurred = torch.nn.functional.avg_pool2d(real.flatten(0, 1), 3, 1, 1).view_as(real)
    frozen = real[:, :1].expand_as(real)
    assert spread_distance(real, real) == 0
    assert spread_distance(other, real) < 0.1 < min(spread_distance(x, real) for x in (blurred, frozen))
    assert stream_figures(frozen, real)["motion_ratio"] == 0


def test_a_stream_starts_from_the_true_first_frame(weights: Weights, clips: Batch) -> None:
    made = streamed(weights.transformer.eval(), clips)
    assert made.shape == clips.x0.shape
    assert torch.equal(made[:, 0], clips.x0[:, 0])


def test_a_student_is_nearer_to_its_teacher_than_to_another(weights: Weights, clips: Batch) -> None:
    """One pass of the same network is not yet its several passes: there is something to learn."""
    settings = settings_for("debug", "consistency")
    other = random_weights(preset("debug"), seed=1).transformer
    with torch.no_grad():
        own = teacher_distance(weights.transformer, weights.transformer, clips, settings)
        foreign = teacher_distance(other, weights.transformer, clips, settings)
    assert 0 < own < foreign
