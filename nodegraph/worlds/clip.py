"""One clip of training data: a scene, a character that acts in it, a camera that moves, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.errors import UserInputError
from nodegraph.values import FPS
from nodegraph.worlds.body import ACTIONS, RUN_MPS, WALK_MPS, BodyState, advance, keypoints
from nodegraph.worlds.camera import MOVES, CameraPath, sample_path, sample_start
from nodegraph.worlds.captions import caption_for
from nodegraph.worlds.renderer import render
from nodegraph.worlds.scene import Scene, World, build_world, is_clear, sample_scene

__all__ = ["Clip", "ClipPlan", "act", "in_view", "plan_clip", "sample_clip"]

_ACTION_SHARES = (0.2, 0.24, 0.14, 0.14, 0.14, 0.14)
_MOVE_SHARES = (0.12, 0.12, 0.05, 0.16, 0.1, 0.06, 0.1, 0.06, 0.07, 0.16)
_TRIES = 18
_LOST_SHARE = 0.2
_PATH_REACH_M = 52.0


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A clip and everything that is known about it exactly. All tensors lie on the CPU.

    Attributes:
        video_u8: [T, H, W, 3] uint8, sRGB.
        c2w: [T, 4, 4] float32 camera to world, metres. fov_y_deg: [T] float32.
        keypoints: [T, 17, 3] float32 world metres, COCO-17. visible: [T] bool, any keypoint in the picture.
        caption: words. attributes: setting, light, character, action, move.
    """

    video_u8: Tensor = field(repr=False)
    c2w: Tensor = field(repr=False)
    fov_y_deg: Tensor = field(repr=False)
    keypoints: Tensor = field(repr=False)
    visible: Tensor = field(repr=False)
    caption: str
    attributes: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ClipPlan:
    """A clip before it is drawn.

    Attributes:
        scene: the world. path: the camera's way. times_s: [T] time of each picture.
        keypoints: [T, 17, 3] world metres. visible: [T] bool.
        caption, attributes: as in `Clip`.
    """

    scene: Scene
    path: CameraPath
    keypoints: NDArray[np.float64]
    times_s: NDArray[np.float64]
    visible: NDArray[np.bool_]
    caption: str
    attributes: dict[str, str]


def sample_clip(
    seed: int,
    *,
    frames: int,
    width: int,
    height: int,
    device: str = "cpu",
    setting: str | None = None,
    light: str | None = None,
    character: str | None = None,
    action: str | None = None,
    move: str | None = None,
    compiled: bool = False,
) -> Clip:
    """Return the clip of a seed; what is not given is drawn from it.

    Args:
        seed: the same seed and arguments give the same clip.
        frames: number of pictures, 24 a second.
        width, height: pixels.
        device: where to render.
        setting, light, character, action, move: ids; None draws one.
        compiled: see `render`.

    Raises:
        UserInputError: an unknown id or no frames.
    """
    plan = plan_clip(
        seed, frames=frames, aspect=width / height, setting=setting, light=light, character=character, action=action,
        move=move,
    )  # fmt: skip
    path = plan.path
    video = render(
        plan.scene, path.c2w, path.fov_y_deg, plan.keypoints, plan.times_s, width, height, device, compiled=compiled
    )
    return Clip(
        video_u8=video.cpu(),
        c2w=torch.from_numpy(path.c2w.astype(np.float32)),
        fov_y_deg=torch.from_numpy(path.fov_y_deg.astype(np.float32)),
        keypoints=torch.from_numpy(plan.keypoints.astype(np.float32)),
        visible=torch.from_numpy(plan.visible),
        caption=plan.caption,
        attributes=plan.attributes,
    )


def plan_clip(
    seed: int,
    *,
    frames: int,
    aspect: float,
    setting: str | None = None,
    light: str | None = None,
    character: str | None = None,
    action: str | None = None,
    move: str | None = None,
) -> ClipPlan:
    """Decide everything about a clip but its pixels; `aspect` is width by height. See `sample_clip`."""
    if frames < 1:
        raise UserInputError(
            "out_of_range", "A clip needs frames.", got=str(frames), expected="1 or more", remedy="Ask for more frames."
        )
    scene = sample_scene(seed, setting=setting, light=light, character=character)
    rng = np.random.default_rng([seed, 7])
    drawn_action, drawn_move = (str(rng.choice(n, p=p)) for n, p in ((ACTIONS, _ACTION_SHARES), (MOVES, _MOVE_SHARES)))
    action, move = action or drawn_action, move or drawn_move
    body = act(np.random.default_rng([seed, 8]), action, frames)
    world = build_world(scene, body[:, 0], _PATH_REACH_M)
    path, visible = _find_path(np.random.default_rng([seed, 9]), world, body, move, aspect)
    attributes = {
        "setting": scene.setting, "light": scene.light, "character": scene.character, "action": action, "move": move,
    }  # fmt: skip
    return ClipPlan(
        scene=scene,
        path=path,
        keypoints=body,
        times_s=rng.uniform(0, 20) + np.arange(frames) / FPS,
        visible=visible,
        caption=caption_for(attributes, np.random.default_rng([seed, 10])),
        attributes=attributes,
    )


def act(rng: np.random.Generator, action: str, frames: int) -> NDArray[np.float64]:
    """Return [frames, 17, 3] keypoints of a character near the origin that mostly does `action`.

    A third of the performances begin or end with standing, so that starts and stops are seen.
    """
    headings_deg = (0.0, rng.normal(0, 25), rng.normal(0, 70), rng.uniform(-180, 180))
    heading = float(np.radians(rng.choice(headings_deg, p=(0.3, 0.4, 0.2, 0.1))))
    moving = action in ("walk", "run")
    travel = rng.uniform(0.0, 0.6) * frames / FPS * (3.0 if action == "run" else 1.3) if moving else 0.0
    state = BodyState(
        x_m=float(-travel * np.sin(heading) + rng.normal(0, 0.25)),
        z_m=float(-travel * np.cos(heading) + rng.normal(0, 0.25)),
        heading_rad=heading,
        action=action,
        time_s=float(rng.uniform(0, 10)),
    )
    change = rng.uniform(0.25, 0.75) * frames if rng.random() < 0.34 else None
    begins = bool(rng.random() < 0.5)
    turn = float(rng.choice((0.0, rng.uniform(-1, 1)), p=(0.55, 0.45)))
    pace = 1.0 if rng.random() < 0.8 else float(rng.uniform(-0.7, 0.8))
    idle = change is not None and begins
    if moving and not idle:
        state = replace(state, speed_mps=pace * (RUN_MPS if action == "run" else WALK_MPS))
    if idle:
        state = replace(state, action="stand")
    out = [keypoints(state)]
    for i in range(1, frames):
        idle = change is not None and (i < change) == begins
        go = 1.0 if moving and not idle else 0.0
        state = advance(state, 1.0 / FPS, forward=go * pace, turn=go * turn, action="stand" if idle else action)
        out.append(keypoints(state))
    return np.stack(out)


def in_view(path: CameraPath, points: NDArray[np.float64], aspect: float) -> NDArray[np.bool_]:
    """Whether each of the points [T, K, 3] lies in the picture of its camera, [T, K]."""
    local = np.einsum("tki,tij->tkj", points - path.c2w[:, None, :3, 3], path.c2w[:, :3, :3])
    half = np.tan(np.radians(path.fov_y_deg) / 2)[:, None] * np.maximum(-local[..., 2], 1e-6)
    return np.asarray((local[..., 2] < 0) & (np.abs(local[..., 1]) < half) & (np.abs(local[..., 0]) < aspect * half))


def _ever(inside_TK: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(inside_TK.any(axis=1))


def _find_path(
    rng: np.random.Generator, world: World, body: NDArray[np.float64], move: str, aspect: float
) -> tuple[CameraPath, NDArray[np.bool_]]:
    """Draw paths until one keeps clear of things and people, and loses sight of the character as often as wanted."""
    lose = bool(rng.random() < _LOST_SHARE)
    for attempt in range(_TRIES):
        path = sample_path(rng, move, len(body), FPS, sample_start(rng))
        visible = _ever(in_view(path, body, aspect))
        away = np.linalg.norm(path.c2w[:, :3, 3] - body[:, 11:13].mean(axis=1), axis=1).min()
        good = away > 1.2 and is_clear(world, path.c2w[:, :3, 3]) and visible[0]
        if good and (bool(visible[-1]) != lose or attempt > _TRIES * 2 // 3):
            return path, visible
    path = sample_path(rng, "static", len(body), FPS, sample_start(rng))
    return path, _ever(in_view(path, body, aspect))
