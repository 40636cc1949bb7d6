"""What a stream remembers of its scene, what makes it remember more or forget, and what it shows of that."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from nodegraph.generator.checkpoint import Weights, load_weights, random_weights, shipped_folder
from nodegraph.generator.config import MEMORY_CHANNELS, preset
from nodegraph.generator.memory import SceneMemory
from nodegraph.generator.session import SETTLE_TICKS, Controls, Session, frames_to_video
from nodegraph.generator.warp import View
from nodegraph.values import Camera, Pose, Prompt
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.clip import sample_clip


@pytest.fixture(scope="module")
def weights() -> Weights:
    """The debug model, whose distances are those of bare ground and which sees no body anywhere."""
    made = random_weights(preset("debug"), seed=0)
    assert made.depth is not None and made.depth.leave.bias is not None
    torch.nn.init.constant_(made.depth.leave.bias[made.depth.leave.out_channels // 2 :], -9.0)
    return made.requires_grad_(False)


def picture(weights: Weights, seed: int) -> Tensor:
    return torch.randn(weights.config.latent_shape, generator=torch.Generator().manual_seed(seed))


def drawn(weights: Weights, seed: int) -> Tensor:
    size = weights.config.height // 8, weights.config.width // 8
    coarse = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=(weights.config.height, weights.config.width))[0]


def told(words: str = "a robot", camera: Camera | None = None) -> Controls:
    return Controls(prompt=Prompt(text=words), camera=camera)


def seen_from(x_m: float = 0.0, *, turned_deg: float = 0.0) -> Camera:
    c2w, a = Camera().c2w.copy(), np.radians(turned_deg)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    c2w[0, 3] += x_m
    return Camera(c2w=c2w)


def views_of(session: Session) -> tuple[View, ...]:
    views: tuple[View, ...] = session.snapshot()["memory"]["views"]
    return views


def test_the_first_frame_is_remembered_and_stays(weights: Weights) -> None:
    session = Session(weights, 0, picture(weights, 1))
    session.step(told())
    first = views_of(session)
    for _ in range(SETTLE_TICKS):
        session.step(told())
    assert len(first) == 1 and views_of(session)[0] is first[0] and len(views_of(session)) == 1


@pytest.mark.parametrize("camera", [seen_from(turned_deg=60.0), seen_from(9.0)], ids=["turned away", "gone away"])
def test_a_camera_that_leaves_the_view_makes_another(weights: Weights, camera: Camera) -> None:
    session = Session(weights, 0, picture(weights, 1))
    for _ in range(8):
        session.step(told())
    session.step(told(camera=camera))
    first, second = views_of(session)
    assert second.camera is camera and not torch.equal(first.picture, second.picture)


def test_the_first_view_outlives_all_others_that_were_made(weights: Weights) -> None:
    memory = SceneMemory(weights)
    for seed in range(12):
        memory.remember(picture(weights, seed)[None], seen_from(seed), None)
    assert [view.camera.c2w[0, 3] for view in memory.views] == [0, 6, 7, 8, 9, 10, 11]


def test_views_that_were_given_do_not_drive_out_those_that_were_made(weights: Weights) -> None:
    memory = SceneMemory(weights)
    memory.remember(picture(weights, 0)[None], seen_from(0.0), None, given=True)
    memory.remember(picture(weights, 1)[None], seen_from(0.5), None)
    for seed in range(14):
        memory.keep(drawn(weights, seed), seen_from(1.0 + seed), None, given=True)
    assert [view.camera.c2w[0, 3] for view in memory.views] == [0.0, 0.5, *range(6, 15)]


def test_a_given_view_shows_what_the_stream_never_made(weights: Weights) -> None:
    """The camera turns away at once; with a picture of what lies there nothing has to be made up."""
    away, beside = seen_from(turned_deg=50.0), drawn(weights, 5)
    with_it, without = Session(weights, 0, picture(weights, 1)), Session(weights, 0, picture(weights, 1))
    with_it.see(beside, camera=away)
    latents = {}
    for session in (with_it, without):
        for _ in range(8):
            session.step(told())
        for _ in range(2):
            latents[session] = session.step(told(camera=away))
    assert [view.given for view in views_of(with_it)] == [True, True], "enough is known: none was made"
    assert [view.given for view in views_of(without)] == [True, False]
    shown = SceneMemory(weights)
    shown.restore(with_it.snapshot()["memory"])
    assert shown.show(away, away, None, None).share > 0.95
    assert not torch.allclose(latents[with_it], latents[without])


def test_what_is_known_of_a_picture_is_not_estimated(weights: Weights) -> None:
    memory, pose = SceneMemory(weights), Pose(keypoints=keypoints(BodyState()))
    size = weights.config.height, weights.config.width
    near, body = np.full(size, 0.125, np.float32), np.zeros(size, bool)
    body[10:20, 20:30] = True
    for who in (pose, None):
        memory.keep(drawn(weights, 1), Camera(), who, given=True, nearness=near, body=body)
    with_body, alone = memory.views
    assert torch.all(with_body.nearness == 0.125) and torch.equal(with_body.body[0] > 0, torch.from_numpy(body))
    assert float(with_body.hem.sum()) > float(with_body.body.sum()) and not alone.body.any() and not alone.hem.any()


def test_what_was_given_with_new_words_stays_and_with_the_old_goes(weights: Weights) -> None:
    session = Session(weights, 0, picture(weights, 1))
    session.see(drawn(weights, 2), camera=seen_from(1.0))
    session.step(told())
    session.see(drawn(weights, 3), camera=seen_from(2.0))
    state = session.snapshot()
    session.step(told("an astronaut"))
    assert [view.camera.c2w[0, 3] for view in views_of(session)] == [2.0]
    again = Session(weights, 0, picture(weights, 1))
    again.restore(state)
    again.step(told("an astronaut"))
    assert torch.equal(again.snapshot()["previous"], session.snapshot()["previous"])


def test_new_words_forget_what_was_until_the_picture_has_settled(weights: Weights) -> None:
    session = Session(weights, 0, picture(weights, 1))
    session.step(told())
    for tick in range(SETTLE_TICKS + 2):
        session.step(told("an astronaut"))
        assert len(views_of(session)) == (1 if tick >= SETTLE_TICKS else 0), tick


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
    (view,) = views_of(with_it)
    assert view.camera is camera and not views_of(without)
    assert not torch.allclose(made, plain), "the stream turns to it"


def test_a_stream_goes_from_where_its_picture_was_made_to_where_it_is_told(weights: Weights) -> None:
    here, there = seen_from(), seen_from(0.3)
    session = Session(weights, 0, picture(weights, 1), camera=here)
    session.step(told(camera=there))
    assert session.snapshot()["camera"] is here
    session.step(told(camera=there))
    assert session.snapshot()["camera"] is there and views_of(session)[0].camera is here


def test_a_camera_that_rests_is_shown_the_view_as_it_is(weights: Weights) -> None:
    memory = SceneMemory(weights)
    image = weights.vae.encode(weights.vae.decode(picture(weights, 3)[None, None]).clamp(-1, 1))[0]
    memory.remember(image, Camera(), None)
    shown = memory.show(Camera(), Camera(), None, None)
    still = weights.vae.decode(image[None]).clamp(-1, 1).expand(-1, 5, -1, -1, -1)
    assert shown.share > 0.9 and shown.planes.shape[0] == MEMORY_CHANNELS + weights.config.vae.latent_channels
    inner = (..., slice(1, -1), slice(1, -1))
    assert torch.allclose(shown.planes[MEMORY_CHANNELS:][inner], weights.vae.encode(still)[0, 1][inner], atol=0.05)


def test_what_is_shown_depends_on_the_state_alone(weights: Weights) -> None:
    """Places found for the last tick are kept; a memory without them shows the same, bit for bit."""
    memory = SceneMemory(weights)
    memory.remember(picture(weights, 3)[None], Camera(), None)
    cameras = [seen_from(0.1 * i, turned_deg=2.0 * i) for i in range(4)]
    for before, now in pairwise(cameras):
        fresh = SceneMemory(weights)
        fresh.restore(memory.snapshot())
        held = memory.show(before, now, None, None)
        assert torch.equal(fresh.show(before, now, None, None).planes, held.planes)


def test_nothing_is_shown_where_nothing_is_remembered(weights: Weights) -> None:
    shown = SceneMemory(weights).show(Camera(), Camera(), None, None)
    assert shown.share == 0.0 and not shown.planes.any()


def test_the_quick_encoder_stands_for_the_whole_one() -> None:
    """On the shipped model: pictures it was not fitted to."""
    folder = shipped_folder("tiny")
    assert folder is not None
    weights = load_weights(folder)
    assert weights.quick is not None and weights.quick.fitted
    clip = sample_clip(900_001, frames=13, width=256, height=160, place=0)
    video = frames_to_video(clip.video_u8.numpy())
    with torch.inference_mode():
        true = weights.vae.encode(video)[0, 1:]
        quick = weights.quick(video[0, 1:].unflatten(0, (-1, 4)))
    assert (quick - true).square().mean() < 1e-3 * true.square().mean()


def test_a_model_without_one_encodes_with_the_whole_encoder_tick_after_tick(weights: Weights) -> None:
    assert weights.quick is not None and not weights.quick.fitted
    memory = SceneMemory(weights)
    memory.remember(picture(weights, 3)[None], Camera(), None)
    first, second = (memory.show(Camera(), Camera(), None, None).planes for _ in range(2))
    assert first[MEMORY_CHANNELS:].abs().sum() > 0
    assert torch.allclose(first, second, atol=1e-4), "nothing moves: what follows is the same again"
