"""Pines under snow, a pale sky; lanterns and northern lights at night."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, blob, block, column, sun_at, vary

__all__ = ["SNOW_FOREST"]


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    if light == "day":
        return Look(
            horizon=rgb("#eef5fb"),
            mid=rgb("#c3dbf2"),
            zenith=rgb("#86b4e6"),
            sun_dir=sun_at(62 + turn, 36),
            sun=rgb("#d8d2c4"),
            disc=rgb("#ffffff"),
            halo=0.2,
            above=rgb("#a6c0e4"),
            below=rgb("#8fa2bc"),
            ground_a=rgb("#fbfdff"),
            ground_b=rgb("#dbe7f6"),
            patch=0.7,
            dot_a=rgb("#b4c8e2"),
            dot_b=rgb("#a9bedb"),
            dots=0.06,
            fog=0.03,
            shadow=0.55,
            ridge_far=rgb("#cfdff0"),
            ridge_near=rgb("#a9c2dc"),
            ridge_height=0.26,
            cloud=rgb("#ffffff"),
            clouds=0.5,
            rim=0.3,
            offset=offset,
        )
    if light == "sunset":
        return Look(
            horizon=rgb("#ffc49c"),
            mid=rgb("#f294a2"),
            zenith=rgb("#6a62b4"),
            sun_dir=sun_at(175 + turn, 10),
            sun=rgb("#ff9f70"),
            disc=rgb("#ffe6a8"),
            disc_cos=0.9955,
            halo=0.4,
            above=rgb("#8a80c4"),
            below=rgb("#8a6a90"),
            ground_a=rgb("#e8d2e4"),
            ground_b=rgb("#c3a9d4"),
            patch=0.7,
            dot_a=rgb("#9a86be"),
            dot_b=rgb("#a890c0"),
            dots=0.06,
            fog=0.03,
            shadow=0.5,
            ridge_far=rgb("#b486b4"),
            ridge_near=rgb("#7f68a8"),
            ridge_height=0.26,
            cloud=rgb("#ffb4a0"),
            clouds=0.6,
            rim=0.5,
            offset=offset,
        )
    return Look(
        horizon=rgb("#20508a"),
        mid=rgb("#12306a"),
        zenith=rgb("#070f30"),
        sun_dir=sun_at(115 + turn, 38),
        sun=rgb("#6f8fd4"),
        disc=rgb("#f2f6ff"),
        disc_cos=0.9968,
        halo=0.12,
        above=rgb("#34549c"),
        below=rgb("#26386e"),
        ground_a=rgb("#8fa8dc"),
        ground_b=rgb("#6f8ac6"),
        patch=0.7,
        dot_a=rgb("#5672b4"),
        dot_b=rgb("#4f6aae"),
        dots=0.06,
        fog=0.028,
        shadow=0.55,
        ridge_far=rgb("#173c72"),
        ridge_near=rgb("#0f2a58"),
        ridge_height=0.26,
        stars=0.8,
        shaft=rgb("#1f9a74"),
        rim=0.4,
        offset=offset,
    )


def _pine(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    tall, wide = float(rng.uniform(2.8, 5.4)), float(rng.uniform(0.95, 1.35))
    snow = {"day": "#f6faff", "sunset": "#f0c8d0", "night": "#9fb6e6"}[light]
    leaf = {"day": "#2c7258", "sunset": "#3d5c66", "night": "#1d4a5c"}[light]
    needles = Material(a=vary(rng, rgb(leaf), 0.2), b=rgb(snow), gradient=(0.3, 0.75))
    trunk = Material(a=rgb("#6b4a3a"))
    parts: list[Part] = [column(spot, 0.7, 0.18, 0.16, trunk)]
    for i in range(3):
        foot = (x, y + 0.5 + 0.27 * tall * i, z)
        parts.append(column(foot, 0.42 * tall, wide * (1.0 - 0.25 * i), 0.04, needles))
    return Thing(tuple(parts), wide * 0.8, tall)


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    pick = rng.random()
    if pick < 0.72:
        return _pine(rng, light, spot)
    snow = Material(a=rgb({"day": "#eef5ff", "sunset": "#e4c6dc", "night": "#86a0d8"}[light]))
    grey = rgb({"day": "#8793aa", "sunset": "#7a6c94", "night": "#40548c"}[light])
    stone = Material(a=vary(rng, grey), b=snow.a, gradient=(0.55, 0.75))
    if pick < 0.84:
        size = float(rng.uniform(0.45, 0.9))
        return Thing((blob((x, y + 0.2 * size, z), (size, 0.75 * size, 0.85 * size), stone),), size, 0.6 * size)
    if pick < 0.93 or np.hypot(x, z) < 7:
        strength = {"day": 0.2, "sunset": 0.9, "night": 1.7}[light]
        fire = rgb("#ffb03a")
        post = Material(a=rgb("#5a4436"))
        parts = (
            column(spot, 1.5, 0.09, 0.08, post),
            ball((x, y + 1.68, z), 0.24, Material(a=fire, glow_a=0.6 + strength)),
            column((x, y + 1.85, z), 0.22, 0.3, 0.05, snow),
        )
        return Thing(parts, 0.3, 1.6, Lamp((x, y + 1.4, z), (1.7 * strength, 0.95 * strength, 0.3 * strength), 2.8))
    lit = 0.4 if light == "day" else 1.3
    wood = Material(a=rgb("#9a5f40"), b=rgb("#ffc860"), glow_b=lit, bands=(0.55, 0.34), stripes=(0.5, 0.4))
    hut = (
        block(spot, (1.5, 0.9, 1.3), 0.0, wood),
        column((x, y + 1.75, z), 1.5, 2.3, 0.05, snow),
    )
    return Thing(hut, 1.9, 2.4)


SNOW_FOREST = Setting(
    name="snow_forest",
    phrases=(
        "a snowy forest",
        "a snow forest",
        "a winter forest",
        "a forest in the snow",
        "a frozen forest",
        "a snowy pine forest",
        "a forest of snowy pines",
    ),
    details=(
        "snowy pines",
        "tall pines",
        "deep snow",
        "snow on the pines",
        "lanterns",
        "pine trees",
        "lanterns in the snow",
    ),
    look=_look,
    layers=(Layer(cell_m=4.4, share=0.62, thing=_thing),),
    hills=Hills(cell_m=26.0, radius_m=(9.0, 12.0), height_m=(1.0, 2.4)),
)
