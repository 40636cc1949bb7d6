"""Long video from overlapping segments: which segment makes which tick, and how two of them are joined.

Segment k covers the ticks k A to k A + S - 1, with S its length, O the overlap and A = S - O the advance. Every joining
rule gives one frame at tick 0 and four at every later tick, so N ticks make exactly 1 + 4 (N - 1) frames.
Blocking: run it in a worker thread. Latents are [C, H/8, W/8], pixels uint8 [T, H, W, 3].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["JOINS", "SPACES", "Plan", "Stitch", "Stitched", "make_plan", "make_stitch"]

JOINS = ("cut", "cross_fade", "regenerate")
SPACES = ("latent", "pixel")

_SEED_STRIDE = 7919
_SEEDS = 2**63

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Lengths in ticks; `overlap_ticks` < `segment_ticks`."""

    segment_ticks: int
    overlap_ticks: int

    @property
    def advance_ticks(self) -> int:
        """Ticks from the start of one segment to the start of the next."""
        return self.segment_ticks - self.overlap_ticks

    def owner(self, tick: int) -> int:
        """Return the segment that shows a tick under a hard cut: the old one until the overlap ends."""
        return max(0, (tick - self.overlap_ticks) // self.advance_ticks)

    def entering(self, tick: int) -> int | None:
        """Return the segment that runs beside the owner at a tick inside an overlap, otherwise None."""
        newest = tick // self.advance_ticks
        return newest if newest > self.owner(tick) else None

    def age(self, tick: int, segment: int) -> int:
        """Return how many ticks a segment has made before this one."""
        return tick - segment * self.advance_ticks


def make_plan(segment_ticks: int, overlap_ticks: int, join: str) -> Plan:
    """Check the lengths.

    Raises:
        NodegraphError: out_of_range for the port overlap_ticks. Segments that run side by side may overlap by half at
            most: then a tick never costs more than two steps.
    """
    most = segment_ticks - 1 if join == "regenerate" else segment_ticks // 2
    if not 1 <= overlap_ticks <= most:
        share = "below the segment's length" if join == "regenerate" else "at most half of the segment"
        raise NodegraphError(
            "out_of_range",
            f"The overlap does not fit a segment of {segment_ticks} ticks joined by {join}.",
            port="overlap_ticks",
            got=str(overlap_ticks),
            expected=f"1 to {most}: {share}",
            remedy="Shorten the overlap or lengthen the segment.",
        )
    return Plan(segment_ticks=segment_ticks, overlap_ticks=overlap_ticks)


@dataclass(frozen=True, kw_only=True)
class Stitched:
    """The frames of one tick and what they cost."""

    pixels: Pixels
    step_ms: float
    decode_ms: float


class Stitch(ABC):
    """One long video under way; every `step` makes the next tick. Memory stays bounded: two sessions at most.

    Args:
        model: a `nodegraph.generator.pool.Model`.
        plan: lengths.
        seed: of the first segment; the others' are derived from it.
    """

    def __init__(self, model: Any, plan: Plan, seed: int) -> None:
        self._model, self._plan, self._seed = model, plan, seed
        self._tick = 0
        self._step_s = self._decode_s = 0.0

    def step(self, controls: Any) -> Stitched:
        """Make the frames of the next tick under these `Controls`."""
        self._step_s = self._decode_s = 0.0
        pixels = self._frames(controls)
        self._tick += 1
        return Stitched(pixels=pixels, step_ms=self._step_s * 1000.0, decode_ms=self._decode_s * 1000.0)

    @abstractmethod
    def _frames(self, controls: Any) -> Pixels: ...

    def _session(self, segment: int) -> Any:
        return self._model.session((self._seed + _SEED_STRIDE * segment) % _SEEDS)

    def _latent(self, session: Any, controls: Any) -> Any:
        started = perf_counter()
        latent = session.step(controls)
        self._step_s += perf_counter() - started
        return latent

    def _decode(self, decoder: Any, latent: Any) -> Pixels:
        started = perf_counter()
        pixels: Pixels = decoder.decode(latent)
        self._decode_s += perf_counter() - started
        return pixels


class _SideBySide(Stitch):
    """Cut and cross-fade: in an overlap the next segment already runs beside the old one."""

    def __init__(self, model: Any, plan: Plan, seed: int, *, fade: bool, in_pixels: bool) -> None:
        super().__init__(model, plan, seed)
        self._fade, self._in_pixels = fade, in_pixels
        self._sessions: dict[int, Any] = {}
        self._decoders: dict[int, Any] = {}
        self._one_decoder = None if in_pixels else model.decoder()

    def _frames(self, controls: Any) -> Pixels:
        owner, entering = self._plan.owner(self._tick), self._plan.entering(self._tick)
        active = [segment for segment in (owner, entering) if segment is not None]
        self._keep_only(active)
        latents = [self._latent(self._sessions[segment], controls) for segment in active]
        if self._in_pixels:
            frames = [self._decode(self._decoders[s], x) for s, x in zip(active, latents, strict=True)]
            return (
                frames[0] if entering is None or not self._fade else self._faded_pixels(frames[0], frames[1], entering)
            )
        if entering is None or not self._fade:
            return self._decode(self._one_decoder, latents[0])
        weight = (self._plan.age(self._tick, entering) + 1) / (self._plan.overlap_ticks + 1)
        return self._decode(self._one_decoder, latents[0] + (latents[1] - latents[0]) * weight)

    def _keep_only(self, active: list[int]) -> None:
        for gone in set(self._sessions) - set(active):
            del self._sessions[gone]
            self._decoders.pop(gone, None)
        for segment in active:
            if segment not in self._sessions:
                self._sessions[segment] = self._session(segment)
                if self._in_pixels:
                    self._decoders[segment] = self._model.decoder()

    def _faded_pixels(self, old: Pixels, new: Pixels, entering: int) -> Pixels:
        """Blend frame by frame. A segment's first tick is one frame: it lies on the last of the old one's four."""
        age, count = self._plan.age(self._tick, entering), len(new)
        length = 1 + FRAMES_PER_TICK * (self._plan.overlap_ticks - 1)
        first = 0 if age == 0 else 1 + FRAMES_PER_TICK * (age - 1)
        weight = ((np.arange(count) + first + 1) / (length + 1)).astype(np.float32)[:, None, None, None]
        blend = old.copy()
        blend[-count:] = np.rint(old[-count:] * (1.0 - weight) + new * weight).astype(np.uint8)
        return blend


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A tick that was shown: its latent, the controls it was made under, and its last frame [H, W, 3]."""

    latent: Any
    controls: Any
    last_frame: Pixels


class _Regenerate(Stitch):
    """The next segment is primed with the last ticks of the one before and goes on from there.

    In pixel space the first of these latents is encoded anew from its last picture, so that the new segment rests on
    a true first frame, and a new decoder takes them in; their frames have been shown and are dropped (the overlap
    roll-out of CausVid, arXiv 2412.07772). In latent space one decoder goes through.
    """

    def __init__(self, model: Any, plan: Plan, seed: int, *, in_pixels: bool) -> None:
        super().__init__(model, plan, seed)
        self._in_pixels = in_pixels
        self._owner = 0
        self._running = self._session(0)
        self._decoder = model.decoder()
        self._past: deque[_Made] = deque(maxlen=plan.overlap_ticks)

    def _frames(self, controls: Any) -> Pixels:
        owner = self._plan.owner(self._tick)
        if owner != self._owner:
            self._owner = owner
            self._begin_segment()
        latent = self._latent(self._running, controls)
        pixels = self._decode(self._decoder, latent)
        self._past.append(_Made(latent=latent, controls=controls, last_frame=pixels[-1]))
        return pixels

    def _begin_segment(self) -> None:
        latents = [made.latent for made in self._past]
        if self._in_pixels:
            latents[0] = self._model.encode(self._past[0].last_frame[None])[0]
            self._decoder = self._model.decoder()
            for latent in latents:
                self._decode(self._decoder, latent)
        self._running = self._session(self._owner)
        started = perf_counter()
        self._running.prime(latents, [made.controls for made in self._past])
        self._step_s += perf_counter() - started


def make_stitch(model: Any, plan: Plan, seed: int, *, join: str, space: str) -> Stitch:
    """Return the long video of a joining rule of `JOINS` in a space of `SPACES`."""
    assert join in JOINS and space in SPACES, (join, space)
    in_pixels = space == "pixel"
    if join == "regenerate":
        return _Regenerate(model, plan, seed, in_pixels=in_pixels)
    return _SideBySide(model, plan, seed, fade=join == "cross_fade", in_pixels=in_pixels)
