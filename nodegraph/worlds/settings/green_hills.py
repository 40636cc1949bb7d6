"""Grass hills with round trees and flowers."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, blob, column, sun_at, vary

__all__ = ["GREEN_HILLS"]


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    if light == "day":
        return Look(
            horizon=rgb("#dff3ff"),
            mid=rgb("#8fd0f6"),
            zenith=rgb("#2f84e0"),
            sun_dir=sun_at(62 + turn, 46),
            sun=rgb("#fff0c8"),
            disc=rgb("#fffbe6"),
            halo=0.2,
            above=rgb("#9cc0d8"),
            below=rgb("#6f8f4a"),
            ground_a=rgb("#93d654"),
            ground_b=rgb("#68b83e"),
            patch=0.6,
            dot_a=rgb("#ff5a4c"),
            dot_b=rgb("#fff0a0"),
            dots=0.06,
            fog=0.02,
            shadow=0.6,
            ridge_far=rgb("#9fd0c8"),
            ridge_near=rgb("#74b886"),
            ridge_height=0.16,
            cloud=rgb("#ffffff"),
            clouds=0.9,
            rim=0.25,
            offset=offset,
        )
    if light == "sunset":
        return Look(
            horizon=rgb("#ffcf7a"),
            mid=rgb("#f98f5e"),
            zenith=rgb("#5c4aa2"),
            sun_dir=sun_at(175 + turn, 10),
            sun=rgb("#ffae5a"),
            disc=rgb("#fff0a0"),
            disc_cos=0.9955,
            halo=0.4,
            above=rgb("#8a78a0"),
            below=rgb("#6a5a3c"),
            ground_a=rgb("#b4b846"),
            ground_b=rgb("#82963e"),
            patch=0.6,
            dot_a=rgb("#ff6a5c"),
            dot_b=rgb("#ffe0a0"),
            dots=0.06,
            fog=0.02,
            shadow=0.55,
            ridge_far=rgb("#b47a70"),
            ridge_near=rgb("#7f6450"),
            ridge_height=0.16,
            cloud=rgb("#ffb27a"),
            clouds=0.9,
            rim=0.5,
            offset=offset,
        )
    return Look(
        horizon=rgb("#2d6a9a"),
        mid=rgb("#173a78"),
        zenith=rgb("#0a1440"),
        sun_dir=sun_at(115 + turn, 38),
        sun=rgb("#9cbcf0"),
        disc=rgb("#fdf8da"),
        disc_cos=0.996,
        halo=0.16,
        above=rgb("#3c68b0"),
        below=rgb("#1c3a4c"),
        ground_a=rgb("#57aa84"),
        ground_b=rgb("#3a8074"),
        patch=0.6,
        dot_a=rgb("#c8f0ff"),
        dot_b=rgb("#f0b8ff"),
        dots=0.06,
        fog=0.022,
        shadow=0.55,
        ridge_far=rgb("#235884"),
        ridge_near=rgb("#184468"),
        ridge_height=0.16,
        stars=0.8,
        cloud=rgb("#3a66a0"),
        clouds=0.25,
        rim=0.4,
        offset=offset,
    )


_CROWNS = {
    "day": ("#3fa048", "#57b33f", "#2f8f58", "#ff9fb4", "#f2b33a"),
    "sunset": ("#7a8a34", "#8f8a30", "#5f7a44", "#e8788a", "#e89a2c"),
    "night": ("#1f6a5c", "#2a7a5a", "#1d5f6a", "#a06aa8", "#8a8a5a"),
}


def _tree(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    crown_code = _CROWNS[light][int(rng.choice(5, p=(0.3, 0.25, 0.2, 0.15, 0.1)))]
    low = vary(rng, rgb(crown_code), 0.12)
    crown = Material(a=(low[0] * 0.75, low[1] * 0.75, low[2] * 0.8), b=low, gradient=(0.2, 0.7))
    stem, size = float(rng.uniform(1.0, 1.7)), float(rng.uniform(0.95, 1.5))
    trunk = Material(a=rgb("#8a5a3c"))
    parts: list[Part] = [column(spot, stem + 0.4, 0.2, 0.15, trunk), ball((x, y + stem + 0.75 * size, z), size, crown)]
    angle = float(rng.uniform(0, 6.28))
    side = (x + 0.6 * size * float(np.sin(angle)), y + stem + 0.35 * size, z + 0.6 * size * float(np.cos(angle)))
    parts.append(ball(side, 0.66 * size, crown))
    return Thing(tuple(parts), size * 0.9, stem + 1.3 * size)


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    pick = rng.random()
    if pick < 0.6:
        return _tree(rng, light, spot)
    if pick < 0.8:
        size = float(rng.uniform(0.45, 0.8))
        leaf = vary(rng, rgb(_CROWNS[light][int(rng.integers(3))]), 0.12)
        petal = rgb(("#ff6a86", "#ffffff", "#ffd84a")[int(rng.integers(3))])
        bush = Material(a=leaf, b=petal, bands=(1.6, 0.22), stripes=(1.4, 0.5))
        return Thing((blob((x, y + 0.45 * size, z), (size, 0.75 * size, size), bush),), size, 0.7 * size)
    if pick < 0.9:
        size = float(rng.uniform(0.4, 0.8))
        stone = Material(a=vary(rng, rgb({"day": "#b4b8b0", "sunset": "#a8887a", "night": "#5a7290"}[light])))
        return Thing((blob((x, y + 0.2 * size, z), (size, 0.65 * size, 0.8 * size), stone),), size, 0.5 * size)
    glow = 0.0 if light == "day" else 1.0
    red = vary(rng, rgb("#f0483c"))
    cap = Material(a=red, b=rgb("#fff4e0"), glow_a=0.5 * glow, bands=(2.4, 0.3), stripes=(1.6, 0.45))
    stalk = Material(a=rgb("#f4e6cc"), glow_a=0.3 * glow)
    parts = (column(spot, 0.9, 0.2, 0.16, stalk), blob((x, y + 0.95, z), (0.62, 0.42, 0.62), cap))
    lamp = Lamp((x, y + 0.7, z), (1.1, 0.5, 0.35), 2.0) if light == "night" else None
    return Thing(parts, 0.5, 1.0, lamp)


GREEN_HILLS = Setting(
    name="green_hills",
    phrases=("green hills", "grassy hills", "a green meadow", "rolling hills", "hills of grass", "a meadow of flowers"),
    details=(
        "round trees",
        "flowers",
        "many flowers",
        "green trees",
        "soft grass",
        "red mushrooms",
        "trees and flowers",
    ),
    look=_look,
    layers=(Layer(cell_m=4.8, share=0.55, thing=_thing),),
    hills=Hills(cell_m=22.0, radius_m=(8.5, 12.0), height_m=(2.2, 4.6)),
)
