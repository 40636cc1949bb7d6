"""Pose clips as JSON, and keypoints as a webcam sends them.

A clip is {"kind": "pose_clip", "schema": 1, "fps": 24, "space": "world" | "image", "frames": [F][17][2 or 3],
"confidence": [F][17] (optional), "name": text (optional)}: points in COCO order, metres in space "world" (y up),
fractions of the picture in space "image" (y down; the third number may be left out).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.values import KEYPOINTS, Pose

__all__ = ["CLIP_SCHEMA", "PoseClip", "dump_pose_clip", "load_pose_clip", "parse_image_keypoints", "parse_pose_clip"]

CLIP_SCHEMA = 1

_POINTS = len(KEYPOINTS)
_MAX_FRAMES = 24 * 60 * 30
_MAX_BYTES = 64_000_000
_MAX_COORDINATE = 1000.0
_FIELDS = frozenset({"kind", "schema", "fps", "space", "frames", "confidence", "name"})
_REMEDY = "See the clip format in the help of the node Pose clip."

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PoseClip:
    """A recorded motion: `frames` float64 [F, 17, 3], `confidence` float64 [F, 17], `fps` frames a second."""

    fps: float
    space: str
    frames: Array
    confidence: Array
    name: str = ""

    @property
    def length_s(self) -> float:
        """Seconds until the clip starts again when looped: every frame is shown for 1/fps."""
        return len(self.frames) / self.fps

    def at(self, time_s: float, *, loop: bool) -> Pose:
        """Return the pose at a time, between two frames in proportion; without `loop` the last frame stays."""
        position, count = max(time_s, 0.0) * self.fps, len(self.frames)
        position = position % count if loop else min(position, count - 1.0)
        first = min(int(position), count - 1)
        second = (first + 1) % count if loop else min(first + 1, count - 1)
        part = position - first
        return Pose(
            keypoints=(1.0 - part) * self.frames[first] + part * self.frames[second],
            confidence=np.minimum(self.confidence[first], self.confidence[second]),
            space=self.space,
        )


def load_pose_clip(path: Path) -> PoseClip:
    """Read a clip from a JSON file.

    Raises:
        NodegraphError: too_large above 64 MB, bad_file when it is no clip; the message names the place in it.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise NodegraphError("too_large", "The pose clip is too large.", expected=f"at most {_MAX_BYTES} bytes")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise _bad("The pose clip is not JSON.", got=type(error).__name__) from error
    return parse_pose_clip(data)


def parse_pose_clip(data: Any) -> PoseClip:
    """Check a clip and turn it into arrays.

    Raises:
        NodegraphError: bad_file (what is wrong and where) or newer_schema.
    """
    if not isinstance(data, dict) or data.get("kind") != "pose_clip":
        raise _bad("The file is not a pose clip.", expected='an object with "kind": "pose_clip"')
    if unknown := sorted(set(data) - _FIELDS):
        raise _bad(
            "The pose clip has fields nobody knows.", got=", ".join(unknown), expected=", ".join(sorted(_FIELDS))
        )
    _check_schema(data.get("schema"))
    fps, space, frames = data.get("fps"), data.get("space"), data.get("frames")
    if not isinstance(fps, int | float) or isinstance(fps, bool) or not 1 <= fps <= 240:
        raise _bad("The clip's fps is out of range.", got=repr(fps), expected="1 to 240")
    if space not in ("world", "image"):
        raise _bad("The clip's space is unknown.", got=repr(space), expected='"world" or "image"')
    if not isinstance(frames, list) or not 1 <= len(frames) <= _MAX_FRAMES:
        raise _bad("The clip has no frames, or too many.", expected=f"a list of 1 to {_MAX_FRAMES} frames")
    return PoseClip(
        fps=float(fps),
        space=space,
        frames=np.stack([_points(frame, f"frames[{i}]") for i, frame in enumerate(frames)]),
        confidence=_confidence(data.get("confidence"), len(frames)),
        name=str(data.get("name", "")),
    )


def dump_pose_clip(clip: PoseClip) -> dict[str, Any]:
    """Return the JSON form, numbers rounded to a tenth of a millimetre; `parse_pose_clip` reads it back."""
    return {
        "kind": "pose_clip",
        "schema": CLIP_SCHEMA,
        "name": clip.name,
        "fps": clip.fps,
        "space": clip.space,
        "frames": np.round(clip.frames, 4).tolist(),
        "confidence": np.round(clip.confidence, 4).tolist(),
    }


def parse_image_keypoints(value: Any) -> Pose | None:
    """Turn one frame of webcam keypoints into a pose; None (nobody in view) stays None.

    Args:
        value: None, or 17 entries [x, y] or [x, y, confidence] as fractions of the picture, y down; or an object
            {"keypoints": 17 entries [x, y, ...], "confidence": 17 numbers}.

    Raises:
        NodegraphError: type_mismatch when it is neither.
    """
    if value is None:
        return None
    points = value.get("keypoints") if isinstance(value, dict) else value
    scores = value.get("confidence") if isinstance(value, dict) else None
    try:
        array = _points(points, "keypoints")
        confidence = _row(scores, "confidence") if scores is not None else _third(points)
    except NodegraphError as error:
        raise NodegraphError(
            "type_mismatch", error.message, got=error.got, expected=error.expected, remedy="Send 17 points or null."
        ) from error
    flat = np.concatenate([array[:, :2], np.zeros((_POINTS, 1))], axis=1)
    return Pose(keypoints=flat, confidence=np.clip(confidence, 0.0, 1.0), space="image")


def _third(points: Any) -> Array:
    """The confidence that rides as a point's third number; 1 for points that have only two."""
    return np.array([point[2] if len(point) == 3 else 1.0 for point in points], dtype=np.float64)


def _check_schema(schema: Any) -> None:
    if type(schema) is int and schema > CLIP_SCHEMA:
        raise NodegraphError(
            "newer_schema",
            "The pose clip was saved by a newer version.",
            got=str(schema),
            expected=f"schema {CLIP_SCHEMA}",
            remedy="Update this program.",
        )
    if type(schema) is not int or schema != CLIP_SCHEMA:
        raise _bad("The clip's schema is unknown.", got=repr(schema), expected=str(CLIP_SCHEMA))


def _points(frame: Any, where: str) -> Array:
    """Check one frame and return it as [17, 3], the third number 0 where it is left out."""
    if not isinstance(frame, list) or len(frame) != _POINTS:
        count = f"{len(frame)} entries" if isinstance(frame, list) else type(frame).__name__
        raise _bad(f"{where} is not a list of points.", got=count, expected=f"{_POINTS} points in COCO order")
    for i, point in enumerate(frame):
        if not isinstance(point, list) or len(point) not in (2, 3) or not all(map(_is_coordinate, point)):
            raise _bad(f"{where}[{i}] is not a point.", got=repr(point)[:80], expected="2 or 3 finite numbers")
    return np.array([[*point, 0.0][:3] for point in frame], dtype=np.float64)


def _confidence(rows: Any, frames: int) -> Array:
    if rows is None:
        return np.ones((frames, _POINTS))
    if not isinstance(rows, list) or len(rows) != frames:
        raise _bad("confidence does not fit the frames.", expected=f"a list of {frames} rows")
    return np.clip(np.stack([_row(row, f"confidence[{i}]") for i, row in enumerate(rows)]), 0.0, 1.0)


def _row(row: Sequence[Any], where: str) -> Array:
    if not isinstance(row, list) or len(row) != _POINTS or not all(map(_is_coordinate, row)):
        raise _bad(f"{where} is not a row of numbers.", got=repr(row)[:80], expected=f"{_POINTS} numbers 0 to 1")
    return np.array(row, dtype=np.float64)


def _is_coordinate(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and bool(-_MAX_COORDINATE <= value <= _MAX_COORDINATE)


def _bad(message: str, *, got: str | None = None, expected: str | None = None) -> NodegraphError:
    return NodegraphError("bad_file", message, got=got, expected=expected, remedy=_REMEDY)
