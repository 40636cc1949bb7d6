"""Where a prop stands: beside or behind the character, in the picture of the camera that first shows it. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.camera import CameraPath
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.scene import Scene, ground_height_m
from nodegraph.worlds.things import Spot

__all__ = ["place_prop"]

_TRIES = 12


def place_prop(
    rng: np.random.Generator, prop: str, scene: Scene, path: CameraPath, body: NDArray[np.float64], picture: int
) -> tuple[Spot, float]:
    """Return the place (its ground or lowest point, metres) and the direction of a prop in view at `picture`.

    It stands a quarter to three quarters of the way from the middle to the edge of the picture, on the side that the
    character leaves free, and nearer or farther so that hills do not hide it.
    """
    if prop == "none":
        return (0.0, 0.0, 0.0), 0.0
    kind = PROP_KINDS[prop]
    c2w, half = path.c2w[picture], np.tan(np.radians(path.fov_y_deg[picture]) / 2)
    side, ahead = c2w[[0, 2], 0], -c2w[[0, 2], 2]
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-6)
    eye = c2w[[0, 2], 3]
    to_body = body[picture, 11][[0, 2]] - eye
    bearing = float(to_body @ side) / max(float(to_body @ ahead), 0.5) / half
    free = -np.sign(bearing) if abs(bearing) > 0.12 else float(rng.choice((-1.0, 1.0)))
    best: tuple[float, Spot] | None = None
    for _ in range(_TRIES):
        depth = float(rng.uniform(*kind.away_m))
        across = free * float(rng.uniform(0.5, 1.0)) * half * depth
        x, z = eye + ahead * depth + side * across
        ground = ground_height_m(scene, float(x), float(z))
        spot = (float(x), ground + float(rng.uniform(*kind.lift_m)), float(z))
        gap = float(np.hypot(*(body[:, 11][:, [0, 2]] - (x, z)).T).min()) - kind.width_m
        worse = ground + max(0.0, 1.2 - gap)
        if best is None or worse < best[0]:
            best = (worse, spot)
        if worse == 0.0:
            break
    assert best is not None
    return best[1], float(rng.choice((0.0, np.pi)))
