"""Pictures of a scene from any camera path, on a CPU or a GPU."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, ParamSpec

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from nodegraph.errors import UserInputError
from nodegraph.worlds import intersect
from nodegraph.worlds.frames import Frame, prepare
from nodegraph.worlds.look import LOOK_SIZES
from nodegraph.worlds.scene import Scene, World, build_world
from nodegraph.worlds.shade import finish, rays, shade
from nodegraph.worlds.stage import Stage
from nodegraph.worlds.weather import precipitation

__all__ = ["Layers", "layers_in_parts", "render", "render_layers"]

P = ParamSpec("P")

_SAMPLES = 2
_TILE_PX = 32
_BLOOM = 0.55
_SKY_BITS = int(np.float32(0.9 * intersect.FAR).view(np.int32)) & -(1 << intersect.ID_BITS)
_ORIGIN_Y = sum(LOOK_SIZES.values()) + 1


class Layers(NamedTuple):
    """Pictures and what they show: `video` uint8 [T, H, W, 3], `nearness` [T, H, W] one over the distance along the
    pixel's ray in 1/m (0 in the sky), `body` [T, H, W] bool, where the character is."""

    video: Tensor
    nearness: Tensor
    body: Tensor


def layers_in_parts(
    scene: Scene,
    c2w: ArrayLike,
    fov_y_deg: ArrayLike,
    keypoints: ArrayLike,
    times_s: ArrayLike,
    width: int,
    height: int,
    device: str | torch.device = "cpu",
    *,
    world: World | None = None,
    stage: Stage | None = None,
    compiled: bool = False,
) -> Iterator[Layers | None]:
    """Draw the scene once for each camera, a part of the work at a time, so that others may have the device between.

    Args:
        scene: from `sample_scene`.
        c2w: [T, 4, 4] camera to world, OpenGL convention, metres.
        fov_y_deg: [T] vertical field of view in degrees.
        keypoints: [T, 17, 3] the character, world metres, COCO-17 order.
        times_s: [T] time, which moves props, rain, snow and the light on the sea floor.
        width, height: size of the pictures in pixels.
        device: where to compute.
        world: the built part of the scene, where the caller has it already.
        stage: a prop, or a change of light or weather on the way; None for neither.
        compiled: compile the kernels first (about 15 s, kept on disk; then more than twice as fast on a CPU); ignored
            where there is no C++ compiler. Colours agree with the plain kernels to within rounding.

    Yields:
        None after each part (10 to 40 ms for 256x160 on one core), at last pictures, distances and the character's
        outline, on `device`.
    """
    cameras = np.asarray(c2w, dtype=np.float64)
    lenses, clock = np.asarray(fov_y_deg, dtype=np.float64), np.asarray(times_s, dtype=np.float64)
    body = np.asarray(keypoints, dtype=np.float64)
    _check_shapes(cameras, lenses, body, clock)
    world = world or build_world(scene, cameras[:, :3, 3])
    tiles = _tile(width, height)
    chosen = torch.device(device)
    compiled = compiled and (chosen.type != "cpu" or _has_compiler())
    grids = _grids(width, height, tiles, chosen)
    stage = stage or Stage()
    frames = prepare(
        scene, world, cameras, lenses, body, clock, stage, width=width, height=height, tiles=(tiles.across, tiles.down)
    )
    yield None
    drawn_pictures: list[Tensor] = []
    nearness: list[Tensor] = []
    outlines: list[Tensor] = []
    for i, frame in enumerate(frames):
        drawn, hits_P = yield from _draw(frame, grids, tiles, chosen, compiled)
        planes = drawn.view(1, 6, height, width)
        near_P, body_P = _layers(frame, hits_P)
        nearness.append(near_P.view(height, width))
        outlines.append(body_P.view(height, width))
        for place, share in ((scene, 1.0 - stage.turned(i)), (stage.after or scene, stage.turned(i))):
            _fall(planes, place, share, cameras[i], float(lenses[i]), float(clock[i]))
        drawn_pictures.append(finish(planes, _BLOOM))
    yield Layers(torch.cat(drawn_pictures), torch.stack(nearness), torch.stack(outlines))


def _at_once(parts: Callable[P, Iterator[Layers | None]]) -> Callable[P, Layers]:
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Layers:
        *_, layers = parts(*args, **kwargs)
        assert layers is not None
        return layers

    return drawn


def _video(layers: Callable[P, Layers]) -> Callable[P, Tensor]:
    return lambda *args, **kwargs: layers(*args, **kwargs).video


render_layers = _at_once(layers_in_parts)
"""All parts of `layers_in_parts` at once."""

render = _video(render_layers)
"""The pictures alone, uint8 [T, height, width, 3]."""


def _layers(frame: Frame, hits_P: Tensor) -> tuple[Tensor, Tensor]:
    """One over the distance of each hit, and whether it is the character."""
    ids = hits_P & intersect.SKY_ID
    distance = (hits_P & -(1 << intersect.ID_BITS)).view(torch.float32)
    known = ids < intersect.GROUND_ID
    mine = torch.from_numpy(frame.body).to(hits_P.device)[torch.where(known, ids, 0).long()]
    return torch.where(ids == intersect.SKY_ID, 0.0, 1.0 / distance), mine & known


def _fall(planes_16HW: Tensor, scene: Scene, share: float, c2w: Any, fov_y_deg: float, time_s: float) -> None:
    """Draw the rain or snow of a scene over the picture."""
    if share <= 0.0 or scene.weather not in ("rain", "snow"):
        return
    height, width = planes_16HW.shape[-2:]
    tangent = float(np.tan(np.radians(fov_y_deg) / 2))
    cover = torch.from_numpy(precipitation(scene.weather, c2w, tangent, time_s, width, height)) * share
    light = torch.tensor(scene.look.above).clamp_min(0.03) * (0.7 if scene.weather == "rain" else 1.0) + 0.25 * max(
        scene.look.horizon
    )
    colour = light.clamp_max(0.95).to(planes_16HW.device).view(1, 3, 1, 1)
    planes_16HW[:, :3].lerp_(colour.expand(1, 3, height, width), cover.to(planes_16HW.device).expand(1, 3, -1, -1))


def _check_shapes(cameras: Any, lenses: Any, body: Any, clock: Any) -> None:
    count = len(cameras)
    wanted = {"c2w": (cameras, (4, 4)), "fov_y_deg": (lenses, ()), "keypoints": (body, (17, 3)), "times_s": (clock, ())}
    for name, (array, tail) in wanted.items():
        if array.shape != (count, *tail):
            raise UserInputError(
                "type_mismatch", f"{name} has the wrong shape.", got=str(array.shape), expected=str((count, *tail)),
                remedy="Give one camera, one angle, one body and one time for every picture.",
            )  # fmt: skip


class _Tiles(NamedTuple):
    """Equal tiles of a picture: their number across and down, and their size in pixels."""

    across: int
    down: int
    wide_px: int
    tall_px: int


def _tile(width: int, height: int) -> _Tiles:
    across, down = _split(width), _split(height)
    return _Tiles(across, down, width // across, height // down)


def _split(pixels: int) -> int:
    """Number of equal tiles of about 32 pixels along one side."""
    return next(n for n in range(max(1, round(pixels / _TILE_PX)), 0, -1) if pixels % n == 0)


def _axis(pixels: int, device: torch.device) -> Tensor:
    return (torch.arange(pixels, device=device) + 0.5) / pixels * 2.0 - 1.0


@lru_cache(maxsize=8)
def _grids(width: int, height: int, tiles: _Tiles, device: torch.device) -> tuple[Tensor, ...]:
    """Positions in -1..1, right and up: of the samples [tiles, P], of the pixel centres [1, H * W]."""
    x, y = _axis(width * _SAMPLES, device), -_axis(height * _SAMPLES, device)
    wide = x.view(1, tiles.across, 1, -1).expand(tiles.down, -1, len(y) // tiles.down, -1)
    tall = y.view(tiles.down, 1, -1, 1).expand(-1, tiles.across, -1, len(x) // tiles.across)
    count = tiles.across * tiles.down
    centre_x = _axis(width, device).view(1, -1).expand(height, -1)
    centre_y = -_axis(height, device).view(-1, 1).expand(-1, width)
    return wide.reshape(count, -1), tall.reshape(count, -1), centre_x.reshape(1, -1), centre_y.reshape(1, -1)


def _has_compiler() -> bool:
    return any(shutil.which(name) for name in (os.environ.get("CXX", "g++"), "clang++"))


def _vary(*axes: tuple[Tensor, int]) -> None:
    """Tell the compiler which sizes change from picture to picture, so that one kernel serves all."""
    for tensor, axis in axes:
        torch._dynamo.mark_dynamic(tensor, axis)


@lru_cache(maxsize=32)
def _kernel(function: Callable[..., Any], compiled: bool) -> Callable[..., Any]:
    return torch.compile(function, dynamic=None) if compiled else function


def _trace(frame: Frame, d_B3P: Tensor, device: torch.device, compiled: bool) -> Generator[None, None, Tensor]:
    """Return, in parts, the packed nearest hit of every sample, [tiles, P]: objects, else the ground, else the sky."""
    t_ground = torch.from_numpy(frame.uniforms[:, _ORIGIN_Y]).to(device) / -d_B3P[:, 1].clamp_max(-1e-4)
    ground = (t_ground.view(torch.int32) & -(1 << intersect.ID_BITS)) | intersect.GROUND_ID
    hits = torch.where(d_B3P[:, 1] < -1e-4, ground, _SKY_BITS | intersect.SKY_ID)
    for blocks, (prepared, find) in zip(frame.blocks, intersect.FINDERS, strict=True):
        if not len(blocks.tiles):
            continue
        constants = prepared(torch.from_numpy(blocks.shapes)).to(device)
        ids = torch.from_numpy(blocks.ids).to(device).unsqueeze(-1)
        rays_B3P = d_B3P[torch.from_numpy(blocks.tiles).to(device)]
        if compiled:
            _vary((constants, 0), (ids, 0), (rays_B3P, 0))
        found = _kernel(find, compiled)(rays_B3P, constants, ids)
        for i, tile in enumerate(blocks.tiles):
            torch.minimum(hits[tile], found[i], out=hits[tile])
        yield
    return hits


def _draw(
    frame: Frame, grids: tuple[Tensor, ...], tiles: _Tiles, device: torch.device, compiled: bool
) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """Return, in parts, [6, H * W], linear rgb and glow, and the packed hit of each pixel's first sample [H * W].

    Pixels on an edge are shaded once a sample, all others once.
    """
    uniforms = torch.from_numpy(frame.uniforms).to(device)
    d_B3P = _kernel(rays, compiled)(uniforms, grids[0], grids[1])
    traced = yield from _trace(frame, d_B3P, device, compiled)
    hits_4P = _by_pixel(traced, tiles)
    ids_4P = hits_4P & intersect.SKY_ID
    d_3P = _kernel(rays, compiled)(uniforms, grids[2], grids[3])[0]
    edge = ((ids_4P[1:] != ids_4P[:1]).any(dim=0)).nonzero().squeeze(1)
    planes = _shade(frame, uniforms, d_3P, hits_4P[0], device, compiled)
    yield
    if len(edge):
        d_34P = torch.stack([_by_pixel(d_B3P[:, i], tiles) for i in range(3)])[:, :, edge]
        fine = _shade(frame, uniforms, d_34P.reshape(3, -1), hits_4P[:, edge].reshape(-1), device, compiled)
        planes[:, edge] = fine.view(6, _SAMPLES**2, -1).mean(dim=1)
        yield
    return planes, hits_4P[0]


def _by_pixel(samples_BP: Tensor, tiles: _Tiles) -> Tensor:
    """Rearrange [tiles, P] samples to [4, H * W]: the samples of each pixel of the picture."""
    s = _SAMPLES
    view = samples_BP.view(tiles.down, tiles.across, tiles.tall_px, s, tiles.wide_px, s)
    return view.permute(3, 5, 0, 2, 1, 4).reshape(s * s, -1)


def _shade(
    frame: Frame, uniforms: Tensor, d_3P: Tensor, hits_P: Tensor, device: torch.device, compiled: bool
) -> Tensor:
    ids = (hits_P & intersect.SKY_ID).unsqueeze(0)
    t = (hits_P & -(1 << intersect.ID_BITS)).view(torch.float32).unsqueeze(0)
    rows, kinds, shadows, lamps = (
        torch.from_numpy(a).to(device) for a in (frame.rows, frame.kinds, frame.shadows, frame.lamps)
    )
    d_3P = d_3P.contiguous()
    if compiled:
        _vary((d_3P, 1), (ids, 1), (t, 1), (rows, 0), (kinds, 0))
    return torch.cat(_kernel(shade, compiled)(uniforms, d_3P, t, ids, rows, kinds, shadows, lamps))
