"""The character's body around its keypoints: thick simple shapes in the colours of one costume. No torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.primitives import CAPSULE, CONE, ELLIPSOID, GEOMETRY, ROW, Material, rgb

__all__ = ["CHARACTERS", "COSTUMES", "Costume", "figure_rows"]

Points = NDArray[np.float64]
_FILL = 0.36
"""Own light of the costume, so that the figure stays readable at night and against the sun."""
_NOSE, _L_EYE, _R_EYE, _L_EAR, _R_EAR = range(5)
_LIMBS = ((5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16))
_LIMB_RADII = (0.115, 0.105, 0.115, 0.105, 0.14, 0.125, 0.14, 0.125)


class _Frame:
    """Directions and places on a body, [T, 3] each, from which costumes place their pieces."""

    def __init__(self, keypoints: Points) -> None:
        k = keypoints
        self.shoulders, self.hips = (k[:, 5] + k[:, 6]) / 2, (k[:, 11] + k[:, 12]) / 2
        self.across = _unit(k[:, 5] - k[:, 6])
        self.spine = _unit(self.shoulders - self.hips)
        self.front = _unit(np.cross(self.across, self.spine))
        self.head = (k[:, _L_EAR] + k[:, _R_EAR]) / 2
        self.look = _unit((k[:, _L_EYE] + k[:, _R_EYE]) / 2 - self.head)
        self.crown = _unit(np.cross(self.look, k[:, _L_EAR] - k[:, _R_EAR]))
        self.feet = (k[:, 15] + k[:, 16]) / 2
        self.knees = (k[:, 13] + k[:, 14]) / 2

    def at_head(self, up: float, ahead: float = 0.0, aside: float = 0.0) -> Points:
        """A place relative to the head, metres along its own directions."""
        return self.head + up * self.crown + ahead * self.look + aside * self.across

    def at_chest(self, up: float, ahead: float = 0.0, aside: float = 0.0) -> Points:
        """A place relative to the middle of the shoulders."""
        return self.shoulders + up * self.spine + ahead * self.front + aside * self.across


Piece = tuple[int, Points, Material]


@dataclass(frozen=True, kw_only=True)
class Costume:
    """Colours of a character's parts, and the words for it.

    Attributes:
        nouns: ways to name the character, without an article; the last one is kept for held-out captions.
        suit, limbs, legs, joints, head, visor: materials; `joints` are hands, shoes and belt.
        extras: what gives it a silhouette of its own.
    """

    nouns: tuple[str, ...]
    suit: Material
    limbs: Material
    legs: Material
    joints: Material
    head: Material
    visor: Material
    head_m: float = 0.21
    extras: Callable[[_Frame], list[Piece]]


def _rod(a: Points, b: Points, radius: float, material: Material) -> Piece:
    return CAPSULE, np.concatenate([a, b, np.full((len(a), 1), radius)], axis=1), material


def _blob(at: Points, radii: tuple[float, float, float], material: Material) -> Piece:
    return ELLIPSOID, np.concatenate([at, np.tile(radii, (len(at), 1)), np.zeros((len(at), 1))], axis=1), material


def _cone(foot: Points, height: Points | float, bottom: float, top: float, material: Material) -> Piece:
    """An upright frustum with its foot at `foot`."""
    count = len(foot)
    tall = np.broadcast_to(np.asarray(height, dtype=np.float64), (count,))
    columns = (foot[:, 0], foot[:, 2], foot[:, 1], foot[:, 1] + tall, np.full(count, bottom), np.full(count, top))
    return CONE, np.stack([*columns, np.zeros(count)], axis=1), material


def _robot(f: _Frame) -> list[Piece]:
    steel, dark, lamp = Material(a=rgb("#79a5da")), Material(a=rgb("#2f4a72")), Material(a=rgb("#40f4ff"), glow_a=1.5)
    return [
        _rod(f.at_head(0.2), f.at_head(0.42), 0.035, dark),
        _rod(f.at_head(0.46), f.at_head(0.46), 0.085, lamp),
        _rod(f.at_head(0.02, 0, 0.23), f.at_head(0.02, 0, -0.23), 0.09, dark),
        _rod(f.at_chest(-0.17, 0.15), f.at_chest(-0.17, 0.15), 0.085, lamp),
        _rod(f.at_head(0.1, 0, 0.08), f.at_head(0.1, 0, -0.08), 0.17, steel),
    ]


def _explorer(f: _Frame) -> list[Piece]:
    hat, pack = Material(a=rgb("#8a4a1c")), Material(a=rgb("#6b4226"))
    return [
        _blob(f.at_head(0.13), (0.40, 0.05, 0.40), hat),
        _blob(f.at_head(0.2), (0.21, 0.17, 0.21), hat),
        _rod(f.at_chest(-0.08, -0.24), f.at_chest(-0.36, -0.24), 0.2, pack),
    ]


def _astronaut(f: _Frame) -> list[Piece]:
    pack, red = Material(a=rgb("#aab4c6")), Material(a=rgb("#e03a3a"))
    return [
        _rod(f.at_chest(-0.02, -0.25, 0.1), f.at_chest(-0.38, -0.25, 0.1), 0.17, pack),
        _rod(f.at_chest(-0.02, -0.25, -0.1), f.at_chest(-0.38, -0.25, -0.1), 0.17, pack),
        _rod(f.at_chest(-0.2, 0.14, 0.07), f.at_chest(-0.2, 0.14, -0.07), 0.06, red),
    ]


def _knight(f: _Frame) -> list[Piece]:
    red, dark = Material(a=rgb("#e0202c")), Material(a=rgb("#a01224"))
    hem = f.hips * 0.45 + f.knees * 0.55
    hem = hem - 0.34 * f.front
    top = f.at_chest(0.02, -0.16)
    return [
        _rod(top + 0.13 * f.across, hem + 0.17 * f.across, 0.1, red),
        _rod(top - 0.13 * f.across, hem - 0.17 * f.across, 0.1, red),
        _rod(top, hem, 0.11, dark),
        _rod(f.at_head(0.24, 0.02), f.at_head(0.36, -0.18), 0.085, red),
        _rod(f.at_head(0.36, -0.18), f.at_head(0.2, -0.32), 0.075, red),
    ]


def _wizard(f: _Frame) -> list[Piece]:
    robe, beard = Material(a=rgb("#7a2fd0")), Material(a=rgb("#f4f0ff"))
    hat = Material(a=rgb("#8a3be8"), b=rgb("#ffd23e"), glow_b=0.3, gradient=(0.16, 0.02))
    low = np.minimum(f.knees[:, 1], f.hips[:, 1] - 0.16)
    foot = np.stack([f.hips[:, 0], low - 0.05, f.hips[:, 2]], axis=1)
    return [
        _cone(foot, f.hips[:, 1] - foot[:, 1] + 0.12, 0.36, 0.2, robe),
        _blob(f.at_head(0.12), (0.38, 0.05, 0.38), robe),
        _cone(f.at_head(0.13), 0.56, 0.23, 0.02, hat),
        _rod(f.at_head(-0.1, 0.14), f.at_head(-0.34, 0.15), 0.1, beard),
    ]


def _child(f: _Frame) -> list[Piece]:
    yellow = Material(a=rgb("#ffd91e"))
    low = np.minimum(0.6 * f.hips[:, 1] + 0.4 * f.knees[:, 1], f.hips[:, 1] - 0.1)
    foot = np.stack([f.hips[:, 0], low, f.hips[:, 2]], axis=1)
    return [
        _cone(foot, f.hips[:, 1] - low + 0.3, 0.36, 0.17, yellow),
        _rod(f.at_head(0.05, -0.04), f.at_head(0.05, -0.04), 0.255, yellow),
        _rod(f.at_head(0.2, -0.06), f.at_head(0.33, -0.12), 0.08, yellow),
    ]


def _plain(code: str, glow: float = 0.0) -> Material:
    return Material(a=rgb(code), glow_a=glow)


COSTUMES = {
    "robot": Costume(
        nouns=("robot", "android", "steel robot", "blue robot"),
        suit=_plain("#4d86cf"), limbs=_plain("#86b4ee"), legs=_plain("#6f9fe0"), joints=_plain("#2f4a72"),
        head=_plain("#79a5da"), visor=_plain("#40f4ff", 1.5), extras=_robot,
    ),
    "explorer": Costume(
        nouns=("explorer", "adventurer", "explorer in orange", "traveler", "adventurer in orange"),
        suit=_plain("#ff7a1a"), limbs=_plain("#ff8c2e"), legs=_plain("#7a4526"), joints=_plain("#43291c"),
        head=_plain("#ffc79a"), visor=_plain("#ffd0a8", 0.2), head_m=0.19, extras=_explorer,
    ),
    "astronaut": Costume(
        nouns=("astronaut", "spaceman", "astronaut in white", "cosmonaut", "spaceman in white"),
        suit=_plain("#f4f6fa"), limbs=_plain("#ffffff"), legs=_plain("#f4f6fa"), joints=_plain("#c4ccd8"),
        head=_plain("#f8faff"), visor=_plain("#ffb52a", 0.5), head_m=0.255, extras=_astronaut,
    ),
    "knight": Costume(
        nouns=("knight", "knight in armor", "red knight", "warrior", "knight in red"),
        suit=_plain("#b03040"), limbs=_plain("#aeb6c4"), legs=_plain("#9aa4b6"), joints=_plain("#6d7688"),
        head=_plain("#c2cad8"), visor=_plain("#20242e"), extras=_knight,
    ),
    "wizard": Costume(
        nouns=("wizard", "magician", "purple wizard", "sorcerer", "magician in purple"),
        suit=_plain("#7a2fd0"), limbs=_plain("#8f4ae0"), legs=_plain("#4a1c86"), joints=_plain("#ffd2b0"),
        head=_plain("#ffcfa8"), visor=_plain("#ffd8b8", 0.2), head_m=0.19, extras=_wizard,
    ),
    "child": Costume(
        nouns=("child in a yellow raincoat", "child", "kid in yellow", "kid"),
        suit=_plain("#ffd91e"), limbs=_plain("#ffd91e"), legs=_plain("#2f66c8"), joints=_plain("#f03a3a"),
        head=_plain("#ffcfa8"), visor=_plain("#ffd8b8", 0.2), head_m=0.2, extras=_child,
    ),
}  # fmt: skip
CHARACTERS = tuple(COSTUMES)


def figure_rows(keypoints: NDArray[np.floating], character: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the shapes of the body.

    Args:
        keypoints: [T, 17, 3] world metres, COCO-17.
        character: a key of `COSTUMES`.

    Returns:
        Kinds [N] and primitive rows [T, N, ROW].
    """
    k = np.asarray(keypoints, dtype=np.float64)
    c = COSTUMES[character]
    f = _Frame(k)
    skins = (c.limbs, c.limbs, c.limbs, c.limbs, c.legs, c.legs, c.legs, c.legs)
    pieces = [
        _rod(k[:, a], k[:, b], radius, skin) for (a, b), radius, skin in zip(_LIMBS, _LIMB_RADII, skins, strict=True)
    ]
    walk_front = _unit(f.front * np.array([1.0, 0.0, 1.0]))
    for ankle, wrist in ((15, 9), (16, 10)):
        pieces.append(_rod(k[:, ankle], k[:, ankle] + 0.16 * walk_front, 0.12, c.joints))
        pieces.append(_rod(k[:, wrist], k[:, wrist], 0.14, c.joints))
    pieces += [
        _rod(f.at_chest(-0.10, 0, -0.09), f.hips + 0.06 * f.spine - 0.05 * f.across, 0.18, c.suit),
        _rod(f.at_chest(-0.10, 0, 0.09), f.hips + 0.06 * f.spine + 0.05 * f.across, 0.18, c.suit),
        _rod(k[:, 5] - 0.05 * f.across, k[:, 6] + 0.05 * f.across, 0.13, c.suit),
        _rod(f.hips - 0.07 * f.across, f.hips + 0.07 * f.across, 0.17, c.legs),
        _rod(f.at_head(-0.02), f.at_head(0.05), c.head_m, c.head),
        _rod(f.at_head(0.02, c.head_m - 0.07, 0.06), f.at_head(0.02, c.head_m - 0.07, -0.06), 0.1, c.visor),
        *c.extras(f),
    ]
    rows = np.zeros((len(k), len(pieces), ROW), dtype=np.float32)
    for i, (_, shape, material) in enumerate(pieces):
        rows[:, i, :GEOMETRY] = shape
        rows[:, i, GEOMETRY:] = replace(material, glow_a=max(material.glow_a, _FILL)).row()
    return np.array([kind for kind, _, _ in pieces]), rows


def _unit(v: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-6))
