"""A session that hands out recorded latents becomes a real one that knows what came before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nodegraph.takes.recorded import Recording, recorded_model
from nodegraph.values import Generator

pytest.importorskip("torch")


@dataclass
class Notes:
    """A real session that notes what it is told, with the tick that it stands at."""

    tick: int = 0
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def prime(self, latents: list[Any], controls: list[Any]) -> None:
        self.told.append(("prime", [float(latent.mean()) for latent in latents], controls))
        self.tick += len(latents)

    def turn_to(self, image: Any, **how: Any) -> None:
        self.told.append(("turn", self.tick, image, how))

    def step(self, controls: Any) -> Any:
        self.told.append(("step", self.tick, controls))
        return np.zeros((1, 1, 1))


def session(real: Notes, until: int) -> Any:
    config = SimpleNamespace(transformer=SimpleNamespace(window=2))
    handle = SimpleNamespace(session=lambda seed, image: real, config=config, device="cpu")
    generator = Generator(handle=handle, preset="fake", width=8, height=8)
    recording = Recording(lambda tick: np.full((1, 1, 1), tick, np.float32), until)
    return recorded_model(recording)(generator).handle.session(3)


def played(found: Any, ticks: int, turn_at: int) -> None:
    for tick in range(ticks):
        if tick == turn_at:
            found.turn_to("picture", at_place=True)
        found.step(f"c{tick}")


@pytest.mark.parametrize(("turn_at", "at"), [(0, 0), (3, 3), (5, 5), (6, 6)])
def test_a_picture_that_was_turned_to_is_turned_to_again_at_its_tick(turn_at: int, at: int) -> None:
    real = Notes()
    played(session(real, 6), 8, turn_at)
    turn = ("turn", at, "picture", {"at_place": True})
    prime = ("prime", [0.0, 3.0, 4.0, 5.0], ["c0", "c3", "c4", "c5"])
    steps = [("step", 6, "c6"), ("step", 6, "c7")]
    assert real.told == ([turn, prime, *steps] if turn_at == 0 else [prime, turn, *steps])


def test_what_it_knows_goes_through_a_snapshot() -> None:
    first, real = session(Notes(), 6), Notes()
    played(first, 4, 2)
    second = session(real, 6)
    for _ in range(4):
        second.step("again")
    second.restore(first.snapshot())
    for tick in (4, 5, 6):
        second.step(f"c{tick}")
    assert ("turn", 2, "picture", {"at_place": True}) in real.told
    assert real.told[0][2] == ["c0", "c3", "c4", "c5"]
