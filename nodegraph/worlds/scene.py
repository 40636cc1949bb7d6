"""A scene: an endless world that follows from one seed, built around wherever the camera goes. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import UserInputError
from nodegraph.worlds.figure import CHARACTERS
from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import BOX, CONE, ELLIPSOID, Material, Part, bounds, pack
from nodegraph.worlds.settings import ALL
from nodegraph.worlds.things import Layer, Thing
from nodegraph.worlds.weather import WEATHERS, with_weather

__all__ = [
    "LIGHTS",
    "SETTINGS",
    "VIEW_M",
    "Scene",
    "World",
    "build_world",
    "ground_height_m",
    "hills_around",
    "is_clear",
    "sample_scene",
]

SETTINGS = tuple(ALL)
LIGHTS = ("day", "sunset", "night")
VIEW_M = 40.0
"""Things farther away than this are not drawn; fog and the silhouettes on the horizon take over before."""

_HILL_MATERIAL = Material(a=(0.5, 0.5, 0.5), ground_like=True)
_HILL_SUNK = 1.5
_HILL_CLEAR_M = 8.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One world: `setting`, `light`, `character` and `weather` by id, the `seed` of its layout and its `look`."""

    seed: int
    setting: str
    light: str
    character: str
    look: Look
    weather: str = "clear"


@dataclass(frozen=True, kw_only=True)
class World:
    """The part of a scene around a camera path.

    Attributes:
        kinds: [N] primitive kinds. rows: [N, ROW] primitives. spheres: [N, 4] bounding spheres.
        shadows: [M, 6] x, z, radius, lowest, highest point in metres, depth 0..1.
        lamps: [L, 7] position, linear rgb, reach in metres.
    """

    kinds: NDArray[np.int64]
    rows: NDArray[np.float32]
    spheres: NDArray[np.float32]
    shadows: NDArray[np.float32]
    lamps: NDArray[np.float32]


def sample_scene(
    seed: int,
    *,
    setting: str | None = None,
    light: str | None = None,
    character: str | None = None,
    weather: str | None = None,
    place: int | None = None,
) -> Scene:
    """Return the scene of a seed; what is not given is drawn from it, but the weather is clear.

    With a `place`, layout and look are those of that place, whatever the seed: a setting has as many places as numbers.

    Raises:
        UserInputError: a name that is not in `SETTINGS`, `LIGHTS`, `CHARACTERS` or `WEATHERS`.
    """
    rng = np.random.default_rng([seed, 1])
    drawn = [str(rng.choice(names)) for names in (SETTINGS, LIGHTS, CHARACTERS)]
    setting = _one_of("setting", setting or drawn[0], SETTINGS)
    light = _one_of("light", light or drawn[1], LIGHTS)
    character = _one_of("character", character or drawn[2], CHARACTERS)
    weather = _one_of("weather", weather or "clear", WEATHERS)
    layout = seed if place is None else place
    look_rng = np.random.default_rng([layout, 1])
    for names in (SETTINGS, LIGHTS, CHARACTERS):
        look_rng.choice(names)
    look = with_weather(ALL[setting].look(light, look_rng), weather, light)
    return Scene(seed=layout, setting=setting, light=light, character=character, look=look, weather=weather)


def _one_of(what: str, name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        raise UserInputError(
            "out_of_range", f"There is no {what} of this name.", got=repr(name), expected=", ".join(names),
            remedy=f"Choose one of the listed names as {what}.",
        )  # fmt: skip
    return name


def build_world(
    scene: Scene,
    path_m: NDArray[np.floating],
    reach_m: float = VIEW_M + 6.0,
    clear_xzr: NDArray[np.floating] | None = None,
) -> World:
    """Return everything within `reach_m` of a camera path [T, 3], but nothing that stands in the discs `clear_xzr`.

    Hills stay. `clear_xzr` is [K, 3]: x, z and radius in metres.
    """
    free = np.zeros((0, 3)) if clear_xzr is None else np.asarray(clear_xzr, dtype=np.float64)
    low = np.floor(np.min(path_m, axis=0)[[0, 2]] - reach_m)
    high = np.ceil(np.max(path_m, axis=0)[[0, 2]] + reach_m)
    hills = _hills_within(scene, low, high)
    things: list[Thing] = []
    spots: list[tuple[float, float, float]] = []
    for number, layer in enumerate(ALL[scene.setting].layers):
        taken = np.array(spots).reshape(-1, 3)
        for i in range(math.floor(low[0] / layer.cell_m), math.floor(high[0] / layer.cell_m) + 1):
            for j in range(math.floor(low[1] / layer.cell_m), math.floor(high[1] / layer.cell_m) + 1):
                found = _thing_in_cell(scene, number, layer, i, j)
                if found is None:
                    continue
                thing, (x, _, z) = found
                gap = np.hypot(taken[:, 0] - x, taken[:, 1] - z) - taken[:, 2] if len(taken) else np.full(1, np.inf)
                open_m = np.hypot(free[:, 0] - x, free[:, 1] - z) - free[:, 2] if len(free) else np.full(1, np.inf)
                if gap.min() > thing.radius_m and open_m.min() > thing.radius_m:
                    things.append(thing)
                    spots.append((x, z, thing.radius_m * 1.42))
    return _assemble(things, spots, hills)


@lru_cache(maxsize=20_000)
def _hill_in_cell(scene: Scene, i: int, j: int) -> tuple[float, float, float, float] | None:
    """The mound of a large cell: x, z, radius, height; None near the origin, where the ground is flat."""
    hills = ALL[scene.setting].hills
    assert hills is not None
    rng = np.random.default_rng([scene.seed, 2, i & 0xFFFFFFFF, j & 0xFFFFFFFF])
    x, z = (np.array([i, j]) + 0.5 + rng.uniform(-0.2, 0.2, 2)) * hills.cell_m
    radius, height = rng.uniform(*hills.radius_m), rng.uniform(*hills.height_m)
    if math.hypot(x, z) - 0.8 * radius < _HILL_CLEAR_M:
        return None
    return float(x), float(z), float(radius), float(height)


def _hills_within(scene: Scene, low: NDArray[np.floating], high: NDArray[np.floating]) -> list[Part]:
    hills = ALL[scene.setting].hills
    if hills is None:
        return []
    parts = []
    for i in range(math.floor(low[0] / hills.cell_m), math.floor(high[0] / hills.cell_m) + 1):
        for j in range(math.floor(low[1] / hills.cell_m), math.floor(high[1] / hills.cell_m) + 1):
            if mound := _hill_in_cell(scene, i, j):
                x, z, radius, height = mound
                tall = height * (1.0 + _HILL_SUNK)
                parts.append(Part(ELLIPSOID, (x, -_HILL_SUNK * height, z, radius, tall, radius), _HILL_MATERIAL))
    return parts


def hills_around(scene: Scene, path_m: NDArray[np.floating], reach_m: float = 14.0) -> World:
    """Return the mounds alone, which no clearing takes away."""
    low, high = (f(path_m, axis=0)[[0, 2]] for f in (np.min, np.max))
    return _assemble([], [], _hills_within(scene, low - reach_m, high + reach_m))


def ground_height_m(scene: Scene, x: float, z: float) -> float:
    """Height of the ground at a point, metres."""
    hills = ALL[scene.setting].hills
    if hills is None:
        return 0.0
    best = 0.0
    i, j = math.floor(x / hills.cell_m), math.floor(z / hills.cell_m)
    for a in (i - 1, i, i + 1):
        for b in (j - 1, j, j + 1):
            if mound := _hill_in_cell(scene, a, b):
                hx, hz, radius, height = mound
                inside = 1.0 - ((x - hx) ** 2 + (z - hz) ** 2) / radius**2
                best = max(best, height * ((1.0 + _HILL_SUNK) * math.sqrt(max(inside, 0.0)) - _HILL_SUNK))
    return best


@lru_cache(maxsize=50_000)
def _thing_in_cell(
    scene: Scene, number: int, layer: Layer, i: int, j: int
) -> tuple[Thing, tuple[float, float, float]] | None:
    rng = np.random.default_rng([scene.seed, 3 + number, i & 0xFFFFFFFF, j & 0xFFFFFFFF])
    if rng.random() > layer.share:
        return None
    x, z = (float(v) for v in (np.array([i, j]) + 0.5 + rng.uniform(-1, 1, 2) * layer.jitter) * layer.cell_m)
    y = ground_height_m(scene, x, z)
    thing = layer.thing(rng, scene.light, (x, max(0.0, y - 0.15) if y > 0 else 0.0, z))
    return None if math.hypot(x, z) - thing.radius_m < layer.clear_m else (thing, (x, y, z))


def _assemble(things: list[Thing], spots: list[tuple[float, float, float]], hills: list[Part]) -> World:
    kinds, rows = pack(hills + [part for thing in things for part in thing.parts])
    shadows = [(x, z, t.radius_m, 0.0, t.height_m, 0.8) for t, (x, z, _) in zip(things, spots, strict=True)]
    lamps = [(*t.lamp.at, *t.lamp.colour, t.lamp.reach_m) for t in things if t.lamp]
    return World(
        kinds=kinds,
        rows=rows,
        spheres=bounds(kinds, rows),
        shadows=np.array(shadows, dtype=np.float32).reshape(-1, 6),
        lamps=np.array(lamps, dtype=np.float32).reshape(-1, 7),
    )


def is_clear(world: World, path_m: NDArray[np.floating], margin_m: float = 0.5) -> bool:
    """Whether a camera path [T, 3] keeps clear of every primitive."""
    boxes_low, boxes_high = _boxes(world)
    for point in np.asarray(path_m)[::4]:
        if np.any(np.all((point > boxes_low - margin_m) & (point < boxes_high + margin_m), axis=1)):
            return False
    return True


def _boxes(world: World) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Axis-aligned boxes around the primitives: low and high corners [N, 3]."""
    g, s = world.rows, world.spheres
    half = np.repeat(s[:, 3:4], 3, axis=1)
    ellipsoid = world.kinds == ELLIPSOID
    half[ellipsoid] = g[ellipsoid, 3:6]
    cone = world.kinds == CONE
    round_m = g[cone, 4:6].max(1, initial=0.0)
    half[cone] = np.c_[round_m, (g[cone, 3] - g[cone, 2]) / 2, round_m]
    box = world.kinds == BOX
    wide = np.hypot(g[box, 3], g[box, 5])
    half[box] = np.c_[wide, g[box, 4], wide]
    return s[:, :3] - half, s[:, :3] + half
