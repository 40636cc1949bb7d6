"""Weather: what it does to light and air, and the drops or flakes that fall before the camera. No torch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Rgb

__all__ = ["WEATHERS", "precipitation", "with_weather"]

WEATHERS = ("clear", "fog", "rain", "snow")
_BOX_M = np.array([7.0, 5.0, 7.0])
_FALL_M_S = {"rain": 5.5, "snow": 0.9}
_COUNT = {"rain": 70, "snow": 130}
_STREAK_M = 0.42
_STREAK_POINTS = 9


def with_weather(look: Look, weather: str, light: str) -> Look:
    """The look of a setting in some weather at a time of day."""
    if weather == "clear":
        return look
    bright = {"day": 1.0, "sunset": 0.55, "night": 0.16}[light]
    if weather == "fog":
        haze = _mix(look.horizon, _scaled((0.80, 0.84, 0.88), bright), 0.55)
        return _hazy(look, haze, share=0.88, fog=max(0.075, 1.6 * look.fog), sun=0.45)
    if weather == "rain":
        cloud = _mix(look.mid, _scaled((0.20, 0.26, 0.34), bright), 0.75)
        wet = _hazy(look, cloud, share=0.8, fog=max(0.05, 1.4 * look.fog), sun=0.35)
        return replace(
            wet, ground_a=_scaled(look.ground_a, 0.62), ground_b=_scaled(look.ground_b, 0.62), gloss=0.6,
            above=_mix(look.above, cloud, 0.5), stars=0.0,
        )  # fmt: skip
    pale = _mix(look.horizon, _scaled((0.80, 0.86, 0.95), bright), 0.7)
    white = _scaled((0.92, 0.95, 1.0), 0.45 + 0.55 * bright)
    white = _mix(white, look.ground_a, 0.25)
    snowy = _hazy(look, pale, share=0.7, fog=max(0.055, 1.4 * look.fog), sun=0.6)
    return replace(snowy, ground_a=white, ground_b=_scaled(white, 0.88), dots=0.0, stars=0.0)


def _hazy(look: Look, haze: Rgb, *, share: float, fog: float, sun: float) -> Look:
    """Sky and far things drawn towards one colour, and the sun dimmed."""
    return replace(
        look, horizon=_mix(look.horizon, haze, share), mid=_mix(look.mid, haze, share),
        zenith=_mix(look.zenith, haze, 0.8 * share), ridge_far=_mix(look.ridge_far, haze, share),
        ridge_near=_mix(look.ridge_near, haze, 0.75 * share), disc=_scaled(look.disc, 0.15), halo=0.4 * look.halo,
        sun=_scaled(look.sun, sun), shadow=0.4 * look.shadow, clouds=0.0, stars=0.3 * look.stars, fog=fog,
        shaft=_scaled(look.shaft, 0.3),
    )  # fmt: skip


def _mix(a: Rgb, b: Rgb, w: float) -> Rgb:
    return (a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w, a[2] + (b[2] - a[2]) * w)


def _scaled(colour: Rgb, share: float) -> Rgb:
    return (colour[0] * share, colour[1] * share, colour[2] * share)


def precipitation(
    weather: str, c2w: NDArray[np.float64], tangent: float, time_s: float, width: int, height: int
) -> NDArray[np.float32]:
    """Return [height, width], how much of each pixel a drop or flake near the camera covers, 0..1.

    They hang in the world: a box of them repeats endlessly, so that they pass as the camera moves.

    Args:
        weather: "rain" or "snow"; anything else gives zeros.
        c2w: [4, 4] camera to world. tangent: of half the vertical field of view. time_s: moves them down.
    """
    cover = np.zeros((height, width), dtype=np.float32)
    if weather not in _FALL_M_S:
        return cover
    rng = np.random.default_rng(5)
    place = rng.uniform(0.0, 1.0, (_COUNT[weather], 3)) * _BOX_M
    place[:, 1] -= _FALL_M_S[weather] * time_s
    if weather == "snow":
        place[:, 0] += 0.25 * np.sin(1.3 * time_s + 6.0 * rng.random(len(place)))
    away = (place - c2w[:3, 3] + _BOX_M / 2) % _BOX_M - _BOX_M / 2
    if weather == "rain":
        along = np.linspace(0.0, _STREAK_M, _STREAK_POINTS)
        away = (away[:, None] + along[None, :, None] * np.array([0.12, 1.0, 0.0])).reshape(-1, 3)
    x, y, depth = (away @ c2w[:3, :3]).T * np.array([[1.0], [1.0], [-1.0]])
    seen = (depth > 0.9) & (np.abs(x) < 1.1 * depth * tangent * width / height) & (np.abs(y) < 1.1 * depth * tangent)
    scale = height / (2.0 * tangent * np.maximum(depth[seen], 0.9))
    radius = np.clip((0.045 if weather == "snow" else 0.014) * scale, 0.9, 0.03 * height)
    fade = np.clip(depth[seen] - 0.9, 0.0, 1.0) * np.clip((3.6 - depth[seen]) / 1.2, 0.0, 1.0)
    _splat(cover, x[seen] * scale + width / 2, height / 2 - y[seen] * scale, radius, fade)
    return (np.minimum(cover, 1.0) * (0.85 if weather == "snow" else 0.4)).astype(np.float32)


def _splat(
    cover: NDArray[np.float32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    radius: NDArray[np.float64],
    strength: NDArray[np.float64],
) -> None:
    """Draw soft discs into `cover`, keeping the strongest where they overlap."""
    if not len(x):
        return
    height, width = cover.shape
    reach = int(np.ceil(radius.max())) + 1
    offsets = np.arange(-reach, reach + 1)
    column, row = np.floor(x)[:, None] + offsets, np.floor(y)[:, None] + offsets
    gap = np.hypot(column[:, None, :] + 0.5 - x[:, None, None], row[:, :, None] + 0.5 - y[:, None, None])
    value = np.clip(radius[:, None, None] + 0.5 - gap, 0.0, 1.0) * strength[:, None, None]
    rows, columns = (a.astype(np.int64) for a in np.broadcast_arrays(row[:, :, None], column[:, None, :]))
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width) & (value > 0)
    np.maximum.at(cover, (rows[inside], columns[inside]), value[inside].astype(np.float32))
