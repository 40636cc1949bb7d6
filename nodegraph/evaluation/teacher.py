"""The multi-step teacher: the same network, several passes a frame, as a flow-matching model is sampled.

In training one flow time holds for the whole clip, so each time has a cache of its own: a pass at time t sees what past
frames looked like at t. The recycled input is the clean past frame.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from nodegraph.generator.control import condition_planes
from nodegraph.generator.first_frame import sample_first_frame, sampling_times
from nodegraph.generator.pool import Model
from nodegraph.generator.session import Controls, noise
from nodegraph.generator.text import tokenize
from nodegraph.values import Camera, Pose

__all__ = ["TeacherSession", "teacher_sessions"]

_PASSES = 8
_SHIFT = 24.0
"""The flow-time shift with which clips are trained (APT2 section 4.1)."""


def teacher_sessions(model: Model, passes: int = _PASSES) -> Callable[[int, Tensor | None], TeacherSession]:
    """Make sessions that sample each frame of this model in `passes` Euler steps."""

    def make(seed: int, image: Tensor | None) -> TeacherSession:
        return TeacherSession(model, seed, image, passes)

    return make


class TeacherSession:
    """Like `Session`, but with `passes` passes a frame; `step` returns the latent [C, R, Q]."""

    def __init__(self, model: Model, seed: int, image: Tensor | None, passes: int) -> None:
        self._net, self._config = model.weights.transformer, model.config
        self._times = sampling_times(passes, _SHIFT)
        self._caches = [self._net.make_cache() for _ in self._times[:-1]]
        self._seed, self._image = seed, image
        self._tick = 0
        self._camera = Camera()
        self._pose: Pose | None = None
        self._previous: Tensor | None = None

    @torch.inference_mode()
    def step(self, controls: Controls) -> Tensor:
        """Make the next latent frame."""
        net, dtype = self._net, self._net.embed.weight.dtype
        camera = controls.camera or self._camera
        if self._tick == 0:
            self._camera, self._pose = camera, controls.pose
        tokens = torch.tensor([tokenize(controls.prompt.text, self._config.text)], device=net.embed.weight.device)
        text = net.encode_text(tokens)
        z = noise(self._seed, self._tick, self._config.latent_shape).to(net.embed.weight.device)[None]
        if self._tick == 0:
            start = condition_planes(self._config, camera, camera, controls.pose, recycled=False)
            given = self._image
            if given is None:
                no_text = net.encode_text(torch.zeros_like(tokens))
                given = sample_first_frame(net, z, start.to(z.device, dtype)[None], text, no_text)[0]
            self._previous = given
        assert self._previous is not None
        planes = condition_planes(
            self._config,
            self._camera,
            camera,
            controls.pose,
            before=self._pose,
            recycled=True,
            at_place=self._image is None,
        )
        condition, recycled = planes.to(z.device, dtype)[None], self._previous.to(z.device, dtype)[None]
        first = self._tick == 0
        for (t, after), cache in zip(pairwise(self._times), self._caches, strict=True):
            # The first frame is given: each cache sees it as it would look at its own time.
            shown = (1 - t) * recycled.float() + t * z if first else z
            x0 = net.step(shown.to(dtype), recycled, condition, text, cache, t=t).float()
            if not first:
                z = z + (after - t) * (z - x0) / t
        latent = self._previous.float() if first else z[0].float()
        self._previous, self._camera, self._pose = latent, camera, controls.pose
        self._tick += 1
        return latent
