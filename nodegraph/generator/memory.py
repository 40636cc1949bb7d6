"""The scene memory of a stream: views of it that are kept as they were, and what they show of the next frame.

The recycled frame is resampled at every tick and blurs; a view is resampled once, from where it was to where camera
and pose are now. APT2 gives the network the first frame as a sink of attention (section 3.1); a small model gets it in
place as well, seen from its new camera by the distances that `depth` tells (the 3-D cache of GEN3C 2503.03751, section
3). What no view shows the network makes; once enough of the picture is its own, that becomes a view too, and stays.

Shapes: S moments of a tick, C latent channels, R rows and Q columns of the latent, H and W of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import MEMORY_CHANNELS, SPACE_FACTOR
from nodegraph.generator.depth import depth_hints
from nodegraph.generator.motion import body_cover, seen_cells
from nodegraph.generator.puppet import likeness, move_body, pose_between
from nodegraph.generator.vae import CausalState
from nodegraph.generator.warp import Seen, View, Warped, between, fill, follow, gather
from nodegraph.values import FRAMES_PER_TICK, Camera, Pose

__all__ = ["SceneMemory", "Shown"]

_MOST_AT_ONCE = 3
"""Views that make up one picture."""
_MOST_MADE, _MOST_PLACES, _MOST_BODIES = 6, 9, 4
"""Views that are kept: made by the model, given of the place, given with the character in them."""
_SHARES = tuple(i / FRAMES_PER_TICK for i in range(FRAMES_PER_TICK + 1))
_LEAST_GAIN = 0.06
"""Share of the picture that a further view must add."""
_MADE, _WITH_BODY, _FAR_M = 0.5, 0.9, 8.0
"""What a view that the model made is worth against one that was given, and one that its character stands in the way
of; from how far away a view is worth half."""
_LEAST_LIKE, _LATER = 0.02, 0.5
"""A character as it was given is sharper than any that was made later."""
_GUESS, _MIRRORED = 0.35, 0.6
"""How surely the memory knows what it fills in smoothly, and what it takes from beyond a view's sides."""
_HEM_PX = 3
"""How far a character's colours reach beyond its outline."""
_PATCH = 4
_EXTREME = 8.0


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`planes` [2 + C, R, Q] for the network, and which `share` of the picture they know, 0..1."""

    planes: Tensor
    share: float


class SceneMemory:
    """Views of one stream, for models that have `depth`. Everything but the networks happens on the CPU."""

    def __init__(self, weights: Weights) -> None:
        assert weights.depth is not None
        self._vae, self._depth, self._config = weights.vae, weights.depth, weights.config
        self._quick = weights.quick if weights.quick is not None and weights.quick.fitted else None
        self._views: tuple[View, ...] = ()
        self._seen: dict[tuple[int, bytes], Seen] = {}
        """What the cameras of this tick and the last see of each view: followed once."""
        self._encoder = CausalState()
        self._encoded: tuple[Camera, Pose | None] | None = None
        """Where the last tick ended: what follows from there is encoded as its continuation."""

    @property
    def views(self) -> tuple[View, ...]:
        """What is remembered, oldest first."""
        return self._views

    def forget(self) -> None:
        """Remember nothing."""
        self._views, self._seen, self._encoded = (), {}, None

    @torch.inference_mode()
    def remember(self, latents_TCRQ: Tensor, camera: Camera, pose: Pose | None, *, given: bool = False) -> None:
        """Keep what the last of one (a first frame) or two latent frames shows, as seen by this camera."""
        weight = self._vae.leave.conv.weight
        self.keep(self._vae.last_frame(latents_TCRQ[None].to(weight))[0], camera, pose, given=given)

    @torch.inference_mode()
    def keep(
        self,
        picture_3HW: Tensor,
        camera: Camera,
        pose: Pose | None,
        *,
        given: bool,
        nearness: NDArray[np.float32] | None = None,
        body: NDArray[np.bool_] | None = None,
    ) -> None:
        """Keep a picture in -1..1, as seen by this camera; what is not known of it is estimated."""
        picture = picture_3HW.float().clamp(-1, 1).cpu()
        if nearness is None or body is None:
            near, cover = self._estimated(picture, camera, pose)
        else:
            near, cover = (torch.from_numpy(layer)[None].half() for layer in (nearness, body))
        if pose is None:  # whoever has no keypoints is part of the scene
            cover = torch.zeros(1, 1, 1, dtype=torch.float16).expand_as(near)
        view = View(
            picture=picture.half(),
            nearness=near,
            body=cover,
            hem=cover if pose is None else _hem(cover),
            camera=camera,
            pose=pose,
            given=given,
        )
        self._views, self._encoded = _thinned((*self._views, view)), None
        held = {id(view) for view in self._views}
        self._seen = {key: seen for key, seen in self._seen.items() if key[0] in held}

    def _estimated(self, picture_3HW: Tensor, camera: Camera, pose: Pose | None) -> tuple[Tensor, Tensor]:
        """Nearness and the character's outline, each float16 [1, H, W] on the CPU."""
        weight = self._vae.leave.conv.weight
        _, height, width = picture_3HW.shape
        cover = None if pose is None else torch.from_numpy(body_cover(pose, camera, height // _PATCH, width // _PATCH))
        hints = depth_hints(camera, height, width, cover).to(weight)[None]
        near, body = (part[0].half().cpu() for part in self._depth(picture_3HW.to(weight)[None], hints))
        return near, body

    @torch.inference_mode()
    def show(self, previous: Camera, current: Camera, before: Pose | None, now: Pose | None) -> Shown:
        """What is known of the frame from the `previous` to the `current` camera and pose."""
        channels, rows, columns = self._config.latent_shape
        if not self._views:
            return Shown(planes=torch.zeros(MEMORY_CHANNELS + channels, rows, columns), share=0.0)
        shares = self._moments(previous, before)
        cameras = [between(previous, current, share) for share in shares]
        poses = [pose_between(before, now, share) for share in shares]
        scene = self._background(previous, current, shares)
        likes = [likeness(view, now, current) * (1.0 if view.given else _LATER) for view in self._views]
        best = max(range(len(likes)), key=likes.__getitem__)
        body = move_body(self._views[best], poses if likes[best] > _LEAST_LIKE else [None] * len(poses), cameras)
        picture = fill(scene.picture, scene.likely)
        picture = picture * (1 - body.sure) + body.picture * body.sure
        latent = self._latent(picture, current, now)
        guessed = _GUESS + (1 - _GUESS) * torch.maximum(scene.sure, _MIRRORED * scene.likely)
        known = [F.avg_pool2d(part[-FRAMES_PER_TICK:], SPACE_FACTOR).mean(0) for part in (guessed, body.sure)]
        share = float(torch.maximum(scene.sure[-1], body.sure[-1]).mean())
        return Shown(planes=torch.cat([*known, latent]), share=share)

    def _latent(self, picture_S3HW: Tensor, current: Camera, now: Pose | None) -> Tensor:
        video = picture_S3HW[None].to(self._vae.leave.conv.weight)
        if self._quick is not None:
            return self._quick(video)[0].float().cpu().clamp(-_EXTREME, _EXTREME)
        self._encoded = (current, now)
        return self._vae.encode(video, self._encoder)[0, -1].float().cpu()

    def _moments(self, previous: Camera, before: Pose | None) -> tuple[float, ...]:
        """Shares of the tick whose pictures are encoded: its four frames, and its start where the whole encoder runs
        and nothing led up to it."""
        if self._quick is not None:
            return _SHARES[1:]
        if self._encoded is not None and _same(self._encoded[0], previous) and _alike(self._encoded[1], before):
            return _SHARES[1:]
        self._encoder = CausalState()
        return _SHARES

    def _background(self, previous: Camera, current: Camera, shares: tuple[float, ...]) -> Warped:
        """The scene without its character: the oldest view that knows a pixel shows it, for it is the sharpest."""
        _, rows, columns = self._config.latent_shape
        views = self._chosen(current, rows, columns)
        seen: dict[tuple[int, bytes], Seen] = {}
        for camera in (previous, current):
            for view in views:
                key = (id(view), camera.c2w.tobytes() + np.float64(camera.fov_y_deg).tobytes())
                seen[key] = self._seen.get(key) or seen.get(key) or follow(view, camera)
        self._seen = seen
        found = list(seen.values())
        count = len(views)
        if len(found) == count:  # the camera rests
            one = gather(views, found, found, (1.0,))
            times = len(shares)
            return Warped(*(part.expand(times, -1, -1, -1) for part in (one.picture, one.sure, one.likely)))
        return gather(views, found[:count], found[count:], shares)

    def _chosen(self, camera: Camera, rows: int, columns: int) -> list[View]:
        """The view that is worth most for what the camera sees, and those that add to it; of equal ones the oldest."""
        seen = [seen_cells(view.camera, camera, rows, columns) for view in self._views]
        worth = [_worth(view, camera) for view in self._views]
        known = np.zeros((rows, columns), bool)
        chosen: list[View] = []
        while len(chosen) < _MOST_AT_ONCE:
            gains = [float((cells & ~known).mean()) for cells in seen]
            best = int(np.argmax([gain * value for gain, value in zip(gains, worth, strict=True)]))
            if chosen and gains[best] < _LEAST_GAIN:
                break
            chosen.append(self._views[best])
            known |= seen[best]
        return chosen

    def snapshot(self) -> dict[str, Any]:
        """Exact state; views never change."""
        return {"views": self._views, "encoder": self._encoder.snapshot(), "encoded": self._encoded}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back a `snapshot`."""
        self._views, self._seen, self._encoded = state["views"], {}, state["encoded"]
        self._encoder.restore(state["encoder"])


def _worth(view: View, camera: Camera) -> float:
    away = float(np.linalg.norm(view.camera.c2w[:3, 3] - camera.c2w[:3, 3]))
    made = 1.0 if view.given else _MADE
    return made * (1.0 if view.pose is None else _WITH_BODY) / (1 + away / _FAR_M)


def _thinned(views: tuple[View, ...]) -> tuple[View, ...]:
    """The newest of each kind, in their order; the first of all stays, for it is what the stream began with."""
    left = {"made": _MOST_MADE, "place": _MOST_PLACES, "body": _MOST_BODIES}
    kept: list[View] = []
    for number in range(len(views) - 1, -1, -1):
        view = views[number]
        kind = "made" if not view.given else "place" if view.pose is None else "body"
        if left[kind] > 0 or number == 0:
            kept.append(view)
        left[kind] -= 1
    return tuple(reversed(kept))


def _same(a: Camera, b: Camera) -> bool:
    return a is b or (bool((a.c2w == b.c2w).all()) and a.fov_y_deg == b.fov_y_deg)


def _alike(a: Pose | None, b: Pose | None) -> bool:
    if a is None or b is None:
        return a is b
    return a is b or (a.space == b.space and all(map(np.array_equal, *((p.keypoints, p.confidence) for p in (a, b)))))


def _hem(body_1HW: Tensor) -> Tensor:
    """The outline with what its colours reach."""
    return F.max_pool2d(body_1HW[None].float(), 2 * _HEM_PX + 1, stride=1, padding=_HEM_PX)[0].half()
