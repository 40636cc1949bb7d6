"""The articulated character: smooth motions as 17 world keypoints. numpy only; shared by training and live control.

Body frame: x to the body's left, y up, z forward, metres. Heading 0 faces world +z, a positive one turns towards +x.
A pose is one vector of angles (`_PARTS`), so that two motions blend by interpolating vectors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import UserInputError

__all__ = ["ACTIONS", "RUN_MPS", "TURN_DEG_S", "WALK_MPS", "BodyState", "advance", "keypoints"]

ACTIONS = ("stand", "walk", "run", "wave", "jump", "dance", "sit", "turn")
WALK_MPS = 1.4
RUN_MPS = 3.2
TURN_DEG_S = 90.0

_BLEND_S = 0.35
_ACCELERATION_MPS2 = 7.0
_WALK_CYCLE_S = 1.0
_RUN_CYCLE_S = 0.72
_JUMP_CYCLE_S = 1.1
_DANCE_CYCLE_S = 1.0
_SPIN_SHARE = 0.7
"""Of the turning speed, when a body turns on the spot by itself."""
_MOVING = 0.05

_ANKLE_M, _SHIN_M, _THIGH_M, _TORSO_M = 0.09, 0.40, 0.44, 0.50
_ARM_M, _FOREARM_M, _HIP_HALF_M, _SHOULDER_HALF_M = 0.28, 0.27, 0.11, 0.21

_PARTS = (
    "lift", "sway", "twist", "lean", "tilt", "head_yaw", "head_pitch",
    "l_thigh", "l_shin", "l_spread", "r_thigh", "r_shin", "r_spread",
    "l_arm", "l_arm_out", "l_fore", "l_fore_out", "r_arm", "r_arm_out", "r_fore", "r_fore_out",
)  # fmt: skip
Angles = NDArray[np.float64]


@dataclass(frozen=True)
class BodyState:
    """Where the character stands and what it does.

    Attributes:
        x_m: position on the ground, world x.
        z_m: position on the ground, world z.
        heading_rad: 0 faces +z, positive turns towards +x.
        action: one of `ACTIONS`.
        time_s: time within the motion (its phase); runs backwards when the body walks backwards.
        speed_mps: signed speed along the heading.
        blend: 0 just after a change of action, 1 when the new motion has fully taken over.
        origin: the angles held when the action changed; None means no blend is going on.
    """

    x_m: float = 0.0
    z_m: float = 0.0
    heading_rad: float = 0.0
    action: str = "stand"
    time_s: float = 0.0
    speed_mps: float = 0.0
    blend: float = 1.0
    origin: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        _check_action(self.action)


def keypoints(state: BodyState) -> NDArray[np.float64]:
    """Return [17, 3] world metres in COCO-17 order; the feet rest on y = 0 unless the body jumps or runs."""
    points = _forward_kinematics(_angles(state))
    sin, cos = math.sin(state.heading_rad), math.cos(state.heading_rad)
    to_world = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    return np.asarray(points @ to_world.T + np.array([state.x_m, 0.0, state.z_m]))


def advance(
    state: BodyState, dt_s: float, *, forward: float = 0.0, turn: float = 0.0, action: str | None = None
) -> BodyState:
    """Move the body on by `dt_s` seconds.

    Args:
        state: the body now.
        dt_s: seconds, positive.
        forward: -1..1, share of the walking (or running) speed; negative walks backwards.
        turn: -1..1, positive turns to the body's left.
        action: the wanted action; None keeps the present one. A moving body walks unless it runs or jumps,
            and a body that is asked to walk without moving stands.
    """
    wanted = _resolve(action or state.action, forward)
    if wanted != state.action:
        state = replace(state, action=wanted, time_s=0.0, blend=0.0, origin=tuple(_angles(state)))
    top_mps = RUN_MPS if wanted == "run" else WALK_MPS
    most = _ACCELERATION_MPS2 * dt_s
    speed = state.speed_mps + float(np.clip(np.clip(forward, -1, 1) * top_mps - state.speed_mps, -most, most))
    if wanted == "turn" and turn == 0.0:
        turn = _SPIN_SHARE
    heading = state.heading_rad + math.radians(TURN_DEG_S) * float(np.clip(turn, -1, 1)) * dt_s
    blend = min(1.0, state.blend + dt_s / _BLEND_S)
    rate = speed / top_mps if wanted in ("walk", "run") else 1.0
    return replace(
        state,
        x_m=state.x_m + speed * math.sin(heading) * dt_s,
        z_m=state.z_m + speed * math.cos(heading) * dt_s,
        heading_rad=heading,
        speed_mps=speed,
        time_s=state.time_s + rate * dt_s,
        blend=blend,
        origin=state.origin if blend < 1.0 else None,
    )


def _check_action(action: str) -> None:
    if action not in ACTIONS:
        raise UserInputError(
            "out_of_range",
            "The character does not know this action.",
            got=repr(action),
            expected=", ".join(ACTIONS),
            remedy="Choose one of the listed actions.",
        )


def _resolve(action: str, forward: float) -> str:
    _check_action(action)
    moving = abs(forward) > _MOVING
    if moving:
        return action if action in ("run", "jump") else "walk"
    return "stand" if action in ("walk", "run") else action


def _angles(state: BodyState) -> Angles:
    target = _MOTIONS[state.action](state.time_s)
    if state.origin is None:
        return target
    ease = state.blend * state.blend * (3.0 - 2.0 * state.blend)
    return (1.0 - ease) * np.asarray(state.origin) + ease * target


def _vector(**parts: float) -> Angles:
    values = dict(_REST)
    values.update(parts)
    return np.array([values[name] for name in _PARTS])


_REST = dict.fromkeys(_PARTS, 0.0) | {
    "l_spread": 0.05, "r_spread": 0.05, "l_arm": 0.05, "r_arm": 0.05, "l_arm_out": 0.18, "r_arm_out": 0.18,
    "l_fore": 0.3, "r_fore": 0.3, "l_fore_out": 0.05, "r_fore_out": 0.05,
}  # fmt: skip


def _stand(t: float) -> Angles:
    breath = math.sin(2 * math.pi * t / 3.0)
    return _vector(
        lean=0.02 + 0.015 * breath,
        head_yaw=0.18 * math.sin(2 * math.pi * t / 5.0),
        l_arm_out=0.19 + 0.03 * breath,
        r_arm_out=0.19 + 0.03 * breath,
        sway=0.015 * math.sin(2 * math.pi * t / 4.0),
    )


def _gait(
    t: float, *, cycle_s: float, swing: float, knee: float, arm: float, elbow: float, lean: float, hop_m: float
) -> Angles:
    phase = 2 * math.pi * t / cycle_s
    sin, cos = math.sin(phase), math.cos(phase)
    left, right = swing * sin, -swing * sin
    # A knee bends while its thigh swings forward: the derivative of the swing, kept positive and smooth.
    l_bend, r_bend = knee * (0.5 + 0.5 * cos) ** 1.5, knee * (0.5 - 0.5 * cos) ** 1.5
    return _vector(
        lift=hop_m * (0.5 + 0.5 * math.cos(2 * phase)),
        sway=0.02 * cos,
        twist=0.12 * sin,
        lean=lean,
        l_thigh=left + 0.3 * l_bend, l_shin=left - l_bend * 0.8, l_spread=0.03,
        r_thigh=right + 0.3 * r_bend, r_shin=right - r_bend * 0.8, r_spread=0.03,
        l_arm=-arm * sin, l_fore=-arm * sin + elbow, l_arm_out=0.16, l_fore_out=0.02,
        r_arm=arm * sin, r_fore=arm * sin + elbow, r_arm_out=0.16, r_fore_out=0.02,
    )  # fmt: skip


def _walk(t: float) -> Angles:
    return _gait(t, cycle_s=_WALK_CYCLE_S, swing=0.44, knee=0.75, arm=0.5, elbow=0.35, lean=0.06, hop_m=0.0)


def _run(t: float) -> Angles:
    return _gait(t, cycle_s=_RUN_CYCLE_S, swing=0.72, knee=1.5, arm=0.85, elbow=1.35, lean=0.24, hop_m=0.10)


def _wave(t: float) -> Angles:
    swing = math.sin(2 * math.pi * t / 0.8)
    return _vector(
        tilt=0.06,
        sway=0.02,
        head_yaw=0.1,
        lean=0.02,
        r_arm=0.1,
        r_arm_out=2.05 + 0.1 * swing,
        r_fore=0.1,
        r_fore_out=2.95 + 0.55 * swing,
    )


def _jump(t: float) -> Angles:
    phase = (t / _JUMP_CYCLE_S) % 1.0
    air = math.sin(math.pi * (phase - 0.35) / 0.5) if 0.35 < phase < 0.85 else 0.0
    crouch = math.exp(-(((phase - 0.22) / 0.11) ** 2)) + 0.7 * math.exp(-(((phase - 0.93) / 0.06) ** 2))
    crouch += 0.7 * math.exp(-(((phase + 0.07) / 0.06) ** 2))
    up = air * air * (3 - 2 * air)
    bend = 0.75 * crouch + 0.25 * up
    arm = 2.6 * up - 0.7 * crouch
    return _vector(
        lift=0.55 * air,
        lean=0.3 * crouch,
        l_thigh=bend, l_shin=-bend, r_thigh=bend, r_shin=-bend,
        l_arm=arm, r_arm=arm, l_fore=arm + 0.3, r_fore=arm + 0.3,
        l_arm_out=0.2 + 0.25 * up, r_arm_out=0.2 + 0.25 * up,
    )  # fmt: skip


def _dance(t: float) -> Angles:
    phase = 2 * math.pi * t / _DANCE_CYCLE_S
    sin, cos, beat = math.sin(phase), math.cos(phase), math.sin(2 * phase)
    return _vector(
        sway=0.13 * sin,
        twist=0.35 * cos,
        tilt=0.22 * sin,
        lean=0.04 + 0.05 * beat,
        head_yaw=-0.3 * cos,
        l_thigh=0.25 * (1 + sin), l_shin=-0.25 * (1 + sin), l_spread=0.16 - 0.12 * sin,
        r_thigh=0.25 * (1 - sin), r_shin=-0.25 * (1 - sin), r_spread=0.16 + 0.12 * sin,
        l_arm=0.3 * beat, l_arm_out=1.45 + 0.5 * sin, l_fore=0.3 * beat, l_fore_out=2.5 + 0.6 * sin,
        r_arm=-0.3 * beat, r_arm_out=1.45 - 0.5 * sin, r_fore=-0.3 * beat, r_fore_out=2.5 - 0.6 * sin,
    )  # fmt: skip


def _sit(t: float) -> Angles:
    """On the ground, knees up, hands on the knees."""
    breath = math.sin(2 * math.pi * t / 3.0)
    return _vector(
        lean=-0.12 + 0.02 * breath,
        head_yaw=0.3 * math.sin(2 * math.pi * t / 4.0),
        l_thigh=2.05, l_shin=-0.35, l_spread=0.12, r_thigh=2.05, r_shin=-0.35, r_spread=0.12,
        l_arm=0.75, l_fore=1.45, r_arm=0.75, r_fore=1.45, l_arm_out=0.25, r_arm_out=0.25,
    )  # fmt: skip


def _turn(t: float) -> Angles:
    """Small steps on the spot; `advance` turns the heading."""
    return _gait(t, cycle_s=0.9, swing=0.16, knee=0.7, arm=0.25, elbow=0.4, lean=0.02, hop_m=0.0)


_MOTIONS: dict[str, Callable[[float], Angles]] = {
    "stand": _stand, "walk": _walk, "run": _run, "wave": _wave, "jump": _jump, "dance": _dance,
    "sit": _sit, "turn": _turn,
}  # fmt: skip


def _limb(pitch: float, out: float, side: float) -> Angles:
    """Unit direction of a limb that hangs down at zero, swings forward by `pitch`, outwards by `out` (radians)."""
    return np.array([side * math.sin(out), -math.cos(out) * math.cos(pitch), math.cos(out) * math.sin(pitch)])


def _rotation(yaw: float, pitch: float, roll: float) -> Angles:
    """Body-frame rotation: roll about z, then pitch about x (forward), then yaw about y."""
    cy, sy, cp, sp, cr, sr = (f(v) for v in (yaw, pitch, roll) for f in (math.cos, math.sin))
    turn = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    bow = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    bank = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(turn @ bow @ bank)


def _forward_kinematics(angles: Angles) -> Angles:
    """Return [17, 3] in the body frame for one angle vector."""
    a = dict(zip(_PARTS, angles, strict=True))
    points = np.zeros((17, 3))
    hips = np.array([a["sway"], 0.0, 0.0])
    pelvis = _rotation(-0.5 * a["twist"], 0.0, -0.4 * a["tilt"])
    chest = _rotation(a["twist"], a["lean"], a["tilt"])
    neck = hips + chest @ np.array([0.0, _TORSO_M, 0.0])
    head = chest @ _rotation(a["head_yaw"], a["head_pitch"] - 0.7 * a["lean"], -0.5 * a["tilt"])
    face = ((0, 0.19, 0.13), (0.045, 0.235, 0.11), (-0.045, 0.235, 0.11), (0.10, 0.21, 0.0), (-0.10, 0.21, 0.0))
    points[:5] = neck + np.array(face) @ head.T
    for side, name, column in ((1.0, "l", 0), (-1.0, "r", 1)):
        shoulder = neck + chest @ np.array([side * _SHOULDER_HALF_M, 0.0, 0.0])
        elbow = shoulder + chest @ _limb(a[f"{name}_arm"], a[f"{name}_arm_out"], side) * _ARM_M
        wrist = elbow + chest @ _limb(a[f"{name}_fore"], a[f"{name}_fore_out"], side) * _FOREARM_M
        hip = hips + pelvis @ np.array([side * _HIP_HALF_M, 0.0, 0.0])
        knee = hip + _limb(a[f"{name}_thigh"], a[f"{name}_spread"], side) * _THIGH_M
        ankle = knee + _limb(a[f"{name}_shin"], a[f"{name}_spread"], side) * _SHIN_M
        points[[5 + column, 7 + column, 9 + column]] = shoulder, elbow, wrist
        points[[11 + column, 13 + column, 15 + column]] = hip, knee, ankle
    points[:, 1] += _ANKLE_M + a["lift"] - _soft_min(points[15, 1], points[16, 1])
    return points


def _soft_min(a: float, b: float, width_m: float = 0.04) -> float:
    """Smooth minimum, so that the weight passes from foot to foot without a kink."""
    return 0.5 * (a + b - math.sqrt((a - b) ** 2 + width_m**2)) + 0.5 * width_m
