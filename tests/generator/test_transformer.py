"""The transformer's two faces agree, and what goes in comes out."""

import torch

from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.text import tokenize, understood_words
from nodegraph.generator.transformer import APT2Transformer

FRAMES = 8


def _net() -> APT2Transformer:
    net = random_weights(preset("debug")).transformer
    with torch.random.fork_rng():
        torch.manual_seed(5)
        for p in net.parameters():
            if p.ndim > 1:
                torch.nn.init.normal_(p, std=0.1)
    return net


def _inputs(batch: int = 2) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(3)
    shape = preset("debug").latent_shape
    z, recycled = (torch.randn(batch, FRAMES, *shape, generator=generator) for _ in range(2))
    planes = torch.randn(batch, FRAMES, preset("debug").condition_channels, *shape[1:], generator=generator)
    return z, recycled, planes, torch.zeros(batch, 16, dtype=torch.long)


@torch.no_grad()
def test_cached_steps_equal_the_parallel_pass_beyond_the_window() -> None:
    net, (z, recycled, planes, tokens) = _net(), _inputs()
    whole = net(z, recycled, planes, tokens, torch.ones(2))
    text, cache = net.encode_text(tokens), net.make_cache(2)
    steps = [net.step(z[:, i], recycled[:, i], planes[:, i], text, cache) for i in range(FRAMES)]
    assert whole.abs().mean() > 0.1
    torch.testing.assert_close(torch.stack(steps, 1), whole, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_later_segment_on_a_cache_equals_the_whole_clip() -> None:
    net, (z, recycled, planes, tokens) = _net(), _inputs()
    whole = net(z, recycled, planes, tokens, torch.ones(2))
    for cut in (1, 3, 6):
        text, cache = net.encode_text(tokens), net.make_cache(2)
        for i in range(cut):
            net.step(z[:, i], recycled[:, i], planes[:, i], text, cache)
        rest = net(z[:, cut:], recycled[:, cut:], planes[:, cut:], tokens, torch.ones(2), past=cache)
        torch.testing.assert_close(rest, whole[:, cut:], atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_frame_never_sees_the_future() -> None:
    net, (z, recycled, planes, tokens) = _net(), _inputs()
    before = net(z, recycled, planes, tokens, torch.ones(2))
    z[:, 5:] += 1
    after = net(z, recycled, planes, tokens, torch.ones(2))
    torch.testing.assert_close(after[:, :5], before[:, :5])
    assert (after[:, 5:] - before[:, 5:]).abs().max() > 0.01


@torch.no_grad()
def test_the_first_frame_stays_visible_and_frames_past_the_window_do_not() -> None:
    net, (z, recycled, planes, tokens) = _net(), _inputs()
    window = net.config.transformer.window
    assert window + 1 < FRAMES - 1
    last = net(z, recycled, planes, tokens, torch.ones(2))[:, -1]
    for frame, seen in ((0, True), (1, False), (FRAMES - 1 - window, True)):
        # One block only: deeper ones pass information along from frame to frame.
        shallow = APT2Transformer(net.config)
        shallow.load_state_dict(net.state_dict())
        shallow.blocks = shallow.blocks[:1]
        base = shallow(z, recycled, planes, tokens, torch.ones(2))[:, -1]
        other = z.clone()
        other[:, frame] += 1
        moved = (shallow(other, recycled, planes, tokens, torch.ones(2))[:, -1] - base).abs().max()
        assert bool(moved > 1e-6) is seen, frame
    assert last.isfinite().all()


@torch.no_grad()
def test_bidirectional_attention_sees_the_whole_clip() -> None:
    net, (z, recycled, planes, tokens) = _net(), _inputs()
    before = net(z, recycled, planes, tokens, torch.ones(2), causal=False)
    z[:, -1] += 1
    after = net(z, recycled, planes, tokens, torch.ones(2), causal=False)
    assert (after[:, 0] - before[:, 0]).abs().max() > 1e-4


def test_the_8b_preset_has_eight_billion_parameters() -> None:
    with torch.device("meta"):
        net = APT2Transformer(preset("8b"))
    count = sum(p.numel() for p in net.parameters())
    assert len(net.blocks) == 36
    assert 8.0e9 < count < 8.4e9


def test_unknown_words_case_and_punctuation_do_not_matter() -> None:
    from dataclasses import replace

    text = replace(preset("debug").text, vocabulary=("a", "coral", "robot"))
    assert tokenize("A ROBOT, a zyxw coral!", text) == tokenize("a robot a corals", text)
    assert understood_words("Robots near corals", text.vocabulary) == ["robot", "coral"]
