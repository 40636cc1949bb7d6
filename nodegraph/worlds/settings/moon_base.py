"""A base of white domes on the grey moon, under a black sky with a blue planet."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import (
    Hills,
    Lamp,
    Layer,
    Setting,
    Spot,
    Thing,
    ball,
    blob,
    block,
    column,
    rod,
    sun_at,
    vary,
)

__all__ = ["MOON_BASE"]

_SKIES = {
    "day": ("#3a4048", "#14171e", "#05060a", "#fffaf0", "#6a7078", "#7a7a78"),
    "sunset": ("#6a3a20", "#241410", "#080508", "#ffa860", "#6a4a3c", "#6a4a3a"),
    "night": ("#0f2a38", "#081420", "#02040a", "#3a6a8a", "#24485c", "#1a3444"),
}
_GROUND = {"day": ("#c8c8c6", "#a4a5a8"), "sunset": ("#b08a6c", "#8a6852"), "night": ("#4a6a78", "#385464")}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-25, 25))
    horizon, mid, zenith, sun, above, below = (rgb(code) for code in _SKIES[light])
    low, high = (rgb(code) for code in _GROUND[light])
    # The planet hangs where the sun would be; by night it is what lights the ground.
    return Look(
        horizon=horizon,
        mid=mid,
        zenith=zenith,
        sun_dir=sun_at(158 + turn, 24) if light != "day" else sun_at(140 + turn, 30),
        sun=sun,
        disc=rgb({"day": "#4a9aff", "sunset": "#ffb060", "night": "#4ad0ff"}[light]),
        disc_cos=0.984,
        halo=0.12,
        above=above,
        below=below,
        ground_a=low,
        ground_b=high,
        patch=0.8,
        fog=0.016,
        shadow=0.7,
        ridge_far=tuple(0.5 * c for c in low),  # type: ignore[arg-type]
        ridge_near=tuple(0.36 * c for c in low),  # type: ignore[arg-type]
        ridge_height=0.13,
        stars=1.0,
        rim=0.6,
        offset=offset,
    )


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    glow = {"day": 0.5, "sunset": 0.9, "night": 1.4}[light]
    shade = {"day": 1.0, "sunset": 0.85, "night": 0.6}[light]
    hull = (0.86 * shade, 0.88 * shade, 0.9 * shade)
    lamp_colour = rgb("#ff8a1e") if rng.random() < 0.6 else rgb("#30e0ff")
    white = Material(a=hull, b=lamp_colour, glow_b=glow, bands=(0.62, 0.26))
    plain = Material(a=hull)
    low = rgb(_GROUND[light][1])
    pick, size = rng.random(), float(rng.uniform(0.0, 1.0))
    lit = Lamp((x, y + 1.0, z), tuple(glow * c for c in lamp_colour), 2.8)  # type: ignore[arg-type]
    parts: tuple[Part, ...]
    if pick < 0.36:
        wide = 1.3 + 0.8 * size
        parts = (
            blob(spot, (wide, 1.1 * wide, wide), white),
            ball((x, y + 1.2 * wide, z), 0.18, Material(a=lamp_colour, glow_a=1.0)),
        )
        return Thing(parts, wide, wide, lit)
    if pick < 0.54:
        tall = 2.6 + 2.2 * size
        body = Material(a=hull, b=rgb("#e0302c"), gradient=(0.7, 0.72))
        parts = (
            column((x, y + 0.4, z), tall, 0.6, 0.55, body),
            column((x, y + 0.4 + tall, z), 1.1, 0.55, 0.04, Material(a=rgb("#e0302c"))),
            block((x, y, z), (1.0, 0.5, 0.09), 0.0, Material(a=rgb("#e0302c"))),
        )
        return Thing(parts, 1.0, tall, None)
    if pick < 0.7:
        dish = Material(a=hull, b=lamp_colour, glow_b=0.5 * glow, gradient=(0.9, 1.0))
        parts = (rod(spot, (x, y + 1.7, z), 0.14, plain), column((x, y + 1.6, z), 0.55, 0.15, 1.0, dish))
        return Thing(parts, 0.5, 1.7, lit)
    rock = Material(a=vary(rng, low, 0.1))
    if pick < 0.86:
        crater = Material(a=(low[0] * 0.5, low[1] * 0.5, low[2] * 0.52))
        wide = 0.9 + 0.7 * size
        parts = (
            blob(spot, (wide * 1.25, 0.22, wide * 1.25), rock),
            blob((x, y + 0.13, z), (wide * 0.85, 0.12, wide * 0.85), crater),
        )
        return Thing(parts, wide, 0.15)
    return Thing((ball((x, y + 0.1, z), 0.5 + 0.5 * size, rock),), 0.7, 0.6)


MOON_BASE = Setting(
    name="moon_base",
    phrases=(
        "a moon base", "a base on the moon", "the moon", "a space base", "a space station on the moon", "a lunar base",
        "a space base on the moon",
    ),
    details=("white domes", "a planet in the sky", "white rockets", "craters", "domes and craters"),
    look=_look,
    layers=(Layer(cell_m=5.6, share=0.55, clear_m=3.6, thing=_thing),),
    hills=Hills(cell_m=28.0, radius_m=(9.0, 13.0), height_m=(0.8, 2.0)),
    weathers=("clear", "fog"),
)  # fmt: skip
