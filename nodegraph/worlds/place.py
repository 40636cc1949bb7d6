"""One picture of a known place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nodegraph.values import Camera
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.placing import HOME_CLEARINGS, prop_of_place
from nodegraph.worlds.renderer import render
from nodegraph.worlds.scene import build_world, sample_scene
from nodegraph.worlds.stage import Stage

__all__ = ["place_picture"]


def place_picture(
    attributes: Mapping[str, str],
    camera: Camera,
    body: NDArray[np.float64] | None,
    width: int,
    height: int,
    *,
    place: int = 0,
) -> NDArray[np.uint8]:
    """Return a picture of a place, uint8 [height, width, 3].

    Args:
        attributes: setting, light, weather, character and prop, as ids.
        camera: where it is seen from.
        body: [17, 3] keypoints in world metres; None stands at the origin.
        width, height: pixels.
        place: number of the place in its setting.

    Raises:
        UserInputError: an unknown id.
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
    points = keypoints(BodyState()) if body is None else np.asarray(body, dtype=np.float64)
    c2w = camera.c2w[None]
    pictures = render(
        scene, c2w, [camera.fov_y_deg], points[None], [0.0], width, height,
        world=build_world(scene, c2w[:, :3, 3], clear_xzr=HOME_CLEARINGS), stage=stage,
    )  # fmt: skip
    return np.asarray(pictures[0].numpy())
