"""Light and colour: what rays hit in, linear rgb and bytes out. Tensor arithmetic that compiles into one kernel.

Shapes: B image tiles, P samples, N primitives in view, R floats of a primitive's row, U uniforms, S shadows, L lamps.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from nodegraph.worlds import intersect
from nodegraph.worlds.backdrop import sky, sky_base
from nodegraph.worlds.ground import ground, lamps, shadow
from nodegraph.worlds.materials import normal, surface
from nodegraph.worlds.primitives import GEOMETRY
from nodegraph.worlds.tensors import Uniforms, Vec, dot, select, step

__all__ = ["finish", "rays", "shade"]

_SKY_M = 100.0
"""Where patterns are evaluated for rays that meet nothing: any finite distance will do."""


def rays(values_BU: Tensor, grid_x_BP: Tensor, grid_y_BP: Tensor) -> Tensor:
    """Return unit directions [B, 3, P] of the samples at `grid_x_BP` (-1..1 to the right) and `grid_y_BP` (upwards).

    One row of `values_BU` serves all B.
    """
    u = Uniforms(values_BU)
    right, up, back = u.three("right"), u.three("up"), u.three("back")
    x, y, z = (right[i] * grid_x_BP + up[i] * grid_y_BP - back[i] for i in range(3))
    scale = torch.rsqrt(x * x + y * y + z * z)
    return torch.stack((x * scale, y * scale, z * scale), dim=1)


def shade(
    values_1U: Tensor,
    d_3P: Tensor,
    t_1P: Tensor,
    id_1P: Tensor,
    rows_NR: Tensor,
    kinds_N: Tensor,
    shadows_1S6: Tensor,
    lights_1L7: Tensor,
) -> tuple[Tensor, ...]:
    """Return six [1, P] planes: linear rgb and the part of it that glows.

    Args:
        values_1U: uniforms of `Look` and of the camera.
        d_3P: unit directions of the rays. t_1P: distance of what they hit, metres.
        id_1P: the primitive they hit, or the ids of ground and sky.
        rows_NR: rows of all primitives in view. kinds_N: their kinds.
        shadows_1S6: x, z, radius, lowest and highest point in metres, depth 0..1 of what throws shadows.
        lights_1L7: position, rgb and reach of lamps.
    """
    u = Uniforms(values_1U)
    d = (d_3P[0:1], d_3P[1:2], d_3P[2:3])
    on_ground, in_sky = id_1P == intersect.GROUND_ID, id_1P == intersect.SKY_ID
    origin = u.three("origin")
    t = torch.where(on_ground, -origin[1] / d[1].clamp_max(-1e-4), torch.where(in_sky, _SKY_M, t_1P))
    p = (origin[0] + d[0] * t, origin[1] + d[1] * t, origin[2] + d[2] * t)
    row = torch.where(on_ground | in_sky, 0, id_1P)
    point = _surface(u, p, t, on_ground, kinds_N[row], list(rows_NR[row].unbind(-1)))
    lit = _lit(u, d, p, point, shadows_1S6, lights_1L7)
    base = sky_base(u, d)
    backdrop, disc = sky(u, d, base)
    fog = 1.0 - torch.exp(-((t * u.one("fog")) ** 2) - 0.35 * t * u.one("fog"))
    facing = (-dot(point.normal, d)).clamp(0.0, 1.0)
    mirror = torch.where(on_ground, u.one("gloss") * (1.0 - (-d[1]).clamp(0.0, 1.0)) ** 2, 0.0)
    colour, light = [], []
    for i in range(3):
        shine = point.own[i] * point.glow * (0.55 + 0.45 * facing) + point.soil_light[i]
        seen = (lit[i] + mirror * base[i] * 0.6 + shine) * (1.0 - fog) + base[i] * fog
        colour.append(torch.where(in_sky, backdrop[i], seen))
        light.append(torch.where(in_sky, disc * u.three("disc")[i] * 0.5, shine * (1.0 - fog)))
    return (*colour, *light)


class _Point(NamedTuple):
    """What is known of a surface where a ray met it: earth (the ground or a hill) or a primitive's own material."""

    on_ground: Tensor
    earthy: Tensor
    albedo: Vec
    normal: Vec
    own: Vec
    glow: Tensor
    soil_light: Vec


def _surface(u: Uniforms, p: Vec, t: Tensor, on_ground: Tensor, kind: Tensor, picked: list[Tensor]) -> _Point:
    material = picked[GEOMETRY:]
    n, height, tall, side = normal(kind, picked[:GEOMETRY], p)
    own, glow = surface(material, height, tall, side, t * u.one("pixel"))
    soil, soil_light, slope = ground(u, p, t)
    earthy = on_ground | (material[14] > 0.5)
    zero = torch.zeros_like(slope)
    tilted = (slope * 0.33, torch.ones_like(slope), slope)
    return _Point(
        on_ground=on_ground,
        earthy=earthy,
        albedo=select(earthy, soil, own),
        normal=select(on_ground, tilted, n),
        own=own,
        glow=torch.where(earthy, 0.0, glow),
        soil_light=select(earthy, soil_light, (zero, zero, zero)),
    )


def _lit(u: Uniforms, d: Vec, p: Vec, point: _Point, shadows_1S6: Tensor, lights_1L7: Tensor) -> list[Tensor]:
    """Light that surfaces send back: sky and ground from all around, the sun, lamps, and a rim against the view."""
    n, shadows = point.normal, u.one("shadow")
    dark = torch.where(point.on_ground, shadow(u, p, shadows_1S6), 0.0)
    # A little of the far side stays lit: soft light suits few pixels better than a hard terminator.
    lambert = (dot(n, u.three("sun_dir")) * 0.82 + 0.18).clamp(0.0, 1.2) * (1.0 - shadows * dark)
    up = (0.5 + 0.5 * n[1]).clamp(0.0, 1.0)
    facing = (-dot(n, d)).clamp(0.0, 1.0)
    rim = torch.where(point.earthy, 0.0, u.one("rim") * (1.0 - facing) ** 3 * (0.35 + 0.65 * up))
    # The feet of things are darker, so that they stand on the ground instead of floating over it.
    grounded = torch.where(point.earthy, 1.0 - 0.35 * dark * shadows, 0.62 + 0.38 * step(0.0, 0.7, p[1]))
    lamp = lamps(p, n, lights_1L7)
    sun, above, below, mid = u.three("sun"), u.three("above"), u.three("below"), u.three("mid")
    out = []
    for i in range(3):
        ambient = (below[i] + (above[i] - below[i]) * up) * grounded
        edge = rim * (above[i] + 0.5 * sun[i] + 0.3 * mid[i])
        out.append(point.albedo[i] * (ambient + sun[i] * lambert + lamp[i]) + edge)
    return out


def finish(pixels: Tensor, bloom: float) -> Tensor:
    """Add the glow and map to sRGB bytes.

    Args:
        pixels: [T, 6, H, W] linear rgb and glow.
        bloom: share of the blurred glow that is added.

    Returns:
        uint8 [T, H, W, 3].
    """
    colour, light = pixels[:, :3], pixels[:, 3:]
    height, width = colour.shape[-2:]
    soft = F.avg_pool2d(light, 2, ceil_mode=True)
    for _ in range(3):
        soft = F.avg_pool2d(F.pad(soft, (2, 2, 2, 2), mode="replicate"), 5, stride=1)
    colour = colour + bloom * F.interpolate(soft, size=(height, width), mode="bilinear", align_corners=False)
    knee = 0.65
    bright = knee + (1.0 - knee) * (1.0 - torch.exp(-(colour - knee).clamp_min(0.0) / (1.0 - knee)))
    mapped = torch.where(colour > knee, bright, colour.clamp_min(0.0))
    return (torch.sqrt(mapped) * 255.0 + 0.5).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
