"""Props and creatures that stand, float or fly beside the character, and can appear while it plays. No torch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID, Material, Part, Rgb, pack, rgb
from nodegraph.worlds.things import Spot, ball, blob, block, column, rod

__all__ = ["PROPS", "PROP_KINDS", "PropKind", "prop_rows"]

_POSITIONS = {
    ELLIPSOID: (((0, 1, 2),), (3, 4, 5)),
    CONE: (((0, 2, 1), (0, 3, 1)), (4, 5)),
    BOX: (((0, 1, 2),), (3, 4, 5)),
    CAPSULE: (((0, 1, 2), (3, 4, 5)), (6,)),
}
"""For each kind: columns that hold x, y, z of points, and columns that hold lengths."""


@dataclass(frozen=True, kw_only=True)
class PropKind:
    """One prop.

    Attributes:
        nouns: names without an article; the last one is kept for held-out captions.
        places: phrases after the noun. verb: "floating", "burning", ...
        height_m: its height. lift_m: range of the height of its lowest point above the ground. away_m: distance range
            from the camera. width_m: radius of its footprint. bob_m: how far it moves up and down.
        build: its parts around the origin, at a time in seconds.
        lamp: colour of the light it sends out.
    """

    nouns: tuple[str, ...]
    places: tuple[str, ...]
    height_m: float
    width_m: float
    lift_m: tuple[float, float]
    away_m: tuple[float, float]
    bob_m: float = 0.0
    build: Callable[[float], list[Part]]
    lamp: Rgb | None = None


def _plain(code: str, glow: float = 0.12) -> Material:
    return Material(a=rgb(code), glow_a=glow)


def _jellyfish(t: float) -> list[Part]:
    pulse = 1.0 + 0.1 * math.sin(2.2 * t)
    bell = Material(a=rgb("#ff6fd0"), b=rgb("#ffd0f4"), glow_a=0.6, glow_b=0.8, gradient=(0.45, 0.95))
    arm = Material(a=rgb("#ff9be6"), glow_a=0.55)
    parts: list[Part] = [blob((0, 1.5, 0), (0.75 * pulse, 0.58 / pulse, 0.75 * pulse), bell)]
    for i in range(5):
        a = 2 * math.pi * i / 5
        sway = 0.16 * math.sin(1.7 * t + i)
        foot = (0.5 * math.sin(a) + sway, 0.05, 0.5 * math.cos(a) + 0.5 * sway)
        parts.append(rod((0.4 * math.sin(a), 1.3, 0.4 * math.cos(a)), foot, 0.1, arm))
    return parts


def _balloon(_t: float) -> list[Part]:
    skin = Material(a=rgb("#f23a3a"), b=rgb("#ffd23e"), glow_a=0.15, glow_b=0.15, bands=(0.72, 0.45))
    rope, basket = _plain("#7a5030"), _plain("#8a5a32")
    ropes: list[Part] = [rod((s * 0.25, 0.5, 0), (s * 0.75, 1.6, 0), 0.05, rope) for s in (-1.0, 1.0)]
    return [
        blob((0, 2.55, 0), (1.35, 1.4, 1.35), skin), column((0, 0.9, 0), 0.8, 0.4, 1.02, skin),
        block((0, 0, 0), (0.35, 0.28, 0.35), 0.0, basket), *ropes,
    ]  # fmt: skip


def _campfire(t: float) -> list[Part]:
    wood = _plain("#5a3420", 0.1)
    flick = 1.0 + 0.08 * math.sin(9.0 * t) + 0.05 * math.sin(14.0 * t + 1.0)
    outer = Material(a=rgb("#ff6a12"), b=rgb("#ff9a2a"), glow_a=1.2, glow_b=1.3, gradient=(0.7, 0.1))
    parts: list[Part] = [
        rod((0.55 * math.cos(a), 0.1, 0.55 * math.sin(a)), (-0.3 * math.cos(a), 0.26, -0.3 * math.sin(a)), 0.13, wood)
        for a in (0.3, 2.4, 4.5)
    ]
    return [
        *parts, column((0, 0.2, 0), 1.05 * flick, 0.46, 0.04, outer),
        blob((0, 0.45, 0), (0.46, 0.34, 0.46), _plain("#ff8a1e", 1.25)),
        blob((0, 0.42, 0.28), (0.26, 0.34 * flick, 0.26), _plain("#ffe06a", 1.5)),
    ]  # fmt: skip


def _dragon(t: float) -> list[Part]:
    skin, belly, wing = _plain("#2fb84a"), _plain("#d8e86a"), _plain("#1d7f5a")
    flap = 0.75 * math.sin(4.0 * t)
    parts: list[Part] = [
        rod((-0.5, 1.0, 0), (0.6, 1.05, 0), 0.46, skin), rod((-0.2, 0.86, 0), (0.5, 0.9, 0), 0.4, belly),
        rod((0.8, 1.2, 0), (1.25, 1.75, 0), 0.24, skin), rod((1.3, 1.8, 0), (1.65, 1.72, 0), 0.26, skin),
        rod((-0.8, 0.95, 0), (-1.5, 0.75, 0), 0.25, skin), rod((-1.5, 0.75, 0), (-2.05, 1.05, 0), 0.14, skin),
        ball((1.5, 1.95, 0.16), 0.08, _plain("#ffee50", 1.0)),
    ]  # fmt: skip
    for side in (-1.0, 1.0):
        tip = (-0.25, 1.5 + 1.0 * flap + 0.25, side * 1.5)
        parts.append(rod((0.2, 1.3, side * 0.3), tip, 0.13, wing))
        parts.append(rod((-0.35, 1.2, side * 0.3), (-0.6, 1.45 + 0.8 * flap, side * 1.2), 0.17, wing))
    return parts


def _lantern(_t: float) -> list[Part]:
    paper = Material(a=rgb("#ff9a2a"), b=rgb("#ffe28a"), glow_a=0.9, glow_b=1.3, gradient=(0.9, 0.2))
    rim = _plain("#b03a1a", 0.2)
    return [
        column((0, 0.1, 0), 0.95, 0.42, 0.62, paper), blob((0, 1.05, 0), (0.62, 0.3, 0.62), paper),
        column((0, 0.0, 0), 0.12, 0.46, 0.46, rim),
    ]  # fmt: skip


def _mushroom(_t: float) -> list[Part]:
    cap = Material(a=rgb("#e8262e"), glow_a=0.15)
    dot, stalk = _plain("#fff6e6", 0.2), _plain("#f6e8d0", 0.15)
    spots: list[Part] = [
        ball((0.95 * math.sin(a), 2.05 + r, 0.95 * math.cos(a)), 0.24, dot)
        for a, r in ((0.4, 0.0), (1.9, 0.1), (3.5, 0.0), (5.1, 0.1))
    ]
    return [
        column((0, 0, 0), 1.7, 0.45, 0.36, stalk), blob((0, 1.75, 0), (1.3, 0.8, 1.3), cap),
        ball((0, 2.45, 0), 0.26, dot), *spots,
    ]  # fmt: skip


def _car(_t: float) -> list[Part]:
    paint, glass, tyre = _plain("#12b0a8", 0.2), _plain("#d4f2ff", 0.25), _plain("#1c1c26", 0.0)
    wheels: list[Part] = [
        rod((x, 0.32, z - 0.1), (x, 0.32, z + 0.1), 0.33, tyre) for x in (-0.95, 0.95) for z in (-0.62, 0.62)
    ]
    lights: list[Part] = [ball((1.5, 0.7, z), 0.15, _plain("#fff2a0", 1.3)) for z in (-0.45, 0.45)]
    return [
        *(rod((-1.15, 0.68, z), (1.15, 0.68, z), 0.42, paint) for z in (0.3, -0.3)),
        blob((-0.1, 1.1, 0), (0.9, 0.55, 0.66), glass),
        blob((-0.1, 1.5, 0), (0.65, 0.2, 0.55), paint),
        *wheels,
        *lights,
    ]


def _whale(t: float) -> list[Part]:
    skin = Material(a=rgb("#f0f8ff"), b=rgb("#2f6ad8"), glow_a=0.12, glow_b=0.14, gradient=(0.3, 0.5))
    back = _plain("#2f6ad8", 0.14)
    beat = 0.35 * math.sin(1.8 * t)
    parts: list[Part] = [
        blob((0.3, 1.1, 0), (1.9, 0.98, 1.0), skin), rod((-1.2, 1.2, 0), (-2.4, 1.5 + beat, 0), 0.36, back),
        ball((1.55, 1.25, 0.78), 0.12, _plain("#101828", 0.0)), ball((1.55, 1.25, -0.78), 0.12, _plain("#101828", 0.0)),
    ]  # fmt: skip
    for side in (-1.0, 1.0):
        parts.append(rod((-2.4, 1.5 + beat, 0), (-2.95, 1.85 + 1.5 * beat, side * 0.7), 0.2, back))
        parts.append(rod((0.5, 0.7, side * 0.8), (0.0, 0.4 - beat, side * 1.6), 0.19, back))
    return parts


PROP_KINDS = {
    "jellyfish": PropKind(
        nouns=("jellyfish", "pink jellyfish", "glowing jellyfish", "jellyfish in pink"),
        places=("floating in the background", "drifting by", "in the background"),
        height_m=2.1, width_m=0.8, lift_m=(0.5, 1.3), away_m=(5.5, 8.0), bob_m=0.18, build=_jellyfish,
        lamp=(1.2, 0.35, 0.9),
    ),
    "balloon": PropKind(
        nouns=("balloon", "red balloon", "hot air balloon", "air balloon"),
        places=("in the sky", "floating in the sky", "in the background"),
        height_m=4.0, width_m=1.4, lift_m=(1.6, 3.0), away_m=(10.0, 14.0), bob_m=0.25, build=_balloon,
    ),
    "campfire": PropKind(
        nouns=("campfire", "fire", "burning campfire", "burning fire"),
        places=("beside", "burning in the background", "in the background"),
        height_m=1.3, width_m=0.7, lift_m=(0.0, 0.0), away_m=(4.6, 6.4), build=_campfire, lamp=(2.6, 1.0, 0.25),
    ),
    "dragon": PropKind(
        nouns=("dragon", "green dragon", "flying dragon", "dragon in green"),
        places=("flying in the sky", "in the sky", "flying in the background"),
        height_m=2.8, width_m=2.0, lift_m=(1.2, 2.2), away_m=(8.0, 11.5), bob_m=0.3, build=_dragon,
    ),
    "lantern": PropKind(
        nouns=("lantern", "floating lantern", "paper lantern", "glowing lantern"),
        places=("floating in the background", "in the air", "in the background"),
        height_m=1.3, width_m=0.6, lift_m=(0.9, 1.8), away_m=(4.8, 7.0), bob_m=0.15, build=_lantern,
        lamp=(2.2, 1.1, 0.3),
    ),
    "mushroom": PropKind(
        nouns=("giant mushroom", "mushroom", "big red mushroom", "giant red mushroom"),
        places=("in the background", "beside", "standing in the background"),
        height_m=2.8, width_m=1.3, lift_m=(0.0, 0.0), away_m=(6.0, 9.0), build=_mushroom,
    ),
    "car": PropKind(
        nouns=("car", "green car", "small car", "car in green"),
        places=("in the background", "waiting in the background", "beside"),
        height_m=1.7, width_m=1.5, lift_m=(0.0, 0.0), away_m=(6.0, 8.5), build=_car,
    ),
    "whale": PropKind(
        nouns=("whale", "blue whale", "flying whale", "whale in blue"),
        places=("in the sky", "floating in the sky", "drifting by"),
        height_m=2.2, width_m=2.4, lift_m=(1.8, 3.0), away_m=(9.0, 12.5), bob_m=0.35, build=_whale,
    ),
}  # fmt: skip
PROPS = tuple(PROP_KINDS)


def prop_rows(
    prop: str, spot: Spot, yaw_rad: float, shown_T: NDArray[np.float64], times_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return kinds [N] and rows [T, N, ROW] of a prop at `spot`, as large as `shown_T` says (0 hidden, 1 whole)."""
    kind = PROP_KINDS[prop]
    kinds, out = np.zeros(0, dtype=np.int64), []
    cos, sin = math.cos(yaw_rad), math.sin(yaw_rad)
    for share, t in zip(shown_T, times_s, strict=True):
        kinds, rows = pack(kind.build(float(t)))
        lift = kind.bob_m * math.sin(1.4 * float(t))
        size = max(float(share), 1e-3)
        middle = kind.height_m / 2 if kind.lift_m[1] > 0 else 0.0
        for row, k in zip(rows, kinds, strict=True):
            points, lengths = _POSITIONS[int(k)]
            done = set()
            for x, y, z in points:
                if x not in done:
                    px, pz = float(row[x]) * size, float(row[z]) * size
                    row[x], row[z] = spot[0] + px * cos + pz * sin, spot[2] - px * sin + pz * cos
                    done.add(x)
                row[y] = spot[1] + lift + middle + (float(row[y]) - middle) * size
            row[list(lengths)] *= size
            if k == BOX:
                row[6] += yaw_rad
            if share <= 0.0:
                row[[y for _, y, _ in points]] -= 1.0e4
        out.append(rows)
    return kinds, np.stack(out)
