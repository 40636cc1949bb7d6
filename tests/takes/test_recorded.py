"""A session that hands out recorded latents becomes a real one that knows what came before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nodegraph.takes.recorded import Recording, recorded_model
from nodegraph.values import Generator, Prompt

pytest.importorskip("torch")


@dataclass(frozen=True)
class Told:
    """Controls, known by a name."""

    name: str
    words: str = "a robot"
    same_place: bool = False

    @property
    def prompt(self) -> Prompt:
        return Prompt(text=self.words)


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

    def see(self, picture: Any, **how: Any) -> None:
        self.told.append(("see", self.tick, picture, how))

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
        found.step(Told(f"c{tick}"))


@pytest.mark.parametrize(("turn_at", "at"), [(0, 0), (3, 3), (5, 5), (6, 6)])
def test_a_picture_that_was_turned_to_is_turned_to_again_at_its_tick(turn_at: int, at: int) -> None:
    real = Notes()
    played(session(real, 6), 8, turn_at)
    turn = ("turn", at, "picture", {"at_place": True})
    prime = ("prime", [0.0, 3.0, 4.0, 5.0], list(map(Told, ("c0", "c3", "c4", "c5"))))
    steps = [("step", 6, Told("c6")), ("step", 6, Told("c7"))]
    assert real.told == ([turn, prime, *steps] if turn_at == 0 else [prime, turn, *steps])


def test_what_it_knows_goes_through_a_snapshot() -> None:
    first, real = session(Notes(), 6), Notes()
    played(first, 4, 2)
    second = session(real, 6)
    for _ in range(4):
        second.step(Told("again"))
    second.restore(first.snapshot())
    for tick in (4, 5, 6):
        second.step(Told(f"c{tick}"))
    assert ("turn", 2, "picture", {"at_place": True}) in real.told
    assert real.told[0][2] == list(map(Told, ("c0", "c3", "c4", "c5")))


def test_further_pictures_of_the_place_are_seen_again_those_of_the_last_words_only() -> None:
    first, real = session(Notes(), 4), Notes()
    first.see("old", pose=None)
    first.step(Told("c0", "a forest"))
    first.see("here")
    first.step(Told("c1", "a city"))
    first.see("beside")
    first.step(Told("c2", "a city"))
    second = session(real, 4)
    for _ in range(3):
        second.step(Told("again", "a city"))
    second.restore(first.snapshot())
    for tick in (3, 4):
        second.step(Told(f"c{tick}", "a city"))
    assert [told[2] for told in real.told if told[0] == "see"] == ["here", "beside"]
    assert [told[0] for told in real.told] == ["prime", "see", "see", "step"]
    second.see("later")
    assert real.told[-1][2] == "later"
