"""Normals and materials of the primitives, at the points where rays met them."""

from __future__ import annotations

import torch
from torch import Tensor

from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID
from nodegraph.worlds.tensors import Vec, mix, step

__all__ = ["normal", "surface"]


def normal(kind: Tensor, g: list[Tensor], p: Vec) -> tuple[Vec, Tensor, Tensor, Tensor]:
    """Normal, height share (0..1), height in metres and sideways position in metres on the primitive that was hit."""
    x, y, z = p
    ellipsoid, cone, box = kind == ELLIPSOID, kind == CONE, kind == BOX
    ex, ey, ez = x - g[0], y - g[1], z - g[2]
    e_n = (ex / (g[3] * g[3]), ey / (g[4] * g[4]), ez / (g[5] * g[5]))
    kx, kz = x - g[0], z - g[1]
    flat = torch.minimum((y - g[2]).abs(), (g[3] - y).abs()) < 0.012
    k_len = torch.rsqrt(kx * kx + kz * kz + 1e-9)
    slope = (g[5] - g[4]) / (g[3] - g[2]).abs().clamp_min(1e-4)
    cap = torch.where(y - g[2] < 0.012, -1.0, 1.0)
    k_n = (torch.where(flat, 0.0, kx * k_len), torch.where(flat, cap, -slope), torch.where(flat, 0.0, kz * k_len))
    cos, sin = torch.cos(g[6]), torch.sin(g[6])
    lx, lz = ex * cos - ez * sin, ex * sin + ez * cos
    bx, by, bz = (lx / g[3]).abs(), (ey / g[4]).abs(), (lz / g[5]).abs()
    on_x, on_y = (bx > by) & (bx > bz), by >= torch.maximum(bx, bz)
    fx = torch.where(on_x, torch.sign(lx), 0.0)
    fy = torch.where(on_y, torch.sign(ey), 0.0)
    fz = torch.where(on_x | on_y, 0.0, torch.sign(lz))
    b_n = (fx * cos + fz * sin, fy, -fx * sin + fz * cos)
    ux, uy, uz = g[3] - g[0], g[4] - g[1], g[5] - g[2]
    share = ((ex * ux + ey * uy + ez * uz) / (ux * ux + uy * uy + uz * uz + 1e-9)).clamp(0.0, 1.0)
    c_n = (ex - ux * share, ey - uy * share, ez - uz * share)
    n = [torch.where(ellipsoid, e_n[i], torch.where(cone, k_n[i], torch.where(box, b_n[i], c_n[i]))) for i in range(3)]
    size = torch.rsqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + 1e-12)
    half = torch.where(ellipsoid | box, g[4].abs(), 0.5 * (g[3] - g[2]).abs()).clamp_min(1e-3)
    tall = torch.where(cone, y - g[2], ey + half)
    tall = torch.where(kind == CAPSULE, share * torch.sqrt(ux * ux + uy * uy + uz * uz), tall)
    height = torch.where(kind == CAPSULE, share, tall / (2.0 * half))
    side = torch.where(on_x, lz, lx)
    side = torch.where(box, side, torch.atan2(ex, torch.where(cone, kz, ez)) * 1.3)
    return (n[0] * size, n[1] * size, n[2] * size), height, tall, side


def _wave(x: Tensor, per_metre: Tensor, share: Tensor, reach: Tensor) -> Tensor:
    """Soft square wave: 1 on `share` of each period, fading to its mean where a period nears a pixel."""
    place = x * per_metre
    edge = (0.5 * share - (place - torch.round(place)).abs()) / (reach * per_metre * 0.7 + 0.03)
    sharp = (0.5 + edge).clamp(0.0, 1.0)
    return sharp + (share - sharp) * step(0.25, 0.7, reach * per_metre)


def surface(m: list[Tensor], height: Tensor, tall: Tensor, side: Tensor, reach: Tensor) -> tuple[Vec, Tensor]:
    """Albedo and emission strength of a primitive's material at one point."""
    fade = step(m[8], m[9], height)
    bands = _wave(tall, m[10], m[11], reach) * (m[10] > 0)
    stripes = torch.where(m[12] > 0, _wave(side, m[12], m[13], reach), 1.0)
    w = torch.maximum(fade, bands * stripes)
    return mix((m[0], m[1], m[2]), (m[3], m[4], m[5]), w), m[6] + (m[7] - m[6]) * w
