"""Values that travel along wires. numpy only: validating and serving must not wait for torch.

World frame: right-handed, x right, y up, metres. Cameras follow OpenGL: they look along their own -z.
Time: 24 frames a second; one tick is one latent frame, four video frames, 1/6 s (APT2, arXiv 2506.09350, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FPS",
    "FRAMES_PER_TICK",
    "KEYPOINTS",
    "TICK_S",
    "Camera",
    "Frames",
    "Generator",
    "Image",
    "Latent",
    "Pose",
    "Prompt",
    "SavedFile",
]

FPS = 24
FRAMES_PER_TICK = 4
TICK_S = FRAMES_PER_TICK / FPS

KEYPOINTS = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""COCO-17 order, as in every pose array here."""


def _home_c2w() -> NDArray[np.float64]:
    c2w = np.eye(4)
    c2w[:3, 3] = (0.0, 1.5, 4.0)
    return c2w


@dataclass(frozen=True, kw_only=True)
class Camera:
    """One camera: `c2w` (4x4 camera-to-world, metres) and the vertical field of view in degrees."""

    c2w: NDArray[np.float64] = field(default_factory=_home_c2w)
    fov_y_deg: float = 55.0


@dataclass(frozen=True, kw_only=True)
class Pose:
    """One body: 17 keypoints.

    `keypoints` is [17, 3]. In space "world" they are metres; in space "image" x and y are fractions of the picture
    (0..1, y down) and z is ignored, as a webcam gives them. `confidence` is [17] in 0..1; 0 hides a point.
    """

    keypoints: NDArray[np.float64]
    confidence: NDArray[np.float64] = field(default_factory=lambda: np.ones(17))
    space: str = "world"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What to show, in plain words."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Image:
    """One picture: `pixels` uint8 [H, W, 3], sRGB.

    `at_place` tells models that know the training worlds' places that it shows one, and `place` which: setting, light,
    weather, character and prop, as ids. `camera` and `pose` are those it
    was made for; without them, a generator takes those in force when it is first shown. What drew it may know more:
    `nearness` float32 [H, W], one over the distance along each pixel's ray in 1/m (0 in the sky), and `body` bool
    [H, W], where the character is.
    """

    pixels: NDArray[np.uint8]
    at_place: bool = False
    place: Mapping[str, str] | None = None
    camera: Camera | None = None
    pose: Pose | None = None
    nearness: NDArray[np.float32] | None = None
    body: NDArray[np.bool_] | None = None


@dataclass(frozen=True, kw_only=True)
class Generator:
    """A lease on loaded weights; `handle` is a `nodegraph.generator.pool.Model`."""

    handle: Any
    preset: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Latent:
    """One latent frame: `data` torch [C, H/8, W/8] and the generator whose decoder reads it."""

    tick: int
    data: Any
    generator: Generator


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The video frames of one tick: `pixels` uint8 [T, H, W, 3] with T = 1 at tick 0 and 4 after (causal VAE)."""

    tick: int
    pixels: NDArray[np.uint8]
    fps: int = FPS


@dataclass(frozen=True, kw_only=True)
class SavedFile:
    """A result: `path` on disk, `subfolder` and `filename` as /view takes them, `media_type` as in HTTP."""

    path: Path
    filename: str
    subfolder: str
    media_type: str
