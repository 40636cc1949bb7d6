"""The sky by direction: gradient, glow, shafts of light, clouds, stars and silhouettes on the horizon."""

from __future__ import annotations

import torch
from torch import Tensor

from nodegraph.worlds.tensors import Uniforms, Vec, add, dot, hashed, mix, step

__all__ = ["sky", "sky_base"]


def sky_base(u: Uniforms, d: Vec) -> Vec:
    """Gradient, glow around the sun and light shafts; also the colour of fog."""
    rise = d[1].clamp_min(0.0)
    low = mix(u.three("horizon"), u.three("mid"), step(0.0, 0.28, rise))
    colour = mix(low, u.three("zenith"), step(0.12, 0.85, rise))
    facing = dot(d, u.three("sun_dir")).clamp_min(0.0)
    halo = u.one("halo") * (0.55 * facing**6 + 0.6 * facing**48)
    colour = add(colour, u.three("disc"), halo)
    azimuth = torch.atan2(d[0], d[2]) + u.one("offset")
    beam = (
        torch.sin(azimuth * 5.0)
        + torch.sin(azimuth * 9.0 + 1.3)
        + 0.7 * torch.sin(azimuth * 17.0 + 0.4 * u.one("time"))
    )
    beam = step(0.2, 2.2, beam) * step(-0.1, 0.4, d[1]) * step(1.25, 0.45, d[1])
    return add(colour, u.three("shaft"), beam)


def _ridge(u: Uniforms, azimuth: Tensor, seed: float, blocks: float) -> Tensor:
    """Height (tangent of elevation) of a silhouette: rolling hills, or a skyline where `ridge_blocky` is 1."""
    a = azimuth + u.one("offset") + seed
    hills = 0.55 + 0.28 * torch.sin(3.0 * a) + 0.2 * torch.sin(7.0 * a + 1.0) + 0.1 * torch.sin(13.0 * a + seed)
    cell = torch.floor(azimuth * blocks)
    tower = 0.25 + 0.85 * hashed(cell, torch.full_like(cell, seed))
    blocky = u.one("ridge_blocky")
    return u.one("ridge_height") * (hills + (tower - hills) * blocky)


def sky(u: Uniforms, d: Vec, base: Vec) -> tuple[Vec, Tensor]:
    """Full sky with disc, clouds, stars and silhouettes; second result: how brightly it glows (the disc)."""
    pixel = u.one("pixel")
    facing = dot(d, u.three("sun_dir"))
    disc = step(u.one("disc_cos") - 0.0012, u.one("disc_cos") + 0.0012, facing)
    colour = mix(base, u.three("disc"), disc * (dot(u.three("disc"), (pixel, pixel, pixel)) > 0))
    lift = 1.0 / (d[1].clamp_min(0.0) + 0.12)
    px, pz = d[0] * lift + u.one("offset", 0), d[2] * lift + u.one("offset", 1)
    puff = torch.sin(px * 1.3 + 1.1 * torch.sin(pz * 0.9)) + torch.sin(pz * 1.7 + 1.3 * torch.sin(px * 0.7 + 1.0))
    cloud = step(0.25, 1.3, puff) * step(0.05, 0.3, d[1]) * u.one("clouds")
    colour = mix(colour, u.three("cloud"), cloud)
    sx, sz = px * 3.4, pz * 3.4
    cx, cz = torch.floor(sx), torch.floor(sz)
    lucky = hashed(cx + 3.0, cz + 7.0)
    fx, fz = sx - cx - 0.3 - 0.4 * hashed(cx, cz), sz - cz - 0.3 - 0.4 * hashed(cz, cx)
    star = (1.0 - 8.0 * torch.sqrt(fx * fx + fz * fz)).clamp_min(0.0) * (lucky > 0.72) * step(0.12, 0.4, d[1])
    white = torch.ones_like(star)
    colour = add(colour, (white, white, white), star * u.one("stars") * 1.6)
    azimuth = torch.atan2(d[0], d[2])
    tangent = d[1] * torch.rsqrt((d[0] * d[0] + d[2] * d[2]).clamp_min(1e-6))
    for name, seed, scale, blocks in (("ridge_far", 1.7, 1.0, 13.0), ("ridge_near", 4.1, 0.6, 9.0)):
        height = scale * _ridge(u, azimuth, seed, blocks)
        cover = step(-pixel, pixel, height - tangent)
        fade = 0.75 + 0.25 * step(0.0, 1.0, tangent / height.clamp_min(1e-3))
        colour = mix(colour, u.three(name), cover * fade)
    return colour, disc
