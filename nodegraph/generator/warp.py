"""What a remembered view shows, seen from another camera: backward warping by its own distances.

The views of a stream are its 3-D cache (GEN3C 2503.03751, section 3): a picture with the distance of every pixel. A new
camera's picture of them is exact where they saw the same surface, and says where they did not.

Shapes: S moments of a tick, H rows and W columns of pixels, R and Q those of the coarser grid on which rays are
followed, X = R * Q.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.rays import unit_rays
from nodegraph.values import Camera, Pose

__all__ = ["Seen", "View", "Warped", "between", "fill", "follow", "gather"]

_FARTHEST_M = 300.0
_USUAL_M = 12.0
_NEAREST_M = 0.3
_GRID = 4
"""Pixels a step of the grid on which rays are followed."""
_SPLAT = 4
"""Pixels a cell of the coarser grid on which points are thrown."""
_FILL = 4
_ROUNDS = 2
_TOLERANCE, _TOLERANCE_PER_M = 0.06, 0.004
_INNER = 0.985
"""Share of a picture that is taken as it is; its rim suffers from the autoencoder's padding."""
_EDGE = 0.03
_BODY_SHARE = 0.15
_BETTER = 0.25


@dataclass(frozen=True, kw_only=True)
class View:
    """A picture that is remembered, on the CPU in float16: it is held by every state that a run can go back to.

    picture: [3, H, W] in -1..1. nearness: [1, H, W] one over the distance along the pixel's ray, 1/m. body: [1, H, W]
    how far the character covers each pixel. hem: [1, H, W] the same with what its colours reach. camera, pose: those it
    was made for. given: it came from outside; else the model made it, which is less sharp.
    """

    picture: Tensor
    nearness: Tensor
    body: Tensor
    hem: Tensor
    camera: Camera
    pose: Pose | None
    given: bool


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Where in a view each ray of a camera finds what it sees: `place` [R, Q, 2] in -1..1 (x right, y down), and how
    `sure` [R, Q] that is, 0..1; the view's character counts as unknown. `likely` [R, Q] is at least as much: beyond its
    sides a view is thought to go on as its mirror image."""

    place: Tensor
    sure: Tensor
    likely: Tensor

    def planes(self) -> Tensor:
        """All of it, [R, Q, 4]."""
        return torch.cat([self.place, self.sure[..., None], self.likely[..., None]], dim=-1)


@dataclass(frozen=True)
class Warped:
    """Views as another camera sees them: `picture` [S, 3, H, W], and how `sure` and `likely` [S, 1, H, W] that is."""

    picture: Tensor
    sure: Tensor
    likely: Tensor


def between(previous: Camera, current: Camera, share: float) -> Camera:
    """The camera on the way from one to the next, `share` of it gone."""
    c2w = previous.c2w * (1 - share) + current.c2w * share
    x, y = c2w[:3, 0], c2w[:3, 1]
    x = x / max(float(np.linalg.norm(x)), 1e-9)
    y = y - x * (x @ y)
    y = y / max(float(np.linalg.norm(y)), 1e-9)
    turned = c2w.copy()
    turned[:3, :3] = np.stack([x, y, np.cross(x, y)], axis=1)
    return Camera(c2w=turned, fov_y_deg=previous.fov_y_deg * (1 - share) + current.fov_y_deg * share)


@lru_cache(maxsize=64)
def _own_rays(fov_y_deg: float, rows: int, columns: int) -> NDArray[np.float32]:
    return unit_rays(fov_y_deg, rows, columns).astype(np.float32)


def _rays(camera: Camera, rows: int, columns: int) -> Tensor:
    """World directions [R * Q, 3] of unit length."""
    own = torch.from_numpy(_own_rays(camera.fov_y_deg, rows, columns)).view(-1, 3)
    return own @ torch.from_numpy(camera.c2w[:3, :3].astype(np.float32)).T


def _project(points_X3: Tensor, camera: Camera, aspect: float) -> tuple[Tensor, Tensor]:
    """World points to positions [X, 2] in -1..1 (x right, y down), and whether they lie in front [X]."""
    local = _local(points_X3, camera)
    half = float(np.tan(np.radians(camera.fov_y_deg) / 2))
    depth = (-local[:, 2]).clamp_min(0.05)
    place = torch.stack([local[:, 0] / (depth * (half * aspect)), -local[:, 1] / (depth * half)], dim=-1)
    return place.clamp(-9.0, 9.0), local[:, 2] < -0.05


def _local(points_X3: Tensor, camera: Camera) -> Tensor:
    c2w = torch.from_numpy(camera.c2w.astype(np.float32))
    return (points_X3 - c2w[:3, 3]) @ c2w[:3, :3]


def _folded(points_X3: Tensor, camera: Camera, aspect: float) -> tuple[Tensor, Tensor]:
    """World points to positions [X, 2] in the camera's picture, which goes on beyond its left and right side as its
    mirror image, all around, and above and below as its last row; and how surely a point is in the picture itself."""
    local = _local(points_X3, camera)
    half = float(np.tan(np.radians(camera.fov_y_deg) / 2))
    side = float(np.arctan(half * aspect)) * _INNER
    azimuth = torch.atan2(local[:, 0], -local[:, 2])
    turned = torch.remainder(azimuth + side, 4 * side)
    folded = torch.where(turned < 2 * side, turned, 4 * side - turned) - side
    flat = local[:, [0, 2]].norm(dim=-1).clamp_min(1e-3)
    x = torch.tan(folded) / (half * aspect)
    y = -local[:, 1] / (flat * torch.cos(folded) * half)
    over = torch.maximum((azimuth.abs() - side) / side, (y.abs() - 1) / 2)
    return torch.stack([x, y.clamp(-_INNER, _INNER)], dim=-1), (1 - over / _EDGE).clamp(0, 1)


def _eye(camera: Camera) -> Tensor:
    return torch.from_numpy(camera.c2w[:3, 3].astype(np.float32))


def follow(view: View, camera: Camera) -> Seen:
    """Follow each ray of the camera to the surface that the view knows: guess how far it is, look where the view sees
    that point, take the distance found there, and again."""
    _, height, width = view.picture.shape
    rows, columns = height // _GRID, width // _GRID
    aspect = width / height
    at, origin = _eye(camera), _eye(view.camera)
    rays_X3 = _rays(camera, rows, columns)
    layers_2HW = torch.cat([view.nearness, view.hem]).float()[None]
    near_X = _first_guess(view, camera, rows, columns)
    for _ in range(_ROUNDS):
        points = at + rays_X3 / near_X[:, None]
        place, inside = _folded(points, view.camera, aspect)
        there = F.grid_sample(
            layers_2HW, place.view(1, rows, columns, 2), mode="bilinear", padding_mode="border", align_corners=False
        )[0]
        known_near = there[0].flatten().clamp(1 / _FARTHEST_M, 1 / _NEAREST_M)
        away = points - origin
        distance = away.norm(dim=-1)
        surface = origin + away / (distance * known_near)[:, None]
        near_X = 1 / (surface - at).norm(dim=-1).clamp(_NEAREST_M, _FARTHEST_M)
    apart = (1 / distance - known_near).abs() / (_TOLERANCE * known_near + _TOLERANCE_PER_M)
    open_ground = (1 - there[1].flatten() / _BODY_SHARE).clamp(0, 1)
    likely = ((1.5 - apart).clamp(0, 1) * open_ground).view(rows, columns)
    return Seen(place=place.view(rows, columns, 2), sure=likely * inside.view(rows, columns), likely=likely)


def _first_guess(view: View, camera: Camera, rows: int, columns: int) -> Tensor:
    """Nearness [X] of what each ray meets: the view's points are thrown at the new camera, and the nearest one wins."""
    _, height, width = view.picture.shape
    aspect = width / height
    down, across = height // _SPLAT, width // _SPLAT
    near = view.nearness[0, ::_GRID, ::_GRID].float().clamp(1 / _FARTHEST_M, 1 / _NEAREST_M).flatten()
    ground = (view.hem[0, ::_GRID, ::_GRID] < _BODY_SHARE).flatten()
    points = _eye(view.camera) + _rays(view.camera, rows, columns) / near[:, None]
    place, front = _project(points, camera, aspect)
    column = ((place[:, 0] + 1) * (across / 2)).floor().long()
    row = ((place[:, 1] + 1) * (down / 2)).floor().long()
    good = front & ground & (column >= 0) & (column < across) & (row >= 0) & (row < down)
    index = torch.where(good, row * across + column, down * across)
    value = 1 / (points - _eye(camera)).norm(dim=-1).clamp(_NEAREST_M, _FARTHEST_M)
    thrown = torch.zeros(down * across + 1).scatter_reduce(0, index, value, "amax")[:-1].view(1, 1, down, across)
    for _ in range(4):  # what nothing fell on takes what lies beside it
        thrown = torch.where(thrown > 0, thrown, F.max_pool2d(thrown, 3, stride=1, padding=1))
    thrown = F.interpolate(thrown, size=(rows, columns), mode="bilinear", align_corners=False).flatten()
    height_m = max(float(camera.c2w[1, 3]), 0.05)
    ground = (-_rays(camera, rows, columns)[:, 1] / height_m).clamp(min=1 / _USUAL_M)
    return torch.where(thrown > 0, thrown, ground)


def gather(views: list[View], before: list[Seen], now: list[Seen], shares: tuple[float, ...]) -> Warped:
    """The views together at moments between two cameras: each pixel from the first view that knows it.

    What a ray sees moves evenly from where it was at the tick's start to where it is at its end.
    """
    _, height, width = views[0].picture.shape
    share_S = torch.tensor(shares)[:, None, None, None]
    places, sures, likelies = [], [], []
    for old, new in zip(before, now, strict=True):
        full = F.interpolate(
            (old.planes() * (1 - share_S) + new.planes() * share_S).permute(0, 3, 1, 2),
            size=(height, width), mode="bilinear", align_corners=False,
        )  # fmt: skip
        places.append(full[:, :2])
        sures.append(full[:, 2:3])
        likelies.append(full[:, 3:])
    # All views stand below each other in one picture, so that each pixel is looked up once.
    count = len(views)
    atlas = torch.cat([view.picture for view in views], dim=1).float()[None].expand(len(shares), -1, -1, -1)
    place, sure, likely = _within(places[0], 0, count, height), sures[0], likelies[0]
    for index in range(1, count):
        better = sures[index] + likelies[index] > sure + likely + _BETTER
        place = torch.where(better, _within(places[index], index, count, height), place)
        sure, likely = torch.maximum(sure, sures[index]), torch.maximum(likely, likelies[index])
    picture = F.grid_sample(
        atlas, place.permute(0, 2, 3, 1), mode="bilinear", padding_mode="border", align_corners=False
    )
    return Warped(picture=picture, sure=sure, likely=likely)


def _within(place_S2HW: Tensor, index: int, count: int, height: int) -> Tensor:
    """Positions in a view as positions in the picture of all views below each other."""
    y = place_S2HW[:, 1:].clamp(-1 + 1 / height, 1 - 1 / height)
    return torch.cat([place_S2HW[:, :1], (y + 1 + 2 * index) / count - 1], dim=1)


def fill(picture_S3HW: Tensor, sure_S1HW: Tensor) -> Tensor:
    """The picture with unsure pixels taken smoothly from sure ones around, by averages at ever coarser scales."""
    weight = F.avg_pool2d(sure_S1HW, _FILL) + 1e-4
    weights, sums = [weight], [F.avg_pool2d(picture_S3HW * sure_S1HW, _FILL) + 1e-4 * F.avg_pool2d(picture_S3HW, _FILL)]
    while min(weights[-1].shape[2:]) > 1:
        weights.append(F.avg_pool2d(weights[-1], 2, ceil_mode=True))
        sums.append(F.avg_pool2d(sums[-1], 2, ceil_mode=True))
    out = sums[-1] / weights[-1]
    for weight, total in zip(reversed(weights[:-1]), reversed(sums[:-1]), strict=True):
        coarse = F.interpolate(out, size=weight.shape[2:], mode="bilinear", align_corners=False)
        out = coarse + (total / weight - coarse) * (4 * weight).clamp(max=1.0)
    coarse = F.interpolate(out, size=sure_S1HW.shape[2:], mode="bilinear", align_corners=False)
    return coarse + (picture_S3HW - coarse) * sure_S1HW
