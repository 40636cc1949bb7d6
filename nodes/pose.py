"""What the character does. One pose per tick; the character starts at the origin and faces the camera."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph import Choice, Context, File, Json, Live, Number, Toggle, node
from nodegraph.media.pose import load_pose_clip, parse_image_keypoints
from nodegraph.values import TICK_S, Pose
from nodegraph.worlds.body import ACTIONS, BodyState, advance, keypoints

__all__ = ["PoseLive", "PoseMotion", "PoseOut", "PoseWebcam", "pose_clip"]

_CIRCLE_TURN = {"walk": 0.6, "run": 1.0}
"""Walking and running go round in a circle of 1.5 and 2 m, so that the character stays in the picture."""


class PoseOut(NamedTuple):
    """What the pose nodes give."""

    pose: Pose


class _Body:
    """The state that the moving pose nodes share: one body, advanced by a tick at a time."""

    def __init__(self) -> None:
        self._state = BodyState()

    def _step(self, forward: float, turn: float, action: str) -> PoseOut:
        self._state = advance(self._state, TICK_S, forward=forward, turn=turn, action=action)
        return PoseOut(Pose(keypoints=keypoints(self._state)))

    def snapshot(self) -> dict[str, Any]:
        """Return place, direction, motion and phase."""
        return asdict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self._state = BodyState(**state)


@node(id="pose.motion", version=1, name="Motion", category="pose")
class PoseMotion(_Body):
    """Let the character move by itself: stand, walk, run, wave, jump, dance, sit or turn.

    Walking and running go round in a circle. Changing the action while it runs blends from one motion into the next.
    """

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        action: Live[Annotated[str, Choice(options=ACTIONS), "What the character does."]] = Live("walk"),
    ) -> AsyncIterator[PoseOut]:
        """Yield one pose per tick."""
        async for _ in tick:
            turn = _CIRCLE_TURN.get(action.value)
            yield self._step(0.0 if turn is None else 1.0, turn or 0.0, action.value)


@node(id="pose.live", version=1, name="Live character", category="pose")
class PoseLive(_Body):
    """Walk the character yourself: arrow keys or the stick on the stage, buttons or the keys 1 to 8 for the actions.

    Forward walks where the character faces, turn goes to its own right. An action other than stand and walk overrides
    standing: it waves, jumps, dances, sits or turns round on the spot, and runs or jumps while it moves.
    """

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        forward: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="walk.forward"), "Walk forward; negative: backwards."]
        ] = Live(0.0),
        turn: Live[
            Annotated[float, Number(ge=-1, le=1, step=0.05, bind="walk.turn"), "Turn to its right; negative: left."]
        ] = Live(0.0),
        action: Live[
            Annotated[str, Choice(options=ACTIONS, bind="action"), "What the character does besides walking."]
        ] = Live("stand"),
    ) -> AsyncIterator[PoseOut]:
        """Yield one pose per tick."""
        async for _ in tick:
            yield self._step(forward.value, -turn.value, action.value)


@node(id="pose.clip", version=1, name="Pose clip", category="pose")
async def pose_clip(
    *,
    ctx: Context,
    tick: AsyncIterator[int],
    file: Annotated[str, File(kind="pose"), "An uploaded clip (JSON)."] = "",
    loop: Annotated[bool, Toggle(), "Start again at the end; otherwise the last pose stays."] = True,
) -> AsyncIterator[PoseOut]:
    """Play a recorded motion, or one of the character's own: the file list offers walk, run, wave, jump and others.

    A clip is JSON: {"kind": "pose_clip", "schema": 1, "fps": 24, "space": "world" or "image", "frames": [...]}. Every
    frame has 17 points [x, y, z] in COCO order; "world" is metres with y up, "image" fractions of the picture with
    y down. An optional "confidence" has 17 numbers per frame; 0 hides a point.
    """
    if not file:
        raise NodegraphError("missing_input", "No pose clip is chosen.", port="file", remedy="Choose or upload a clip.")
    clip = await ctx.work(load_pose_clip, ctx.input_path(file))
    async for t in tick:
        yield PoseOut(clip.at(t * TICK_S, loop=loop))


@node(id="pose.webcam", version=1, name="Webcam pose", category="pose")
class PoseWebcam(_Body):
    """Move the character with your own body in front of the webcam.

    The browser finds 17 keypoints in the camera's picture and sends only these. While nobody is in view the character
    stands.
    """

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        keypoints: Live[
            Annotated[
                list[Any] | None,
                Json(kind="keypoints", bind="pose.keypoints"),
                "17 points [x, y, confidence] as fractions of the picture, in COCO order; empty: stand.",
            ]
        ] = Live(None),
    ) -> AsyncIterator[PoseOut]:
        """Yield one pose per tick."""
        async for _ in tick:
            standing = self._step(0.0, 0.0, "stand")
            seen = parse_image_keypoints(keypoints.value)
            yield standing if seen is None else PoseOut(seen)
