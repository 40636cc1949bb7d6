"""The numbers that give a scene its light: sky, sun, fog, ground. No torch.

`Look` holds them by name; `Look.vector` lays them out in the order of `LOOK_SIZES`, which the renderer reads.
Colours are linear rgb, angles radians, lengths metres.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.primitives import Rgb

__all__ = ["LOOK_SIZES", "Look"]

_BLACK: Rgb = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Sky, light and ground of one setting at one time of day.

    Attributes:
        horizon, mid, zenith: sky colours from the horizon up; the fog takes the sky's colour at the horizon.
        sun_dir: unit vector towards the sun or moon.
        sun: its light. disc: its visible face. disc_cos: cosine of its angular radius. halo: strength of its glow.
        above, below: ambient light from the sky and from the ground.
        ground_a, ground_b: colours of the ground's soft patches. patch: radians per metre of the patches.
        ripple: strength of sand ripples. ripple_freq: radians per metre.
        line: light of the street lines. line_grid: metres between them (0 none).
        dot_a, dot_b: colours of flowers or pebbles. dots: their share of the cells (0 none).
        fog: reciprocal of the distance at which fog takes over. shadow: depth of shadows, 0..1.
        ridge_far, ridge_near: colours of the silhouettes on the horizon.
        ridge_height: tangent of their elevation. ridge_blocky: 1 for a skyline.
        cloud: colour; clouds: amount. stars: amount. shaft: colour of light shafts or northern lights.
        caustic: strength of the moving light net on the sea floor. rim: edge light. gloss: the sky on the ground.
        offset: phase of all patterns.
    """

    horizon: Rgb
    mid: Rgb
    zenith: Rgb
    sun_dir: Rgb
    sun: Rgb
    disc: Rgb = _BLACK
    disc_cos: float = 0.998
    halo: float = 0.3
    above: Rgb
    below: Rgb
    ground_a: Rgb
    ground_b: Rgb
    patch: float = 0.8
    ripple: float = 0.0
    ripple_freq: float = 4.0
    line: Rgb = _BLACK
    line_grid: float = 0.0
    dot_a: Rgb = _BLACK
    dot_b: Rgb = _BLACK
    dots: float = 0.0
    fog: float = 0.03
    shadow: float = 0.5
    ridge_far: Rgb
    ridge_near: Rgb
    ridge_height: float = 0.12
    ridge_blocky: float = 0.0
    cloud: Rgb = (1.0, 1.0, 1.0)
    clouds: float = 0.0
    stars: float = 0.0
    shaft: Rgb = _BLACK
    caustic: float = 0.0
    rim: float = 0.35
    gloss: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)

    def vector(self) -> NDArray[np.float32]:
        """Return every number in field order, as one float32 vector."""
        return np.concatenate([np.atleast_1d(getattr(self, f.name)) for f in fields(self)]).astype(np.float32)


LOOK_SIZES = {f.name: 3 if f.type == "Rgb" else 2 if f.name == "offset" else 1 for f in fields(Look)}
