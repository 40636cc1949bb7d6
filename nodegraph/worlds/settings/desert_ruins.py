"""Sandstone columns, arches and dunes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, block, column, rod, sun_at, vary

__all__ = ["DESERT_RUINS"]


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    if light == "day":
        return Look(
            horizon=rgb("#f6e6c2"),
            mid=rgb("#8fc8ea"),
            zenith=rgb("#2a78cf"),
            sun_dir=sun_at(62 + turn, 42),
            sun=rgb("#ffe9c4"),
            disc=rgb("#fff6dc"),
            halo=0.25,
            above=rgb("#9fb4c8"),
            below=rgb("#a07a4c"),
            ground_a=rgb("#eec283"),
            ground_b=rgb("#dba662"),
            patch=0.45,
            ripple=0.15,
            ripple_freq=4.2,
            dot_a=rgb("#a8743e"),
            dot_b=rgb("#f3d5a2"),
            dots=0.06,
            fog=0.022,
            shadow=0.62,
            ridge_far=rgb("#e3bd92"),
            ridge_near=rgb("#d6a26c"),
            ridge_height=0.15,
            cloud=rgb("#ffffff"),
            clouds=0.35,
            rim=0.25,
            offset=offset,
        )
    if light == "sunset":
        return Look(
            horizon=rgb("#ffb04e"),
            mid=rgb("#f2643f"),
            zenith=rgb("#43296f"),
            sun_dir=sun_at(175 + turn, 9),
            sun=rgb("#ff9a4a"),
            disc=rgb("#ffe07a"),
            disc_cos=0.9955,
            halo=0.5,
            above=rgb("#8a5a86"),
            below=rgb("#7a3f3c"),
            ground_a=rgb("#d88248"),
            ground_b=rgb("#b45f3c"),
            patch=0.45,
            ripple=0.15,
            ripple_freq=4.2,
            dot_a=rgb("#7a3f34"),
            dot_b=rgb("#eaa468"),
            dots=0.06,
            fog=0.022,
            shadow=0.55,
            ridge_far=rgb("#b0524c"),
            ridge_near=rgb("#7c3750"),
            ridge_height=0.15,
            cloud=rgb("#ff8a5c"),
            clouds=0.6,
            rim=0.6,
            offset=offset,
        )
    return Look(
        horizon=rgb("#344a86"),
        mid=rgb("#1a2a60"),
        zenith=rgb("#080e2c"),
        sun_dir=sun_at(115 + turn, 34),
        sun=rgb("#9ab2f4"),
        disc=rgb("#f4f1dc"),
        disc_cos=0.9965,
        halo=0.16,
        above=rgb("#40569e"),
        below=rgb("#2a2c58"),
        ground_a=rgb("#7480a8"),
        ground_b=rgb("#566292"),
        patch=0.45,
        ripple=0.15,
        ripple_freq=4.2,
        dot_a=rgb("#3a3f68"),
        dot_b=rgb("#8a94bc"),
        dots=0.06,
        fog=0.022,
        shadow=0.6,
        ridge_far=rgb("#24346a"),
        ridge_near=rgb("#1a2654"),
        ridge_height=0.15,
        stars=0.9,
        rim=0.45,
        offset=offset,
    )


def _stone(rng: np.random.Generator, light: str) -> Material:
    base = {"day": "#d9a669", "sunset": "#d18a58", "night": "#8a83a0"}[light]
    a = vary(rng, rgb(base), 0.12)
    return Material(a=a, b=(a[0] * 0.62, a[1] * 0.55, a[2] * 0.52), bands=(0.95, 0.14))


def _pillar(stone: Material, spot: Spot, height: float, radius: float, whole: bool) -> list[Part]:
    x, y, z = spot
    parts = [
        block(spot, (radius * 1.5, 0.18, radius * 1.5), 0.0, stone),
        column((x, y + 0.36, z), height, radius, radius * 0.85, stone),
    ]
    if whole:
        parts.append(block((x, y + 0.36 + height, z), (radius * 1.45, 0.2, radius * 1.45), 0.0, stone))
    return parts


def _arch(rng: np.random.Generator, stone: Material, spot: Spot) -> list[Part]:
    plain = Material(a=stone.a)
    yaw = float(rng.uniform(0, np.pi))
    span, rise, thick = float(rng.uniform(1.3, 1.8)), float(rng.uniform(1.8, 2.8)), 0.36
    ax, az = float(np.cos(yaw)), float(-np.sin(yaw))

    def at(angle: float) -> Spot:
        out = span * float(np.cos(angle))
        return (spot[0] + ax * out, spot[1] + rise + span * float(np.sin(angle)), spot[2] + az * out)

    angles = np.linspace(0, np.pi, 6)
    parts = [rod(at(float(a)), at(float(b)), thick, plain) for a, b in pairwise(angles)]
    for side in (1.0, -1.0):
        foot = (spot[0] + side * ax * span, spot[1], spot[2] + side * az * span)
        parts.append(column(foot, rise, thick * 1.2, thick, stone))
    return parts


def _steps(plain: Material, spot: Spot) -> list[Part]:
    halves = [2.1 - 0.55 * i for i in range(4)]
    return [
        block((spot[0], spot[1] + 0.7 * i, spot[2]), (half, 0.35, half), 0.0, plain) for i, half in enumerate(halves)
    ]


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    stone = _stone(rng, light)
    pick = rng.random()
    far = float(np.hypot(spot[0], spot[2]))
    if pick < 0.2 and far > 6:
        return Thing(tuple(_arch(rng, stone, spot)), 1.9, 3.4)
    if pick < 0.55:
        height, radius = float(rng.uniform(2.6, 5.0)), float(rng.uniform(0.36, 0.52))
        return Thing(tuple(_pillar(stone, spot, height, radius, True)), radius * 1.4, height + 0.7)
    if pick < 0.7:
        height, radius = float(rng.uniform(0.8, 1.7)), float(rng.uniform(0.36, 0.5))
        return Thing(tuple(_pillar(stone, spot, height, radius, False)), radius * 1.4, height + 0.3)
    if pick < 0.8 and far > 7:
        return Thing(tuple(_steps(Material(a=stone.a), spot)), 2.2, 2.4)
    if pick < 0.9:
        fire = rgb("#ff9a3a")
        strength = {"day": 0.3, "sunset": 0.9, "night": 1.8}[light]
        bowl = Material(a=stone.a)
        parts = (column(spot, 0.9, 0.3, 0.18, bowl), column((spot[0], spot[1] + 0.85, spot[2]), 0.25, 0.2, 0.4, bowl))
        flame = ball((spot[0], spot[1] + 1.25, spot[2]), 0.24, Material(a=fire, glow_a=1.0 + strength))
        lamp = Lamp((spot[0], spot[1] + 1.3, spot[2]), (1.6 * strength, 0.7 * strength, 0.2 * strength), 2.8)
        return Thing((*parts, flame), 0.4, 1.0, lamp)
    half = float(rng.uniform(0.4, 0.8))
    yaw = float(rng.uniform(0, 1.5))
    rock = block((spot[0], spot[1] - 0.1, spot[2]), (half, half * 0.6, half * 0.8), yaw, Material(a=stone.a))
    return Thing((rock,), half, half)


DESERT_RUINS = Setting(
    name="desert_ruins",
    phrases=(
        "desert ruins",
        "ancient ruins",
        "sandstone ruins",
        "a ruined desert temple",
        "old ruins in the desert",
        "a desert of ruins",
    ),
    details=(
        "sandstone columns",
        "stone arches",
        "tall pillars",
        "dunes",
        "broken columns",
        "sand dunes",
        "pillars and dunes",
    ),
    look=_look,
    layers=(Layer(cell_m=5.0, share=0.5, thing=_thing),),
    hills=Hills(cell_m=24.0, radius_m=(9.0, 13.0), height_m=(1.4, 3.0)),
)
