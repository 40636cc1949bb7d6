"""Stand-ins for what surrounds a node: a context that records, a clock that counts, a generator made of numbers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nodegraph.errors import NodegraphError
from nodegraph.values import Frames, SavedFile

R = TypeVar("R")


class RecordingContext:
    """A `nodegraph.graph.Context` over a folder; it keeps what the node reported."""

    def __init__(self, folder: Path, *, ticks: int | None = None, workflow: dict[str, Any] | None = None) -> None:
        self.run_id, self.node_id, self.live, self.ticks = "run", "7", False, ticks
        self.workflow = workflow or {"schema": 1, "nodes": [], "edges": []}
        self.folder = folder
        self.previews: list[tuple[Frames, str, int]] = []
        self.results: list[SavedFile] = []
        self.timings: list[tuple[str, float]] = []
        self.done: list[float] = []
        self.before_work: Callable[[], object] = lambda: None
        self.cancels_next_work = False

    def progress(self, done: float, total: float | None = None) -> None:
        self.done.append(done)

    async def preview(self, frames: Frames, *, format: str, quality: int) -> None:
        self.previews.append((frames, format, quality))

    def reserve_output(self, prefix: str, suffix: str) -> SavedFile:
        number = sum(1 for _ in self.folder.glob("*" + suffix)) + 1
        path = self.folder / f"{prefix}_{number:05}{suffix}"
        path.touch()
        return SavedFile(path=path, filename=path.name, subfolder="", media_type="test/" + suffix[1:])

    def input_path(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise NodegraphError("not_found", f"There is no {name}")
        return path

    def result(self, saved: SavedFile) -> None:
        self.results.append(saved)

    async def work(self, fn: Callable[..., R], *args: Any) -> R:
        self.before_work()
        if self.cancels_next_work:
            self.cancels_next_work = False
            raise asyncio.CancelledError
        return await asyncio.to_thread(fn, *args)

    async def compute(self, device: str, fn: Callable[..., R], *args: Any) -> R:
        return await self.work(fn, *args)

    def timing(self, stage: str, ms: float) -> None:
        self.timings.append((stage, ms))


async def each(items: Iterable[R]) -> AsyncIterator[R]:
    """A stream of these items."""
    for item in items:
        yield item


class NumberSession:
    """A session whose latents are [1, 1, 1] arrays that hold its seed; it notes what it was given."""

    alive = 0

    def __init__(self, seed: int) -> None:
        self.seed, self.primed, self.steps = seed, [], 0
        NumberSession.alive += 1

    def __del__(self) -> None:
        NumberSession.alive -= 1

    def step(self, controls: Any) -> np.ndarray:
        self.steps += 1
        return np.full((1, 1, 1), float(self.seed))

    def prime(self, latents: list[np.ndarray], controls: list[Any]) -> None:
        self.primed = [(float(latent.item()), control) for latent, control in zip(latents, controls, strict=True)]


class NumberDecoder:
    """One frame for the first latent, four for each later one, every pixel the latent's number (modulo 256)."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def decode(self, latent: np.ndarray) -> np.ndarray:
        self.taken.append(float(latent.item()))
        return np.full((1 if len(self.taken) == 1 else 4, 2, 2, 3), round(float(latent.item())) % 256, np.uint8)


class NumberModel:
    """A generator of numbers: its first session makes 20s, its second 40s, ...; it notes seeds and decoders."""

    width = height = 2

    def __init__(self) -> None:
        self.seeds: list[int] = []
        self.decoders: list[NumberDecoder] = []

    def session(self, seed: int) -> NumberSession:
        self.seeds.append(seed)
        return NumberSession(seed=20 * len(self.seeds))

    def decoder(self) -> NumberDecoder:
        self.decoders.append(NumberDecoder())
        return self.decoders[-1]

    def encode(self, pixels: np.ndarray) -> list[np.ndarray]:
        assert pixels.shape[0] == 1
        return [np.full((1, 1, 1), float(pixels[0, 0, 0, 0]) + 0.5)]
