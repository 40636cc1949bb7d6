"""Every stage trains, logs, saves, and resumes to the same numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from nodegraph.errors import NodegraphError
from nodegraph.training.data import Clip
from nodegraph.training.progress import HELD_OUT, MEASURES, recorded, summary
from nodegraph.training.run import export, run_stage
from nodegraph.training.settings import STAGES

WORDS = ("a", "robot", "walks")
STEPS = {"adapt": 60}
"""Of each stage here; 20 where nothing else stands."""


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small shards of squares that slide over a plain ground, and one held out."""
    folder, rng, frames = tmp_path_factory.mktemp("data"), np.random.default_rng(0), 17
    (folder / HELD_OUT).mkdir()
    for path in (folder / "shard-0.npz", folder / "shard-1.npz", folder / HELD_OUT / "shard-0.npz"):
        video = np.zeros((5, frames, 48, 64, 3), np.uint8)
        for clip in video:
            colour = rng.integers(0, 255, 3)
            clip[:] = colour
            for t, frame in enumerate(clip):
                frame[12:30, 2 * t : 2 * t + 14] = 255 - colour
        nearness = np.where((video[:, ::4] == video[:, ::4, :1, :1]).all(-1), 1 / 6, 1 / 3).astype(np.float16)
        c2w = np.tile(np.eye(4, dtype=np.float32), (5, frames, 1, 1))
        c2w[..., 2, 3] = 5.0  # camera and body stand: only the squares move
        np.savez(
            path,
            video=video,
            nearness=nearness,
            body=np.zeros(nearness.shape, bool),
            c2w=c2w,
            fov_y_deg=np.full((5, frames), 55, np.float32),
            keypoints=np.repeat(rng.normal(size=(5, 1, 17, 3)), frames, axis=1).astype(np.float32),
            captions=np.frombuffer(json.dumps(["a robot walks"] * 5).encode(), np.uint8),
            attributes=np.frombuffer(json.dumps([{"setting": "plain"}] * 5).encode(), np.uint8),
        )
    return folder


@pytest.fixture(scope="module")
def trained(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All stages of the debug preset, in order."""
    folder = tmp_path_factory.mktemp("run")
    for stage in STAGES:
        few = {"steps": STEPS.get(stage, 20)}
        assert run_stage("debug", stage, folder, data=shards, vocabulary=WORDS, overrides=few)
    return folder


def _log(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_every_stage_leaves_weights_a_log_and_a_sheet(trained: Path) -> None:
    for stage in STAGES:
        if stage == "encode":
            assert len(list((trained / "latents").glob("*.safetensors"))) == 2
            continue
        assert (trained / stage / "model.safetensors").exists()
        assert _log(trained / stage)[-1]["step"] == STEPS.get(stage, 20)
        assert list((trained / stage).glob("sheet-*.png"))


def test_the_flow_stages_and_the_autoencoder_lower_their_loss(trained: Path) -> None:
    assert _log(trained / "vae")[-1]["psnr_db"] > 20
    losses = [line["loss_clip"] for line in _log(trained / "adapt")]
    assert sum(losses[3:]) < 0.9 * sum(losses[:3]), losses
    assert losses[-1] < 0.6 * _log(trained / "diffusion")[0]["loss_clip"], losses


def test_distances_are_learnt_and_clips_without_any_are_taken_for_bare_ground(
    shards: Path, trained: Path, tmp_path: Path
) -> None:
    errors = [line["error"] for line in _log(trained / "depth")]
    assert errors[-1] < 0.9 * errors[0], errors
    plain = tmp_path / "films"
    plain.mkdir()
    with np.load(shards / "shard-0.npz") as data:
        np.savez(plain / "own.npz", **{name: data[name] for name in data.files if name not in ("nearness", "body")})
    assert run_stage("debug", "depth", tmp_path, data=plain, vocabulary=WORDS, start=trained / "vae")
    a, b = (load_file(folder / "model.safetensors") for folder in (trained / "vae", tmp_path / "depth"))
    assert all((a[name] == b[name]).all() for name in a if not name.startswith("quick."))


def test_every_stage_is_measured_on_clips_that_it_never_saw(trained: Path) -> None:
    rows = {row["stage"]: row for row in summary(trained)}
    assert list(rows) == list(MEASURES)
    for stage in ("depth", "diffusion"):
        assert rows[stage]["improved"], rows[stage]
    assert json.loads((trained / "progress.json").read_text())[0]["stage"] == "vae"


def test_what_was_measured_before_a_stage_is_kept_when_it_is_resumed(
    shards: Path, trained: Path, tmp_path: Path
) -> None:
    (tmp_path / "latents").symlink_to(trained / "latents")
    arguments = {"data": shards, "vocabulary": WORDS, "start": trained / "vae", "overrides": {"steps": 3}}
    assert not run_stage("debug", "diffusion", tmp_path, minutes=0, **arguments)
    before = recorded(tmp_path / "diffusion")
    assert list(before) == ["before"]
    assert run_stage("debug", "diffusion", tmp_path, **arguments)
    after = recorded(tmp_path / "diffusion")
    assert after["before"] == before["before"] and after["after"] != before["before"]


def test_a_run_cut_off_and_resumed_gives_the_same_weights(shards: Path, trained: Path, tmp_path: Path) -> None:
    for stage in ("adapt", "adversarial"):
        once, twice = tmp_path / f"{stage}-once", tmp_path / f"{stage}-twice"
        for folder in (once, twice):
            folder.mkdir()
            for part in ("latents", "vae", "depth", "diffusion", "adapt", "consistency"):
                if part != stage:
                    (folder / part).symlink_to(trained / part)
        arguments = {"data": shards, "vocabulary": WORDS}
        before = {"adapt": "diffusion", "adversarial": "consistency"}[stage]
        start = trained / before
        if stage == "adapt":
            run_stage("debug", stage, once, **arguments, start=start, overrides={"steps": 10})
            # The minutes are over at once: one step, saved; then again, and again.
            for _ in range(12):
                if run_stage("debug", stage, twice, **arguments, start=start, minutes=0, overrides={"steps": 10}):
                    break
        else:
            run_stage("debug", stage, once, **arguments, start=start, overrides={"steps": 3})
            while not run_stage("debug", stage, twice, **arguments, start=start, minutes=0, overrides={"steps": 3}):
                pass
        a, b = (load_file(folder / stage / "model.safetensors") for folder in (once, twice))
        assert all((a[name] == b[name]).all() for name in a), stage


def test_exported_weights_are_small_and_load(trained: Path, tmp_path: Path) -> None:
    from nodegraph.generator.checkpoint import load_weights

    assert len(export(trained, "decoder", tmp_path / "shipped")) == 16
    weights = load_weights(tmp_path / "shipped")
    assert weights.config.text.vocabulary == WORDS


def test_a_stage_without_its_predecessor_says_which_to_finish(shards: Path, tmp_path: Path) -> None:
    with pytest.raises(NodegraphError) as caught:
        run_stage("debug", "adapt", tmp_path, data=shards, vocabulary=WORDS)
    assert caught.value.code == "not_found" and "diffusion" in str(caught.value.remedy)


def test_a_mirrored_clip_mirrors_camera_and_body() -> None:
    rng = np.random.default_rng(1)
    c2w = np.tile(np.eye(4), (2, 1, 1))
    c2w[:, 0, 3] = 1.0
    clip = Clip(
        video=rng.integers(0, 255, (2, 8, 8, 3)).astype(np.uint8),
        c2w=c2w,
        fov_y_deg=np.full(2, 55.0),
        keypoints=rng.normal(size=(2, 17, 3)),
        caption="",
        attributes={},
    )
    twin = clip.mirrored()
    assert np.array_equal(twin.video[:, :, 0], clip.video[:, :, -1])
    assert twin.c2w[0, 0, 3] == -1.0
    assert np.allclose(twin.keypoints[:, 5] * [-1, 1, 1], clip.keypoints[:, 6]), "left and right change places"
    assert np.allclose(twin.mirrored().keypoints, clip.keypoints)
