"""A city under the sea: shell towers with lit windows, glowing corals, light from the surface."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, Rgb, dim, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, blob, column, rod, sun_at, vary

__all__ = ["CORAL_CITY"]

_CORALS = tuple(rgb(c) for c in ("#ff4f7e", "#ff8a2b", "#b55cff", "#ffd23e", "#ff6fc0"))
_GLOW = {"day": 0.25, "sunset": 0.6, "night": 1.25}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-50, 50))
    if light == "day":
        return Look(
            horizon=rgb("#19a7bd"),
            mid=rgb("#3cc7d0"),
            zenith=rgb("#c5fff0"),
            sun_dir=sun_at(62 + turn, 68),
            sun=rgb("#d6ece0"),
            halo=0.15,
            disc=rgb("#e5fff4"),
            disc_cos=2.0,
            above=rgb("#8fdfe2"),
            below=rgb("#4a8f94"),
            ground_a=rgb("#e2cd92"),
            ground_b=rgb("#bfa874"),
            ripple=0.15,
            ripple_freq=3.2,
            dot_a=rgb("#ff7a8a"),
            dot_b=rgb("#fff3d8"),
            dots=0.06,
            fog=0.052,
            shadow=0.55,
            ridge_far=rgb("#17909f"),
            ridge_near=rgb("#127d8f"),
            ridge_height=0.30,
            shaft=rgb("#7fd0c0"),
            caustic=0.5,
            rim=0.4,
            offset=offset,
        )
    if light == "sunset":
        return Look(
            horizon=rgb("#8c4a9c"),
            mid=rgb("#d8697f"),
            zenith=rgb("#ffc07a"),
            sun_dir=sun_at(160 + turn, 48),
            sun=rgb("#ffb48a"),
            halo=0.25,
            disc=rgb("#ffb070"),
            disc_cos=2.0,
            above=rgb("#b57a9c"),
            below=rgb("#5c3f78"),
            ground_a=rgb("#d9a08c"),
            ground_b=rgb("#a06f8a"),
            ripple=0.15,
            ripple_freq=3.2,
            dot_a=rgb("#ff9a4a"),
            dot_b=rgb("#ffd8c0"),
            dots=0.06,
            fog=0.052,
            shadow=0.5,
            ridge_far=rgb("#7a3f90"),
            ridge_near=rgb("#643382"),
            ridge_height=0.30,
            shaft=rgb("#b0604a"),
            caustic=0.3,
            rim=0.45,
            offset=offset,
        )
    return Look(
        horizon=rgb("#0a2466"),
        mid=rgb("#0d2f80"),
        zenith=rgb("#2a63b8"),
        sun_dir=sun_at(150 + turn, 70),
        sun=rgb("#4a7ad0"),
        halo=0.08,
        disc=rgb("#9fd0ff"),
        disc_cos=2.0,
        above=rgb("#2c50a8"),
        below=rgb("#182a6a"),
        ground_a=rgb("#7088c0"),
        ground_b=rgb("#50649c"),
        ripple=0.15,
        ripple_freq=3.2,
        dot_a=rgb("#58e8ff"),
        dot_b=rgb("#ff70d0"),
        dots=0.06,
        fog=0.048,
        shadow=0.4,
        ridge_far=rgb("#081c56"),
        ridge_near=rgb("#061648"),
        ridge_height=0.30,
        shaft=rgb("#1c3a78"),
        caustic=0.25,
        rim=0.5,
        offset=offset,
    )


def _branches(rng: np.random.Generator, colour: Rgb, glow: float, spot: Spot) -> list[Part]:
    x, y, z = spot
    pale = (0.5 + 0.5 * colour[0], 0.5 + 0.5 * colour[1], 0.5 + 0.5 * colour[2])
    skin = Material(a=colour, b=pale, glow_a=0.35 * glow, glow_b=glow, gradient=(0.55, 1.0))
    parts = []
    count = int(rng.integers(4, 7))
    for i in range(count):
        angle = 2 * np.pi * i / count + rng.uniform(-0.3, 0.3)
        out, tall = rng.uniform(0.35, 0.75), rng.uniform(0.9, 1.9)
        tip = (x + out * float(np.sin(angle)), y + tall, z + out * float(np.cos(angle)))
        parts.append(rod((x, y, z), tip, float(rng.uniform(0.1, 0.16)), skin))
    return parts


def _tubes(rng: np.random.Generator, colour: Rgb, glow: float, spot: Spot) -> list[Part]:
    skin = Material(a=colour, b=rgb("#fff2c8"), glow_a=0.3 * glow, glow_b=1.2 * glow, gradient=(0.8, 1.0))
    parts = []
    for i in range(3):
        angle = 2.1 * i + rng.uniform(0, 0.5)
        foot = (spot[0] + 0.4 * float(np.sin(angle)), spot[1], spot[2] + 0.4 * float(np.cos(angle)))
        parts.append(column(foot, float(rng.uniform(0.8, 2.0)), 0.2, 0.32, skin))
    return parts


def _dome(rng: np.random.Generator, glow: float, spot: Spot) -> Thing:
    radius, height = float(rng.uniform(1.1, 1.7)), float(rng.uniform(2.5, 6.5))
    shell = vary(rng, rgb("#e8dccb"), 0.1)
    lit = _CORALS[3] if rng.random() < 0.4 else rgb("#4ff2ff")
    wall = Material(a=shell, b=lit, glow_b=0.35 + 1.1 * glow, bands=(0.62, 0.3))
    roof = Material(a=vary(rng, _CORALS[int(rng.integers(5))]), glow_a=0.3 * glow)
    top = (spot[0], spot[1] + height, spot[2])
    parts = (
        column(spot, height, radius * 1.15, radius, wall),
        blob(top, (radius * 1.2, radius * 0.95, radius * 1.2), roof),
        ball((top[0], top[1] + radius * 1.15, top[2]), 0.22, Material(a=lit, glow_a=0.5 + glow)),
    )
    lamp = Lamp((spot[0], spot[1] + 1.4, spot[2]), dim(lit, 0.9 * glow), 3.0)
    return Thing(parts, radius * 1.15, height, lamp)


def _tower(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    return _dome(rng, _GLOW[light], spot)


def _coral(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    glow = _GLOW[light]
    colour = vary(rng, _CORALS[int(rng.integers(len(_CORALS)))], 0.1)
    lamp = Lamp((spot[0], spot[1] + 0.9, spot[2]), dim(colour, 1.3 * glow), 2.2)
    pick = rng.random()
    if pick < 0.42:
        return Thing(tuple(_branches(rng, colour, glow, spot)), 0.6, 1.3, lamp)
    if pick < 0.72:
        return Thing(tuple(_tubes(rng, colour, glow, spot)), 0.65, 1.2, lamp)
    size = float(rng.uniform(0.5, 0.95))
    brain = Material(a=colour, b=dim(colour, 0.6), glow_a=0.35 * glow, glow_b=0.2 * glow, bands=(2.2, 0.4))
    middle = (spot[0], spot[1] + 0.25 * size, spot[2])
    return Thing((blob(middle, (size, 0.8 * size, size), brain),), size, 0.8, lamp)


CORAL_CITY = Setting(
    name="coral_city",
    phrases=(
        "an underwater city",
        "a coral city",
        "a city under the sea",
        "a sunken city",
        "an undersea city",
        "a city of coral",
        "an underwater coral city",
    ),
    details=(
        "glowing corals",
        "shell towers",
        "colorful corals",
        "domed towers",
        "corals all around",
        "light shafts",
        "corals and domed towers",
    ),
    look=_look,
    layers=(
        Layer(cell_m=7.0, share=0.6, clear_m=5.0, thing=_tower),
        Layer(cell_m=3.8, share=0.5, clear_m=2.9, thing=_coral),
    ),
    hills=Hills(cell_m=26.0, radius_m=(9.0, 12.0), height_m=(1.0, 2.2)),
    weathers=("clear", "fog"),
)
