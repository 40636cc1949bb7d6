"""Red and gold trees between houses with warm windows."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, block, column, sun_at, vary

__all__ = ["AUTUMN_VILLAGE"]

_SKIES = {
    "day": ("#fff0d0", "#a8dce0", "#4aa8c8", "#ffe8b8", "#a8b4b0", "#a8804a"),
    "sunset": ("#ffd24a", "#f08a3a", "#8a3a5a", "#ffa04a", "#9a6a70", "#8a5030"),
    "night": ("#4a4a84", "#2c2c60", "#121236", "#a09ad8", "#54588c", "#5a3c58"),
}
_GROUND = {"day": ("#d89a3e", "#c07a30"), "sunset": ("#c8702a", "#a04e24"), "night": ("#8a5a4a", "#6a4444")}
_LEAVES = {
    "day": ("#f0641e", "#e8302a", "#ffb81e"),
    "sunset": ("#e04a14", "#c02a24", "#f09a14"),
    "night": ("#b84a34", "#a02c3c", "#c8803a"),
}
_WALLS = {"day": ("#fff2dc", "#f4dcc0"), "sunset": ("#e8b890", "#d8a080"), "night": ("#6a5a80", "#5c5074")}
_ROOFS = {"day": ("#a8323a", "#5a4a8a"), "sunset": ("#8a2830", "#4a3468"), "night": ("#4a2440", "#2c2854")}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    horizon, mid, zenith, sun, above, below = (rgb(code) for code in _SKIES[light])
    low, high = (rgb(code) for code in _GROUND[light])
    return Look(
        horizon=horizon,
        mid=mid,
        zenith=zenith,
        sun_dir=sun_at(*{"day": (62 + turn, 40), "sunset": (172 + turn, 10), "night": (115 + turn, 36)}[light]),
        sun=sun,
        disc=rgb("#fff4c8") if light != "night" else rgb("#fff0c0"),
        disc_cos=0.9955,
        halo=0.35 if light != "night" else 0.12,
        above=above,
        below=below,
        ground_a=low,
        ground_b=high,
        patch=0.6,
        fog=0.028,
        shadow=0.5,
        ridge_far=tuple(0.5 * h + 0.5 * g for h, g in zip(horizon, low, strict=True)),  # type: ignore[arg-type]
        ridge_near=tuple(0.25 * h + 0.75 * g for h, g in zip(horizon, high, strict=True)),  # type: ignore[arg-type]
        ridge_height=0.18,
        stars=0.7 if light == "night" else 0.0,
        rim=0.45,
        offset=offset,
    )


def _tree(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    leaf = vary(rng, rgb(_LEAVES[light][int(rng.integers(3))]), 0.08)
    crown = Material(a=(leaf[0] * 0.65, leaf[1] * 0.6, leaf[2] * 0.7), b=leaf, gradient=(0.1, 0.7))
    stem, size = float(rng.uniform(1.2, 1.9)), float(rng.uniform(1.0, 1.5))
    top = y + stem
    parts = (
        column(spot, stem + 0.5, 0.22, 0.16, Material(a=rgb("#5a3a30"))),
        ball((x, top + 0.7 * size, z), size, crown),
        ball((x + 0.55 * size, top + 0.2 * size, z + 0.2), 0.65 * size, crown),
    )
    return Thing(parts, 0.95 * size, stem + size)


def _house(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    glow = {"day": 0.3, "sunset": 0.9, "night": 1.4}[light]
    number = int(rng.integers(2))
    half, tall = float(rng.uniform(1.3, 1.8)), float(rng.uniform(0.9, 1.4))
    wall = Material(
        a=rgb(_WALLS[light][number]), b=rgb("#ffc04a"), glow_b=glow, bands=(0.42, 0.32), stripes=(0.55, 0.36)
    )
    roof = Material(a=vary(rng, rgb(_ROOFS[light][number]), 0.08))
    parts: tuple[Part, ...] = (
        block(spot, (half, tall, half), 0.0, wall),
        column((x, y + 2 * tall, z), 1.7, 1.5 * half, 0.06, roof),
        block((x + 0.5 * half, y + 2 * tall, z), (0.2, 0.75, 0.2), 0.0, roof),
    )
    return Thing(parts, 1.35 * half, 2 * tall + 1.0, Lamp((x, y + 1.0, z), (1.2 * glow, 0.75 * glow, 0.25 * glow), 3.4))


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    return _tree(rng, light, spot) if rng.random() < 0.62 else _house(rng, light, spot)


AUTUMN_VILLAGE = Setting(
    name="autumn_village",
    phrases=(
        "an autumn village", "a village in autumn", "a small autumn village", "a cozy village",
        "an autumn village street",        "a village of autumn trees",
    ),
    details=("red and gold trees", "small houses", "warm windows", "autumn leaves", "houses and red trees"),
    look=_look,
    layers=(Layer(cell_m=5.4, share=0.62, clear_m=3.4, thing=_thing),),
    hills=Hills(cell_m=26.0, radius_m=(9.0, 12.0), height_m=(1.0, 2.4)),
)  # fmt: skip
