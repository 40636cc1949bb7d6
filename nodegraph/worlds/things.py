"""What stands in a world: groups of primitives with a footprint, and the description of a setting. No torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nodegraph.worlds.look import Look
from nodegraph.worlds.primitives import BOX, CAPSULE, CONE, ELLIPSOID, Material, Part, Rgb

__all__ = ["Hills", "Lamp", "Layer", "Setting", "Thing", "ball", "blob", "block", "column", "rod", "sun_at", "vary"]

Spot = tuple[float, float, float]


@dataclass(frozen=True)
class Lamp:
    """A source of light: position in metres, linear colour times strength, and the distance it reaches."""

    at: Spot
    colour: Rgb
    reach_m: float


@dataclass(frozen=True)
class Thing:
    """One object of a world.

    Attributes:
        parts: its primitives, in world metres.
        radius_m: of its footprint, for shadow and collision.
        height_m: of what throws the shadow.
        lamp: the light it sends out, where it does.
    """

    parts: tuple[Part, ...]
    radius_m: float
    height_m: float
    lamp: Lamp | None = None


@dataclass(frozen=True, kw_only=True)
class Hills:
    """Mounds of the ground, one to a large cell: range of radii and of heights in metres."""

    cell_m: float
    radius_m: tuple[float, float]
    height_m: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Things on an endless square grid.

    Attributes:
        cell_m: size of a cell. share: part of the cells that hold a thing.
        jitter: how far a thing may stand from its cell's centre, as a share of the cell.
        clear_m: radius around the origin that stays empty.
        thing: builds one object at a spot (its ground point), for a time of day.
    """

    cell_m: float
    share: float
    jitter: float = 0.33
    clear_m: float = 3.2
    thing: Callable[[np.random.Generator, str, Spot], Thing]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One kind of world; everything that tells it from the others.

    Attributes:
        name: its id.
        phrases: ways to name it in a caption, each usable after "in" or "through".
        details: things to see there, each usable after "with".
        look: the sky, light and ground for a time of day ("day", "sunset", "night").
        layers: grids of things; a thing that would stand inside one of an earlier layer is left out.
        hills: mounds of the ground, where there are any.
        weathers: those that clips are drawn with; the first one most often.
    """

    name: str
    phrases: tuple[str, ...]
    details: tuple[str, ...]
    look: Callable[[str, np.random.Generator], Look]
    layers: tuple[Layer, ...]
    hills: Hills | None = None
    weathers: tuple[str, ...] = ("clear", "fog", "rain", "snow")


def ball(at: Spot, radius: float, material: Material) -> Part:
    """A sphere around `at`."""
    return Part(ELLIPSOID, (*at, radius, radius, radius), material)


def blob(at: Spot, radii: Spot, material: Material) -> Part:
    """An ellipsoid around `at`, its axes along the world's."""
    return Part(ELLIPSOID, (*at, *radii), material)


def column(at: Spot, height: float, bottom: float, top: float, material: Material) -> Part:
    """An upright cone frustum whose foot is at `at`."""
    return Part(CONE, (at[0], at[2], at[1], at[1] + height, bottom, top), material)


def block(at: Spot, half: Spot, yaw: float, material: Material) -> Part:
    """A box that stands on `at` (half sizes; the box rises by twice half[1])."""
    return Part(BOX, (at[0], at[1] + half[1], at[2], *half, yaw), material)


def rod(a: Spot, b: Spot, radius: float, material: Material) -> Part:
    """A capsule between two points."""
    return Part(CAPSULE, (*a, *b, radius), material)


def sun_at(azimuth_deg: float, elevation_deg: float) -> Rgb:
    """Unit vector towards a light in the sky; azimuth 0 is +z, 90 is +x."""
    azimuth, elevation = np.radians(azimuth_deg), np.radians(elevation_deg)
    flat = float(np.cos(elevation))
    return (float(np.sin(azimuth)) * flat, float(np.sin(elevation)), float(np.cos(azimuth)) * flat)


def vary(rng: np.random.Generator, colour: Rgb, amount: float = 0.12) -> Rgb:
    """The colour with a slightly different brightness and tint."""
    shift = 1.0 + rng.uniform(-amount, amount) + rng.uniform(-0.4 * amount, 0.4 * amount, 3)
    return (float(colour[0] * shift[0]), float(colour[1] * shift[1]), float(colour[2] * shift[2]))
