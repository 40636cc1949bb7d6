"""Streaming decoder on its own CUDA stream: it decodes one latent while the transformer makes the next.

Frames leave the device once, as uint8, into pinned memory. Without CUDA everything happens at once, in order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.graphs import StepGraphs
from nodegraph.generator.session import StreamingDecoder
from nodegraph.generator.vae import CausalState

__all__ = ["FastDecoder", "Ticket"]


class _Buffers(dict[int, Tensor]):
    """What convolutions remember, always at the same addresses once it exists."""

    def __setitem__(self, slot: int, frames: Tensor) -> None:
        held = self.get(slot)
        if held is None:
            super().__setitem__(slot, frames.clone())
        else:
            held.copy_(frames)


class _StaticState(CausalState):
    """A `CausalState` whose tensors stay in place, through restores too."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: dict[int, Tensor] = _Buffers()

    def restore(self, state: dict[str, object]) -> None:
        """Take back a `snapshot`; one from before the first frame has nothing to hold."""
        frames, started = state["frames"], state["started"]
        assert isinstance(frames, dict) and isinstance(started, bool)
        self.started = started
        if not frames:
            self.frames = _Buffers()
        for slot, held in frames.items():
            self.frames[slot] = held


class Ticket:
    """Frames that are on their way."""

    def __init__(self, frames: Tensor, ready: torch.cuda.Event | None, began: torch.cuda.Event | None) -> None:
        self._frames, self._ready, self._began = frames, ready, began

    def done(self) -> bool:
        """Whether `frames` would return without waiting."""
        return self._ready is None or self._ready.query()

    def frames(self) -> NDArray[np.uint8]:
        """Wait for the frames: uint8 [T, H, W, 3]."""
        if self._ready is not None:
            self._ready.synchronize()
        return self._frames.numpy()

    def decode_ms(self) -> float | None:
        """Milliseconds that decoding took on the device, after `frames`; None without CUDA."""
        if self._ready is None or self._began is None:
            return None
        return float(self._began.elapsed_time(self._ready))


class FastDecoder(StreamingDecoder):
    """A `StreamingDecoder` that can be asked ahead: `submit` returns at once, `decode` waits."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._state: CausalState = _StaticState()
        device = weights.vae.latent_mean.device
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None
        self._graphs = StepGraphs()
        self._latent: Tensor | None = None
        self._decoded = 0

    @torch.inference_mode()
    def submit(self, latent_CRQ: Tensor) -> Ticket:
        """Decode a latent: 1 frame for the first, 4 for each later one."""
        if self._stream is None:
            return Ticket(self._frames(latent_CRQ), None, None)
        self._stream.wait_stream(torch.cuda.current_stream(latent_CRQ.device))
        with torch.cuda.stream(self._stream):
            latent_CRQ.record_stream(self._stream)
            began, ready = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            began.record()
            frames = self._on_device(latent_CRQ)
            # The allocator of pinned memory keeps a block until the copy into it and its tensor are both gone.
            host = torch.empty(frames.shape, dtype=frames.dtype, pin_memory=True)
            host.copy_(frames, non_blocking=True)
            ready.record()
        return Ticket(host, ready, began)

    def _on_device(self, latent_CRQ: Tensor) -> Tensor:
        """Frames on the device. After the second latent all shapes stay, and the pass can be recorded."""
        self._decoded += 1
        if self._decoded <= 2:
            return self._frames(latent_CRQ)
        if self._latent is None:
            self._latent = torch.empty_like(latent_CRQ)
        held = self._latent
        held.copy_(latent_CRQ)
        return self._graphs.run((0, 0), lambda: self._frames(held))

    def _frames(self, latent_CRQ: Tensor) -> Tensor:
        video = self._vae.decode(latent_CRQ[None, None], self._state)[0]
        scaled = (video.float().clamp(-1, 1) + 1).mul(127.5).round().to(torch.uint8)
        return scaled.permute(0, 2, 3, 1).contiguous()

    def decode(self, latent_CRQ: Tensor) -> NDArray[np.uint8]:
        """uint8 frames [T, H, W, 3]: T = 1 for the first latent, 4 for each later one."""
        return self.submit(latent_CRQ).frames()

    def snapshot(self) -> dict[str, Any]:
        """Exact state."""
        if self._stream is not None:
            self._stream.synchronize()
        return super().snapshot()

    @torch.inference_mode()
    def restore(self, state: dict[str, Any]) -> None:
        """Take back a `snapshot`, into the same buffers: the recorded pass stays good."""
        if self._stream is not None:
            self._stream.synchronize()
        if not state["frames"]:
            self._decoded, self._graphs = 0, StepGraphs()
        super().restore(state)
