"""What each picture of a camera path needs: the visible primitives, shadows and lamps, tile by tile. numpy, no torch.

A picture is cut into tiles, and a tile only meets the primitives that may show in it.
Shapes: T pictures, N primitives, B blocks of at most SLOTS primitives of one kind in one tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.figure import figure_rows
from nodegraph.worlds.look import LOOK_SIZES
from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID, GEOMETRY, ROW, bounds
from nodegraph.worlds.props import PROP_KINDS, prop_rows
from nodegraph.worlds.scene import VIEW_M, Scene, World
from nodegraph.worlds.stage import Stage

__all__ = ["KINDS", "SLOTS", "Blocks", "Frame", "prepare"]

KINDS = 4
SLOTS = 8
_MOST = 500
"""Primitives that one picture can show; the farthest ones fall away first."""
_LAMPS, _SHADOWS = 6, 16
_FAR_M = 1.0e5
_SUN_AT = sum(size for _, size in takewhile(lambda item: item[0] != "sun_dir", LOOK_SIZES.items()))
_EMPTY = {
    ELLIPSOID: (_FAR_M, _FAR_M, 0, 1, 1, 1, 0),
    CONE: (_FAR_M, 0, _FAR_M, _FAR_M + 1, 1, 1, 0),
    BOX: (_FAR_M, _FAR_M, 0, 1, 1, 1, 0),
    CAPSULE: (_FAR_M, _FAR_M, 0, _FAR_M, _FAR_M + 1, 0, 1),
}
_POSITIONS = {
    ELLIPSOID: ((0, 0), (1, 1), (2, 2)),
    CONE: ((0, 0), (1, 2), (2, 1), (3, 1)),
    BOX: ((0, 0), (1, 1), (2, 2)),
    CAPSULE: ((0, 0), (1, 1), (2, 2), (3, 0), (4, 1), (5, 2)),
}
"""For each kind: which geometry column holds a position along which axis."""


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Tiles and the primitives of one kind that may show in them, `SLOTS` at a time.

    Attributes:
        tiles: [B] which tile.
        shapes: [B, SLOTS, GEOMETRY] with the camera at the origin.
        ids: [B, SLOTS] rows of the picture's table.
    """

    tiles: NDArray[np.int64]
    shapes: NDArray[np.float32]
    ids: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Numbers from which one picture is drawn.

    Attributes:
        uniforms: [1, U]. kinds: [N]. rows: [N, ROW], primitives in view, world metres. blocks: one for each kind.
        body: [N], which of them are the character. shadows: [1, 16, 6]. lamps: [1, 6, 7].
    """

    uniforms: NDArray[np.float32]
    kinds: NDArray[np.int64]
    rows: NDArray[np.float32]
    body: NDArray[np.bool_]
    blocks: tuple[Blocks, ...]
    shadows: NDArray[np.float32]
    lamps: NDArray[np.float32]


def prepare(
    scene: Scene,
    world: World,
    c2w: NDArray[np.float64],
    fov_y_deg: NDArray[np.float64],
    keypoints: NDArray[np.float64],
    times_s: NDArray[np.float64],
    stage: Stage,
    *,
    width: int,
    height: int,
    tiles: tuple[int, int],
) -> Iterator[Frame]:
    """Yield the numbers of each picture.

    Args:
        scene: the scene; its look becomes the first uniforms.
        world: what `build_world` made around the path.
        c2w: [T, 4, 4] camera to world. fov_y_deg: [T]. keypoints: [T, 17, 3]. times_s: [T].
        stage: the prop, and the world that this one turns into.
        width, height: pixels. tiles: across and down.
    """
    actor_kinds, actors = _actors(scene, stage, keypoints, times_s)
    first_prop = len(world.kinds) + len(figure_rows(keypoints[:1], scene.character)[0])
    kinds = np.concatenate([world.kinds, actor_kinds])
    tangents = np.tan(np.radians(fov_y_deg) / 2)
    uniforms = _uniforms(_looks(scene, stage, len(c2w)), c2w, tangents, times_s, width, height)
    shadows, lamps = _shadows(world, stage, c2w, keypoints), _lamps(world, stage, c2w)
    still_rows = _blended_rows(world, stage)
    for i in range(len(c2w)):
        spheres = np.concatenate([world.spheres, bounds(actor_kinds, actors[i])])
        near, within = _visible(c2w[i], float(tangents[i]), spheres, width / height, tiles)
        seen = np.flatnonzero(np.isfinite(near))
        seen = seen[np.argsort(near[seen], kind="stable")][:_MOST]
        rows = np.concatenate([still_rows(i), actors[i]])[seen]
        yield Frame(
            uniforms=uniforms[i : i + 1],
            kinds=kinds[seen] if len(seen) else np.zeros(1, dtype=np.int64),
            rows=rows if len(seen) else np.zeros((1, ROW), dtype=np.float32),
            body=(seen >= len(world.kinds)) & (seen < first_prop) if len(seen) else np.zeros(1, dtype=bool),
            blocks=_blocks(kinds[seen], rows, within[:, seen], c2w[i, :3, 3]),
            shadows=shadows[i : i + 1],
            lamps=lamps[i : i + 1],
        )


def _actors(
    scene: Scene, stage: Stage, keypoints: NDArray[np.float64], times_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kinds [N] and rows [T, N, ROW] of what moves: the character and the prop."""
    kinds, rows = figure_rows(keypoints, scene.character)
    if stage.prop == "none":
        return kinds, rows
    more_kinds, more_rows = prop_rows(stage.prop, stage.spot, stage.yaw_rad, stage.shown, times_s)
    return np.concatenate([kinds, more_kinds]), np.concatenate([rows, more_rows], axis=1)


def _looks(scene: Scene, stage: Stage, count: int) -> NDArray[np.float32]:
    """The look of each picture, [T, U]."""
    first = scene.look.vector()
    if stage.after is None:
        return np.repeat(first[None], count, axis=0)
    w = stage.blend[:, None].astype(np.float32)
    mixed = first * (1 - w) + stage.after.look.vector() * w
    at = _SUN_AT
    mixed[:, at : at + 3] /= np.maximum(np.linalg.norm(mixed[:, at : at + 3], axis=1, keepdims=True), 1e-6)
    return mixed


def _blended_rows(world: World, stage: Stage) -> Callable[[int], NDArray[np.float32]]:
    """Rows of the world at picture i: both worlds have the same shapes, only their colours differ."""
    later = stage.world_after
    if later is None:
        return lambda _i: world.rows
    rows = later.rows
    return lambda i: (world.rows * (1 - stage.blend[i]) + rows * stage.blend[i]).astype(np.float32)


def _visible(
    c2w: NDArray[np.float64], tangent: float, spheres: NDArray[np.float32], aspect: float, tiles: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Distance [N] to each bounding sphere, infinite out of view, and whether it may show in each tile [tiles, N]."""
    away = spheres[:, :3] - c2w[:3, 3]
    x, y, depth = (away @ c2w[:3, :3]).T * np.array([[1.0], [1.0], [-1.0]])
    radius = spheres[:, 3]
    near = np.maximum(np.linalg.norm(away, axis=1) - radius, 0.0)
    across = _between(x, depth, radius, np.linspace(-1, 1, tiles[0] + 1) * tangent * aspect)
    down = _between(y, depth, radius, np.linspace(-1, 1, tiles[1] + 1) * tangent)[::-1]
    within = (down[:, None] & across[None]).reshape(-1, len(spheres)) & (depth > -radius) & (near < VIEW_M)
    return np.where(within.any(axis=0), near, np.inf), within


def _between(
    x: NDArray[np.float64], depth: NDArray[np.float64], radius: NDArray[np.float32], edges: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether spheres reach between neighbouring planes through the camera, [edges - 1, N]."""
    beside = (x - edges[:, None] * depth) / np.sqrt(1 + edges[:, None] ** 2)
    return np.asarray((beside[:-1] > -radius) & (beside[1:] < radius))


def _blocks(
    kinds: NDArray[np.int64], rows: NDArray[np.float32], within: NDArray[np.bool_], origin: NDArray[np.float64]
) -> tuple[Blocks, ...]:
    out = []
    for kind in range(KINDS):
        mine = np.flatnonzero(kinds == kind)
        shapes = rows[mine, :GEOMETRY].astype(np.float64)
        for column, axis in _POSITIONS[kind]:
            shapes[:, column] -= origin[axis]
        tile, which = np.nonzero(within[:, mine])
        count = np.bincount(tile, minlength=len(within))
        per_tile = -(-count // SLOTS)
        first_block = np.concatenate([[0], np.cumsum(per_tile)[:-1]])
        place = np.arange(len(tile)) - np.repeat(np.cumsum(count) - count, count)
        block, slot = first_block[tile] + place // SLOTS, place % SLOTS
        total = int(per_tile.sum())
        blocks = np.tile(np.array(_EMPTY[kind], dtype=np.float32), (total, SLOTS, 1))
        ids = np.zeros((total, SLOTS), dtype=np.int32)
        blocks[block, slot], ids[block, slot] = shapes[which], mine[which]
        out.append(Blocks(tiles=np.repeat(np.arange(len(within)), per_tile), shapes=blocks, ids=ids))
    return tuple(out)


def _uniforms(
    look: NDArray[np.float32],
    c2w: NDArray[np.float64],
    tangents: NDArray[np.float64],
    times_s: NDArray[np.float64],
    width: int,
    height: int,
) -> NDArray[np.float32]:
    right = c2w[:, :3, 0] * (tangents * width / height)[:, None]
    up = c2w[:, :3, 1] * tangents[:, None]
    pixel = 2.0 * tangents / height
    parts: list[NDArray[Any]] = [
        look,
        c2w[:, :3, 3],
        right,
        up,
        c2w[:, :3, 2],
        pixel[:, None],
        np.asarray(times_s)[:, None],
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _nearest(table: NDArray[np.float32], x: int, z: int, c2w: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    """The `count` rows of a table nearest to a point 5 m before each camera, [T, count, columns]; padded with zeros."""
    out = np.zeros((len(c2w), count, table.shape[1]), dtype=np.float32)
    if len(table):
        focus = c2w[:, :3, 3] - 5.0 * c2w[:, :3, 2]
        gap = np.hypot(table[:, x] - focus[:, 0:1], table[:, z] - focus[:, 2:3])
        order = np.argsort(gap, axis=1)[:, :count]
        out[:, : order.shape[1]] = table[order]
    return out


def _shadows(
    world: World, stage: Stage, c2w: NDArray[np.float64], keypoints: NDArray[np.float64]
) -> NDArray[np.float32]:
    out = _nearest(world.shadows, 0, 1, c2w, _SHADOWS)
    feet = keypoints[:, 15:17].mean(axis=1)
    hips = keypoints[:, 11:13].mean(axis=1)
    low = np.maximum(keypoints[:, 15:17, 1].min(axis=1) - 0.09, 0.0)
    middle = (feet + hips) / 2
    size = np.full(len(c2w), 0.27)
    out[:, -1] = np.stack([middle[:, 0], middle[:, 2], size, low, low + 1.55, np.full(len(c2w), 1.0)], axis=1)
    if stage.prop != "none":
        x, y, z = stage.spot
        kind = PROP_KINDS[stage.prop]
        flat = np.ones(len(c2w))
        size, dark = np.maximum(kind.width_m * 0.8 * stage.shown, 0.01), 0.8 * stage.shown
        out[:, -2] = np.stack([x * flat, z * flat, size, y * flat, (y + kind.height_m) * flat, dark], axis=1)
    empty = out[..., 2] == 0
    out[empty] = (_FAR_M, _FAR_M, 1.0, 0.0, 1.0, 0.0)
    return out


def _lamps(world: World, stage: Stage, c2w: NDArray[np.float64]) -> NDArray[np.float32]:
    out = _nearest(world.lamps, 0, 2, c2w, _LAMPS)
    if stage.world_after is not None:
        later = _nearest(stage.world_after.lamps, 0, 2, c2w, _LAMPS)
        out[..., 3:6] *= (1.0 - stage.blend)[:, None, None]
        later[..., 3:6] *= stage.blend[:, None, None]
        out = np.where((stage.blend < 0.5)[:, None, None], out, later).astype(np.float32)
    glow = PROP_KINDS[stage.prop].lamp if stage.prop != "none" else None
    if glow is not None:
        x, y, z = stage.spot
        out[:, -1] = (x, y + 0.6, z, *glow, 2.6)
        out[:, -1, 3:6] *= stage.shown[:, None]
    out[out[..., 6] == 0] = (0, _FAR_M, 0, 0, 0, 0, 1)
    return out
