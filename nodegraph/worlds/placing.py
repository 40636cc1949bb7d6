"""What stands where in a clip: props in view, and ground kept free. numpy only."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.camera import CameraPath, home_start, integrate, still_rates
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.scene import Scene, build_world, ground_height_m
from nodegraph.worlds.things import Spot

__all__ = ["HOME_CLEARINGS", "clearings", "place_prop", "prop_of_place"]

_TRIES = 12
_PLACE_TRIES = 24
_PROP_NEAREST_M = 3.8
_CLEAR_BODY_M, _CLEAR_CAMERA_M = 1.3, 0.9
HOME_CLEARINGS = np.array([[0.0, 0.0, 1.9], [0.0, 2.0, 2.1], [0.0, 4.2, 2.0]])
"""Discs (x, z, radius in metres) that stay free in every place: around the character and on to the home camera."""


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


@lru_cache(maxsize=512)
def prop_of_place(prop: str, scene: Scene) -> tuple[Spot, float]:
    """Return where a prop stands in a place and how it is turned: in view of the home camera, clear of all things."""
    if prop == "none":
        return (0.0, 0.0, 0.0), 0.0
    home = integrate(home_start(), still_rates(1), 1.0)
    body = keypoints(BodyState())[None]
    spheres = build_world(scene, home.c2w[:, :3, 3], clear_xzr=HOME_CLEARINGS).spheres
    rng = np.random.default_rng([scene.seed, *prop.encode()])
    best = (-np.inf, ((0.0, 0.0, 0.0), 0.0))
    for _ in range(_PLACE_TRIES):
        spot, yaw = place_prop(rng, prop, scene, home, body, 0)
        kind = PROP_KINDS[prop]
        middle = np.array(spot) + np.array([0.0, kind.height_m / 2, 0.0])
        gap = np.linalg.norm(spheres[:, :3] - middle, axis=1) - spheres[:, 3] - max(kind.width_m, kind.height_m / 2)
        far = float(np.linalg.norm(middle - home.c2w[0, :3, 3]))
        room = min(float(gap.min(initial=9.0)), 0.3) + min(far - _PROP_NEAREST_M, 0.0)
        if room > best[0]:
            best = (room, (spot, yaw))
    return best[1]


def clearings(path: CameraPath, body: NDArray[np.float64], spot: Spot, prop: str) -> NDArray[np.float64]:
    """Discs in which nothing may stand: around the character's way, the camera's, the prop, and what lies between."""
    eyes, hips = path.c2w[::6, [0, 2], 3], body[::6, 11][:, [0, 2]]
    discs = [np.c_[eyes, np.full(len(eyes), _CLEAR_CAMERA_M)], np.c_[hips, np.full(len(hips), _CLEAR_BODY_M)]]
    between = eyes[:1] + (hips[:1] - eyes[:1]) * np.linspace(0, 1, 6)[1:-1, None]
    discs.append(np.c_[between, np.full(len(between), 0.7)])
    if prop != "none":
        at, width = np.array([[spot[0], spot[2]]]), PROP_KINDS[prop].width_m
        line = eyes[:1] + (at - eyes[:1]) * np.linspace(0, 1, 7)[1:, None]
        discs.append(np.c_[line, 0.3 + width * np.linspace(0.2, 1, 6)])
    return np.concatenate(discs)
