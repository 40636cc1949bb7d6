"""Which frame a stream remembers its scene by, and what makes it take another."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nodegraph.generator.checkpoint import Weights, random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.key_frame import SETTLE_TICKS, KeyFrame
from nodegraph.generator.session import Controls, Session
from nodegraph.values import Camera, Prompt


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights(preset("debug"), seed=0)


def picture(weights: Weights, seed: int) -> torch.Tensor:
    return torch.randn(weights.config.latent_shape, generator=torch.Generator().manual_seed(seed))


def told(words: str = "a robot", camera: Camera | None = None) -> Controls:
    return Controls(prompt=Prompt(text=words), camera=camera)


def seen_from(x_m: float = 0.0, *, turned_deg: float = 0.0) -> Camera:
    c2w, a = Camera().c2w.copy(), np.radians(turned_deg)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    c2w[0, 3] += x_m
    return Camera(c2w=c2w)


def key_of(session: Session) -> KeyFrame | None:
    key: KeyFrame | None = session.snapshot()["key"][0]
    return key


def test_the_first_frame_is_the_key_frame_and_stays(weights: Weights) -> None:
    image = picture(weights, 1)
    session = Session(weights, 0, image)
    for _ in range(SETTLE_TICKS + 3):
        session.step(told())
        key = key_of(session)
        assert key is not None and torch.equal(key.latent, image)


@pytest.mark.parametrize("camera", [seen_from(turned_deg=60.0), seen_from(5.0)], ids=["turned away", "gone away"])
def test_a_camera_that_leaves_the_view_takes_a_new_key_frame(weights: Weights, camera: Camera) -> None:
    session = Session(weights, 0, picture(weights, 1))
    session.step(told())
    latent = session.step(told(camera=camera))
    key = key_of(session)
    assert key is not None and torch.equal(key.latent, latent) and key.camera is camera


def test_new_words_forget_the_key_frame_until_the_picture_has_settled(weights: Weights) -> None:
    session = Session(weights, 0, picture(weights, 1))
    session.step(told())
    for tick in range(SETTLE_TICKS + 1):
        latent = session.step(told("an astronaut"))
        key = key_of(session)
        assert (key is None) == (tick < SETTLE_TICKS - 1)
    assert key is not None and not torch.equal(key.latent, latent), "it is kept from then on"


@pytest.mark.parametrize("first", ["picture", "words"])
def test_a_new_picture_stays_whether_it_comes_before_or_after_the_words(weights: Weights, first: str) -> None:
    other, camera = picture(weights, 2), seen_from(0.2)
    with_it, without = Session(weights, 0, picture(weights, 1)), Session(weights, 0, picture(weights, 1))
    for session in (with_it, without):
        session.step(told())
    if first == "words":
        with_it.step(told("an astronaut"))
        without.step(told("an astronaut"))
    with_it.turn_to(other, camera=camera, pose=None)
    made, plain = with_it.step(told("an astronaut")), without.step(told("an astronaut"))
    key = key_of(with_it)
    assert key is not None and torch.equal(key.latent, other) and key.camera is camera
    assert not torch.allclose(made, plain), "the stream turns to it"


def test_a_stream_goes_from_where_its_picture_was_made_to_where_it_is_told(weights: Weights) -> None:
    here, there = seen_from(), seen_from(0.3)
    session = Session(weights, 0, picture(weights, 1), camera=here)
    session.step(told(camera=there))
    assert session.snapshot()["camera"] is here
    session.step(told(camera=there))
    key = key_of(session)
    assert session.snapshot()["camera"] is there and key is not None and key.camera is here


def test_the_planes_say_how_the_picture_has_moved_since(weights: Weights) -> None:
    config = weights.config
    key = KeyFrame(latent=picture(weights, 3), camera=Camera(), pose=None)
    here, aside = key.planes(Camera(), None), key.planes(seen_from(turned_deg=10.0), None)
    motion = config.key_planes.stop - config.key_planes.start
    assert not here[:2].any() and aside[0].abs().min() > 0.5
    assert torch.equal(here[motion:], key.latent) and torch.equal(aside[motion:], key.latent)
    assert key.serves(seen_from(turned_deg=10.0)) and not key.serves(seen_from(turned_deg=60.0))
