"""The ablations run from nothing at the smallest size, go on where they stopped, and change what they say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nodegraph.evaluation import SMALL, Judges, JudgeSettings, judges_for
from nodegraph.evaluation.ablations import (
    COLUMNS,
    VARIANTS,
    AblationSettings,
    Variant,
    run_ablations,
    without_recycling,
)
from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import preset

pytestmark = pytest.mark.timeout(900)
SMALLEST = AblationSettings(
    seeds=1, clips=4, frames=17, vae_steps=2, adapt_steps=2, steps=2,
    scale=replace(SMALL, prompt_clips=2, prompt_ticks=2, camera_ticks=3, pose_clips=1, pose_ticks=3, drift_ticks=121),
)  # fmt: skip


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> Judges:
    settings = JudgeSettings(scenes=6, held_out=2, look_steps=2, motion_steps=2, batch=4, workers=1)
    return judges_for(64, 48, settings, folder=tmp_path_factory.mktemp("judges"))


def test_without_recycling_the_past_frame_changes_nothing() -> None:
    net = random_weights(preset("debug")).transformer
    shape = net.config.latent_shape
    seeded = torch.Generator().manual_seed(0)
    z, past = (torch.randn(1, *shape, generator=seeded) for _ in range(2))
    planes = torch.zeros(1, preset("debug").condition_channels, *shape[1:])
    text = net.encode_text(torch.zeros(1, net.config.text.max_tokens, dtype=torch.int64))

    def made(recycled: torch.Tensor) -> torch.Tensor:
        return net.step(z, recycled, planes, text, net.make_cache())

    with torch.no_grad():
        assert not torch.equal(made(past), made(torch.zeros_like(past)))
        without_recycling(net)
        assert torch.equal(made(past), made(torch.zeros_like(past)))


@pytest.mark.slow
def test_variants_are_trained_and_measured_and_a_second_run_trains_nothing(judges: Judges, tmp_path: Path) -> None:
    rows = (
        Variant(name="Teacher", forcing="teacher"),
        Variant(name="everything else", recycling=False, long_share=0.5, discriminator="clip"),
    )
    first = run_ablations("debug", tmp_path, SMALLEST, judges=judges, variants=rows)
    weights = {path.relative_to(tmp_path): path.stat().st_mtime_ns for path in tmp_path.rglob("model.safetensors")}
    assert {path.parent.as_posix() for path in weights} == {
        "base/depth", "base/vae", "seed-0/adapt", "seed-0/teacher/adversarial", "seed-0/adapt-without-recycling",
        "seed-0/everything-else/adversarial", "seed-0/everything-else/long",
    }  # fmt: skip
    second = run_ablations("debug", tmp_path, SMALLEST, judges=judges, variants=rows[:1])
    assert all((tmp_path / path).stat().st_mtime_ns == at for path, at in weights.items())
    one, again = (run["rows"]["Teacher"]["mean"] for run in (first, second))
    assert {c: one[c] for c in COLUMNS} == {c: again[c] for c in COLUMNS}
    assert json.loads((tmp_path / "ablations.json").read_text())["columns"] == list(COLUMNS)
    assert "Teacher" in (tmp_path / "index.html").read_text()


def test_the_table_has_the_rows_of_the_paper() -> None:
    assert {v.forcing for v in VARIANTS} == {"student", "teacher", "none"}
    assert {v.discriminator for v in VARIANTS} == {"frame", "clip"}
    assert any(not v.recycling for v in VARIANTS) and any(v.long_share for v in VARIANTS)
    assert len({v.name for v in VARIANTS}) == len(VARIANTS)
