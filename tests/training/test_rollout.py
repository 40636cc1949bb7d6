"""Student forcing by replay: what the paper's gradient needs, shown in float64."""

import torch

from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.training.discriminator import Discriminator, recycle
from nodegraph.training.losses import relativistic_d, relativistic_g
from nodegraph.training.rollout import replay, rollout

FRAMES = 6


def _case() -> tuple[APT2Transformer, torch.Tensor, torch.Tensor, torch.Tensor]:
    net = random_weights(preset("debug")).transformer.double()
    generator = torch.Generator().manual_seed(1)
    for p in net.parameters():
        if p.ndim > 1:
            p.data = torch.randn(p.shape, generator=generator, dtype=torch.float64) * 0.1
    shape = preset("debug").latent_shape
    z = torch.randn(2, FRAMES, *shape, generator=generator, dtype=torch.float64)
    planes = torch.randn(
        2, FRAMES, preset("debug").condition_channels, *shape[1:], generator=generator, dtype=torch.float64
    )
    return net, z, planes, torch.zeros(2, 16, dtype=torch.long)


def _stepwise(net: APT2Transformer, z: torch.Tensor, planes: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """The loop itself with gradient: recycled frames detached, keys and values not."""
    text, previous, outputs = net.encode_text(tokens), torch.zeros_like(z[:, 0]), []
    keys: list[list[tuple[torch.Tensor, torch.Tensor]]] = []
    for i in range(z.shape[1]):
        cache = net.make_cache(2)
        # Buffers written in place would break the graph: lay the kept frames out anew at each step.
        cache.frames = i
        if keys:
            k, v = torch.zeros_like(cache.k), torch.zeros_like(cache.v)
            for frame in {0, *range(max(1, i - cache.window), i)}:
                for block, (block_k, block_v) in enumerate(keys[frame]):
                    k[block, :, cache.slot(frame)], v[block, :, cache.slot(frame)] = block_k, block_v
            cache.k, cache.v = k, v
        made: list[tuple[torch.Tensor, torch.Tensor]] = []
        cache.update = lambda _, k, v, made=made: made.append((k, v))  # type: ignore[method-assign]
        outputs.append(net.step(z[:, i], previous.detach(), planes[:, i], text, cache))
        keys.append(made)
        previous = outputs[-1]
    return torch.stack(outputs, 1)


def test_the_replayed_gradient_equals_the_stepwise_one() -> None:
    net, z, planes, tokens = _case()
    weight = torch.randn(z.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    names = [name for name, _ in net.named_parameters()]

    (_stepwise(net, z, planes, tokens) * weight).sum().backward()
    stepwise = {name: p.grad.clone() for name, p in net.named_parameters() if p.grad is not None}
    net.zero_grad()
    made = rollout(net, z, planes, tokens, net.make_cache(2))
    out = replay(net, made, tokens)
    torch.testing.assert_close(out, made.outputs, atol=1e-9, rtol=1e-7)
    (out * weight).sum().backward()
    assert len(stepwise) > len(names) // 2
    largest = max(float(gradient.norm()) for gradient in stepwise.values())
    for name, p in net.named_parameters():
        if name in stepwise:
            assert p.grad is not None
            # A lone text token gives its query no gradient but rounding; the floor keeps that out of the ratio.
            error = (p.grad - stepwise[name]).norm() / stepwise[name].norm().clamp(min=1e-8 * largest)
            # float32 positions and times inside the model bound the agreement.
            assert error < 1e-5, (name, float(error))


def test_an_image_start_keeps_the_image_and_flags_it() -> None:
    net, z, planes, tokens = _case()
    image = torch.randn(z[:, 0].shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    given = torch.tensor([True, False])
    made = rollout(net, z, planes, tokens, net.make_cache(2), first=image, image_given_B=given)
    torch.testing.assert_close(made.outputs[0, 0], image[0])
    assert not torch.equal(made.outputs[1, 0], image[1])
    assert made.planes[0, 0, 0].min() == 1 and made.planes[1, 0, 0].max() == 0
    torch.testing.assert_close(made.recycled[:, 1:], made.outputs[:, :-1])


def test_the_discriminator_judges_frames_or_clips_and_starts_from_the_backbone() -> None:
    net, z, planes, tokens = _case()
    for kind, shape in (("frame", (2, FRAMES)), ("clip", (2, 1))):
        judge = Discriminator(net.float(), kind=kind, blocks=1)  # type: ignore[arg-type]
        logits = judge(z.float(), planes.float(), tokens, torch.tensor([0.2, 0.9]))
        assert logits.shape == shape
        assert torch.equal(judge.backbone.embed.weight, net.embed.weight)
        logits.sum().backward()
        assert all(p.grad is not None for p in judge.parameters() if p.requires_grad)


def test_recycling_shifts_by_one_and_relativistic_losses_pull_apart() -> None:
    x = torch.arange(6.0).view(1, 3, 1, 1, 2)
    assert torch.equal(recycle(x)[0, 1:], x[0, :-1]) and recycle(x)[0, 0].abs().sum() == 0
    good, bad = torch.tensor([3.0]), torch.tensor([-3.0])
    assert relativistic_d(good, bad) < 0.01 < relativistic_d(bad, good)
    assert relativistic_g(good, bad) > 5 > relativistic_g(bad, good)
