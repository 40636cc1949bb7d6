"""Closed-form intersections agree with walking along the ray until it enters the shape."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nodegraph.worlds.intersect import FAR, FINDERS, GROUND_ID, ID_BITS
from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID

STEP_M = 0.004
REACH_M = 8.0


def random_shape(rng: np.random.Generator, kind: int) -> np.ndarray:
    x, y, z = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-5, -3)
    a, b, c = rng.uniform(0.3, 1.0, 3)
    return np.array(
        {
            ELLIPSOID: (x, y, z, a, b, c, 0),
            CONE: (x, z, y - a, y + b, c, rng.uniform(0.05, 1.0), 0),
            BOX: (x, y, z, a, b, c, rng.uniform(-3, 3)),
            CAPSULE: (x, y, z, x + a, y - b, z + c, rng.uniform(0.2, 0.5)),
        }[kind]
    )


def inside(kind: int, g: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Whether points [N, 3] lie in the shape: its definition, with nothing clever."""
    if kind == ELLIPSOID:
        return (((p - g[:3]) / g[3:6]) ** 2).sum(1) < 1
    if kind == CONE:
        share = (p[:, 1] - g[2]) / (g[3] - g[2])
        radius = g[4] + (g[5] - g[4]) * share
        return (share > 0) & (share < 1) & (np.hypot(p[:, 0] - g[0], p[:, 2] - g[1]) < radius)
    if kind == BOX:
        cos, sin = np.cos(g[6]), np.sin(g[6])
        q = p - g[:3]
        local = np.stack([q[:, 0] * cos - q[:, 2] * sin, q[:, 1], q[:, 0] * sin + q[:, 2] * cos], axis=1)
        return (np.abs(local) < g[3:6]).all(1)
    axis = g[3:6] - g[:3]
    share = np.clip((p - g[:3]) @ axis / (axis @ axis), 0, 1)
    return np.linalg.norm(p - g[:3] - share[:, None] * axis, axis=1) < g[6]


@pytest.mark.parametrize("kind", [ELLIPSOID, CONE, BOX, CAPSULE])
def test_the_hit_is_where_a_patient_walk_enters_the_shape(kind: int) -> None:
    rng = np.random.default_rng(kind)
    constants, nearest = FINDERS[kind]
    hits = 0
    for number in range(25):
        shape = random_shape(rng, kind)
        rays = rng.normal(0, 0.18, (40, 3)) - np.array([0.0, 0.0, 1.0])
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        found = nearest(
            torch.tensor(rays.T[None], dtype=torch.float32),
            constants(torch.tensor(shape[None, None], dtype=torch.float32)),
            torch.full((1, 1, 1), number, dtype=torch.int32),
        )[0]
        t_m = (found & -(1 << ID_BITS)).view(torch.float32).numpy()
        along = np.arange(0.1, REACH_M, STEP_M)
        for ray, t in zip(rays, t_m, strict=True):
            walked = inside(kind, shape, along[:, None] * ray)
            entered = along[walked.argmax()] if walked.any() else None
            if entered is None:
                # A grazing ray may pass through less than one step of the shape.
                assert t > 0.5 * FAR or not inside(kind, shape, (t + 2 * STEP_M) * ray[None])[0]
            else:
                hits += 1
                assert t == pytest.approx(entered, abs=2 * STEP_M)
    assert hits > 100


def test_the_nearest_of_several_wins_and_keeps_its_id() -> None:
    constants, nearest = FINDERS[ELLIPSOID]
    shapes = torch.tensor([[[0, 0, -z, 0.5, 0.5, 0.5, 0] for z in (9.0, 4.0, 6.0)]])
    ids = torch.tensor([7, 300, GROUND_ID - 1], dtype=torch.int32).view(1, 3, 1)
    ray = torch.tensor([0.0, 0.0, -1.0]).view(1, 3, 1)
    found = nearest(ray, constants(shapes), ids)
    assert int(found & ((1 << ID_BITS) - 1)) == 300
    assert float((found & -(1 << ID_BITS)).view(torch.float32)) == pytest.approx(3.5, rel=2e-4)
