"""Camera moves: paths of cameras and lenses as a person at the controls would make them. numpy only.

Cameras follow OpenGL: they look along their own -z. Yaw 0 looks along world -z, a positive yaw turns left, a positive
pitch looks up. The speeds cover what the live controls can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nodegraph.errors import UserInputError
from nodegraph.values import Camera

__all__ = [
    "FOV_LIMITS_DEG",
    "MOVES",
    "PITCH_LIMIT_DEG",
    "SPEED_LIMITS",
    "CameraPath",
    "Start",
    "c2w_from",
    "home_start",
    "integrate",
    "move_rates",
    "sample_path",
    "sample_start",
    "still_rates",
    "view_angles",
]

MOVES = (
    "static", "pan", "tilt", "roll", "zoom", "dolly", "truck", "crane", "orbit", "handheld", "fly", "free",
)  # fmt: skip
SPEED_LIMITS = {"forward": 2.5, "right": 2.5, "up": 2.5, "yaw": 45.0, "pitch": 30.0, "zoom": 15.0}
"""Top rates of the live controls: metres a second, degrees a second."""
FOV_LIMITS_DEG = (30.0, 75.0)
PITCH_LIMIT_DEG = 35.0
LOWEST_M = 0.3
_HOME_SHARE = 0.5

Times = NDArray[np.float64]
Rates = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class CameraPath:
    """A camera's way: `c2w` [T, 4, 4] and `fov_y_deg` [T]."""

    c2w: NDArray[np.float64]
    fov_y_deg: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a path begins: position in metres, yaw, pitch and field of view in degrees."""

    position: NDArray[np.float64]
    yaw_deg: float
    pitch_deg: float
    fov_y_deg: float


def c2w_from(
    position: ArrayLike, yaw_deg: ArrayLike, pitch_deg: ArrayLike, roll_deg: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Return [T, 4, 4] from positions [T, 3] and angles [T] in degrees."""
    place = np.atleast_2d(np.asarray(position, dtype=np.float64))
    yaw, pitch, roll = (np.broadcast_to(np.radians(a), len(place)) for a in (yaw_deg, pitch_deg, roll_deg))
    zero, one = np.zeros(len(place)), np.ones(len(place))
    turn = _matrix([[np.cos(yaw), zero, np.sin(yaw)], [zero, one, zero], [-np.sin(yaw), zero, np.cos(yaw)]])
    nod = _matrix([[one, zero, zero], [zero, np.cos(pitch), -np.sin(pitch)], [zero, np.sin(pitch), np.cos(pitch)]])
    bank = _matrix([[np.cos(roll), -np.sin(roll), zero], [np.sin(roll), np.cos(roll), zero], [zero, zero, one]])
    out = np.tile(np.eye(4), (len(place), 1, 1))
    out[:, :3, :3] = turn @ nod @ bank
    out[:, :3, 3] = place
    return out


def _matrix(rows: list[list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def view_angles(eye: ArrayLike, target: ArrayLike) -> tuple[float, float]:
    """Yaw and pitch in degrees with which a camera at `eye` looks at `target`."""
    x, y, z = np.asarray(target, dtype=np.float64) - np.asarray(eye, dtype=np.float64)
    return float(np.degrees(np.arctan2(-x, -z))), float(np.degrees(np.arctan2(y, np.hypot(x, z))))


def home_start() -> Start:
    """The live view's home."""
    home = Camera()
    return Start(position=home.c2w[:3, 3].copy(), yaw_deg=0.0, pitch_deg=0.0, fov_y_deg=home.fov_y_deg)


def still_rates(frames: int) -> Rates:
    """Speeds of a camera that rests."""
    return {name: np.zeros(frames - 1) for name in (*SPEED_LIMITS, "roll")}


def sample_start(rng: np.random.Generator) -> Start:
    """A first view of a character at the origin that faces +z; most are the live view's home."""
    if rng.random() < _HOME_SHARE:
        return home_start()
    around, away = np.radians(np.clip(rng.normal(0, 32), -75, 75)), rng.uniform(2.9, 4.9)
    eye = np.array([away * np.sin(around), rng.uniform(0.8, 1.9), away * np.cos(around)])
    target = np.array([rng.normal(0, 0.3), rng.uniform(0.8, 1.25), rng.normal(0, 0.2)])
    yaw, pitch = view_angles(eye, target)
    return Start(position=eye, yaw_deg=yaw, pitch_deg=pitch, fov_y_deg=float(rng.uniform(46, 58)))


def sample_path(rng: np.random.Generator, move: str, frames: int, fps: float, start: Start) -> CameraPath:
    """Draw one move of the given kind.

    Raises:
        UserInputError: an unknown kind of move.
    """
    return integrate(start, move_rates(rng, move, frames, fps), fps)


def move_rates(rng: np.random.Generator, move: str, frames: int, fps: float) -> Rates:
    """Return speeds over time, [frames - 1] each: forward, right, up in m/s, yaw, pitch, zoom in degrees a second."""
    if move not in _MAKERS:
        raise UserInputError(
            "out_of_range", "There is no camera move of this name.", got=repr(move), expected=", ".join(MOVES),
            remedy="Choose one of the listed moves.",
        )  # fmt: skip
    rates = still_rates(frames)
    rates.update(_MAKERS[move](rng, np.arange(frames - 1) / fps))
    return rates


def integrate(start: Start, rates: Rates, fps: float) -> CameraPath:
    """Follow the speeds from the start, in the camera's own directions, within the limits of height, pitch and lens."""
    dt = 1.0 / fps
    yaw = start.yaw_deg + _sum(rates["yaw"]) * dt
    pitch = np.clip(start.pitch_deg + _sum(rates["pitch"]) * dt, -PITCH_LIMIT_DEG, PITCH_LIMIT_DEG)
    lens = np.clip(start.fov_y_deg - _sum(rates["zoom"]) * dt, *FOV_LIMITS_DEG)
    ahead, beside = np.radians(yaw[:-1]), rates["right"]
    step = np.stack(
        [
            -np.sin(ahead) * rates["forward"] + np.cos(ahead) * beside,
            rates["up"],
            -np.cos(ahead) * rates["forward"] - np.sin(ahead) * beside,
        ],
        axis=1,
    )
    place = start.position + np.concatenate([np.zeros((1, 3)), np.cumsum(step * dt, axis=0)])
    place[:, 1] = np.maximum(place[:, 1], LOWEST_M)
    return CameraPath(c2w=c2w_from(place, yaw, pitch, _sum(rates["roll"]) * dt), fov_y_deg=lens)


def _sum(rate: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(rate)])


def _profile(rng: np.random.Generator, t_s: Times) -> NDArray[np.float64]:
    """Speed over time, -1..1: even, eased, starting, stopping, in bursts, or out and back."""
    steps = len(t_s)
    s = (np.arange(steps) + 0.5) / max(steps, 1)
    ramp = 12.0
    pick = rng.random()
    if pick < 0.3:
        return np.ones(steps)
    if pick < 0.45:
        return np.asarray(np.sin(np.pi * s) ** 0.7)
    if pick < 0.62:
        return _soft(ramp * (s - rng.uniform(0.15, 0.6)))
    if pick < 0.78:
        return 1.0 - _soft(ramp * (s - rng.uniform(0.35, 0.85)))
    if pick < 0.88:
        begin = rng.uniform(0.1, 0.4)
        return _soft(ramp * (s - begin)) - _soft(ramp * (s - begin - rng.uniform(0.25, 0.45)))
    return np.asarray(np.sign(0.5 - s)) if rng.random() < 0.4 else np.asarray(np.cos(np.pi * s))


def _soft(x: NDArray[np.float64]) -> NDArray[np.float64]:
    y = np.clip(x + 0.5, 0.0, 1.0)
    return y * y * (3.0 - 2.0 * y)


def _along(name: str, low: float, both: bool = True) -> Callable[[np.random.Generator, Times], Rates]:
    """A move on one axis, between a share `low` of its limit and the full limit."""

    def make(rng: np.random.Generator, t_s: Times) -> Rates:
        sign = rng.choice((-1.0, 1.0)) if both else (1.0 if rng.random() < 0.65 else -1.0)
        return {name: sign * (low + (1.0 - low) * rng.random() ** 1.5) * SPEED_LIMITS[name] * _profile(rng, t_s)}

    return make


def _tilt(rng: np.random.Generator, t_s: Times) -> Rates:
    return {"pitch": rng.choice((-1.0, 1.0)) * rng.uniform(4.0, 18.0) * _profile(rng, t_s)}


def _roll(rng: np.random.Generator, t_s: Times) -> Rates:
    return {"roll": rng.choice((-1.0, 1.0)) * rng.uniform(4.0, 14.0) * _profile(rng, t_s)}


def _fly(rng: np.random.Generator, t_s: Times) -> Rates:
    """Ahead in a wide bend, sometimes rising."""
    ahead = rng.uniform(0.5, 2.5) * _profile(rng, t_s)
    return {
        "forward": ahead,
        "yaw": rng.uniform(-25.0, 25.0) * _profile(rng, t_s),
        "up": rng.uniform(-0.1, 0.4) * ahead,
    }


def _crane(rng: np.random.Generator, t_s: Times) -> Rates:
    shape = _profile(rng, t_s)
    rise = (1.0 if rng.random() < 0.8 else -0.4) * rng.uniform(0.4, 1.4) * shape
    return {"up": rise, "pitch": -rise * rng.uniform(0.0, 11.0), "forward": rng.uniform(-0.3, 0.5) * shape}


def _orbit(rng: np.random.Generator, t_s: Times) -> Rates:
    rate = rng.choice((-1.0, 1.0)) * rng.uniform(10.0, 30.0) * _profile(rng, t_s)
    # Four metres is the usual distance of the character: the sideways speed that keeps it in the middle.
    return {"yaw": rate, "right": np.radians(rate) * 4.0}


def _handheld(rng: np.random.Generator, t_s: Times) -> Rates:
    out = {}
    for name, size in (("yaw", 5.0), ("pitch", 4.0), ("right", 0.15), ("up", 0.10), ("forward", 0.15)):
        waves = [
            rng.uniform(0.5, 1.0) * np.sin(2 * np.pi * (rng.uniform(0.4, 1.6) * t_s + rng.random())) for _ in range(3)
        ]
        out[name] = size * np.sum(waves, axis=0)
    out["forward"] = out["forward"] + rng.uniform(-0.3, 0.9)
    return out


def _free(rng: np.random.Generator, t_s: Times) -> Rates:
    """As somebody at the keys does: one to three stretches, each with one to three axes held, some turned round."""
    likely = {"forward": 0.6, "right": 0.35, "up": 0.15, "yaw": 0.55, "pitch": 0.2, "zoom": 0.15}
    count = int(rng.integers(1, 4))
    cuts = np.concatenate([[0], np.sort(rng.uniform(0.15, 0.85, count - 1)), [1]]) * len(t_s)
    out = {name: np.zeros(len(t_s)) for name in likely}
    held: dict[str, float] = {}
    for begin, end in pairwise(cuts.astype(int)):
        if held and rng.random() < 0.4:
            held = {name: -speed for name, speed in held.items()}
        else:
            held = {
                name: rng.choice((-1.0, 1.0))
                * rng.uniform(0.2, 1.0)
                * SPEED_LIMITS[name]
                * (0.5 if name in ("up", "pitch") else 1.0)
                for name, share in likely.items()
                if rng.random() < share
            }
        for name, speed in held.items():
            out[name][begin:end] = speed
    return {name: _eased(speed) for name, speed in out.items()}


def _eased(speed: NDArray[np.float64], frames: int = 5) -> NDArray[np.float64]:
    """Speeds that start and stop within a few frames, as the controls do."""
    if not len(speed):
        return speed
    padded = np.pad(speed, (frames // 2, frames - 1 - frames // 2), mode="edge")
    return np.convolve(padded, np.full(frames, 1.0 / frames), mode="valid")


_MAKERS: dict[str, Callable[[np.random.Generator, Times], Rates]] = {
    "static": lambda _rng, _t_s: {},
    "pan": _along("yaw", 0.2),
    "tilt": _tilt,
    "roll": _roll,
    "dolly": _along("forward", 0.2, both=False),
    "fly": _fly,
    "truck": _along("right", 0.2),
    "crane": _crane,
    "orbit": _orbit,
    "zoom": _along("zoom", 0.4),
    "handheld": _handheld,
    "free": _free,
}
