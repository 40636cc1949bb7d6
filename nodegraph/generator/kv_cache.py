"""Key-value cache of a session: the first frame (sink) and a ring of the last frames, preallocated.

Keys are stored before rotation, so that positions can be relative to the frame being made and a session can run for
ever (APT2 section 3: window of N past latent frames plus the first frame).
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["KVCache"]


class KVCache:
    """Buffers [blocks, B, 1 + window, N, H, K]; slot 0 is the sink, the rest a ring.

    The ring is kept in order of slots, not of time: `times` tells the age of each slot, and attention does not care
    about order.
    """

    def __init__(
        self,
        *,
        blocks: int,
        batch: int,
        window: int,
        tokens: int,
        heads: int,
        head_dim: int,
        device: str,
        dtype: torch.dtype,
    ) -> None:
        self.window = window
        shape = (blocks, batch, 1 + window, tokens, heads, head_dim)
        self.k = torch.zeros(shape, device=device, dtype=dtype)
        self.v = torch.zeros(shape, device=device, dtype=dtype)
        self.frames = 0
        """Latent frames made so far."""

    def held(self) -> int:
        """Slots that hold a frame: they are always the first ones."""
        return min(self.frames, 1 + self.window)

    def slot(self, frame: int) -> int:
        """Where the keys of a frame stand."""
        return 0 if frame == 0 else 1 + (frame - 1) % self.window

    def relative_times(self) -> list[int]:
        """Position of each held slot relative to the next frame (which is 0): negative; the sink stays at the edge."""
        times = [0] * self.held()
        for frame in range(max(1, self.frames - self.window), self.frames):
            times[self.slot(frame)] = frame - self.frames
        if times:
            times[0] = -min(self.frames, self.window + 1)
        return times

    def view(self, block: int) -> tuple[Tensor, Tensor]:
        """Unrotated keys and values [B, held * N, H, K] of one block."""
        held = self.held()
        return self.k[block, :, :held].flatten(1, 2), self.v[block, :, :held].flatten(1, 2)

    def update(self, block: int, k_BNHK: Tensor, v_BNHK: Tensor) -> None:
        """Store the new frame's keys and values; call `advance` after the last block."""
        slot = self.slot(self.frames)
        self.k[block, :, slot] = k_BNHK
        self.v[block, :, slot] = v_BNHK

    def advance(self) -> None:
        """Count the frame whose keys every block has stored."""
        self.frames += 1

    def flush(self) -> None:
        """Keep the sink and the last frame only (Infinity-RoPE 2511.20649: a new prompt wins at once)."""
        if self.frames > 2:
            last = self.slot(self.frames - 1)
            self.k[:, :, 1] = self.k[:, :, last].clone()
            self.v[:, :, 1] = self.v[:, :, last].clone()
            self.frames = 2

    def copy(self) -> KVCache:
        """An independent copy, detached from any gradient."""
        twin = object.__new__(KVCache)
        twin.window, twin.frames = self.window, self.frames
        twin.k, twin.v = self.k.detach().clone(), self.v.detach().clone()
        return twin

    def snapshot(self) -> dict[str, Tensor | int]:
        """Return an exact copy of what is held."""
        held = self.held()
        return {"k": self.k[:, :, :held].clone(), "v": self.v[:, :, :held].clone(), "frames": self.frames}

    def restore(self, state: dict[str, Tensor | int]) -> None:
        """Take back a `snapshot` of a cache of the same shape."""
        k, v, frames = state["k"], state["v"], state["frames"]
        assert isinstance(k, Tensor) and isinstance(v, Tensor) and isinstance(frames, int)
        self.frames = frames
        self.k[:, :, : k.shape[2]] = k
        self.v[:, :, : v.shape[2]] = v
