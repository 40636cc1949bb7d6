"""The shipped model: recognisable, steerable, steady. Rough bounds on what anyone can see in the contact sheet."""

from itertools import combinations

import numpy as np
import pytest

from nodegraph.generator import pool
from nodegraph.generator.checkpoint import shipped_folder
from nodegraph.generator.session import Controls
from nodegraph.values import Camera, Pose, Prompt
from nodegraph.worlds import body

pytestmark = pytest.mark.skipif(shipped_folder("tiny") is None, reason="no shipped weights")

PROMPTS = (
    "an underwater city with glowing corals by day",
    "desert ruins at sunset",
    "a neon city at night",
    "a snowy forest by day",
    "green hills by day",
)


def _camera(turned_deg: float) -> Camera:
    c2w = Camera().c2w.copy()
    a = np.radians(-turned_deg)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    return Camera(c2w=c2w)


def _play(prompt: str, ticks: int, *, turn_deg: float = 0.0, with_body: bool = True) -> list[np.ndarray]:
    """The last frame of every tick, as floats."""
    model = pool.load("tiny", "cpu")
    session, decoder = model.session(7), model.decoder()
    pose = Pose(keypoints=body.keypoints(body.BodyState(action="stand"))) if with_body else None
    frames = []
    for tick in range(ticks):
        controls = Controls(prompt=Prompt(text=prompt), camera=_camera(turn_deg * tick), pose=pose)
        frames.append(decoder.decode(session.step(controls))[-1].astype(float))
    return frames


def test_the_package_stays_below_40_mb() -> None:
    folder = shipped_folder("tiny")
    assert folder is not None
    assert (folder / "model.safetensors").stat().st_size < 40_000_000


def test_each_prompt_has_colours_of_its_own() -> None:
    means = {prompt: _play(prompt, 4)[-1].mean((0, 1)) for prompt in PROMPTS}
    for a, b in combinations(PROMPTS, 2):
        assert np.abs(means[a] - means[b]).max() > 15, (a, b)


def test_a_turning_camera_moves_the_character_the_other_way() -> None:
    """The orange suit on white snow is found by its colour."""

    def place(frames: list[np.ndarray]) -> float:
        warm = np.clip(frames[-1][..., 0] - frames[-1][..., 2], 20, None) - 20
        return float((warm.sum(0) * np.arange(warm.shape[1])).sum() / warm.sum())

    prompt = "an explorer in orange in a snowy forest by day"
    middle, right = place(_play(prompt, 6)), place(_play(prompt, 6, turn_deg=3.0))
    assert right < middle - 10


def test_a_still_camera_keeps_its_picture_for_twenty_seconds() -> None:
    frames = _play(PROMPTS[0], 120)
    assert np.abs(frames[-1] - frames[6]).mean() < 20
    assert frames[-1].std() < 1.5 * frames[6].std()
