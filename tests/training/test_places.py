"""Training on known places: what the condition says of the camera, wordings, clips that begin anywhere."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nodegraph.generator.checkpoint import Weights, random_weights
from nodegraph.generator.config import PLACE_CHANNELS, preset
from nodegraph.generator.control import condition_planes, place_maps
from nodegraph.training.data import encode_folder
from nodegraph.training.latents import LatentSet
from nodegraph.training.losses import near
from nodegraph.values import Camera
from nodegraph.worlds.dataset import render_shard


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights(preset("debug"))


@pytest.fixture(scope="module")
def latents(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> LatentSet:
    folder = tmp_path_factory.mktemp("places")
    render_shard(folder / "a.npz", seeds=[1, 2, 3], frames=25, width=64, height=48, places=1)
    render_shard(folder / "b.npz", seeds=[4], frames=25, width=64, height=48)
    encode_folder(weights, folder, folder / "latents", device="cpu")
    return LatentSet(folder / "latents", weights)


def test_only_clips_without_a_place_are_mirrored_and_only_places_are_told(latents: LatentSet) -> None:
    told = [bool(planes[:, -PLACE_CHANNELS:].any()) for planes in latents.tensors["planes"]]
    assert told == [True, True, True, False, False], "the clip without a place stands beside its mirror image"


def test_place_rays_say_where_the_camera_is_and_stay_bounded() -> None:
    home, far = Camera(), Camera()
    far.c2w[:3, 3] += (500.0, 0.0, 0.0)
    here, there = place_maps(home, 6, 8), place_maps(far, 6, 8)
    assert not here[:3].any() and there[0].min() > 2.9 and there.max() <= 3.0
    assert np.allclose(here[3:18], there[3:18]), "the same directions"
    config = preset("debug")
    unknown = condition_planes(config, home, far, None, recycled=True, at_place=False)
    assert len(unknown) == config.condition_channels and not unknown[-PLACE_CHANNELS:].any()


def test_clips_begin_at_any_of_their_stills(latents: LatentSet) -> None:
    starts = latents._starts(0, 4)
    assert len(starts) > 1
    clip = latents._from("latents", "stills", 0, starts[-1], 4)
    tick = latents._tick_of_still(0, starts[-1])
    assert torch.equal(clip[0], latents.tensors["stills"][0][starts[-1]])
    assert torch.equal(clip[1:], latents.tensors["latents"][0][tick + 1 : tick + 4])


def test_batches_say_the_same_clip_in_several_ways(latents: LatentSet) -> None:
    said = {latents.batch((0, "adapt", step), 5, 4, stills=True, device="cpu").captions[0] for step in range(12)}
    words = {text for clip in latents.wordings for text, _ in clip}
    assert said <= words and len(words) > len(latents.wordings)


def test_the_near_distance_prefers_sharp_to_blurred() -> None:
    true = torch.zeros(1, 2, 1, 1, 8)
    true[..., 4] = 1.0
    moved, blurred = true.roll(1, -1), torch.full_like(true, 1 / 8)
    blurred_square, moved_square = ((x - true) ** 2 for x in (blurred, moved))
    assert blurred_square.mean() < 0.5 * moved_square.mean()
    assert near(blurred, true) > 0.6 * near(moved, true)
    assert near(true, true).abs().max() < 1e-6
