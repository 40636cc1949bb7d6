"""One clip of training data: a scene, a character that acts in it, a camera that moves, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.errors import UserInputError
from nodegraph.values import FPS
from nodegraph.worlds.body import RUN_MPS, WALK_MPS, BodyState, advance, keypoints
from nodegraph.worlds.camera import CameraPath, sample_path, sample_start
from nodegraph.worlds.captions import caption_after, caption_for
from nodegraph.worlds.choices import CHANGES, choose_attributes
from nodegraph.worlds.placing import HOME_CLEARINGS, clearings, place_prop, prop_of_place
from nodegraph.worlds.renderer import Layers, render_layers
from nodegraph.worlds.scene import Scene, World, build_world, hills_around, is_clear, sample_scene
from nodegraph.worlds.stage import Stage

__all__ = ["CHANGES", "Clip", "ClipPlan", "act", "in_view", "plan_clip", "sample_clip"]

_TRIES = 18
_LOST_SHARE = 0.12
_GROW_FRAMES, _FADE_FRAMES = 4, 8
_WORDINGS = 6


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A clip and everything that is known about it exactly. All tensors lie on the CPU.

    Attributes:
        video_u8: [T, H, W, 3] uint8, sRGB.
        nearness: [T, H, W] float16, one over the distance of what a pixel shows in 1/m, 0 in the sky.
        body: [T, H, W] bool, where the character is.
        c2w: [T, 4, 4] float32 camera to world, metres. fov_y_deg: [T] float32.
        keypoints: [T, 17, 3] float32 world metres, COCO-17. visible: [T] bool, any keypoint in the picture.
        caption: words for the first picture. captions: each caption with the picture from which it holds.
        wordings: the same captions said in other ways; the first one is `captions`.
        place: number of the place in its setting, -1 for a layout of this clip alone.
        attributes: setting, light, weather, character, action, move, prop and change, at the start.
        final: the same, as they are once the change is over.
    """

    video_u8: Tensor = field(repr=False)
    nearness: Tensor = field(repr=False)
    body: Tensor = field(repr=False)
    c2w: Tensor = field(repr=False)
    fov_y_deg: Tensor = field(repr=False)
    keypoints: Tensor = field(repr=False)
    visible: Tensor = field(repr=False)
    caption: str
    captions: tuple[tuple[int, str], ...]
    wordings: tuple[tuple[tuple[int, str], ...], ...]
    place: int
    attributes: dict[str, str]
    final: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What a clip fades to where its setting or its character changes, and how far the fade has gone [T]."""

    scene: Scene
    world: World
    stage: Stage
    blend: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ClipPlan:
    """A clip before it is drawn.

    Attributes:
        scene: the world. path: the camera's way. times_s: [T] time of each picture.
        keypoints: [T, 17, 3] world metres. visible: [T] bool.
        world: what stands around the path. stage: the prop and the change.
        cut: another scene that the clip fades to, if it does. captions, wordings, attributes, final: as in `Clip`.
    """

    scene: Scene
    world: World
    stage: Stage
    path: CameraPath
    keypoints: NDArray[np.float64]
    times_s: NDArray[np.float64]
    visible: NDArray[np.bool_]
    cut: Cut | None = None
    wordings: tuple[tuple[tuple[int, str], ...], ...]
    attributes: dict[str, str]
    final: dict[str, str]

    @property
    def captions(self) -> tuple[tuple[int, str], ...]:
        """Each caption with the picture from which it holds."""
        return self.wordings[0]


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
    prop: str | None = None,
    weather: str | None = None,
    change: str | None = None,
    place: int | None = None,
    held_out: bool = False,
    compiled: bool = False,
) -> Clip:
    """Return the clip of a seed; what is not given is drawn from it.

    Args:
        seed: the same seed and arguments give the same clip.
        frames: number of pictures, 24 a second.
        width, height: pixels.
        device: where to render.
        setting, light, character, action, move: ids; None draws one.
        prop: an id or "none"; where the change is "prop", the one that appears. weather: at the start.
        change: one of `CHANGES`, what changes on the way.
        place: number of the place in its setting, the same in every clip; None makes up a layout for this clip alone.
        held_out: captions in wordings that training never sees.
        compiled: see `render`.

    Raises:
        UserInputError: an unknown id or no frames.
    """
    plan = plan_clip(
        seed, frames=frames, aspect=width / height, setting=setting, light=light, character=character, action=action,
        move=move, prop=prop, weather=weather, change=change, place=place, held_out=held_out,
    )  # fmt: skip
    path, film = plan.path, _film(plan, width, height, device, compiled)
    return Clip(
        video_u8=film.video,
        nearness=film.nearness.half(),
        body=film.body,
        c2w=torch.from_numpy(path.c2w.astype(np.float32)),
        fov_y_deg=torch.from_numpy(path.fov_y_deg.astype(np.float32)),
        keypoints=torch.from_numpy(plan.keypoints.astype(np.float32)),
        visible=torch.from_numpy(plan.visible),
        caption=plan.captions[0][1],
        captions=plan.captions,
        wordings=plan.wordings,
        place=-1 if place is None else place,
        attributes=plan.attributes,
        final=plan.final,
    )


def _film(plan: ClipPlan, width: int, height: int, device: str, compiled: bool) -> Layers:
    """The pictures of a clip [T, height, width, .]; a cut is drawn twice while it fades, distances change half-way."""

    def shoot(scene: Scene, world: World, stage: Stage, wanted: NDArray[np.bool_]) -> Layers:
        path = plan.path
        some = stage.of_pictures(wanted)
        layers = render_layers(
            scene, path.c2w[wanted], path.fov_y_deg[wanted], plan.keypoints[wanted], plan.times_s[wanted],
            width, height, device, world=world, stage=some, compiled=compiled,
        )  # fmt: skip
        return Layers(*(part.cpu() for part in layers))

    count = len(plan.times_s)
    if plan.cut is None:
        return shoot(plan.scene, plan.world, plan.stage, np.ones(count, dtype=bool))
    cut = plan.cut
    video = torch.zeros(count, height, width, 3)
    nearness, body = torch.zeros(count, height, width), torch.zeros(count, height, width, dtype=torch.bool)
    for scene, world, stage, share in (
        (plan.scene, plan.world, plan.stage, 1.0 - cut.blend),
        (cut.scene, cut.world, cut.stage, cut.blend),
    ):
        wanted = share > 0.0
        if wanted.any():
            weights = torch.from_numpy(share[wanted]).float().view(-1, 1, 1, 1)
            shot, main = shoot(scene, world, stage, wanted), torch.from_numpy(share[wanted] >= 0.5)
            video[torch.from_numpy(wanted)] += shot.video * weights
            ruled = torch.from_numpy(wanted).nonzero()[main, 0]
            nearness[ruled], body[ruled] = shot.nearness[main], shot.body[main]
    return Layers(video.round().to(torch.uint8), nearness, body)


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
    prop: str | None = None,
    weather: str | None = None,
    change: str | None = None,
    place: int | None = None,
    held_out: bool = False,
) -> ClipPlan:
    """Decide everything about a clip but its pixels; `aspect` is width by height. See `sample_clip`."""
    if frames < 1:
        raise UserInputError(
            "out_of_range", "A clip needs frames.", got=str(frames), expected="1 or more", remedy="Ask for more frames."
        )
    first = sample_scene(seed, setting=setting, light=light, character=character, place=place)
    start, final = choose_attributes(
        np.random.default_rng([seed, 7]), first,
        {"action": action, "move": move, "prop": prop, "weather": weather, "change": change},
    )  # fmt: skip
    rng = np.random.default_rng([seed, 11])
    when = _boundary(rng, frames) if start["change"] != "none" else frames
    body = act(np.random.default_rng([seed, 8]), start["action"], frames)
    scene = _scene_of(first, start)
    known = place is not None
    path, visible = _find_path(np.random.default_rng([seed, 9]), scene, body, start["move"], aspect, known)
    blend = _ramp(frames, when, _FADE_FRAMES)

    def dress(scene: Scene, after: Scene | None) -> tuple[World, Stage]:
        around = path.c2w[:, :3, 3]
        if known:
            (spot, yaw), clear = prop_of_place(final["prop"], scene), HOME_CLEARINGS
        else:
            spot, yaw = place_prop(rng, final["prop"], scene, path, body, min(when, frames - 1))
            clear = clearings(path, body, spot, final["prop"])
        stage = Stage(
            prop=final["prop"],
            spot=spot,
            yaw_rad=yaw,
            shown=_ramp(frames, when, _GROW_FRAMES) if start["change"] == "prop" else np.ones(frames),
            after=after,
            world_after=build_world(after, around, clear_xzr=clear) if after else None,
            blend=blend,
        )
        return build_world(scene, around, clear_xzr=clear), stage

    later = _scene_of(first, final)
    world, stage = dress(scene, later if start["change"] in ("light", "weather") else None)
    cut = None
    if start["change"] in ("setting", "character"):
        other, its_stage = dress(later, None)
        cut = Cut(scene=later, world=other, stage=its_stage, blend=blend)
    words = np.random.default_rng([seed, 10])
    changes_at = when if start["change"] != "none" and when < frames else None
    return ClipPlan(
        scene=scene,
        world=world,
        stage=stage,
        cut=cut,
        path=path,
        keypoints=body,
        times_s=rng.uniform(0, 20) + np.arange(frames) / FPS,
        visible=visible,
        wordings=tuple(_say(start, final, changes_at, words, held_out) for _ in range(_WORDINGS)),
        attributes=start,
        final=final,
    )


def _say(
    start: Mapping[str, str], final: Mapping[str, str], when: int | None, rng: np.random.Generator, held_out: bool
) -> tuple[tuple[int, str], ...]:
    first = caption_for(start, rng, held_out=held_out)
    if when is None:
        return ((0, first),)
    return ((0, first), (when, caption_after(first, start, final, rng, held_out=held_out)))


def _scene_of(first: Scene, attributes: Mapping[str, str]) -> Scene:
    return sample_scene(
        first.seed,
        setting=attributes["setting"],
        light=attributes["light"],
        character=attributes["character"],
        weather=attributes["weather"],
    )


def _boundary(rng: np.random.Generator, frames: int) -> int:
    """A picture with which a latent frame begins (1 + 4k), in the middle third or so."""
    last = max((frames - 2) // 4, 0)
    return 1 + 4 * int(rng.integers(last // 4, max(last // 4 + 1, 2 * last // 3 + 1)))


def _ramp(frames: int, when: int, length: int) -> NDArray[np.float64]:
    """0 before picture `when`, 1 from `when + length - 1` on, smooth between."""
    s = np.clip((np.arange(frames) - when + 1) / length, 0.0, 1.0)
    return np.asarray(s * s * (3.0 - 2.0 * s))


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
    rng: np.random.Generator, scene: Scene, body: NDArray[np.float64], move: str, aspect: float, known: bool
) -> tuple[CameraPath, NDArray[np.bool_]]:
    """Draw paths until one keeps clear of hills and people, and loses sight of the character as often as wanted.

    In a `known` place, whose things cannot be moved aside, it keeps clear of those too.
    """
    lose = bool(rng.random() < _LOST_SHARE)
    for attempt in range(_TRIES):
        path = sample_path(rng, move, len(body), FPS, sample_start(rng))
        visible = _ever(in_view(path, body, aspect))
        away = np.linalg.norm(path.c2w[:, :3, 3] - body[:, 11:13].mean(axis=1), axis=1).min()
        good = away > 1.5 and bool(visible[0]) and (bool(visible[-1]) != lose or attempt > _TRIES * 2 // 3)
        eyes = path.c2w[:, :3, 3]
        if good and is_clear(_solids(scene, eyes, known), eyes):
            return path, visible
    path = sample_path(rng, "static", len(body), FPS, sample_start(rng))
    return path, _ever(in_view(path, body, aspect))


def _solids(scene: Scene, eyes: NDArray[np.float64], known: bool) -> World:
    return build_world(scene, eyes, 4.0, HOME_CLEARINGS) if known else hills_around(scene, eyes)
