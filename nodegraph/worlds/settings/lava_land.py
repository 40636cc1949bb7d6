"""Black rock, glowing lava and volcanoes."""

from __future__ import annotations

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import Material, Part, rgb
from nodegraph.worlds.things import Hills, Lamp, Layer, Setting, Spot, Thing, ball, blob, column, sun_at, vary

__all__ = ["LAVA_LAND"]

_SKIES = {
    "day": ("#e88a6a", "#b8625e", "#6a4458", "#ffd0a8", "#a06a5c", "#7a3a30"),
    "sunset": ("#ff5a1e", "#c02a24", "#3a0f22", "#ff7a3a", "#7a2f34", "#6a1f1c"),
    "night": ("#8c1a14", "#3c0c16", "#10060c", "#b04a3a", "#6a2a30", "#6a1c18"),
}
"""Horizon, mid, zenith, sun, light from above and from below."""
_ROCKS = {"day": "#6b5a60", "sunset": "#4a2a34", "night": "#2a1a22"}
_GROUND = {"day": ("#6a5660", "#54444e"), "sunset": ("#7a3a3c", "#5a2a34"), "night": ("#4a2a36", "#38202c")}
_GLOW = {"day": 0.85, "sunset": 1.1, "night": 1.35}


def _look(light: str, rng: np.random.Generator) -> Look:
    offset = (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28)))
    turn = float(rng.uniform(-60, 60))
    horizon, mid, zenith, sun, above, below = (rgb(code) for code in _SKIES[light])
    low, high = (rgb(code) for code in _GROUND[light])
    return Look(
        horizon=horizon,
        mid=mid,
        zenith=zenith,
        sun_dir=sun_at(*((62 + turn, 40) if light == "day" else (150 + turn, 22))),
        sun=sun,
        disc=rgb("#ffe0a0") if light != "night" else rgb("#000000"),
        disc_cos=0.995,
        halo=0.35 if light != "night" else 0.0,
        above=above,
        below=below,
        ground_a=low,
        ground_b=high,
        patch=0.5,
        line=rgb("#ff5a10"),
        line_grid=0.0,
        fog=0.03,
        shadow=0.4,
        ridge_far=tuple(0.6 * h + 0.4 * z for h, z in zip(mid, zenith, strict=True)),  # type: ignore[arg-type]
        ridge_near=rgb({"day": "#5a3844", "sunset": "#2e0f1c", "night": "#12060c"}[light]),
        ridge_height=0.34,
        rim=0.55,
        gloss=0.1,
        offset=offset,
    )


def _thing(rng: np.random.Generator, light: str, spot: Spot) -> Thing:
    x, y, z = spot
    glow = _GLOW[light]
    lava, hot = rgb("#ff5a0a"), rgb("#ffc030")
    rock = vary(rng, rgb(_ROCKS[light]), 0.12)
    pick = rng.random()
    tall, wide = float(rng.uniform(2.6, 4.8)), float(rng.uniform(1.5, 2.2))
    turn = float(rng.uniform(0.4, 1.0))
    if pick < 0.34:
        cone = Material(a=rock, b=lava, glow_b=glow, gradient=(0.62, 0.95))
        parts: tuple[Part, ...] = (
            column(spot, tall, wide, 0.45, cone),
            blob((x, y + tall, z), (0.42, 0.16, 0.42), Material(a=hot, glow_a=0.6 + glow)),
        )
        return Thing(parts, wide, tall, Lamp((x, y + 1.5, z), (1.4 * glow, 0.4 * glow, 0.05), 3.5))
    if pick < 0.68:
        size = 0.9 + 0.9 * turn
        pool = Material(a=lava, b=hot, glow_a=glow, glow_b=glow + 0.3, gradient=(0.55, 1.0))
        parts = (
            blob((x, y - 0.02, z), (size * 1.18, 0.13, size * 1.18), Material(a=rock)),
            blob((x, y, z), (size, 0.17, size), pool),
        )
        return Thing(parts, size, 0.1, Lamp((x, y + 0.5, z), (1.6 * glow, 0.5 * glow, 0.06), 2.6))
    if pick < 0.88:
        spike = Material(a=(rock[0] * 0.7, rock[1] * 0.65, rock[2] * 0.8), b=rock, gradient=(0.1, 0.9))
        parts = (
            column(spot, 0.7 * tall, 0.62, 0.08, spike),
            column((x + 0.7 * turn, y, z + 0.35), 0.42 * tall, 0.45, 0.06, spike),
        )
        return Thing(parts, 0.9, 0.7 * tall)
    stone = Material(a=rock, b=lava, glow_b=glow, gradient=(0.34, 0.12))
    return Thing((ball((x, y + 0.3 * turn, z), 0.5 + 0.4 * turn, stone),), 0.8, 0.8)


LAVA_LAND = Setting(
    name="lava_land",
    phrases=(
        "a lava land", "a volcano land", "a land of lava", "a volcanic land", "a land of volcanoes", "a volcano field",
        "a field of lava",
    ),
    details=("glowing lava", "volcanoes", "pools of lava", "black rocks", "glowing pools of lava"),
    look=_look,
    layers=(Layer(cell_m=5.4, share=0.72, clear_m=3.2, thing=_thing),),
    hills=Hills(cell_m=26.0, radius_m=(9.0, 12.0), height_m=(1.0, 2.4)),
    weathers=("clear", "fog", "rain"),
)  # fmt: skip
