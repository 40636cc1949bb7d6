"""Loaded models, once per device, shared by live runs and renders; live runs go first."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.checkpoint import Weights, preset_weights, shipped_folder
from nodegraph.generator.config import preset as preset_config
from nodegraph.generator.session import Session, StreamingDecoder, frames_to_video

__all__ = ["Model", "default_device", "fast_dtype", "load"]


def default_device() -> str:
    """The first CUDA device where there is one, else the CPU."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def fast_dtype(device: str) -> torch.dtype:
    """bf16 where the processor multiplies it in hardware (AMX, AVX512-BF16), else float32."""
    if device.startswith("cuda"):
        return torch.bfloat16
    tests = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return torch.bfloat16 if any(getattr(torch.cpu, test, bool)() for test in tests) else torch.float32


class _Turns:
    """Gives the device to one step at a time; waiting live steps go before waiting renders.

    The device is handed from one to the next and giving it back never waits, so that no cancellation can keep it.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._busy = False
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}

    @contextlib.asynccontextmanager
    async def turn(self, live: bool) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # whoever waited in another loop is gone with it
            self._loop, self._busy, self._waiting = loop, False, {True: deque(), False: deque()}
        if self._busy:
            await self._handed_over(self._waiting[live])
        self._busy = True
        try:
            yield
        finally:
            self._hand_on()

    async def _handed_over(self, waiting: deque[asyncio.Future[None]]) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._hand_on()  # it came just as this one gave up
            elif mine in waiting:  # else it was passed over already
                waiting.remove(mine)
            raise

    def _hand_on(self) -> None:
        waiting = self._waiting[True] or self._waiting[False]
        while waiting:
            following = waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
            waiting = self._waiting[True] or self._waiting[False]
        self._busy = False


class Model:
    """Weights on a device, ready to make sessions."""

    def __init__(self, weights: Weights, *, preset: str, model_hash: str, device: str, dtype: torch.dtype) -> None:
        self.weights = weights.to(device=device, dtype=dtype).eval().requires_grad_(False)
        # Pictures go through with their channels last; weights that lie so too are not rearranged at every call.
        self.weights.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # not in torch's stubs
        # Latent statistics stay exact: they scale everything that is decoded.
        weights.vae.latent_mean, weights.vae.latent_std = (
            weights.vae.latent_mean.float(),
            weights.vae.latent_std.float(),
        )
        self.preset, self.model_hash, self.device, self.dtype = preset, model_hash, device, dtype
        self.config = weights.config
        self.width, self.height = self.config.width, self.config.height
        self.latent_shape = self.config.latent_shape
        self._turns = _Turns()

    def session(self, seed: int, image: NDArray[np.uint8] | None = None, **options: Any) -> Session:
        """A session; `image` uint8 [H, W, 3] of the model's size becomes its first frame; options as in `Session`."""
        latent = None if image is None else self.encode(image[None])[0]
        return Session(self.weights, seed, latent, **options)

    @property
    def remembers(self) -> bool:
        """Whether its sessions keep views of their scene; pictures given to others change nothing."""
        return self.weights.depth is not None

    def decoder(self) -> StreamingDecoder:
        """A new decoder at the start of a clip."""
        return StreamingDecoder(self.weights)

    @torch.inference_mode()
    def encode(self, pixels_THWC: NDArray[np.uint8]) -> list[Tensor]:
        """Latents of 1 + 4 K frames of the model's size: 1 + K tensors, float32 [C, R, Q]."""
        video = frames_to_video(pixels_THWC).to(device=self.device, dtype=self.dtype)
        return list(self.weights.vae.encode(video)[0].float())

    def turn(self, live: bool) -> contextlib.AbstractAsyncContextManager[None]:
        """Hold the device for one step."""
        return self._turns.turn(live)


_models: dict[tuple[str, str], Model] = {}
_lock = threading.Lock()


def load(preset: str, device: str | None = None) -> Model:
    """Return the preset's model, loading it the first time. Thread-safe.

    Raises `unknown_preset`, `bad_file` or `checkpoint_mismatch`.
    """
    device = device or default_device()
    with _lock:
        key = (preset, device)
        if key not in _models:
            weights, model_hash = _weights(preset, device)
            _models[key] = Model(weights, preset=preset, model_hash=model_hash, device=device, dtype=fast_dtype(device))
        return _models[key]


def _weights(preset: str, device: str) -> tuple[Weights, str]:
    """Shipped weights, or seeded ones: on a GPU they are made there, since billions of them fit nowhere else."""
    if shipped_folder(preset) is None and device.startswith("cuda"):
        # Here and not above: the fast path's models are built on this module's.
        from nodegraph.generator.fast.seeded import seeded_weights

        return seeded_weights(preset_config(preset), device=device, dtype=fast_dtype(device)), f"seeded-{preset}-0"
    return preset_weights(preset)
