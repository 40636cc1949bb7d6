"""A model whose past is a recording: its sessions hand out recorded latents up to a tick and go on from there.

Where the exact state of a take is gone, its latents still are there. A run with such a model makes every other node do
again what it did (cameras, poses, prompts); the step reads latents instead of making them, and at the tick a real
session is primed with the first of them and the last ones, under the controls of then. That is not the state that was:
latents are kept in float16, and what lay before the window has left no trace. The result is approximate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.values import FRAMES_PER_TICK, Generator

__all__ = ["Recording", "recorded_model"]

Latents = Callable[[int], NDArray[np.float32]]

DECODED_TICKS = 8
"""The decoder is causal and looks back over less than this: it takes in so many latents before its frames are shown."""
SIGHTS = 16
"""Further pictures of a place that are given to the session that goes on, the newest; it keeps fewer."""


@dataclass
class Recording:
    """What is handed out.

    Attributes:
        latent: returns the latent of a tick, float32 [C, R, Q].
        until: the first tick that is made anew.
        tick: the next tick of the session; from `until` on everything is as without a recording.
    """

    latent: Latents
    until: int
    tick: int = 0

    @property
    def over(self) -> bool:
        """True once real sessions go on."""
        return self.tick >= self.until


def recorded_model(recording: Recording) -> Callable[[Generator], Generator]:
    """Return what puts a model with this past in the place of a generator's; one that has it already is returned."""

    def stand_in(generator: Generator) -> Generator:
        if isinstance(generator.handle, _Model):
            return generator
        return replace(generator, handle=_Model(generator.handle, recording))

    return stand_in


class _Model:
    """Looks like the model itself; sessions and decoders begin in the recording as long as it lasts."""

    def __init__(self, handle: Any, recording: Recording) -> None:
        self._handle = handle
        self._recording = recording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)

    def session(self, seed: int, image: NDArray[np.uint8] | None = None, **options: Any) -> Any:
        def begin() -> Any:
            return self._handle.session(seed, image, **options)

        return begin() if self._recording.over else _Session(self._handle, begin, self._recording)

    def decoder(self) -> Any:
        return self._handle.decoder() if self._recording.over else _Decoder(self._handle, self._recording)


class _Session:
    """Hands out recorded latents, remembers what they were made under, and becomes a real session at the end."""

    def __init__(self, handle: Any, begin: Callable[[], Any], recording: Recording) -> None:
        self._handle, self._begin = handle, begin
        self._recording = recording
        self._real: Any = None
        self._first: tuple[int, Any] | None = None
        self._turn: tuple[int, Any, dict[str, Any]] | None = None
        self._seen: tuple[tuple[int, Any, dict[str, Any]], ...] = ()
        # One more than the window holds: the camera's way from the first latent to this one is no real motion, and it
        # has left the window when the last one is in.
        self._past: deque[tuple[int, Any]] = deque(maxlen=handle.config.transformer.window + 1)

    def step(self, controls: Any) -> Any:
        if (real := self._going()) is not None:
            return real.step(controls)
        tick = self._recording.tick
        if self._past and self._past[-1][1].prompt.text != controls.prompt.text and not controls.same_place:
            self._seen = tuple(given for given in self._seen if given[0] >= tick)
        self._first = self._first or (tick, controls)
        self._past.append((tick, controls))
        self._recording.tick += 1
        return self._tensor(tick)

    def turn_to(self, image: Any, **how: Any) -> None:
        """Remember another picture, with the tick it came at, for the session that goes on."""
        if (real := self._going()) is not None:
            real.turn_to(image, **how)
        else:
            self._turn, self._seen = (self._recording.tick, image, how), ()

    def see(self, picture: Any, **how: Any) -> None:
        """Remember a further picture in the same way."""
        if (real := self._going()) is not None:
            real.see(picture, **how)
        else:
            self._seen = (*self._seen, (self._recording.tick, picture, how))[-SIGHTS:]

    def snapshot(self) -> dict[str, Any]:
        if self._real is not None:
            state: dict[str, Any] = self._real.snapshot()
            return state
        return {"recorded": (self._first, tuple(self._past), self._turn, self._seen)}

    def restore(self, state: dict[str, Any]) -> None:
        if "recorded" in state:
            self._first, past, self._turn, self._seen = state["recorded"]
            self._past.extend(past)
        else:
            self._real = self._begin()
            self._real.restore(state)

    def _going(self) -> Any:
        """The real session, once the recording is over."""
        if self._real is None and self._recording.over:
            self._real = self._primed()
        return self._real

    def _primed(self) -> Any:
        session = self._begin()
        assert self._first is not None, "there is at least one tick before the one that is gone on from"
        past = [self._first, *(made for made in self._past if made[0] != self._first[0])]
        if self._turn is not None and self._turn[0] == 0:
            session.turn_to(self._turn[1], **self._turn[2])
        session.prime([self._tensor(tick) for tick, _ in past], [controls for _, controls in past])
        if self._turn is not None and self._turn[0] > 0:
            session.tick = self._turn[0]
            session.turn_to(self._turn[1], **self._turn[2])
        for _, picture, how in self._seen:
            session.see(picture, **how)
        session.tick = self._recording.until  # noise is that of the tick, as it would have been
        return session

    def _tensor(self, tick: int) -> Any:
        # Here and not above: takes are read without torch.
        import torch

        return torch.from_numpy(self._recording.latent(tick)).to(self._handle.device)


class _Decoder:
    """Gives grey frames while nobody sees them, then decodes."""

    def __init__(self, handle: Any, recording: Recording) -> None:
        self._handle, self._recording = handle, recording
        self._real: Any = None

    def decode(self, latent: Any) -> NDArray[np.uint8]:
        if self._real is None and self._recording.tick >= self._recording.until - DECODED_TICKS:
            self._real = self._handle.decoder()
        if self._real is None:
            return np.full((FRAMES_PER_TICK, self._handle.height, self._handle.width, 3), 128, np.uint8)
        pixels: NDArray[np.uint8] = self._real.decode(latent)
        return pixels

    def snapshot(self) -> dict[str, Any]:
        state: dict[str, Any] = {} if self._real is None else self._real.snapshot()
        return state

    def restore(self, state: dict[str, Any]) -> None:
        if state:
            self._real = self._handle.decoder()
            self._real.restore(state)
