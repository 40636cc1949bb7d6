"""Held-out camera paths and body motions, and the camera's motion from frame to frame. numpy only.

The shapes of speed over time (sums of sines) and the sequences of actions are not those of the training clips.
F video frames, 24 a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.commands import AXES
from nodegraph.values import FPS
from nodegraph.worlds.body import BodyState, advance, keypoints
from nodegraph.worlds.camera import CameraPath, Start, integrate

__all__ = ["axis_path", "camera_motion", "idle_motion", "out_and_back", "perform", "wander"]

Floats = NDArray[np.float64]

_RATES = {
    "pan": "yaw", "tilt": "pitch", "roll": "roll", "zoom": "zoom", "dolly": "forward", "truck": "right", "crane": "up",
}  # fmt: skip
_PEAKS = {"pan": 28.0, "tilt": 14.0, "roll": 14.0, "zoom": 10.0, "dolly": 1.6, "truck": 1.6, "crane": 0.9}
"""Fastest commanded speed per axis, degrees or metres a second: within what the live controls can do."""


def camera_motion(c2w_F44: Floats, fov_y_deg_F: Floats) -> Floats:
    """Motion between successive cameras, [F - 1, 7] in the order of `AXES`.

    Angles in degrees (pan to the right, tilt up, roll anticlockwise), zoom as the logarithm of the magnification,
    dolly, truck and crane in metres along the earlier camera's own forward, right and up.
    """
    relative = np.linalg.inv(c2w_F44[:-1]) @ c2w_F44[1:]
    ahead, right, shift = -relative[:, :3, 2], relative[:, :3, 0], relative[:, :3, 3]
    size = np.log(np.tan(np.radians(fov_y_deg_F) / 2))
    return np.stack(
        [
            np.degrees(np.arctan2(ahead[:, 0], -ahead[:, 2])),
            np.degrees(np.arcsin(np.clip(ahead[:, 1], -1, 1))),
            np.degrees(np.arctan2(right[:, 1], right[:, 0])),
            size[:-1] - size[1:],
            -shift[:, 2],
            shift[:, 0],
            shift[:, 1],
        ],
        axis=1,
    )


def _follow(start: Start, frames: int, **speeds: Floats) -> CameraPath:
    rates = {name: np.zeros(frames - 1) for name in _RATES.values()}
    rates.update({_RATES[axis]: speed for axis, speed in speeds.items()})
    return integrate(start, rates, FPS)


def _sway(rng: np.random.Generator, frames: int) -> Floats:
    """Speed over time in -1..1 that changes sign: a slow sine, a quicker one on top, eased in."""
    t_s = np.arange(frames - 1) / FPS
    slow, quick = rng.uniform(2.2, 3.4), rng.uniform(1.1, 1.7)
    phase = rng.uniform(0, 2 * np.pi, 2)
    wave = np.sin(2 * np.pi * t_s / slow + phase[0]) + 0.45 * np.sin(2 * np.pi * t_s / quick + phase[1])
    return np.asarray(wave / 1.45 * np.minimum(t_s / 0.25, 1.0))


def axis_path(rng: np.random.Generator, axis: str, frames: int, start: Start) -> CameraPath:
    """A path that moves on one of `AXES` only, to and fro at changing speed."""
    return _follow(start, frames, **{axis: _PEAKS[axis] * _sway(rng, frames)})


def wander(rng: np.random.Generator, frames: int, start: Start) -> CameraPath:
    """A gentle path on several axes at once."""
    picks = rng.choice([a for a in AXES if a not in ("roll", "zoom")], 2, replace=False)
    return _follow(start, frames, **{str(a): 0.5 * _PEAKS[str(a)] * _sway(rng, frames) for a in picks})


def out_and_back(axis: str, frames: int, start: Start, turns: int = 1) -> CameraPath:
    """A path that leaves along one axis and returns exactly to its first view, `turns` times."""
    t = (np.arange(frames - 1) + 0.5) / (frames - 1)
    return _follow(start, frames, **{axis: 0.8 * _PEAKS[axis] * np.sin(2 * np.pi * turns * t)})


def perform(rng: np.random.Generator, frames: int, actions: tuple[str, ...]) -> Floats:
    """[F, 17, 3] keypoints of a body that goes through `actions`, equally long, near the origin.

    Walking and running alternate in direction, so that the body stays in view.
    """
    state = BodyState(
        heading_rad=float(rng.uniform(-0.9, 0.9)), action=actions[0] if actions[0] not in ("walk", "run") else "stand",
        time_s=float(rng.uniform(0, 10)), x_m=float(rng.uniform(-0.3, 0.3)), z_m=float(rng.uniform(-0.3, 0.3)),
    )  # fmt: skip
    turn = float(rng.uniform(-0.6, 0.6))
    out = [keypoints(state)]
    for i in range(1, frames):
        action = actions[min(i * len(actions) // frames, len(actions) - 1)]
        going = action in ("walk", "run")
        pace = 0.7 * np.sign(np.sin(2 * np.pi * i / (FPS * 2.4))) if going else 0.0
        state = advance(state, 1 / FPS, forward=float(pace), turn=turn if going else 0.0, action=action)
        out.append(keypoints(state))
    return np.stack(out)


def idle_motion(rng: np.random.Generator, frames: int, action: str) -> Floats:
    """[F, 17, 3] keypoints of a body that does one thing on its spot, a little off the middle."""
    return perform(rng, frames, (action,)) if action not in ("walk", "run") else perform(rng, frames, ("stand",))
