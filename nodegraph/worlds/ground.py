"""The ground's patterns and what falls on it: patches, ripples, flowers, street lines, shadows and lamplight.

Every pattern fades with the footprint of a pixel, so that motion does not shimmer.
"""

from __future__ import annotations

import torch
from torch import Tensor

from nodegraph.worlds.tensors import Uniforms, Vec, hashed, mix, step

__all__ = ["ground", "lamps", "shadow"]


def ground(u: Uniforms, p: Vec, t: Tensor) -> tuple[Vec, Vec, Tensor]:
    """Albedo, emission and slope of the ground at world points `p` (metres) seen from distance `t`."""
    reach = t * u.one("pixel")
    colour = _flowers(u, p, reach, _patches(u, p, reach))
    light, net, sun = _lines(u, p, reach), _caustics(u, p, reach), u.three("sun")
    shine = (
        light[0] + net * sun[0] * colour[0],
        light[1] + net * sun[1] * colour[1],
        light[2] + net * sun[2] * colour[2],
    )
    return colour, shine, _ripples(u, p, reach)


def _patches(u: Uniforms, p: Vec, reach: Tensor) -> Vec:
    """Two colours in soft patches a few metres wide, broken up by smaller ones nearby."""
    f = u.one("patch")
    x, z = p[0] * f + u.one("offset", 0), p[2] * f + u.one("offset", 1)
    large = torch.sin(x + 1.4 * torch.sin(z * 0.7)) + torch.sin(z + 1.2 * torch.sin(x * 0.8 + 2.0))
    small = torch.sin(x * 3.1 + 1.5 * torch.sin(z * 1.9)) * torch.sin(z * 2.7 + 1.2 * torch.sin(x * 2.3))
    small = small * torch.exp(-((reach * f * 6.0) ** 2))
    return mix(u.three("ground_a"), u.three("ground_b"), step(-0.7, 0.9, 0.8 * large + 0.75 * small))


def _ripples(u: Uniforms, p: Vec, reach: Tensor) -> Tensor:
    frequency = u.one("ripple_freq")
    place = (p[0] * 0.35 + p[2]) * frequency + 1.6 * torch.sin(p[0] * 0.8 + u.one("offset", 0))
    return torch.cos(place) * u.one("ripple") * torch.exp(-((reach * frequency * 0.7) ** 2))


def _flowers(u: Uniforms, p: Vec, reach: Tensor, colour: Vec) -> Vec:
    """Round dots of two colours, at most one in each cell of a grid of about a metre."""
    x, z = p[0] * 0.9, p[2] * 0.9
    cell_x, cell_z = torch.floor(x), torch.floor(z)
    gx = x - cell_x - 0.3 - 0.4 * hashed(cell_z + 5.0, cell_x)
    gz = z - cell_z - 0.3 - 0.4 * hashed(cell_x + 9.0, cell_z)
    size = 0.1 + 0.1 * hashed(cell_x + 2.0, cell_z + 4.0)
    inside = step(size + 0.5 * reach + 0.02, size - 0.5 * reach - 0.02, torch.sqrt(gx * gx + gz * gz))
    cover = inside * (hashed(cell_x, cell_z) < u.one("dots"))
    cover = cover * torch.exp(-((reach * 6.0) ** 2))
    flower = mix(u.three("dot_a"), u.three("dot_b"), (hashed(cell_z, cell_x + 1.0) > 0.5).to(reach.dtype))
    return mix(colour, flower, cover)


def _caustics(u: Uniforms, p: Vec, reach: Tensor) -> Tensor:
    """The net of light that waves cast on the sea floor; it drifts with time."""
    time = u.one("time")
    across = torch.sin(p[0] * 1.7 + 1.3 * torch.sin(p[2] * 1.1 + 0.5 * time))
    along = torch.sin(p[2] * 1.9 + 1.3 * torch.sin(p[0] * 1.3 - 0.4 * time))
    net = across + along
    return torch.exp(-4.0 * net * net) * u.one("caustic") * torch.exp(-((reach * 4.0) ** 2))


def _lines(u: Uniforms, p: Vec, reach: Tensor) -> Vec:
    """Light of the street lines: a bright core and a wide soft glow, repeated on a square grid."""
    grid = u.one("line_grid")
    on = (grid > 0).to(reach.dtype)
    grid = grid.clamp_min(0.1)
    nearest = []
    for x in (p[0], p[2]):
        cell = x / grid
        nearest.append((cell - torch.round(cell)).abs() * grid)
    away = torch.minimum(nearest[0], nearest[1])
    core = step(0.09 + reach, 0.09 - 0.5 * reach, away) * (0.09 / (0.09 + 0.4 * reach))
    glow = 0.12 / (1.0 + 6.0 * away * away)
    line = u.three("line")
    amount = on * (core + glow)
    return line[0] * amount, line[1] * amount, line[2] * amount


def shadow(u: Uniforms, p: Vec, shadows_BS6: Tensor) -> Tensor:
    """Depth of shadow (0..1) at ground points: soft capsules laid away from the sun, plus contact shade."""
    x, z, radius, low, high, depth = (c.unsqueeze(-1) for c in shadows_BS6.unbind(-1))
    sun = u.three("sun_dir")
    steep = sun[1].clamp_min(0.3)
    sx, sz = (-sun[0] / steep).unsqueeze(1), (-sun[2] / steep).unsqueeze(1)
    bx, bz = p[0].unsqueeze(1) - x - sx * low, p[2].unsqueeze(1) - z - sz * low
    ux, uz = sx * (high - low), sz * (high - low)
    along = ((bx * ux + bz * uz) / (ux * ux + uz * uz + 1e-4)).clamp(0.0, 1.0)
    gx, gz = bx - ux * along, bz - uz * along
    soft = 0.12 + 0.25 * radius + 0.3 * along
    gap = torch.sqrt(gx * gx + gz * gz + 1e-6) - radius * (1.0 - 0.35 * along)
    dark = depth * step(soft, -soft, gap) * (1.0 - 0.45 * along)
    contact = 0.5 * depth * torch.exp(-(bx * bx + bz * bz) / (1.7 * radius * radius + 0.02)) / (1.0 + 4.0 * low)
    return torch.maximum(dark, contact).amax(dim=1)


def lamps(p: Vec, n: Vec, lights_BL7: Tensor) -> Vec:
    """Light of glowing things nearby at points `p` with normals `n`: x y z, rgb, reach in metres."""
    x, y, z, r, g, b, size = (c.unsqueeze(-1) for c in lights_BL7.unbind(-1))
    lx, ly, lz = x - p[0].unsqueeze(1), y - p[1].unsqueeze(1), z - p[2].unsqueeze(1)
    near = lx * lx + ly * ly + lz * lz + 0.05
    cosine = (n[0].unsqueeze(1) * lx + n[1].unsqueeze(1) * ly + n[2].unsqueeze(1) * lz) * torch.rsqrt(near)
    amount = (0.5 + 0.5 * cosine) / (1.0 + near / (size * size)) ** 2
    return (amount * r).sum(1), (amount * g).sum(1), (amount * b).sum(1)
