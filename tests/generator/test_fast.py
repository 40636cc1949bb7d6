"""The fast step path gives what the plain one gives: over long streams, prompt changes, restores, in 8 bits."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from nodegraph.generator.checkpoint import Weights, random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.fast.fp8 import FP8Linear, quantise_rows
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.transformer import FastTransformer, accelerate
from nodegraph.generator.session import Controls, Session
from nodegraph.values import Camera, Prompt

TICKS = 64
DEVICES = ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu])]


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    return str(request.param)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def weights_of(device: str, dtype: torch.dtype) -> Weights:
    """Debug weights in which every input matters."""
    weights = random_weights(preset("debug"), seed=4)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        for parameter in weights.transformer.parameters():
            if parameter.ndim > 1:
                nn.init.normal_(parameter, std=0.1 if parameter.ndim == 2 else parameter[0].numel() ** -0.5)
    # A scene memory feeds rounding back, tick after tick: here the networks alone are compared.
    weights.depth = None
    return weights.to(device=device, dtype=dtype).requires_grad_(False)


def camera(tick: int) -> Camera:
    c2w = Camera().c2w.copy()
    angle = np.radians(3.0 * np.sin(tick / 5))
    c2w[:3, :3] = [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    return Camera(c2w=c2w)


def controls(tick: int, text: str = "a robot", **more: object) -> Controls:
    return Controls(prompt=Prompt(text=text), camera=camera(tick), **more)  # type: ignore[arg-type]


def stream(session: Session, ticks: int) -> Tensor:
    return torch.stack([session.step(controls(tick)).cpu() for tick in range(ticks)])


def off(a: Tensor, b: Tensor) -> float:
    """Distance relative to the size of `b`."""
    return float((a - b).norm() / b.norm())


def test_64_steps_equal_the_plain_path_in_float32(device: str) -> None:
    weights = weights_of(device, torch.float32)
    plain, fast = stream(Session(weights, 3), TICKS), stream(Session(accelerate(weights), 3), TICKS)
    assert plain.std() > 0.1
    torch.testing.assert_close(fast, plain, atol=1e-4, rtol=1e-4)


def test_64_steps_stay_within_a_hundredth_in_bf16(device: str) -> None:
    weights = weights_of(device, torch.bfloat16)
    plain, fast = stream(Session(weights, 3), TICKS), stream(Session(accelerate(weights), 3), TICKS)
    assert off(fast, plain) < 1e-2


@pytest.mark.parametrize("on_prompt", ["keep", "flush", "recache"])
def test_prompt_switches_equal_the_plain_path(device: str, on_prompt: str) -> None:
    """Also while the ring is still filling, and twice, so that the positions after a cut are right."""
    weights = weights_of(device, torch.float32)
    sessions = [Session(weights, 7), Session(accelerate(weights), 7)]
    for tick in range(24):
        text = "a robot" if tick < 2 else "a coral city" if tick < 13 else "snow"
        plain, fast = (s.step(controls(tick, text, on_prompt=on_prompt)) for s in sessions)
        torch.testing.assert_close(fast, plain, atol=1e-4, rtol=1e-4)


def with_vocabulary(device: str) -> Weights:
    """Debug weights that know words, so that prompts differ in length."""
    from dataclasses import replace

    config = preset("debug")
    config = replace(config, text=replace(config.text, vocabulary=("a", "robot", "coral", "city")))
    weights = random_weights(config, seed=4)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(6)
        for parameter in weights.transformer.parameters():
            if parameter.ndim > 1:
                nn.init.normal_(parameter, std=0.1 if parameter.ndim == 2 else parameter[0].numel() ** -0.5)
    return weights.to(device).requires_grad_(False)


def test_prompts_of_other_lengths_equal_the_plain_path(device: str) -> None:
    weights = with_vocabulary(device)
    sessions = [Session(weights, 7), Session(accelerate(weights), 7)]
    made = []
    for tick, text in enumerate(["", "a robot", "a robot", "a robot in a coral city", "coral"] * 3):
        plain, fast = (s.step(controls(tick, text)) for s in sessions)
        torch.testing.assert_close(fast, plain, atol=1e-4, rtol=1e-4)
        made.append(fast)
    assert off(made[-1], made[-2]) > 1e-2


def test_a_restored_stream_goes_on_bit_for_bit(device: str) -> None:
    weights = accelerate(weights_of(device, torch.float32))
    for held in (1, 3, 9):
        session = Session(weights, 3)
        for tick in range(held):
            session.step(controls(tick))
        kept = session.snapshot()
        first = [session.step(controls(held + i)) for i in range(6)]
        session.restore(kept)
        again = [session.step(controls(held + i)) for i in range(6)]
        other = Session(weights, 0)
        other.restore(kept)
        elsewhere = [other.step(controls(held + i)) for i in range(6)]
        for a, b, c in zip(first, again, elsewhere, strict=True):
            assert torch.equal(a, b) and torch.equal(a, c)


def test_an_image_start_equals_the_plain_path(device: str) -> None:
    weights = weights_of(device, torch.float32)
    image = torch.randn(weights.config.latent_shape, generator=torch.Generator().manual_seed(2)).to(device)
    plain, fast = (Session(w, 3, image) for w in (weights, accelerate(weights)))
    torch.testing.assert_close(stream(fast, 8), stream(plain, 8), atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_cached_fast_steps_equal_the_uncached_pass(device: str) -> None:
    """`forward` keeps no cache at all: it computes the whole clip at once."""
    weights = weights_of(device, torch.float32)
    fast = accelerate(weights).transformer
    generator = torch.Generator().manual_seed(3)
    channels, rows, columns = weights.config.latent_shape
    z, recycled = (torch.randn(1, 12, channels, rows, columns, generator=generator).to(device) for _ in range(2))
    planes = torch.randn(1, 12, weights.config.condition_channels, rows, columns, generator=generator).to(device)
    tokens = torch.zeros(1, 16, dtype=torch.long, device=device)
    whole = weights.transformer(z, recycled, planes, tokens, torch.ones(1, device=device))
    text, cache = fast.encode_text(tokens), fast.make_cache()
    steps = [fast.step(z[:, i], recycled[:, i], planes[:, i], text, cache) for i in range(12)]
    torch.testing.assert_close(torch.stack(steps, 1), whole, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_an_uncommitted_step_leaves_no_trace(device: str) -> None:
    net = accelerate(weights_of(device, torch.float32)).transformer
    generator = torch.Generator().manual_seed(3)
    channels, rows, columns = net.config.latent_shape
    text = net.encode_text(torch.zeros(1, 16, dtype=torch.long, device=device))

    def clip(trials: bool) -> list[Tensor]:
        generator.manual_seed(3)
        cache, out = net.make_cache(), []
        for _ in range(7):
            z, recycled = (torch.randn(1, channels, rows, columns, generator=generator).to(device) for _ in range(2))
            planes = torch.zeros(1, net.config.condition_channels, rows, columns, device=device)
            if trials:
                net.step(recycled, z, planes, text, cache, t=0.5, commit=False)
            out.append(net.step(z, recycled, planes, text, cache))
        return out

    assert all(torch.equal(a, b) for a, b in zip(clip(False), clip(True), strict=True))


def test_a_cut_deep_in_a_session_stays_exact() -> None:
    """Positions are kept modulo a turn: after a day of frames the stream is what it is after a minute."""
    weights = accelerate(weights_of("cpu", torch.float32))
    near, far = Session(weights, 3), Session(weights, 3)
    for tick in range(10):
        near.step(controls(tick)), far.step(controls(tick))
    state = near.snapshot()
    cache, shift = dict(state["cache"]), 500_000
    net = weights.transformer
    assert isinstance(net, FastTransformer)
    from nodegraph.generator.rope import rotate

    cache["k"] = rotate(cache["k"], net.phases.time(torch.tensor(float(shift), dtype=torch.float64)))
    cache["time"] += shift
    far.restore(state | {"cache": cache})
    for tick in range(10, 14):
        torch.testing.assert_close(far.step(controls(tick)), near.step(controls(tick)), atol=1e-4, rtol=1e-4)


def test_8_bit_rows_come_back_within_their_rounding() -> None:
    """e4m3 keeps three bits after the leading one: at most 1/16 of each number, 2-3 % in the mean square."""
    x = torch.randn(32, 128, generator=torch.Generator().manual_seed(1))
    rows, scale = quantise_rows(x)
    back = rows.float() * scale
    assert ((back - x).abs() <= x.abs() / 16 + scale * 2**-9).all()
    assert 0.01 < off(back, x) < 0.04
    linear = nn.Linear(128, 64)
    with torch.no_grad():
        assert off(FP8Linear(linear)(x), linear(x)) < 0.06


def test_64_steps_in_8_bits_stay_near_bf16(device: str) -> None:
    """With seeded weights of a large deviation the roll-out drifts at most to a tenth of the latents' size."""
    weights = weights_of(device, torch.bfloat16)
    plain = stream(Session(weights, 3), TICKS)
    eight = stream(Session(accelerate(weights, FastOptions(fp8=True)), 3), TICKS)
    assert 1e-3 < off(eight, plain) < 0.1


def test_8_bits_leave_conditioning_and_output_layers_alone() -> None:
    weights = weights_of("cpu", torch.bfloat16)
    net = accelerate(weights, FastOptions(fp8=True)).transformer
    kinds = {name for name, module in net.named_modules() if isinstance(module, FP8Linear)}
    assert kinds == {f"blocks.{i}.{part}" for i in range(2) for part in ("qkv", "out", "mlp.0", "mlp.2")}
    assert not any(isinstance(module, FP8Linear) for module in weights.modules()), "the plain weights are untouched"
    assert net.embed.weight is weights.transformer.embed.weight


@pytest.mark.slow
def test_compiled_steps_equal_the_plain_path() -> None:
    weights = weights_of("cpu", torch.float32)
    compiled = Session(accelerate(weights, FastOptions(compile=True)), 3)
    torch.testing.assert_close(stream(compiled, 6), stream(Session(weights, 3), 6), atol=1e-4, rtol=1e-4)
