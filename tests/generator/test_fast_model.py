"""A fast model stands in for a plain one: sessions, decoders, snapshots, seeded weights."""

import numpy as np
import pytest
import torch

from nodegraph.generator import pool
from nodegraph.generator.config import preset
from nodegraph.generator.fast.decoder import FastDecoder
from nodegraph.generator.fast.model import FastModel
from nodegraph.generator.fast.seeded import count_parameters, seeded_weights
from nodegraph.generator.session import Controls
from nodegraph.values import Camera, Prompt

DEVICES = ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu])]


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    return str(request.param)


def told(tick: int) -> Controls:
    return Controls(prompt=Prompt(text="a robot" if tick < 4 else "a city"), camera=Camera())


def test_sessions_and_decoders_of_a_fast_model_give_the_plain_frames(device: str) -> None:
    plain = pool.load("debug", device)
    fast = FastModel(plain)
    one, two = plain.session(3), fast.session(3)
    decode, quick = plain.decoder(), fast.decoder()
    for tick in range(9):
        a, b = one.step(told(tick)), two.step(told(tick))
        assert float((a - b).norm() / a.norm()) < 2e-2
        frames = quick.decode(a)
        assert frames.shape[0] == (1 if tick == 0 else 4)
        assert np.array_equal(frames, decode.decode(a))


def test_frames_asked_for_ahead_come_in_order_and_unchanged(device: str) -> None:
    model = FastModel(pool.load("debug", device))
    session, ahead, waiting = model.session(1), model.decoder(), model.decoder()
    latents = [session.step(told(tick)) for tick in range(6)]
    tickets = [ahead.submit(latent) for latent in latents]
    for ticket, latent in zip(tickets, latents, strict=True):
        assert np.array_equal(ticket.frames(), waiting.decode(latent))
        assert ticket.done()


def test_a_decoder_goes_on_from_a_snapshot_bit_for_bit(device: str) -> None:
    model = FastModel(pool.load("debug", device))
    session = model.session(1)
    latents = [session.step(told(tick)) for tick in range(8)]
    decoder, other = FastDecoder(model.weights), FastDecoder(model.weights)
    start = decoder.snapshot()
    first = [decoder.decode(latent) for latent in latents[:3]]
    held = decoder.snapshot()
    rest = [decoder.decode(latent) for latent in latents[3:]]
    decoder.restore(held)
    other.restore(held)
    for latent, frames in zip(latents[3:], rest, strict=True):
        assert np.array_equal(decoder.decode(latent), frames)
        assert np.array_equal(other.decode(latent), frames)
    decoder.restore(start)
    assert all(np.array_equal(decoder.decode(x), f) for x, f in zip(latents[:3], first, strict=True))


def test_seeded_weights_depend_on_the_seed_alone_and_make_finite_pictures(device: str) -> None:
    config = preset("debug")
    one, two, other = (seeded_weights(config, seed=s, device=device, dtype=torch.float32) for s in (7, 7, 8))
    for (name, a), b in zip(one.state_dict().items(), two.state_dict().values(), strict=True):
        assert torch.equal(a, b), name
    assert not torch.equal(one.transformer.embed.weight, other.transformer.embed.weight)
    model = pool.Model(one, preset="debug", model_hash="seeded", device=device, dtype=torch.float32)
    session, decoder = model.session(0), model.decoder()
    frames = [decoder.decode(session.step(told(tick))) for tick in range(5)]
    assert frames[-1].std() > 1, "the picture is not flat"
    assert not np.array_equal(frames[-1], frames[-2])


def test_8b_counts_8_billion_of_which_a_step_computes_the_video_half() -> None:
    counted = count_parameters(preset("8b"))
    assert 8.0e9 < counted["transformer"] < 8.4e9
    assert 0.49 < counted["step"] / counted["transformer"] < 0.52
    assert counted["all"] == counted["transformer"] + counted["vae"]
