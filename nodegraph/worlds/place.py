"""One picture of a known place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.values import Camera
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.placing import HOME_CLEARINGS, prop_of_place
from nodegraph.worlds.renderer import Layers, layers_in_parts
from nodegraph.worlds.scene import build_world, sample_scene
from nodegraph.worlds.stage import Stage

__all__ = ["place_in_parts", "place_picture"]

_OUT_OF_SIGHT = np.array([0.0, 500.0, 0.0])


def place_in_parts(
    attributes: Mapping[str, str],
    camera: Camera,
    body: NDArray[np.float64] | None,
    width: int,
    height: int,
    *,
    place: int = 0,
) -> Iterator[Layers | None]:
    """Draw a picture of a place, a part of the work at a time: None after each, at last the layers of the picture.

    Args:
        attributes: setting, light, weather, character and prop, as ids.
        camera: where it is seen from.
        body: [17, 3] keypoints in world metres; None for a place without anybody.
        width, height: pixels.
        place: number of the place in its setting.

    Raises:
        UserInputError: an unknown id, before the first part.
    """
    scene = sample_scene(
        place,
        setting=attributes["setting"],
        light=attributes["light"],
        character=attributes["character"],
        weather=attributes["weather"],
    )
    spot, yaw = prop_of_place(attributes["prop"], scene)
    stage = Stage(prop=attributes["prop"], spot=spot, yaw_rad=yaw, shown=np.ones(1), blend=np.zeros(1))
    points = keypoints(BodyState()) - _OUT_OF_SIGHT if body is None else np.asarray(body, dtype=np.float64)
    c2w = camera.c2w[None]
    world = build_world(scene, c2w[:, :3, 3], clear_xzr=HOME_CLEARINGS)
    return layers_in_parts(scene, c2w, [camera.fov_y_deg], points[None], [0.0], width, height, world=world, stage=stage)


def place_picture(*args: Any, **options: Any) -> NDArray[np.uint8]:
    """The picture alone, uint8 [height, width, 3], all parts of `place_in_parts` at once."""
    *_, layers = place_in_parts(*args, **options)
    assert layers is not None
    return np.ascontiguousarray(layers.video[0].numpy())
