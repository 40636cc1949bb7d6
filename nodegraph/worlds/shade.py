"""Light and colour of one picture: rays in, linear rgb out. Pure tensor arithmetic, written to be compiled as one kernel.

Shapes: B image strips, K primitives of one kind per strip, P samples per strip, R floats of a primitive's row, U uniforms.
Everything soft is soft on purpose: edges of patterns fade with the footprint of a pixel, so that motion does not shimmer.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from nodegraph.worlds import intersect
from nodegraph.worlds.look import LOOK_SIZES
from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID, GEOMETRY

__all__ = ["FRAME_SIZES", "LIGHTS_MAX", "SHADOWS_MAX", "UNIFORMS", "finish", "rays", "shade"]

FRAME_SIZES = {"origin": 3, "right": 3, "up": 3, "back": 3, "pixel": 1, "time": 1}
"""Uniforms of the camera: `right` and `up` are scaled by the tangents of the half angles, `pixel` is a pixel's angle."""
UNIFORMS = sum(LOOK_SIZES.values()) + sum(FRAME_SIZES.values())
LIGHTS_MAX = 6
SHADOWS_MAX = 16

_GROUND = 4
_SKY = 5
Vec = tuple[Tensor, Tensor, Tensor]


class _Uniforms:
    """Names for the columns of the uniform matrix [B, U]; a colour or a vector comes as three [B, 1] tensors."""

    def __init__(self, values_BU: Tensor) -> None:
        self._values = values_BU
        self._at: dict[str, int] = {}
        offset = 0
        for name, size in (LOOK_SIZES | FRAME_SIZES).items():
            self._at[name] = offset
            offset += size

    def one(self, name: str, index: int = 0) -> Tensor:
        at = self._at[name] + index
        return self._values[:, at : at + 1]

    def three(self, name: str) -> Vec:
        return self.one(name, 0), self.one(name, 1), self.one(name, 2)


def _mix(a: Vec, b: Vec, w: Tensor) -> Vec:
    return a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w, a[2] + (b[2] - a[2]) * w


def _add(a: Vec, b: Vec, w: Tensor) -> Vec:
    return a[0] + b[0] * w, a[1] + b[1] * w, a[2] + b[2] * w


def _dot(a: Vec, b: Vec) -> Tensor:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _step(low: Tensor | float, high: Tensor | float, x: Tensor) -> Tensor:
    s = ((x - low) / (high - low)).clamp(0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)


def _hash(x: Tensor, y: Tensor) -> Tensor:
    """Random-looking number in 0..1 of whole-number coordinates."""
    return torch.frac(torch.sin(x * 12.9898 + y * 78.233).abs() * 437.585)


def _rays(u: _Uniforms, grid_x_BP: Tensor, grid_y_BP: Tensor) -> Vec:
    right, up, back = u.three("right"), u.three("up"), u.three("back")
    x, y, z = (right[i] * grid_x_BP + up[i] * grid_y_BP - back[i] for i in range(3))
    scale = torch.rsqrt(x * x + y * y + z * z)
    return x * scale, y * scale, z * scale


def _sky_base(u: _Uniforms, d: Vec) -> Vec:
    """Gradient, glow around the sun and light shafts; also the colour of fog."""
    rise = d[1].clamp_min(0.0)
    low = _mix(u.three("horizon"), u.three("mid"), _step(0.0, 0.28, rise))
    colour = _mix(low, u.three("zenith"), _step(0.12, 0.85, rise))
    facing = _dot(d, u.three("sun_dir")).clamp_min(0.0)
    halo = u.one("halo") * (0.55 * facing**6 + 0.6 * facing**48)
    colour = _add(colour, u.three("disc"), halo)
    azimuth = torch.atan2(d[0], d[2]) + u.one("offset")
    beam = torch.sin(azimuth * 5.0) + torch.sin(azimuth * 9.0 + 1.3) + 0.7 * torch.sin(azimuth * 17.0 + 0.4 * u.one("time"))
    beam = _step(0.2, 2.2, beam) * _step(-0.1, 0.4, d[1]) * _step(1.25, 0.45, d[1])
    return _add(colour, u.three("shaft"), beam)


def _ridge(u: _Uniforms, azimuth: Tensor, seed: float, blocks: float) -> Tensor:
    """Height (tangent of elevation) of a silhouette: rolling hills, or a skyline where `ridge_blocky` is 1."""
    a = azimuth + u.one("offset") + seed
    hills = 0.55 + 0.28 * torch.sin(3.0 * a) + 0.2 * torch.sin(7.0 * a + 1.0) + 0.1 * torch.sin(13.0 * a + seed)
    cell = torch.floor(azimuth * blocks)
    tower = 0.25 + 0.85 * _hash(cell, torch.full_like(cell, seed))
    blocky = u.one("ridge_blocky")
    return u.one("ridge_height") * (hills + (tower - hills) * blocky)


def _sky(u: _Uniforms, d: Vec, base: Vec) -> tuple[Vec, Tensor]:
    """Full sky with disc, clouds, stars and silhouettes; second result: how brightly it glows (the disc)."""
    pixel = u.one("pixel")
    facing = _dot(d, u.three("sun_dir"))
    disc = _step(u.one("disc_cos") - 0.0012, u.one("disc_cos") + 0.0012, facing)
    colour = _mix(base, u.three("disc"), disc * (_dot(u.three("disc"), (pixel, pixel, pixel)) > 0))
    lift = 1.0 / (d[1].clamp_min(0.0) + 0.12)
    px, pz = d[0] * lift + u.one("offset", 0), d[2] * lift + u.one("offset", 1)
    puff = torch.sin(px * 1.3 + 1.1 * torch.sin(pz * 0.9)) + torch.sin(pz * 1.7 + 1.3 * torch.sin(px * 0.7 + 1.0))
    cloud = _step(0.25, 1.3, puff) * _step(0.05, 0.3, d[1]) * u.one("clouds")
    colour = _mix(colour, u.three("cloud"), cloud)
    sx, sz = px * 6.0, pz * 6.0
    cx, cz = torch.floor(sx), torch.floor(sz)
    lucky = _hash(cx + 3.0, cz + 7.0)
    fx, fz = sx - cx - 0.3 - 0.4 * _hash(cx, cz), sz - cz - 0.3 - 0.4 * _hash(cz, cx)
    star = (1.0 - 9.0 * torch.sqrt(fx * fx + fz * fz)).clamp_min(0.0) * (lucky > 0.72) * _step(0.12, 0.4, d[1])
    white = torch.ones_like(star)
    colour = _add(colour, (white, white, white), star * u.one("stars") * 1.6)
    azimuth = torch.atan2(d[0], d[2])
    tangent = d[1] * torch.rsqrt((d[0] * d[0] + d[2] * d[2]).clamp_min(1e-6))
    for name, seed, scale, blocks in (("ridge_far", 1.7, 1.0, 13.0), ("ridge_near", 4.1, 0.6, 9.0)):
        height = scale * _ridge(u, azimuth, seed, blocks)
        cover = _step(-pixel, pixel, height - tangent)
        fade = 0.75 + 0.25 * _step(0.0, 1.0, tangent / height.clamp_min(1e-3))
        colour = _mix(colour, u.three(name), cover * fade)
    return colour, disc


def _ground(u: _Uniforms, p: Vec, t: Tensor) -> tuple[Vec, Vec, Tensor]:
    """Albedo, emission and slope of the ground pattern at world points `p` seen from distance `t`."""
    reach = t * u.one("pixel")
    ox, oz = u.one("offset", 0), u.one("offset", 1)
    f = u.one("patch")
    x, z = p[0] * f + ox, p[2] * f + oz
    large = torch.sin(x + 1.4 * torch.sin(z * 0.7)) + torch.sin(z + 1.2 * torch.sin(x * 0.8 + 2.0))
    small = torch.sin(x * 3.1 + 1.5 * torch.sin(z * 1.9)) * torch.sin(z * 2.7 + 1.2 * torch.sin(x * 2.3))
    small = small * torch.exp(-((reach * f * 6.0) ** 2))
    colour = _mix(u.three("ground_a"), u.three("ground_b"), _step(-0.7, 0.9, 0.8 * large + 0.75 * small))
    wave_at = (p[0] * 0.35 + p[2]) * u.one("ripple_freq") + 1.6 * torch.sin(p[0] * 0.8 + ox)
    slope = torch.cos(wave_at) * u.one("ripple") * torch.exp(-((reach * u.one("ripple_freq") * 0.7) ** 2))
    cell_x, cell_z = torch.floor(p[0] * 0.9), torch.floor(p[2] * 0.9)
    there = _hash(cell_x, cell_z)
    gx = p[0] * 0.9 - cell_x - 0.3 - 0.4 * _hash(cell_z + 5.0, cell_x)
    gz = p[2] * 0.9 - cell_z - 0.3 - 0.4 * _hash(cell_x + 9.0, cell_z)
    size = 0.1 + 0.1 * _hash(cell_x + 2.0, cell_z + 4.0)
    distance = torch.sqrt(gx * gx + gz * gz)
    dot = _step(size + 0.5 * reach + 0.02, size - 0.5 * reach - 0.02, distance) * (there < u.one("dots"))
    dot = dot * torch.exp(-((reach * 6.0) ** 2))
    flower = _mix(u.three("dot_a"), u.three("dot_b"), (_hash(cell_z, cell_x + 1.0) > 0.5).to(t.dtype))
    colour = _mix(colour, flower, dot)
    light = _lines(u, p, reach)
    net = torch.sin(p[0] * 1.7 + 1.3 * torch.sin(p[2] * 1.1 + 0.5 * u.one("time"))) + torch.sin(
        p[2] * 1.9 + 1.3 * torch.sin(p[0] * 1.3 - 0.4 * u.one("time"))
    )
    web = torch.exp(-4.0 * net * net) * u.one("caustic") * torch.exp(-((reach * 4.0) ** 2))
    sun = u.three("sun")
    return colour, (light[0] + web * sun[0] * colour[0], light[1] + web * sun[1] * colour[1], light[2] + web * sun[2] * colour[2]), slope


def _lines(u: _Uniforms, p: Vec, reach: Tensor) -> Vec:
    """Light of the street lines: a bright core and a wide soft glow, repeated on a square grid."""
    grid = u.one("line_grid")
    on = (grid > 0).to(reach.dtype)
    grid = grid.clamp_min(0.1)
    nearest = []
    for x in (p[0], p[2]):
        cell = x / grid
        nearest.append((cell - torch.round(cell)).abs() * grid)
    away = torch.minimum(nearest[0], nearest[1])
    core = _step(0.09 + reach, 0.09 - 0.5 * reach, away) * (0.09 / (0.09 + 0.4 * reach))
    glow = 0.12 / (1.0 + 6.0 * away * away)
    line = u.three("line")
    amount = on * (core + glow)
    return line[0] * amount, line[1] * amount, line[2] * amount


def _shadow(u: _Uniforms, p: Vec, shadows_BS6: Tensor) -> Tensor:
    """Share of sunlight that reaches ground points: soft capsules laid away from the sun, plus contact shade."""
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
    dark = depth * _step(soft, -soft, gap) * (1.0 - 0.45 * along)
    contact = 0.5 * depth * torch.exp(-(bx * bx + bz * bz) / (1.7 * radius * radius + 0.02)) / (1.0 + 4.0 * low)
    return torch.maximum(dark, contact).amax(dim=1)


def _lamps(p: Vec, n: Vec, lights_BL7: Tensor) -> Vec:
    """Light of glowing things nearby at points `p` with normals `n`: x y z, rgb, reach in metres."""
    x, y, z, r, g, b, size = (c.unsqueeze(-1) for c in lights_BL7.unbind(-1))
    lx, ly, lz = x - p[0].unsqueeze(1), y - p[1].unsqueeze(1), z - p[2].unsqueeze(1)
    near = lx * lx + ly * ly + lz * lz + 0.05
    cosine = (n[0].unsqueeze(1) * lx + n[1].unsqueeze(1) * ly + n[2].unsqueeze(1) * lz) * torch.rsqrt(near)
    amount = (0.5 + 0.5 * cosine) / (1.0 + near / (size * size)) ** 2
    return (amount * r).sum(1), (amount * g).sum(1), (amount * b).sum(1)


def _normal(kind: Tensor, g: list[Tensor], p: Vec) -> tuple[Vec, Tensor, Tensor, Tensor]:
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
    return sharp + (share - sharp) * _step(0.25, 0.7, reach * per_metre)


def _surface(m: list[Tensor], height: Tensor, tall: Tensor, side: Tensor, reach: Tensor) -> tuple[Vec, Tensor]:
    """Albedo and emission strength of a primitive's material at one point."""
    fade = _step(m[8], m[9], height)
    bands = _wave(tall, m[10], m[11], reach) * (m[10] > 0)
    stripes = torch.where(m[12] > 0, _wave(side, m[12], m[13], reach), 1.0)
    w = torch.maximum(fade, bands * stripes)
    return _mix((m[0], m[1], m[2]), (m[3], m[4], m[5]), w), m[6] + (m[7] - m[6]) * w


def rays(values_BU: Tensor, grid_x_BP: Tensor, grid_y_BP: Tensor) -> Tensor:
    """Return unit directions [B, 3, P] of the samples at `grid_x_BP` (-1..1 to the right) and `grid_y_BP` (upwards); B = 1 in `values_BU` serves all."""
    return torch.stack(_rays(_Uniforms(values_BU), grid_x_BP, grid_y_BP), dim=1)


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
        d_3P: unit directions of the rays. t_1P: distance of what they hit, metres. id_1P: which primitive, ground or sky.
        rows_NR: rows of all primitives in view. kinds_N: their kinds.
        shadows_1S6: x, z, radius, lowest and highest point in metres, depth 0..1 of what throws shadows.
        lights_1L7: position, rgb and reach of lamps.
    """
    u = _Uniforms(values_1U)
    d = (d_3P[0:1], d_3P[1:2], d_3P[2:3])
    on_ground, sky = id_1P == intersect.GROUND_ID, id_1P == intersect.SKY_ID
    origin = u.three("origin")
    t = torch.where(on_ground, -origin[1] / d[1].clamp_max(-1e-4), torch.where(sky, 100.0, t_1P))
    p = (origin[0] + d[0] * t, origin[1] + d[1] * t, origin[2] + d[2] * t)
    row = torch.where(on_ground | sky, 0, id_1P)
    picked = rows_NR[row].unbind(-1)
    return _light(u, d, p, t, kinds_N[row], list(picked), on_ground, sky, shadows_1S6, lights_1L7)


def _light(
    u: _Uniforms,
    d: Vec,
    p: Vec,
    t: Tensor,
    kind: Tensor,
    picked: list[Tensor],
    on_ground: Tensor,
    sky: Tensor,
    shadows_BS6: Tensor,
    lights_BL7: Tensor,
) -> tuple[Tensor, ...]:
    m = picked[GEOMETRY:]
    reach = t * u.one("pixel")
    n, height, tall, side = _normal(kind, picked[:GEOMETRY], p)
    own, glow = _surface(m, height, tall, side, reach)
    soil, soil_light, slope = _ground(u, p, t)
    earthy = on_ground | (m[14] > 0.5)
    albedo = tuple(torch.where(earthy, soil[i], own[i]) for i in range(3))
    n = (torch.where(on_ground, slope * 0.33, n[0]), torch.where(on_ground, 1.0, n[1]), torch.where(on_ground, slope, n[2]))
    glow = torch.where(earthy, 0.0, glow)
    shade_depth = torch.where(on_ground, _shadow(u, p, shadows_BS6), 0.0)
    sun_dir = u.three("sun_dir")
    lambert = (_dot(n, sun_dir) * 0.82 + 0.18).clamp(0.0, 1.2)
    lambert = lambert * (1.0 - u.one("shadow") * shade_depth)
    up = (0.5 + 0.5 * n[1]).clamp(0.0, 1.0)
    facing = (-_dot(n, d)).clamp(0.0, 1.0)
    rim = torch.where(earthy, 0.0, u.one("rim") * (1.0 - facing) ** 3 * (0.35 + 0.65 * up))
    grounded = torch.where(earthy, 1.0 - 0.35 * shade_depth * u.one("shadow"), 0.62 + 0.38 * _step(0.0, 0.7, p[1]))
    lamps = _lamps(p, n, lights_BL7)
    base = _sky_base(u, d)
    sun, above, below, mid = u.three("sun"), u.three("above"), u.three("below"), u.three("mid")
    mirror = torch.where(on_ground, u.one("gloss") * (1.0 + 0.0 * t) * (1.0 - (-d[1]).clamp(0.0, 1.0)) ** 2, 0.0)
    fog = 1.0 - torch.exp(-((t * u.one("fog")) ** 2) - 0.35 * t * u.one("fog"))
    backdrop, disc = _sky(u, d, base)
    colour, light = [], []
    for i in range(3):
        ambient = (below[i] + (above[i] - below[i]) * up) * grounded
        lit = albedo[i] * (ambient + sun[i] * lambert + lamps[i]) + rim * (above[i] + 0.5 * sun[i] + 0.3 * mid[i])
        lit = lit + mirror * base[i] * 0.6
        shine = own[i] * glow * (0.55 + 0.45 * facing) + torch.where(earthy, soil_light[i], 0.0)
        clear = 1.0 - fog
        seen = (lit + shine) * clear + base[i] * fog
        colour.append(torch.where(sky, backdrop[i], seen))
        light.append(torch.where(sky, disc * u.three("disc")[i] * 0.5, shine * clear))
    return (*colour, *light)


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
