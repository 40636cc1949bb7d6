"""Ray against primitive, in closed form and without branches, for many rays and primitives at once.

Shapes: B blocks of a tile's rays against K primitives of one kind, P rays per tile, G geometry columns of `primitives`,
C constants. For each kind a function prepares [B, C, K, 1] constants from geometry with the camera at the origin, and
another one finds the nearest hit of unit rays `d_B3P`. A result `hit_BP` is an int32 whose high bits are those of the
float distance and whose low `ID_BITS` bits are the id of the primitive: one integer minimum finds both.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["FAR", "FINDERS", "GROUND_ID", "ID_BITS", "SKY_ID"]

FAR = 1.0e6
ID_BITS = 9
SKY_ID = (1 << ID_BITS) - 1
GROUND_ID = SKY_ID - 1
_NEAR = 0.05
_TINY = 1.0e-9


def _constants(*columns_BK: Tensor) -> Tensor:
    return torch.stack(columns_BK, dim=1).unsqueeze(-1)


def _rays(d_B3P: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return d_B3P[:, 0:1], d_B3P[:, 1:2], d_B3P[:, 2:3]


def _nearest(t_BKP: Tensor, ids_BK1: Tensor) -> Tensor:
    return ((t_BKP.view(torch.int32) & -(1 << ID_BITS)) | ids_BK1).amin(dim=1)


def ellipsoid_constants(shape_BKG: Tensor) -> Tensor:
    """Camera position and scale in coordinates divided by the radii, where the ellipsoid is the unit sphere."""
    cx, cy, cz, rx, ry, rz, _ = shape_BKG.unbind(-1)
    ox, oy, oz = -cx / rx, -cy / ry, -cz / rz
    return _constants(1.0 / rx, 1.0 / ry, 1.0 / rz, ox, oy, oz, ox * ox + oy * oy + oz * oz - 1.0)


def nearest_ellipsoid(d_B3P: Tensor, constants_BCK1: Tensor, ids_BK1: Tensor) -> Tensor:
    """First ellipsoid along each ray."""
    sx, sy, sz, ox, oy, oz, c = constants_BCK1.unbind(1)
    dx, dy, dz = _rays(d_B3P)
    ex, ey, ez = dx * sx, dy * sy, dz * sz
    a = ex * ex + ey * ey + ez * ez
    b = ox * ex + oy * ey + oz * ez
    disc = b * b - a * c
    t = (-b - torch.sqrt(disc.clamp_min(0.0))) / a
    return _nearest(torch.where((disc > 0) & (t > _NEAR), t, FAR), ids_BK1)


def cone_constants(shape_BKG: Tensor) -> Tensor:
    """Axis, heights, slope of the side and radius at the camera's height of an upright frustum."""
    cx, cz, y0, y1, r0, r1, _ = shape_BKG.unbind(-1)
    slope = (r1 - r0) / (y1 - y0)
    radius = r0 - y0 * slope
    return _constants(cx, cz, y0, y1, r0 * r0, r1 * r1, slope, radius, cx * cx + cz * cz - radius * radius)


def nearest_cone(d_B3P: Tensor, constants_BCK1: Tensor, ids_BK1: Tensor) -> Tensor:
    """First upright cone frustum along each ray, with both of its caps."""
    cx, cz, y0, y1, rr0, rr1, slope, radius, c = constants_BCK1.unbind(1)
    dx, dy, dz = _rays(d_B3P)
    flat = dx * dx + dz * dz
    dy = torch.where(dy.abs() < 1e-6, 1e-6, dy)
    grow = slope * dy
    a = flat - grow * grow
    b = -cx * dx - cz * dz - grow * radius
    disc = b * b - a * c
    t = (-b - torch.sqrt(disc.clamp_min(0.0))) / torch.where(a.abs() < _TINY, _TINY, a)
    y = t * dy
    side = torch.where((disc > 0) & (t > _NEAR) & (y > y0) & (y < y1), t, FAR)
    down = dy < 0
    t_cap = torch.where(down, y1, y0) * (1.0 / dy)
    x, z = t_cap * dx - cx, t_cap * dz - cz
    cap = torch.where((x * x + z * z < torch.where(down, rr1, rr0)) & (t_cap > _NEAR), t_cap, FAR)
    return _nearest(torch.minimum(side, cap), ids_BK1)


def box_constants(shape_BKG: Tensor) -> Tensor:
    """Turn, camera position and half sizes in the box's own frame."""
    cx, cy, cz, hx, hy, hz, yaw = shape_BKG.unbind(-1)
    cos, sin = torch.cos(yaw), torch.sin(yaw)
    return _constants(cos, sin, cx * cos - cz * sin, cy, cx * sin + cz * cos, hx, hy, hz)


def nearest_box(d_B3P: Tensor, constants_BCK1: Tensor, ids_BK1: Tensor) -> Tensor:
    """First box along each ray: three slabs in the box's own frame."""
    cos, sin, cx, cy, cz, hx, hy, hz = constants_BCK1.unbind(1)
    dx, dy, dz = _rays(d_B3P)
    # A ray along a slab would divide by zero; this offset is far below what a picture shows.
    ix, iz = 1.0 / (dx * cos - dz * sin + 1e-7), 1.0 / (dx * sin + dz * cos + 1e-7)
    iy = 1.0 / (dy + 1e-7)
    mx, my, mz = cx * ix, cy * iy, cz * iz
    wx, wy, wz = hx * ix.abs(), hy * iy.abs(), hz * iz.abs()
    enter = torch.maximum(torch.maximum(mx - wx, my - wy), mz - wz)
    leave = torch.minimum(torch.minimum(mx + wx, my + wy), mz + wz)
    return _nearest(torch.where((enter < leave) & (enter > _NEAR), enter, FAR), ids_BK1)


def capsule_constants(shape_BKG: Tensor) -> Tensor:
    """End, axis and the products of them that the quadratic needs."""
    ax, ay, az, bx, by, bz, r = shape_BKG.unbind(-1)
    ux, uy, uz = bx - ax, by - ay, bz - az
    uu = ux * ux + uy * uy + uz * uz + _TINY
    ua = -(ux * ax + uy * ay + uz * az)
    aa, bb = ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz
    return _constants(ax, ay, az, ux, uy, uz, uu, ua, uu * aa - ua * ua - r * r * uu, aa - r * r, bb - r * r)


def nearest_capsule(d_B3P: Tensor, constants_BCK1: Tensor, ids_BK1: Tensor) -> Tensor:
    """First capsule along each ray: the cylinder between the ends, else the ball at the nearer end."""
    ax, ay, az, ux, uy, uz, uu, ua, c, c_a, c_b = constants_BCK1.unbind(1)
    dx, dy, dz = _rays(d_B3P)
    ud = ux * dx + uy * dy + uz * dz
    da = -(dx * ax + dy * ay + dz * az)
    a = uu - ud * ud
    b = uu * da - ua * ud
    h = b * b - a * c
    t = (-b - torch.sqrt(h.clamp_min(0.0))) / a.clamp_min(_TINY)
    along = ua + t * ud
    body = (h > 0) & (along > 0) & (along < uu)
    at_a = along <= 0
    b_ball = torch.where(at_a, da, da - ud)
    h_ball = b_ball * b_ball - torch.where(at_a, c_a, c_b)
    t_ball = torch.where(h_ball > 0, -b_ball - torch.sqrt(h_ball.clamp_min(0.0)), FAR)
    t = torch.where(body, t, t_ball)
    return _nearest(torch.where(t > _NEAR, t, FAR), ids_BK1)


FINDERS: tuple[tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor, Tensor], Tensor]], ...] = (
    (ellipsoid_constants, nearest_ellipsoid),
    (cone_constants, nearest_cone),
    (box_constants, nearest_box),
    (capsule_constants, nearest_capsule),
)
"""Preparation and search for each kind, in the order of the kinds in `primitives`."""
