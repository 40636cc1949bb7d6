"""Where the picture is taken from. One camera per tick; yaw is to the right, pitch upwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, NamedTuple

import numpy as np

from nodegraph.graph import Json, Live, Number, Toggle, node
from nodegraph.media.camera import CameraSpline, orbit
from nodegraph.media.steering import CameraRig, Stick
from nodegraph.values import TICK_S, Camera
from nodegraph_nodes._keyframes import camera_keyframes

__all__ = ["CameraFly", "CameraLive", "CameraOrbit", "CameraOut", "camera_path"]

_BODY_CENTRE = np.array([0.0, 1.0, 0.0])

_DEFAULT_PATH = [
    {"tick": 0, "position": [0.0, 1.5, 5.0], "yaw": 0.0, "pitch": 0.0, "fov": 55.0},
    {"tick": 24, "position": [2.5, 1.8, 4.0], "yaw": -32.0, "pitch": -5.0, "fov": 50.0},
    {"tick": 48, "position": [0.0, 1.5, 5.0], "yaw": 0.0, "pitch": 0.0, "fov": 55.0},
]

Fov = Annotated[float, Number(ge=30, le=75, step=1, unit="deg"), "Vertical field of view."]


class CameraOut(NamedTuple):
    """What the camera nodes give."""

    camera: Camera


@node(id="camera.orbit", version=1, name="Orbit camera", category="camera")
class CameraOrbit:
    """Circle around the place where the character stands, looking at it.

    Starts in front of the character. A positive speed goes to the camera's right.
    """

    def __init__(self) -> None:
        self._angle_deg = 0.0

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        radius_m: Annotated[float, Number(ge=1, le=15, step=0.1, unit="m"), "Distance from the middle."] = 4.5,
        height_m: Annotated[float, Number(ge=0.3, le=12, step=0.1, unit="m"), "Height above the ground."] = 1.8,
        speed: Live[
            Annotated[float, Number(ge=-45, le=45, step=1, unit="deg/s"), "How fast it circles; negative: leftwards."]
        ] = Live(20.0),
        fov_deg: Fov = 55.0,
    ) -> AsyncIterator[CameraOut]:
        """Yield one camera per tick."""
        async for t in tick:
            self._angle_deg += speed.value * TICK_S if t else 0.0
            c2w = orbit(_BODY_CENTRE, radius_m=radius_m, height_m=height_m, angle_deg=self._angle_deg)
            yield CameraOut(Camera(c2w=c2w, fov_y_deg=fov_deg))

    def snapshot(self) -> dict[str, Any]:
        """Return the angle."""
        return {"angle_deg": self._angle_deg}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot's angle."""
        self._angle_deg = state["angle_deg"]


@node(id="camera.fly", version=1, name="Fly camera", category="camera")
class CameraFly:
    """Fly on and on at eye height, straight or in a curve."""

    def __init__(self) -> None:
        self._rig = CameraRig()

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        speed: Live[
            Annotated[float, Number(ge=-2.5, le=2.5, step=0.1, unit="m/s"), "How fast; negative: backwards."]
        ] = Live(0.8),
        turn: Live[
            Annotated[float, Number(ge=-45, le=45, step=1, unit="deg/s"), "Curve to the right; negative: to the left."]
        ] = Live(0.0),
    ) -> AsyncIterator[CameraOut]:
        """Yield one camera per tick."""
        async for t in tick:
            if t:
                self._rig = self._rig.step(
                    Stick(forward=speed.value / 2.5, yaw=turn.value / 45.0), speed_m_s=2.5, turn_deg_s=45.0
                )
            yield CameraOut(self._rig.camera())

    def snapshot(self) -> dict[str, Any]:
        """Return place, direction and velocity."""
        return self._rig.as_dict()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self._rig = CameraRig(**state)


@node(id="camera.path", version=1, name="Camera path", category="camera")
async def camera_path(
    *,
    tick: AsyncIterator[int],
    keyframes: Annotated[
        list[dict[str, Any]],
        Json(kind="camera_keyframes"),
        "By tick (6 a second): position in metres (x right, y up, z towards you), yaw, pitch and fov in degrees.",
    ] = _DEFAULT_PATH,
    loop: Annotated[bool, Toggle(), "Start again after the last keyframe."] = False,
) -> AsyncIterator[CameraOut]:
    """Move along a smooth curve through keyframes.

    Positions and field of view follow a Catmull-Rom spline, the direction turns the shorter way. Without Loop the
    camera stays at the last keyframe. For a seamless loop give the last keyframe the first one's values.
    """
    spline = CameraSpline(camera_keyframes(keyframes), loop=loop)
    async for t in tick:
        yield CameraOut(spline.at(t))


@node(id="camera.live", version=1, name="Live camera", category="camera")
class CameraLive:
    """Fly the camera yourself: W A S D or the stick on the stage, the mouse to look around, the wheel to zoom.

    Forward and right follow the camera's heading on the level, starts and stops are smooth. The camera stays between
    0.3 and 12 m above the ground, within 35 degrees up or down, and zooms between 30 and 75 degrees.
    """

    def __init__(self) -> None:
        self._rig = CameraRig()

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        forward: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="move.forward"), "Forward; negative: back."]
        ] = Live(0.0),
        right: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="move.right"), "To the right; negative: left."]
        ] = Live(0.0),
        up: Live[Annotated[float, Number(ge=-1, le=1, step=0.05, bind="move.up"), "Up; negative: down."]] = Live(0.0),
        yaw: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="look.yaw"), "Turn right; negative: left."]
        ] = Live(0.0),
        pitch: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="look.pitch"), "Look up; negative: down."]
        ] = Live(0.0),
        zoom: Live[Annotated[float, Number(ge=-1, le=1, step=0.05, bind="zoom"), "Zoom in; negative: out."]] = Live(
            0.0
        ),
        speed: Annotated[float, Number(ge=0.1, le=2.5, step=0.1, unit="m/s"), "Speed at full stick."] = 1.5,
        turn: Annotated[float, Number(ge=5, le=45, step=1, unit="deg/s"), "Turn rate at full stick."] = 30.0,
    ) -> AsyncIterator[CameraOut]:
        """Yield one camera per tick."""
        async for _ in tick:
            stick = Stick(
                forward=forward.value,
                right=right.value,
                up=up.value,
                yaw=yaw.value,
                pitch=pitch.value,
                zoom=zoom.value,
            )
            self._rig = self._rig.step(stick, speed_m_s=speed, turn_deg_s=turn)
            yield CameraOut(self._rig.camera())

    def snapshot(self) -> dict[str, Any]:
        """Return place, direction and velocity."""
        return self._rig.as_dict()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self._rig = CameraRig(**state)
