"""The character's body around its keypoints: capsules and balls in the colours of one costume. No torch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.primitives import CAPSULE, GEOMETRY, ROW, Material, rgb

__all__ = ["CHARACTERS", "COSTUMES", "Costume", "figure_rows"]


@dataclass(frozen=True, kw_only=True)
class Costume:
    """Colours of a character's parts, and the words for it.

    Attributes:
        nouns: ways to name the character, without an article.
        suit, limbs, joints, head, visor, pack: materials of the parts.
    """

    nouns: tuple[str, ...]
    suit: Material
    limbs: Material
    joints: Material
    head: Material
    visor: Material
    pack: Material


COSTUMES = {
    "robot": Costume(
        nouns=("robot", "android", "steel robot", "blue robot"),
        suit=Material(a=rgb("#5f8fc4")),
        limbs=Material(a=rgb("#86aede")),
        joints=Material(a=rgb("#2f4a72")),
        head=Material(a=rgb("#79a5da")),
        visor=Material(a=rgb("#40f4ff"), glow_a=1.5),
        pack=Material(a=rgb("#3d5f94")),
    ),
    "explorer": Costume(
        nouns=("explorer", "adventurer", "explorer in orange", "traveler"),
        suit=Material(a=rgb("#ff7a1a")),
        limbs=Material(a=rgb("#ff8c2e")),
        joints=Material(a=rgb("#5a3a2a")),
        head=Material(a=rgb("#b84a0c")),
        visor=Material(a=rgb("#ffd0a8"), glow_a=0.22),
        pack=Material(a=rgb("#7a4a2c")),
    ),
    "astronaut": Costume(
        nouns=("astronaut", "spaceman", "astronaut in white", "cosmonaut"),
        suit=Material(a=rgb("#f4f6fa")),
        limbs=Material(a=rgb("#ffffff")),
        joints=Material(a=rgb("#c83a3a")),
        head=Material(a=rgb("#f8faff")),
        visor=Material(a=rgb("#ffb52a"), glow_a=0.45),
        pack=Material(a=rgb("#b4bccb")),
    ),
}
CHARACTERS = tuple(COSTUMES)

_FILL = 0.2
"""Own light of the costume, so that the figure stays readable at night and against the sun."""
_NOSE, _L_EYE, _R_EYE, _L_EAR, _R_EAR = range(5)
_LIMBS = ((5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16))
_LIMB_RADII = (0.10, 0.09, 0.10, 0.09, 0.125, 0.11, 0.125, 0.11)


def figure_rows(keypoints: NDArray[np.floating], character: str) -> NDArray[np.float32]:
    """Return the capsules of the body.

    Args:
        keypoints: [T, 17, 3] world metres, COCO-17.
        character: a key of `COSTUMES`.

    Returns:
        [T, N, ROW] primitive rows, every one a capsule.
    """
    k = np.asarray(keypoints, dtype=np.float64)
    costume = COSTUMES[character]
    shoulders, hips = (k[:, 5] + k[:, 6]) / 2, (k[:, 11] + k[:, 12]) / 2
    across = _unit(k[:, 5] - k[:, 6])
    spine = _unit(shoulders - hips)
    front = _unit(np.cross(across, spine))
    head = (k[:, _L_EAR] + k[:, _R_EAR]) / 2
    look = _unit((k[:, _L_EYE] + k[:, _R_EYE]) / 2 - head)
    crown = _unit(np.cross(look, k[:, _L_EAR] - k[:, _R_EAR]))
    pieces: list[tuple[NDArray[np.float64], NDArray[np.float64], float, Material]] = [
        (k[:, a], k[:, b], radius, costume.limbs) for (a, b), radius in zip(_LIMBS, _LIMB_RADII, strict=True)
    ]
    walk_front = _unit(front * np.array([1.0, 0.0, 1.0]))
    for ankle, wrist in ((15, 9), (16, 10)):
        toe = k[:, ankle] + 0.16 * walk_front
        pieces.append((k[:, ankle], toe, 0.09, costume.joints))
        pieces.append((k[:, wrist], k[:, wrist], 0.115, costume.joints))
    chest = shoulders - 0.10 * spine
    pieces += [
        (chest - 0.09 * across, hips + 0.06 * spine - 0.05 * across, 0.17, costume.suit),
        (chest + 0.09 * across, hips + 0.06 * spine + 0.05 * across, 0.17, costume.suit),
        (k[:, 5] - 0.05 * across, k[:, 6] + 0.05 * across, 0.115, costume.suit),
        (hips - 0.07 * across, hips + 0.07 * across, 0.165, costume.joints),
        (chest - 0.20 * front, chest - 0.20 * front - 0.24 * spine, 0.15, costume.pack),
        (head - 0.02 * crown, head + 0.05 * crown, 0.19, costume.head),
        (head + 0.115 * look + 0.055 * across, head + 0.115 * look - 0.055 * across, 0.10, costume.visor),
    ]
    rows = np.zeros((len(k), len(pieces), ROW), dtype=np.float32)
    for i, (a, b, radius, material) in enumerate(pieces):
        rows[:, i, 0:3], rows[:, i, 3:6], rows[:, i, 6] = a, b, radius
        rows[:, i, GEOMETRY:] = replace(material, glow_a=max(material.glow_a, _FILL)).row()
    return rows


def _unit(v: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-6))


assert CAPSULE == 3, "figure_rows builds capsules only; the renderer appends them to the capsules of the scene"
