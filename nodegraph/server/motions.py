"""The character's own motions as pose clips, made from the same body that the worlds are drawn with.

A motion becomes a file among the uploads when somebody chooses it: from then on it is a clip like any other, and goes
along in a bundle.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from nodegraph.errors import UserInputError
from nodegraph.media.pose import PoseClip, dump_pose_clip
from nodegraph.server.answers import ok
from nodegraph.server.files_whole import write_json
from nodegraph.server.keys import ASSETS, CONFIG
from nodegraph.server.payloads import MotionAnswer, MotionEntry, MotionsAnswer
from nodegraph.worlds.body import BodyState, keypoints

__all__ = ["MOTIONS", "ROUTES", "motion_clip"]


@dataclass(frozen=True, kw_only=True)
class Motion:
    """A loop without a seam: whole cycles, and a whole number of frames; `rounds` full turns of the heading."""

    length_s: float
    fps: int
    rounds: int = 0


MOTIONS = {
    "walk": Motion(length_s=2.0, fps=24),
    "run": Motion(length_s=1.44, fps=25),
    "wave": Motion(length_s=1.6, fps=25),
    "jump": Motion(length_s=1.1, fps=30),
    "dance": Motion(length_s=2.0, fps=24),
    "sit": Motion(length_s=12.0, fps=24),
    "turn": Motion(length_s=5.4, fps=30, rounds=1),
}
"""Cycles are those of `nodegraph.worlds.body`: 1 s of walking, 0.72 s of running, and so on."""


@cache
def motion_clip(name: str) -> dict[str, Any]:
    """Return a motion on the spot as a pose clip in world metres.

    Raises:
        UserInputError: not_found.
    """
    motion = MOTIONS.get(name)
    if motion is None:
        raise UserInputError("not_found", "There is no such motion", got=repr(name[:40]), expected=", ".join(MOTIONS))
    count = round(motion.length_s * motion.fps)
    frames = np.stack([_frame(name, motion, place / count) for place in range(count)])
    confidence = np.ones(frames.shape[:2])
    clip = PoseClip(fps=float(motion.fps), space="world", frames=frames, confidence=confidence, name=name)
    return dump_pose_clip(clip)


def _frame(name: str, motion: Motion, share: float) -> NDArray[np.float64]:
    heading = 2 * math.pi * motion.rounds * share
    return keypoints(BodyState(action=name, time_s=share * motion.length_s, heading_rad=heading))


async def get_motions(_request: web.Request) -> web.Response:
    """GET /api/motions: names and lengths."""
    entries = [MotionEntry(name=name, length_s=motion.length_s) for name, motion in MOTIONS.items()]
    return ok(MotionsAnswer(motions=entries))


async def get_motion(request: web.Request) -> web.Response:
    """GET /api/motions/{name}: the clip."""
    return ok(await asyncio.to_thread(motion_clip, request.match_info["name"]))


async def post_motion(request: web.Request) -> web.Response:
    """POST /api/motions/{name}: lay the clip among the uploads; the answer's `value` is what a node is given."""
    name = request.match_info["name"]
    clip = await asyncio.to_thread(motion_clip, name)
    value = f"motions/{name}.json"
    size, sha256 = await asyncio.to_thread(_lay, request.app[CONFIG].data_dir / "input" / value, clip)
    await request.app[ASSETS].add(value, "pose", sha256, size)
    return ok(MotionAnswer(value=value))


def _lay(path: Path, clip: dict[str, Any]) -> tuple[int, str]:
    write_json(path, clip)
    data = json.dumps(clip, ensure_ascii=False).encode()
    return len(data), hashlib.sha256(data).hexdigest()


ROUTES = [
    web.get("/api/motions", get_motions),
    web.get("/api/motions/{name}", get_motion),
    web.post("/api/motions/{name}", post_motion),
]
