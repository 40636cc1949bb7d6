"""A street between towers with glowing bands."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, dim, rgb
from nodegraph.worlds.things import Lamp, Layer, Setting, Spot, Thing, ball, blob, block, column, rod, sun_at, vary

__all__ = ["NEON_CITY"]

_NEON = tuple(rgb(c) for c in ("#ff2fa0", "#19e8ff", "#ffd02e", "#7a5cff", "#35ff9a"))
_WALLS = {
    "day": ("#d8d2ec", "#c2d8ee", "#ecd2dc"),
    "sunset": ("#4a2f66", "#3a2c62", "#5c3060"),
    "night": ("#1c1838", "#241640", "#141c3c"),
}
_GLOW = {"day": 0.55, "sunset": 0.95, "night": 1.35}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    if light == "day":
        return Look(
            horizon=rgb("#ffdcee"),
            mid=rgb("#b4d6ff"),
            zenith=rgb("#5a9cf2"),
            sun_dir=sun_at(62 + turn, 48),
            sun=rgb("#fff0dc"),
            disc=rgb("#fffaf0"),
            halo=0.2,
            above=rgb("#a8b4d8"),
            below=rgb("#8a7f98"),
            ground_a=rgb("#a9a4bd"),
            ground_b=rgb("#9b96b2"),
            patch=0.5,
            line=rgb("#20d8f0"),
            line_grid=5.0,
            fog=0.022,
            shadow=0.55,
            ridge_far=rgb("#cbbfe6"),
            ridge_near=rgb("#b3a4d8"),
            ridge_height=0.30,
            ridge_blocky=1.0,
            cloud=rgb("#ffffff"),
            clouds=0.5,
            rim=0.3,
            gloss=0.15,
            offset=offset,
        )
    if light == "sunset":
        return Look(
            horizon=rgb("#ff7f6a"),
            mid=rgb("#d8488a"),
            zenith=rgb("#2c1a66"),
            sun_dir=sun_at(175 + turn, 10),
            sun=rgb("#ff9a6a"),
            disc=rgb("#ffd27a"),
            disc_cos=0.994,
            halo=0.4,
            above=rgb("#7a4a96"),
            below=rgb("#4a2a5c"),
            ground_a=rgb("#5a3f6c"),
            ground_b=rgb("#4c345f"),
            patch=0.5,
            line=rgb("#ffb02a"),
            line_grid=5.0,
            fog=0.024,
            shadow=0.5,
            ridge_far=rgb("#93407e"),
            ridge_near=rgb("#5e2c6c"),
            ridge_height=0.30,
            ridge_blocky=1.0,
            cloud=rgb("#ff8f8a"),
            clouds=0.5,
            rim=0.5,
            gloss=0.35,
            offset=offset,
        )
    return Look(
        horizon=rgb("#4a1470"),
        mid=rgb("#240d4a"),
        zenith=rgb("#07041a"),
        sun_dir=sun_at(140 + turn, 45),
        sun=rgb("#5a54b0"),
        disc=rgb("#000000"),
        halo=0.0,
        above=rgb("#3c2f7c"),
        below=rgb("#2a1450"),
        ground_a=rgb("#2a2348"),
        ground_b=rgb("#221c3e"),
        patch=0.5,
        line=rgb("#18d8ff"),
        line_grid=5.0,
        fog=0.026,
        shadow=0.3,
        ridge_far=rgb("#34105c"),
        ridge_near=rgb("#1d0a3e"),
        ridge_height=0.30,
        ridge_blocky=1.0,
        stars=0.5,
        rim=0.6,
        gloss=0.55,
        offset=offset,
    )


def _wall(rng: np.random.Generator, light: str) -> Material:
    neon = _NEON[int(rng.integers(len(_NEON)))]
    glow = _GLOW[light]
    wall = vary(rng, rgb(_WALLS[light][int(rng.integers(3))]), 0.1)
    if rng.random() < 0.5:
        return Material(a=wall, b=neon, glow_b=glow, bands=(float(rng.uniform(0.4, 0.55)), 0.24))
    return Material(a=wall, b=neon, glow_b=glow, bands=(0.42, 0.42), stripes=(float(rng.uniform(0.36, 0.44)), 0.48))


def _tower(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    wall = _wall(rng, light)
    neon, glow = wall.b or wall.a, _GLOW[light]
    half, height = float(rng.uniform(2.0, 2.9)), float(rng.uniform(6.0, 15.0))
    parts: list[Part]
    if rng.random() < 0.25:
        round_wall = Material(a=wall.a, b=neon, glow_b=glow, bands=wall.bands if wall.bands[1] < 0.3 else (0.45, 0.25))
        parts = [column(spot, height, half * 0.95, half * 0.8, round_wall)]
    else:
        parts = [block(spot, (half, height / 2, half), 0.0, wall)]
        if rng.random() < 0.5:
            parts.append(block((x, y + height, z), (half * 0.6, height / 6, half * 0.6), 0.0, wall))
    if rng.random() < 0.6:
        parts.append(rod((x, y + height, z), (x, y + height + 3.0, z), 0.14, Material(a=neon, glow_a=glow)))
    lamp = Lamp((x, 1.5, z), dim(neon, 0.9 * glow), 5.0) if light != "day" else None
    return Thing(tuple(parts), half, height, lamp)


def _prop(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    glow = _GLOW[light]
    neon = vary(rng, _NEON[int(rng.integers(len(_NEON)))], 0.05)
    metal = Material(a=rgb("#6a6890") if light != "day" else rgb("#8f8aa8"))
    lit = Material(a=neon, glow_a=0.5 + glow)
    lamp = Lamp((x, y + 1.2, z), dim(neon, 1.4 * glow), 2.5) if light != "day" else None
    pick = rng.random()
    if pick < 0.45:
        parts: tuple[Part, ...] = (column(spot, 2.7, 0.1, 0.07, metal), ball((x, y + 2.9, z), 0.3, lit))
        return Thing(parts, 0.25, 2.7, lamp)
    if pick < 0.75:
        along_x = rng.random() < 0.5
        size = (1.1, 0.26, 0.55) if along_x else (0.55, 0.26, 1.1)
        cabin = (0.6, 0.28, 0.42) if along_x else (0.42, 0.28, 0.6)
        hull = Material(a=vary(rng, rgb("#7f88c8") if light == "day" else rgb("#4a4a86")))
        glass = Material(a=rgb("#a8c4f0"))
        return Thing(
            (
                block((x, y + 0.3, z), size, 0.0, hull),
                block((x, y + 0.36, z), (size[0] * 1.03, 0.07, size[2] * 1.03), 0.0, lit),
                blob((x, y + 0.85, z), cabin, glass),
            ),
            0.9,
            0.9,
            lamp,
        )
    ringed = Material(a=metal.a, b=neon, glow_b=glow, bands=(1.8, 0.35))
    return Thing((column(spot, 1.1, 0.42, 0.42, ringed),), 0.5, 1.0, lamp)


NEON_CITY = Setting(
    name="neon_city",
    phrases=(
        "a neon city",
        "a neon street",
        "a city of neon",
        "a futuristic city",
        "a cyberpunk city",
        "a neon city street",
    ),
    details=("glowing towers", "neon lights", "colorful towers", "bright signs", "glowing lines", "neon towers"),
    look=_look,
    layers=(
        Layer(cell_m=14.0, share=0.92, jitter=0.0, thing=_tower),
        Layer(cell_m=4.7, share=0.4, jitter=0.3, thing=_prop),
    ),
)
