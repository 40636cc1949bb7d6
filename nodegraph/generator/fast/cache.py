"""Key-value cache with static shapes: every key lies where attention reads it, and nothing is joined or turned again.

One buffer per block holds, in this order, the prompt (right-aligned), the first frame (sink) and a ring of window + 1
frames, the frame being made among them. What attention may see is then always one contiguous range of rows, whatever
the prompt's length and however many frames there are: no mask, no copy.

Shapes: B batch, S rows, L text tokens, N tokens of a frame, H heads, K head width.
"""

from __future__ import annotations

import torch
from torch import Tensor

from nodegraph.generator.fast.graphs import StepGraphs
from nodegraph.generator.fast.rotation import Phases
from nodegraph.generator.kv_cache import KVCache
from nodegraph.generator.rope import Rotation, rotate
from nodegraph.generator.transformer import TextState

__all__ = ["FastCache"]


class FastCache(KVCache):
    """Buffers [blocks, B, L + N + (window + 1) N, H, K]; counters on the device besides those on the host.

    The host never asks the device for a number. `frames` counts what is held, `clock` is the absolute time of the next
    frame: they part company when a prompt change drops frames. `first_head` is the first of the prompt's heads that
    this cache holds, where devices share them.
    """

    def __init__(
        self,
        *,
        blocks: int,
        batch: int,
        window: int,
        tokens: int,
        text_tokens: int,
        heads: int,
        head_dim: int,
        phases: Phases,
        device: torch.device,
        dtype: torch.dtype,
        first_head: int = 0,
    ) -> None:
        self._text_heads = slice(first_head, first_head + heads)
        self.window, self.tokens, self.text_tokens, self.phases = window, tokens, text_tokens, phases
        self.base = text_tokens + tokens
        """First row of the ring."""
        rows = self.base + (window + 1) * tokens
        self.k = torch.zeros((blocks, batch, rows, heads, head_dim), device=device, dtype=dtype)
        self.v = torch.zeros_like(self.k)
        self.still_k = torch.zeros((blocks, batch, self.base, heads, head_dim), device=device, dtype=dtype)
        """Keys of prompt and sink at time zero; each step turns them into `k`."""
        self.clock = torch.zeros((), device=device, dtype=torch.float64)
        self.made = torch.zeros((), device=device, dtype=torch.int64)
        self._frame_rows = torch.arange(tokens, device=device)
        self._frames = 0
        self._time = 0
        self._text: TextState | None = None
        self._text_length = 0
        self.graphs = StepGraphs()
        self._graph_inputs: tuple[Tensor, ...] = ()

    def graph_inputs(self, like: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The buffers that recorded steps read, of the shapes of `like`."""
        if not self._graph_inputs:
            self._graph_inputs = tuple(torch.empty_like(given) for given in like)
        return self._graph_inputs

    @property
    def frames(self) -> int:
        """Latent frames held or dropped out of the window since the last cut."""
        return self._frames

    @frames.setter
    def frames(self, count: int) -> None:
        self._frames = count
        self.made.fill_(count)

    def use(self, text: TextState) -> None:
        """Load a prompt's keys and values, unless they are the ones held. Asks the device for the prompt's length."""
        if text is self._text:
            return
        lengths = text.mask.sum(1)
        length = int(lengths[0])
        assert bool((lengths == length).all()), "prompts of one batch must have one length"
        where = slice(self.text_tokens - length, self.text_tokens)
        for block, (k, v) in enumerate(zip(text.keys, text.values, strict=True)):
            self.still_k[block, :, where] = k[:, :length, self._text_heads]
            self.v[block, :, where] = v[:, :length, self._text_heads]
        self._text, self._text_length = text, length

    def span(self) -> tuple[int, int]:
        """First and last + 1 row that the next frame sees, its own among them."""
        return self.text_tokens - self._text_length, self.base + min(self._frames, self.window + 1) * self.tokens

    def full(self) -> bool:
        """Whether the ring is full: from here on a step's shapes stay as they are."""
        return self._frames > self.window

    def begin(self) -> tuple[Tensor, Rotation]:
        """Turn prompt and sink to the present; return the next frame's rows and its rotation."""
        sink_time = self.clock - self.made.clamp(max=self.window + 1)
        text, sink = self.phases.time(self.clock), self.phases.time(sink_time)
        first = self.text_tokens - self._text_length
        self.k[:, :, first : self.text_tokens] = rotate(self.still_k[:, :, first : self.text_tokens], text)
        if not self._frames:
            return self.text_tokens + self._frame_rows, self.phases.frame(self.clock)
        self.k[:, :, self.text_tokens : self.base] = rotate(self.still_k[:, :, self.text_tokens :], sink)
        slot = (self.made - 1) % (self.window + 1)
        return self.base + slot * self.tokens + self._frame_rows, self.phases.frame(self.clock)

    def write(self, block: int, rows: Tensor, k_BNHK: Tensor, v_BNHK: Tensor) -> None:
        """Put the new frame's turned keys and its values where attention reads them."""
        self.k[block].index_copy_(1, rows, k_BNHK)
        self.v[block].index_copy_(1, rows, v_BNHK)
        if not self._frames:
            self.still_k[block, :, self.text_tokens :] = k_BNHK

    def advance_device(self) -> None:
        """Count the frame on the device; part of what a CUDA graph replays."""
        self.made += 1
        self.clock += 1

    def advance_host(self) -> None:
        """Count the frame on the host."""
        self._frames += 1
        self._time += 1

    def advance(self) -> None:
        """Count the frame whose keys every block has stored."""
        self.advance_device()
        self.advance_host()

    def held(self) -> int:
        """Frames that the next one sees: the sink and at most `window` others."""
        return min(self._frames, 1 + self.window)

    def _ring(self, frame: int) -> slice:
        start = self.base + (frame - 1) % (self.window + 1) * self.tokens
        return slice(start, start + self.tokens)

    def flush(self) -> None:
        """Keep the sink and the last frame only (Infinity-RoPE 2511.20649: a new prompt wins at once)."""
        if self._frames > 2:
            last, first = self._ring(self._frames - 1), self._ring(1)
            self.k[:, :, first] = self.k[:, :, last].clone()
            self.v[:, :, first] = self.v[:, :, last].clone()
            self.frames = 2

    def copy(self) -> KVCache:
        """An independent copy."""
        twin = object.__new__(FastCache)
        twin.__dict__.update(self.__dict__)
        for name, value in self.__dict__.items():
            if isinstance(value, Tensor):
                setattr(twin, name, value.detach().clone())
        twin.graphs, twin._graph_inputs = StepGraphs(), ()
        return twin

    def snapshot(self) -> dict[str, Tensor | int]:
        """Return an exact copy of what is held; the prompt is not part of it."""
        end = self.base + min(max(self._frames - 1, 0), self.window + 1) * self.tokens
        return {
            "k": self.k[:, :, self.base : end].clone(),
            "v": self.v[:, :, self.text_tokens : end].clone(),
            "sink": self.still_k[:, :, self.text_tokens :].clone(),
            "frames": self._frames,
            "time": self._time,
        }

    def restore(self, state: dict[str, Tensor | int]) -> None:
        """Take back a `snapshot` of a cache of the same shape, into the same buffers: CUDA graphs stay good."""
        k, v, sink, frames, time = (state[name] for name in ("k", "v", "sink", "frames", "time"))
        assert isinstance(k, Tensor) and isinstance(v, Tensor) and isinstance(sink, Tensor)
        assert isinstance(frames, int) and isinstance(time, int)
        self.k[:, :, self.base : self.base + k.shape[2]] = k
        self.v[:, :, self.text_tokens : self.text_tokens + v.shape[2]] = v
        self.still_k[:, :, self.text_tokens :] = sink
        self.frames, self._time = frames, time
        self.clock.fill_(time)
        self._text = None
