"""The character of a remembered view, moved limb by limb to another pose: a picture for the network to mend.

Each limb keeps its pixels and is turned, stretched and scaled to where its keypoints are now, as a paper puppet's would
be. What a puppet cannot do (turn around, bend cloth, show what was hidden) is left to the network.

Shapes: S moments, L limbs, H rows and W columns of pixels, R and Q those of the pixels looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.rays import project
from nodegraph.generator.warp import View, Warped
from nodegraph.values import KEYPOINTS, Camera, Pose

__all__ = ["likeness", "move_body", "pose_between"]


def _at(name: str) -> int:
    return KEYPOINTS.index(name)


class _Limb(NamedTuple):
    """From the middle of some keypoints to that of others; `radius` and how far it goes beyond its ends, in units of
    the torso's length and of its own."""

    start: tuple[int, ...]
    end: tuple[int, ...]
    radius: float
    before: float
    after: float


_SHOULDERS = (_at("left_shoulder"), _at("right_shoulder"))
_HIPS = (_at("left_hip"), _at("right_hip"))
_LIMBS = (
    _Limb(_SHOULDERS, _HIPS, 0.55, 0.15, 0.25),
    _Limb(_SHOULDERS, (_at("left_ear"), _at("right_ear"), _at("nose")), 0.60, -0.25, 2.2),
    *(
        limb
        for side in ("left", "right")
        for limb in (
            _Limb((_at(f"{side}_shoulder"),), (_at(f"{side}_elbow"),), 0.22, 0.15, 0.1),
            _Limb((_at(f"{side}_elbow"),), (_at(f"{side}_wrist"),), 0.22, 0.1, 0.55),
            _Limb((_at(f"{side}_hip"),), (_at(f"{side}_knee"),), 0.30, 0.1, 0.1),
            _Limb((_at(f"{side}_knee"),), (_at(f"{side}_ankle"),), 0.28, 0.1, 0.35),
        )
    ),
)
_LEAST_PX = 4.0
_MOST_PIXELS = 2500
_REACH, _HAT = 0.8, 0.7
"""How far a body goes beyond its keypoints, and how much farther above its head, in lengths of the torso."""
_SHORT = 0.12
_SOFT = 0.2
_SQUEEZED = (0.5, 2.0)


def pose_between(before: Pose | None, now: Pose | None, share: float) -> Pose | None:
    """The pose on the way from one to the next, `share` of it gone; poses of different spaces are not mixed."""
    if before is None or now is None or before.space != now.space:
        return now
    return Pose(
        keypoints=before.keypoints * (1 - share) + now.keypoints * share,
        confidence=np.minimum(before.confidence, now.confidence),
        space=now.space,
    )


def joints(pose: Pose, camera: Camera, height: int, width: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Keypoints in pixels [17, 2], and which of them are seen."""
    if pose.space == "image":
        points, seen = pose.keypoints[:, :2], pose.confidence > 0.3
    else:
        projected = project(pose.keypoints, camera, width / height)
        points, seen = projected[:, :2], (pose.confidence > 0.3) & (projected[:, 2] > 0.2)
    return np.clip(np.nan_to_num(points, nan=9.0), -9.0, 9.0) * (width, height) - 0.5, seen


def _segments(points: NDArray[np.float64], seen: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Ends of all limbs [L, 2, 2], and which are known."""
    ends = [(points[list(limb.start)].mean(0), points[list(limb.end)].mean(0)) for limb in _LIMBS]
    known = [bool(seen[list(limb.start)].all() and seen[list(limb.end)].any()) for limb in _LIMBS]
    return np.array(ends, np.float32), np.array(known)


def _span(points: NDArray[np.float64], pair: tuple[int, int]) -> float:
    return float(np.linalg.norm(points[pair[0]] - points[pair[1]]))


def _size(segments_L22: NDArray[np.float32], points: NDArray[np.float64]) -> float:
    """Length of the torso in pixels, or what its width says where it is seen from above."""
    return max(float(np.linalg.norm(segments_L22[0, 0] - segments_L22[0, 1])), 1.3 * _span(points, _SHOULDERS), 2.0)


def likeness(view: View, pose: Pose | None, camera: Camera) -> float:
    """How well a view's character serves for another pose, 0..1: limbs pointing the same way, shown large enough."""
    if view.pose is None or pose is None or float(view.body.sum()) < 30.0:
        return 0.0
    _, height, width = view.picture.shape
    old, had = joints(view.pose, view.camera, height, width)
    new, has = joints(pose, camera, height, width)
    (a, known_a), (b, known_b) = _segments(old, had), _segments(new, has)
    if not (known_a[0] and known_b[0]):
        return 0.0
    # Shoulders seen from the front, from the side or from behind: signed width over the torso's length.
    widths = [(p[_SHOULDERS[0], 0] - p[_SHOULDERS[1], 0]) / _size(s, p) for s, p in ((a, old), (b, new))]
    scale = min(_size(a, old) / _size(b, new), 1.0)
    return float(np.exp(-2.0 * abs(widths[0] - widths[1])) * (0.5 + 0.5 * scale))


def move_body(view: View, poses: Sequence[Pose | None], cameras: Sequence[Camera]) -> Warped:
    """The view's character at other poses; `sure` is how far it covers each pixel."""
    _, height, width = view.picture.shape
    picture = torch.zeros(len(poses), 3, height, width)
    cover = torch.zeros(len(poses), 1, height, width)
    if view.pose is None:
        return Warped(picture=picture, sure=cover, likely=cover)
    source = _body(*joints(view.pose, view.camera, height, width))
    targets: list[_Body] = []
    which: list[int] = []
    for moment, (pose, camera) in enumerate(zip(poses, cameras, strict=True)):
        target = None if pose is None else _body(*joints(pose, camera, height, width))
        if target is not None and source.known[0] and target.known[0] and target.size >= _LEAST_PX:
            targets.append(target)
            which.append(moment)
    box = _around(targets, height, width)
    if box is not None:
        left, top, right, bottom = box
        there = _drawn(view, source, targets, box)
        picture[which, :, top:bottom, left:right] = there[:, :3]
        cover[which, :, top:bottom, left:right] = there[:, 3:]
    return Warped(picture=picture, sure=cover, likely=cover)


class _Body(NamedTuple):
    """Limbs as they lie in a picture, in pixels."""

    ends: NDArray[np.float32]
    """[L, 2, 2]."""
    known: NDArray[np.bool_]
    """[L]."""
    size: float
    shoulders: float


def _body(points: NDArray[np.float64], seen: NDArray[np.bool_]) -> _Body:
    ends, known = _segments(points, seen)
    return _Body(ends, known, _size(ends, points), _span(points, _SHOULDERS))


def _around(bodies: list[_Body], height: int, width: int) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the pixels that the bodies may cover; None where they cover none."""
    if not bodies:
        return None
    corners = []
    for body in bodies:
        held = body.ends[body.known].reshape(-1, 2)
        low, high = held.min(0) - _REACH * body.size, held.max(0) + _REACH * body.size
        corners.append(np.concatenate([low - (0.0, _HAT * body.size), high]))
    low, high = np.min(corners, axis=0)[:2], np.max(corners, axis=0)[2:]
    left, top = max(int(low[0]), 0), max(int(low[1]), 0)
    right, bottom = min(int(high[0]) + 2, width), min(int(high[1]) + 2, height)
    return (left, top, right, bottom) if right - left >= 2 and bottom - top >= 2 else None


def _drawn(view: View, source: _Body, targets: list[_Body], box: tuple[int, int, int, int]) -> Tensor:
    """Colours and cover [S, 4, H', W'] of the pixels in the box."""
    _, height, width = view.picture.shape
    left, top, right, bottom = box
    step = 1
    while (right - left) * (bottom - top) // step**2 > _MOST_PIXELS:
        step += 1
    # Pixels looked at lie in the middle of the squares that they stand for.
    rows, columns = -(-(bottom - top) // step), -(-(right - left) // step)
    y = top + (torch.arange(rows) + 0.5) * ((bottom - top) / rows) - 0.5
    x = left + (torch.arange(columns) + 0.5) * ((right - left) / columns) - 0.5
    place, near = _sources(x[None, None], y[None, :, None], source, targets)
    grid = torch.cat([(place + 0.5) * torch.tensor([2.0 / width, 2.0 / height]) - 1, near[..., None]], dim=-1)
    if step > 1:
        size = (bottom - top, right - left)
        grid = F.interpolate(grid.permute(0, 3, 1, 2), size=size, mode="bilinear", align_corners=False)
        grid = grid.permute(0, 2, 3, 1)
    layers = torch.cat([view.picture, view.body]).float()[None].expand(len(targets), -1, -1, -1)
    there = F.grid_sample(layers, grid[..., :2], mode="bilinear", padding_mode="zeros", align_corners=False)
    return torch.cat([there[:, :3], there[:, 3:] * grid[..., 2:].permute(0, 3, 1, 2)], dim=1)


def _sources(x_11Q: Tensor, y_1R1: Tensor, source: _Body, targets: list[_Body]) -> tuple[Tensor, Tensor]:
    """Pixel of the view that each pixel shows [S, R, Q, 2], by its nearest limb, and how surely that covers it."""
    shape = (len(targets), y_1R1.shape[1], x_11Q.shape[2])
    best, place = torch.full(shape, 1e9), torch.zeros(*shape, 2)
    size_S = np.array([target.size for target in targets])
    wide_S = np.array([target.shoulders / target.size for target in targets]) / max(
        source.shoulders / source.size, 0.05
    )
    for number, limb in enumerate(_LIMBS):
        usable_S = np.array([bool(target.known[number]) for target in targets])
        if not (source.known[number] and usable_S.any()):
            continue
        start, unit, length = _axis(np.stack([target.ends[number] for target in targets]), size_S)
        old_start, old_unit, old_length = (
            part[0] for part in _axis(source.ends[None, number], np.array([source.size]))
        )
        dx, dy = x_11Q - _column(start[:, 0]), y_1R1 - _column(start[:, 1])
        along = (dx * _column(unit[:, 0]) + dy * _column(unit[:, 1])) / _column(length)
        across = dy * _column(unit[:, 0]) - dx * _column(unit[:, 1])
        beyond = (F.relu(-limb.before - along) + F.relu(along - 1 - limb.after)) * _column(length)
        distance = torch.sqrt(across * across + beyond * beyond) / _column(limb.radius * size_S)
        distance = torch.where(_column(usable_S.astype(float)) > 0, distance, 1e9)
        scale_S = source.size / size_S / (np.clip(wide_S, *_SQUEEZED) if number == 0 else 1.0)
        across, along = across * _column(scale_S), along * float(old_length)
        to_x = float(old_start[0]) + along * float(old_unit[0]) - across * float(old_unit[1])
        to_y = float(old_start[1]) + along * float(old_unit[1]) + across * float(old_unit[0])
        nearer = distance < best
        best = torch.where(nearer, distance, best)
        place = torch.where(nearer[..., None], torch.stack([to_x, to_y], dim=-1), place)
    return place, ((1.0 + _SOFT - best) / _SOFT).clamp(0, 1)


def _column(values_S: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(np.asarray(values_S, np.float32))[:, None, None]


def _axis(ends_S22: NDArray[np.float32], size_S: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Start [S, 2], direction [S, 2] and length [S] of a limb. One that points at the camera has no direction: it is
    taken to hang down, with a least length."""
    way = (ends_S22[:, 1] - ends_S22[:, 0]).astype(float)
    length_S = np.linalg.norm(way, axis=1)
    short_S = _SHORT * size_S
    unit = np.where((length_S > short_S)[:, None], way / np.maximum(length_S, 1e-3)[:, None], np.array([0.0, 1.0]))
    return ends_S22[:, 0].astype(float), unit, np.maximum(length_S, short_S)
