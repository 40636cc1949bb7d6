"""Pastel islands that float over a sea of clouds."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Layer, Setting, Spot, Thing, ball, blob, column, sun_at, vary

__all__ = ["SKY_ISLANDS"]

_SKIES = {
    "day": ("#ffe2f4", "#c8b8ff", "#7a86f2", "#fff2e0", "#c0b4ea", "#d8b8dc"),
    "sunset": ("#ffd06a", "#ff8ab8", "#7a4fc8", "#ffb488", "#c084c0", "#b878a0"),
    "night": ("#5a4ab0", "#33308c", "#12124a", "#9a90ea", "#5a54b4", "#4a4494"),
}
_CLOUDS = {"day": ("#ffffff", "#f2dcf4"), "sunset": ("#ffd8d0", "#f4a8c4"), "night": ("#8a86d8", "#6f68c4")}
_CROWNS = {
    "day": ("#ff7ac0", "#5ad0b0", "#ffc24a"),
    "sunset": ("#e85aa8", "#4aa8a0", "#ff9a3a"),
    "night": ("#a048a8", "#2f8a9a", "#b0804a"),
}
_GRASS = {"day": "#7ee0a0", "sunset": "#c0c078", "night": "#3f8aa0"}
_EARTH = {"day": "#b08ac0", "sunset": "#9a5f90", "night": "#4a3f88"}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    horizon, mid, zenith, sun, above, below = (rgb(code) for code in _SKIES[light])
    low, high = (rgb(code) for code in _CLOUDS[light])
    return Look(
        horizon=horizon,
        mid=mid,
        zenith=zenith,
        sun_dir=sun_at(*{"day": (62 + turn, 44), "sunset": (172 + turn, 11), "night": (130 + turn, 34)}[light]),
        sun=sun,
        disc=rgb("#fffbe6") if light != "night" else rgb("#ffe6ff"),
        disc_cos=0.994,
        halo=0.3 if light != "night" else 0.12,
        above=above,
        below=below,
        ground_a=low,
        ground_b=high,
        patch=1.1,
        fog=0.032,
        shadow=0.35,
        ridge_far=tuple(0.65 * h + 0.35 * w for h, w in zip(horizon, low, strict=True)),  # type: ignore[arg-type]
        ridge_near=low,
        ridge_height=0.16,
        cloud=low,
        clouds=0.5,
        stars=0.8 if light == "night" else 0.0,
        rim=0.5,
        offset=offset,
    )


def _island(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, _, z = spot
    wide, y = float(rng.uniform(1.4, 2.4)), float(rng.uniform(1.5, 4.5))
    earth = Material(a=vary(rng, rgb(_EARTH[light]), 0.1), b=rgb(_CLOUDS[light][1]), gradient=(0.35, 0.0))
    grass = Material(a=vary(rng, rgb(_GRASS[light]), 0.08))
    crown = Material(a=vary(rng, rgb(_CROWNS[light][int(rng.integers(3))]), 0.06))
    size = float(rng.uniform(0.6, 0.95))
    parts: tuple[Part, ...] = (
        column((x, y - wide * 1.05, z), wide * 1.05, 0.08, wide, earth),
        blob((x, y, z), (wide * 1.03, 0.34, wide * 1.03), grass),
        column((x, y, z), 1.2, 0.16, 0.13, Material(a=rgb("#8a5a6c"))),
        ball((x, y + 1.1 + size, z), size, crown),
    )
    return Thing(parts, wide, 1.0)


def _puff(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, _, z = spot
    size = float(rng.uniform(0.55, 1.1))
    white = Material(a=rgb(_CLOUDS[light][0]), b=rgb(_CLOUDS[light][1]), glow_a=0.06, gradient=(0.6, 0.1))
    parts = (
        blob((x, 0.12, z), (size * 1.5, 0.75 * size, size * 1.3), white),
        ball((x + size, 0.1, z + 0.3), 0.66 * size, white),
        ball((x - size, 0.05, z - 0.2), 0.6 * size, white),
    )
    return Thing(parts, 1.3 * size, 0.4)


SKY_ISLANDS = Setting(
    name="sky_islands",
    phrases=(
        "floating islands", "the sky islands", "islands in the sky", "a land of floating islands",
        "islands over the clouds",        "a land of clouds", "floating islands over the clouds",
    ),
    details=("floating islands", "soft clouds", "clouds all around", "trees on floating islands"),
    look=_look,
    layers=(
        Layer(cell_m=7.4, share=0.7, clear_m=4.2, thing=_island),
        Layer(cell_m=5.0, share=0.5, clear_m=3.2, thing=_puff),
    ),
)  # fmt: skip
