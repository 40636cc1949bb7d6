"""The autoencoder is causal: a stream equals the clip, and the first frame stands alone."""

import pytest
import torch

from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.vae import VAE, CausalState


@pytest.fixture(scope="module")
def vae() -> VAE:
    weights = random_weights(preset("debug")).vae
    with torch.no_grad():
        for p in weights.parameters():
            if p.ndim > 1:
                p.add_(torch.randn(p.shape, generator=torch.Generator().manual_seed(1)) * 0.02)
    return weights


@torch.no_grad()
def test_decoding_frame_by_frame_equals_decoding_the_clip(vae: VAE) -> None:
    latent = torch.randn(1, 5, *preset("debug").latent_shape, generator=torch.Generator().manual_seed(2))
    whole, state = vae.decode(latent), CausalState()
    parts = [vae.decode(latent[:, i : i + 1], state) for i in range(5)]
    assert [p.shape[1] for p in parts] == [1, 4, 4, 4, 4]
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_encoding_tick_by_tick_equals_encoding_the_clip(vae: VAE) -> None:
    video = torch.rand(1, 13, 3, 48, 64, generator=torch.Generator().manual_seed(3)) * 2 - 1
    whole, state = vae.encode(video), CausalState()
    parts = [vae.encode(video[:, :1], state), *(vae.encode(video[:, i : i + 4], state) for i in (1, 5, 9))]
    assert whole.shape[1] == 4
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_decoder_state_can_be_restored_exactly(vae: VAE) -> None:
    latent = torch.randn(1, 4, *preset("debug").latent_shape, generator=torch.Generator().manual_seed(4))
    state = CausalState()
    vae.decode(latent[:, :2], state)
    kept = state.snapshot()
    first = vae.decode(latent[:, 2:3], state)
    vae.decode(latent[:, 3:], state)
    state.restore(kept)
    assert torch.equal(vae.decode(latent[:, 2:3], state), first)


def test_the_linear_path_alone_restores_what_its_components_span() -> None:
    fresh = VAE(preset("debug").vae)
    assert fresh.linear is not None
    basis = torch.randn(4, 768, generator=torch.Generator().manual_seed(5))
    cells = torch.randn(500, 4, generator=torch.Generator().manual_seed(6)) @ basis + 0.3
    fresh.linear.fit(cells)
    again = fresh.linear.leave(fresh.linear.enter(cells))
    torch.testing.assert_close(again, cells, atol=2e-2, rtol=1e-2)


def test_the_shapes_of_the_presets_are_4x_in_time_and_8x_in_space() -> None:
    for name in ("debug", "tiny"):
        config = preset(name)
        video = torch.zeros(1, 9, 3, config.height, config.width)
        with torch.no_grad():
            latent = VAE(config.vae).encode(video)
        assert latent.shape == (1, 3, *config.latent_shape)


def test_with_and_without_gradients_the_result_is_the_same(vae: VAE) -> None:
    """Without gradients activations are made in place; no input may be lost by that."""
    video = torch.rand(2, 5, 3, 48, 64, generator=torch.Generator().manual_seed(7)) * 2 - 1
    latent = torch.randn(2, 2, *preset("debug").latent_shape, generator=torch.Generator().manual_seed(8))
    encoded, decoded = vae.encode(video), vae.decode(latent)
    given = video.clone(), latent.clone()
    with torch.no_grad():
        torch.testing.assert_close(vae.encode(video), encoded)
        torch.testing.assert_close(vae.decode(latent), decoded)
    assert torch.equal(video, given[0])
    assert torch.equal(latent, given[1])


@torch.no_grad()
@pytest.mark.parametrize("count", [1, 3])
def test_the_last_frame_alone_is_that_of_the_clip(vae: VAE, count: int) -> None:
    latent = torch.randn(1, count, *preset("debug").latent_shape, generator=torch.Generator().manual_seed(4))
    torch.testing.assert_close(vae.last_frame(latent), vae.decode(latent)[:, -1], atol=1e-5, rtol=1e-4)
