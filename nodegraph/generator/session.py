"""A generator's living state: cache, recycled latent, camera, prompt, noise counter; and the streaming decoder.

Noise of tick n comes from (seed, n) alone, never from how long the session has run in this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.control import condition_planes
from nodegraph.generator.first_frame import sample_first_frame
from nodegraph.generator.memory import SceneMemory
from nodegraph.generator.text import tokenize
from nodegraph.generator.transformer import TextState
from nodegraph.generator.vae import CausalState
from nodegraph.values import Camera, Pose, Prompt

__all__ = ["SETTLE_TICKS", "Controls", "Session", "StreamingDecoder", "frames_to_video", "video_to_frames"]

OnPrompt = Literal["keep", "flush", "recache"]

SETTLE_TICKS = 12
"""After a new prompt the picture changes for about two seconds; only then is it remembered."""
_REST_TICKS = 5
_ENOUGH = 0.9
"""Share of the picture that the scene memory must know; else what is shown now becomes a view of it."""


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What one step is told.

    `on_prompt` says what a changed prompt does to the cache: "keep" nothing, "flush" forget all but the sink and the
    last frame (Infinity-RoPE 2511.20649), "recache" rebuild the window under the new prompt (LongLive 2509.22622).
    `same_place`: a new prompt only puts in other words what the views show; they are kept.
    """

    prompt: Prompt
    camera: Camera | None = None
    pose: Pose | None = None
    on_prompt: OnPrompt = "keep"
    same_place: bool = False


def noise(seed: int, tick: int, shape: tuple[int, ...], *, purpose: int = 0) -> Tensor:
    """Standard normal noise of one tick and purpose, float32 on the CPU: the same on every device."""
    words = np.random.SeedSequence([seed % 2**63, tick, purpose]).generate_state(1, np.uint64)
    generator = torch.Generator().manual_seed(int(words[0] >> np.uint64(1)))
    return torch.randn(shape, generator=generator)


def frames_to_video(pixels_THWC: NDArray[np.uint8]) -> Tensor:
    """uint8 frames to float32 [1, T, 3, H, W] in -1..1."""
    return torch.from_numpy(np.ascontiguousarray(pixels_THWC)).permute(0, 3, 1, 2)[None].float() / 127.5 - 1


def video_to_frames(video_TCHW: Tensor) -> NDArray[np.uint8]:
    """Video in -1..1 to uint8 frames [T, H, W, 3]."""
    scaled = (video_TCHW.float().clamp(-1, 1) + 1).mul(127.5).round().to(torch.uint8)
    return np.ascontiguousarray(scaled.permute(0, 2, 3, 1).cpu().numpy())


class Session:
    """Makes one latent frame per `step`. Steps of one session must not run at the same time.

    Args:
        weights: on their device, in their precision.
        seed: of all noise.
        image: latent [C, R, Q] of the first frame, where the user gives one.
        at_place: whether that image shows a place that the model knows; without an image the model is at one.
        camera, pose: those the image was made for; None for those of the first step. The stream begins with the image
            as it is and goes from there to where it is told to be.
    """

    def __init__(
        self,
        weights: Weights,
        seed: int,
        image: Tensor | None = None,
        *,
        at_place: bool = False,
        camera: Camera | None = None,
        pose: Pose | None = None,
    ) -> None:
        self._config = weights.config
        self._net = weights.transformer
        self._cache = self._net.make_cache()
        self._seed = seed
        self.tick = 0
        self._camera = Camera()
        self._pose: Pose | None = None
        self._memory = None if weights.depth is None else SceneMemory(weights)
        self._known = 1.0
        self._view_due = 0
        self._given: list[tuple[Tensor, dict[str, Any]]] = []
        self._turned = -SETTLE_TICKS
        self._previous: Tensor | None = None
        self._image = image
        self._made_for = (camera, pose)
        self._at_place = at_place or image is None
        self._prompt: str | None = None
        self._text: TextState | None = None
        self._window: list[tuple[Tensor, Tensor, Tensor]] = []

    @torch.inference_mode()
    def step(self, controls: Controls) -> Tensor:
        """Make the next latent frame, float32 [C, R, Q] on the model's device."""
        camera, pose = controls.camera or self._camera, controls.pose
        if self.tick == 0:
            camera, pose = self._made_for[0] or camera, self._made_for[1] or pose
            self._camera, self._pose = camera, pose  # the first frame has no motion
        self._set_prompt(controls.prompt.text, controls.on_prompt, same_place=controls.same_place)
        self._keep_given()
        target = self._first_frame(camera, pose) if self.tick == 0 else None
        return self._made(camera, pose, target)

    @torch.inference_mode()
    def prime(self, latents: Sequence[Tensor], controls: Sequence[Controls]) -> None:
        """Continue after given latents: they enter the cache as if this session, started from the first as its image,
        had made them."""
        for latent, control in zip(latents, controls, strict=True):
            camera = control.camera or self._camera
            if self.tick == 0:
                self._camera, self._pose = camera, control.pose
            self._set_prompt(control.prompt.text, "keep", same_place=control.same_place)
            self._made(camera, control.pose, latent.to(self._net.embed.weight.device))

    def turn_to(self, image: Tensor, *, camera: Camera | None, pose: Pose | None, at_place: bool = False) -> None:
        """Show another picture from the next step on: it is all that is remembered, and the stream turns to it.

        Args:
            image: latent [C, R, Q].
            camera, pose: those it was made for; None for those now in force.
            at_place: whether it shows a place that the model knows.
        """
        if self.tick == 0:
            self._image, self._made_for = image, (camera, pose)
        elif self._memory is not None:
            self._memory.forget()
            self._memory.remember(image[None], camera or self._camera, pose or self._pose, given=True)
        self._turned, self._at_place = self.tick, at_place

    def see(
        self,
        picture_3HW: Tensor,
        *,
        camera: Camera,
        pose: Pose | None = None,
        nearness: NDArray[np.float32] | None = None,
        body: NDArray[np.bool_] | None = None,
    ) -> None:
        """Remember a further picture of the same place from the next step on, without turning to it: what lies beside
        or behind, or the character from another side.

        Args:
            picture_3HW: in -1..1, of the model's size.
            camera, pose: those it was made for; no pose where the character is not in it.
            nearness: [H, W] one over the distance along each pixel's ray, 1/m, and
            body: [H, W] the character's outline, where both are known; else they are estimated.
        """
        if self._memory is not None:
            known = {"camera": camera, "pose": pose, "nearness": nearness, "body": body}
            self._given.append((picture_3HW, known))

    def _made(self, camera: Camera, pose: Pose | None, target: Tensor | None) -> Tensor:
        """One pass, and what the next one needs to know of it. `target`: the frame that is given."""
        before = self._previous
        latent = self._advance(self._conditions(camera, pose, started=target is not None), target=target)
        self._camera, self._pose = camera, pose
        self._remember(latent, before)
        return latent

    def _keep_given(self) -> None:
        """What was given with new words belongs to them."""
        for picture, known in self._given:
            assert self._memory is not None
            self._memory.keep(picture, **known, given=True)
        self._given = []

    def _remember(self, latent: Tensor, before: Tensor | None) -> None:
        """Keep the first frame, and later ones that show enough of what no view does."""
        if self._memory is None or self.tick <= self._view_due:
            return
        if before is None:
            self._memory.remember(latent[None], self._camera, self._pose, given=True)
        elif self._known < _ENOUGH:
            self._memory.remember(torch.stack([before, latent]), self._camera, self._pose)
        else:
            return
        self._view_due = self.tick + _REST_TICKS

    def _first_frame(self, camera: Camera, pose: Pose | None) -> Tensor | None:
        """The user's image, or one sampled from the prompt, or None: the first pass makes it."""
        if self._image is not None or not self._net.config.transformer.first_frame_steps:
            return self._image
        assert self._text is not None
        weight = self._net.embed.weight
        planes = self._conditions(camera, pose, started=False).to(weight)[None]
        z = noise(self._seed, self.tick, self._config.latent_shape).to(weight.device)[None]
        return sample_first_frame(self._net, z, planes, self._text, self._encode(""))[0]

    def _encode(self, prompt: str) -> TextState:
        tokens = torch.tensor([tokenize(prompt, self._config.text)], device=self._net.embed.weight.device)
        return self._net.encode_text(tokens)

    def _conditions(self, camera: Camera, pose: Pose | None, *, started: bool) -> Tensor:
        """Condition planes; `started`: even the first frame is recycled from something, an image or a given latent."""
        recycled = started or self._previous is not None
        shown = None
        if self._memory is not None and self._previous is not None:
            shown = self._memory.show(self._camera, camera, self._pose, pose)
            self._known = shown.share
        return condition_planes(
            self._config,
            self._camera,
            camera,
            pose,
            before=self._pose,
            memory=None if shown is None else shown.planes,
            recycled=recycled,
            at_place=self._at_place,
        )

    def _advance(self, planes: Tensor, *, target: Tensor | None) -> Tensor:
        weight = self._net.embed.weight
        z = noise(self._seed, self.tick, self._config.latent_shape).to(weight)[None]
        first = target if self.tick == 0 else self._previous
        recycled = torch.zeros_like(z) if first is None else self._disturbed(first).to(weight)[None]
        planes = planes.to(weight)[None]
        assert self._text is not None
        x0 = self._net.step(z, recycled, planes, self._text, self._cache)[0].float()
        latent = x0 if target is None else target.float()
        self._window = [*self._window, (z, recycled, planes)][-(self._cache.window + 1) :]
        self._previous = latent
        self.tick += 1
        return latent

    def _disturbed(self, recycled: Tensor) -> Tensor:
        level = self._net.config.transformer.recycle_noise
        if not level:
            return recycled
        return recycled + level * noise(self._seed, self.tick, self._config.latent_shape, purpose=1).to(recycled)

    def _set_prompt(self, prompt: str, on_prompt: OnPrompt, *, same_place: bool) -> None:
        if prompt == self._prompt:
            return
        self._text = self._encode(prompt)
        changed = self._prompt is not None
        self._prompt = prompt
        if changed and not same_place:
            # What is remembered is no more what is wanted, unless a new picture came with the new words.
            if self._memory is not None and self.tick - self._turned >= SETTLE_TICKS:
                self._memory.forget()
            self._view_due = self.tick + SETTLE_TICKS
        if changed and on_prompt == "flush":
            self._cache.flush()
        elif changed and on_prompt == "recache":
            self._recache()

    def _recache(self) -> None:
        """Run the window's frames again under the new prompt; the sink keeps its keys."""
        self._cache.flush()
        if self._cache.frames < 2:
            return
        assert self._text is not None
        self._cache.frames = 1
        for z, recycled, planes in self._window[-self._cache.window :]:
            self._net.step(z, recycled, planes, self._text, self._cache)

    def snapshot(self) -> dict[str, Any]:
        """Exact state; restoring it and stepping gives the same latents bit for bit."""
        return {
            "tick": self.tick,
            "seed": self._seed,
            "prompt": self._prompt,
            "text": self._text,
            "camera": self._camera,
            "pose": self._pose,
            "memory": None if self._memory is None else self._memory.snapshot(),
            "view": (self._known, self._view_due, self._turned),
            "given": tuple(self._given),
            "image": self._image,
            "at_place": self._at_place,
            "made_for": self._made_for,
            "previous": self._previous,
            "window": list(self._window),
            "cache": self._cache.snapshot(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take back a `snapshot` of a session of the same model."""
        self.tick, self._seed, self._prompt = state["tick"], state["seed"], state["prompt"]
        self._text, self._image = state["text"], state["image"]
        self._camera, self._pose = state["camera"], state["pose"]
        self._known, self._view_due, self._turned = state["view"]
        self._given = list(state["given"])
        if self._memory is not None:
            self._memory.restore(state["memory"])
        self._at_place, self._made_for = state["at_place"], state["made_for"]
        self._previous, self._window = state["previous"], list(state["window"])
        self._cache.restore(state["cache"])


class StreamingDecoder:
    """Latents in, video frames out, one latent at a time, with no seam."""

    def __init__(self, weights: Weights) -> None:
        self._vae = weights.vae
        self._state = CausalState()

    @torch.inference_mode()
    def decode(self, latent_CRQ: Tensor) -> NDArray[np.uint8]:
        """uint8 frames [T, H, W, 3]: T = 1 for the first latent, 4 for each later one."""
        return video_to_frames(self._vae.decode(latent_CRQ[None, None], self._state)[0])

    def snapshot(self) -> dict[str, Any]:
        """Exact state."""
        return self._state.snapshot()

    def restore(self, state: dict[str, Any]) -> None:
        """Take back a `snapshot`."""
        self._state.restore(state)
