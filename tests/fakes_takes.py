"""A small pack without torch whose runs leave takes: a latent with a memory, a picture painted from it, a preview.

take.state walks: every latent depends on all that came before, so a replay that misses anything differs at once.
"""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np

from nodegraph.errors import NodegraphError
from nodegraph.graph import Context, File, Live, Number, Registry, Seed, Text, node, spec_of
from nodegraph.values import Frames, Generator, Latent
from tests.fakes_pack import document, save, show

SHAPE = (2, 3, 4)
WIDTH, HEIGHT = 63, 48
TOO_WIDE = 16_400
"""More columns than the film's encoder takes."""


@dataclass(frozen=True)
class Weights:
    """What a loaded model tells about itself."""

    model_hash: str = "c0ffee"
    device: str = "cpu"
    dtype: str = "torch.float32"


GENERATOR = Generator(handle=Weights(), preset="fake", width=WIDTH, height=HEIGHT)


class LatentOut(NamedTuple):
    latent: Latent


class FramesOut(NamedTuple):
    frames: Frames


@node(id="take.state")
class Walk:
    """A latent that walks."""

    def __init__(self) -> None:
        self.sum = np.zeros(SHAPE, np.float32)

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        push: Live[Annotated[float, Number(ge=-10, le=10, bind="move.forward")]] = Live(0.0),
        seed: Annotated[int, Seed()] = 0,
    ) -> AsyncIterator[LatentOut]:
        async for now in tick:
            noise = np.random.default_rng([seed, now]).standard_normal(SHAPE).astype(np.float32)
            self.sum = self.sum * np.float32(0.9) + noise + np.float32(push.value)
            yield LatentOut(Latent(tick=now, data=self.sum.copy(), generator=GENERATOR))

    def snapshot(self) -> dict[str, Any]:
        return {"sum": self.sum.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        self.sum = state["sum"].copy()


class WeightOut(NamedTuple):
    weight: float


@node(id="take.weigh")
def weigh(*, ctx: Context, file: Annotated[str, File(kind="image")] = "") -> WeightOut:
    """A number that depends on every byte of an uploaded file."""
    return WeightOut(sum(ctx.input_path(file).read_bytes()) % 100 / 10)


@node(id="take.paint")
class Paint:
    """Pictures of a latent: a grey level with a bright bar that moves."""

    async def run(
        self,
        *,
        latent: AsyncIterator[Latent],
        fail_at: Annotated[int, Number(ge=0)] = 10**6,
        grow_at: Annotated[int, Number(ge=0)] = 10**6,
        wide_at: Annotated[int, Number(ge=0)] = 10**6,
    ) -> AsyncIterator[FramesOut]:
        async for one in latent:
            if one.tick == fail_at:
                raise NodegraphError("out_of_range", "The brush broke", remedy="Take another one")
            if one.tick >= wide_at:
                pixels = np.zeros((4, 2, TOO_WIDE, 3), np.uint8)
            else:
                pixels = painted(one, 2 if one.tick >= grow_at else 1)
            yield FramesOut(Frames(tick=one.tick, pixels=pixels))

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        pass


KINDS: dict[str, Callable[[], BaseException]] = {
    "mistake": lambda: RuntimeError("some mistake"),
    "memory": lambda: MemoryError("no memory left"),
    "disk": lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
}


@node(id="take.broken", output=True)
async def broken(
    *, frames: AsyncIterator[Frames], at: Annotated[int, Number(ge=0)] = 0, kind: Annotated[str, Text()] = "mistake"
) -> None:
    """A sink that fails at a tick."""
    async for one in frames:
        if one.tick == at:
            raise KINDS[kind]()


def painted(latent: Latent, scale: int = 1) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return a tick's frames."""
    count = 1 if latent.tick == 0 else 4
    grey = int(np.clip(128 + 8 * latent.data.mean(), 0, 255))
    pixels = np.full((count, HEIGHT * scale, WIDTH * scale, 3), grey, np.uint8)
    for index in range(count):
        at = (4 * latent.tick + index) % WIDTH
        pixels[index, :, at : at + 4] = 255
    return pixels


def make_take_pack() -> Registry:
    """Return a registry with these nodes, and those that show and save."""
    specs = [spec_of(target) for target in (Walk, weigh, Paint, broken, show, save)]
    return Registry([spec for spec in specs if spec is not None])


def take_document(**inputs: Any) -> dict[str, Any]:
    """Return state -> paint -> show; inputs are given as name of the paint or the state."""
    state = {name: value for name, value in inputs.items() if name in ("push", "seed")}
    paint = {name: value for name, value in inputs.items() if name not in state}
    return document(
        {"id": "1", "type": "take.state", "inputs": state},
        {"id": "2", "type": "take.paint", "inputs": paint},
        {"id": "9", "type": "test.show"},
        edges=[("1", "latent", "2", "latent"), ("2", "frames", "9", "frames")],
    )


def weighed_document(file: str) -> dict[str, Any]:
    """Return the same, pushed by what an uploaded file weighs."""
    made = take_document()
    made["nodes"].append({"id": "5", "type": "take.weigh", "version": 1, "inputs": {"file": file}, "pos": [0, 0]})
    made["edges"].append({"from": ["5", "weight"], "to": ["1", "push"]})
    return made
