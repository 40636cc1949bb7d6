"""Keyframes as they stand in a workflow: checked, sorted, and turned into values."""

from __future__ import annotations

import math
from typing import Any

from nodegraph.errors import NodegraphError
from nodegraph.media.camera import CameraKeyframe
from nodegraph.media.curve import CurveKeyframe

__all__ = ["camera_keyframes", "curve_keyframes", "prompt_keyframes"]

_PORT = "keyframes"
_MAX_KEYFRAMES = 10_000
_MAX_DISTANCE_M = 1000.0
_MAX_VALUE = 1e12


def prompt_keyframes(value: Any) -> tuple[list[int], list[str]]:
    """Return ticks and texts, by rising tick, of [{"tick": 0, "text": "..."}].

    Raises:
        NodegraphError: missing_input, type_mismatch or out_of_range; it names the keyframe.
    """
    keys = _sorted(value, {"tick", "text"})
    for i, key in enumerate(keys):
        if not isinstance(key.get("text"), str):
            raise _wrong(i, "text", key.get("text"), "text in quotes")
    return [key["tick"] for key in keys], [key["text"] for key in keys]


def curve_keyframes(value: Any) -> list[CurveKeyframe]:
    """Return the keyframes, by rising tick, of [{"tick": 0, "value": 1.5}].

    Raises:
        NodegraphError: missing_input, type_mismatch or out_of_range; it names the keyframe.
    """
    keys = _sorted(value, {"tick", "value"})
    return [
        CurveKeyframe(tick=key["tick"], value=_number(i, "value", key.get("value"), -_MAX_VALUE, _MAX_VALUE))
        for i, key in enumerate(keys)
    ]


def camera_keyframes(value: Any) -> list[CameraKeyframe]:
    """Return the keyframes, by rising tick, of [{"tick", "position": [x, y, z], "yaw", "pitch", "fov"}].

    Metres and degrees; yaw, pitch (default 0) and fov (default 55) may be left out.

    Raises:
        NodegraphError: missing_input, type_mismatch or out_of_range; it names the keyframe.
    """
    return [_camera_key(i, key) for i, key in enumerate(_sorted(value, {"tick", "position", "yaw", "pitch", "fov"}))]


def _camera_key(i: int, key: dict[str, Any]) -> CameraKeyframe:
    position = key.get("position")
    if not isinstance(position, list) or len(position) != 3:
        raise _wrong(i, "position", position, "[x, y, z] in metres")
    x, y, z = (_number(i, "position", part, -_MAX_DISTANCE_M, _MAX_DISTANCE_M) for part in position)
    return CameraKeyframe(
        tick=key["tick"],
        position=(x, y, z),
        yaw_deg=_number(i, "yaw", key.get("yaw", 0.0), -36_000.0, 36_000.0),
        pitch_deg=_number(i, "pitch", key.get("pitch", 0.0), -89.0, 89.0),
        fov_y_deg=_number(i, "fov", key.get("fov", 55.0), 10.0, 120.0),
    )


def _sorted(value: Any, fields: set[str]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise NodegraphError(
            "missing_input",
            "There are no keyframes.",
            port=_PORT,
            expected="a list of one or more",
            got=repr(value)[:80],
        )
    if len(value) > _MAX_KEYFRAMES:
        raise NodegraphError("too_large", "There are too many keyframes.", port=_PORT, expected=f"<= {_MAX_KEYFRAMES}")
    for i, key in enumerate(value):
        if not isinstance(key, dict) or set(key) - fields:
            raise _wrong(i, "fields", key, "an object with " + ", ".join(sorted(fields)))
        tick = key.get("tick")
        if not isinstance(tick, int) or isinstance(tick, bool) or tick < 0:
            raise _wrong(i, "tick", tick, "a whole number from 0 on")
    keys = sorted(value, key=lambda key: int(key["tick"]))
    ticks = [key["tick"] for key in keys]
    if len(set(ticks)) < len(ticks):
        raise NodegraphError(
            "out_of_range", "Two keyframes share a tick.", port=_PORT, got=str(ticks)[:80], remedy="Move or drop one."
        )
    return keys


def _number(i: int, field: str, value: Any, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _wrong(i, field, value, "a number")
    if not low <= value <= high:
        raise _wrong(i, field, value, f"{low:g} to {high:g}", code="out_of_range")
    return float(value)


def _wrong(i: int, field: str, got: Any, expected: str, *, code: str = "type_mismatch") -> NodegraphError:
    return NodegraphError(
        code, f"Keyframe {i + 1} has a wrong {field}.", port=_PORT, got=repr(got)[:80], expected=expected
    )
