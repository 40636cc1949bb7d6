"""A camera steered by hand: keys and mouse give velocities, the rig follows them smoothly."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nodegraph.media.camera import from_yaw_pitch
from nodegraph.values import TICK_S, Camera

__all__ = ["FOV_LIMITS_DEG", "HEIGHT_LIMITS_M", "PITCH_LIMIT_DEG", "CameraRig", "Stick"]

FOV_LIMITS_DEG = (30.0, 75.0)
HEIGHT_LIMITS_M = (0.3, 12.0)
PITCH_LIMIT_DEG = 35.0

_ZOOM_DEG_S = 15.0
_STIFFNESS_PER_TICK = 2.0
"""Critically damped: after one tick 59 % of a change has arrived, after two 91 %."""


@dataclass(frozen=True, kw_only=True)
class Stick:
    """What the hands ask for, each -1..1: forward, right, up, yaw (right), pitch (up), zoom (in)."""

    forward: float = 0.0
    right: float = 0.0
    up: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    zoom: float = 0.0

    def vector(self) -> NDArray[np.float64]:
        """Return the six values in field order, held to -1..1; the ground-plane pair never exceeds length 1."""
        values = np.clip([self.forward, self.right, self.up, self.yaw, self.pitch, self.zoom], -1.0, 1.0)
        values[:2] /= max(1.0, float(np.hypot(values[0], values[1])))
        return np.asarray(values, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class CameraRig:
    """A flying camera's state. Angles in degrees, place in metres; `rates` and `accelerations` are per stick axis."""

    position: tuple[float, float, float] = (0.0, 1.5, 4.0)
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    fov_y_deg: float = 55.0
    rates: tuple[float, ...] = field(default=(0.0,) * 6)
    accelerations: tuple[float, ...] = field(default=(0.0,) * 6)

    def step(self, stick: Stick, *, speed_m_s: float, turn_deg_s: float) -> Self:
        """Return the rig one tick later.

        Forward and right move in the horizontal plane of the camera's heading, up along the world's up. Pitch stays
        within +-35 degrees, height within 0.3 to 12 m, field of view within 30 to 75 degrees.
        """
        rates, accelerations = _follow(np.array(self.rates), np.array(self.accelerations), stick.vector())
        forward, right, up, yaw, pitch, zoom = rates
        yaw_deg = (self.yaw_deg + yaw * turn_deg_s * TICK_S + 180.0) % 360.0 - 180.0
        heading, step_m = np.radians(yaw_deg), speed_m_s * TICK_S
        x, y, z = self.position
        return replace(
            self,
            position=(
                float(x + (forward * np.sin(heading) + right * np.cos(heading)) * step_m),
                _held(y + up * step_m, *HEIGHT_LIMITS_M),
                float(z + (right * np.sin(heading) - forward * np.cos(heading)) * step_m),
            ),
            yaw_deg=float(yaw_deg),
            pitch_deg=_held(self.pitch_deg + pitch * turn_deg_s * TICK_S, -PITCH_LIMIT_DEG, PITCH_LIMIT_DEG),
            fov_y_deg=_held(self.fov_y_deg - zoom * _ZOOM_DEG_S * TICK_S, *FOV_LIMITS_DEG),
            rates=tuple(rates.tolist()),
            accelerations=tuple(accelerations.tolist()),
        )

    def camera(self) -> Camera:
        """Return the camera that stands where the rig is."""
        c2w = from_yaw_pitch(np.array(self.position), self.yaw_deg, self.pitch_deg)
        return Camera(c2w=c2w, fov_y_deg=self.fov_y_deg)

    def as_dict(self) -> dict[str, Any]:
        """Return the state as plain numbers; `CameraRig(**state)` is the inverse."""
        return asdict(self)


def _held(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))


def _follow(
    rates: NDArray[np.float64], accelerations: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One tick of a critically damped spring towards `target`, solved exactly: no overshoot, no jerk at the start."""
    w, decay = _STIFFNESS_PER_TICK, np.exp(-_STIFFNESS_PER_TICK)
    gap = rates - target
    pull = accelerations + w * gap
    return target + (gap + pull) * decay, (accelerations - w * pull) * decay
