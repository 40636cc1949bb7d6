"""The generator nodes on the real debug model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import Live
from nodegraph.values import Camera, Generator, Image, Prompt
from nodegraph_nodes._segments import JOINS, SPACES
from nodegraph_nodes.apt2 import Apt2Decode, Apt2Step
from nodegraph_nodes.generator import generator_load
from nodegraph_nodes.stitch import apt2_stitch
from tests.fakes_nodes import RecordingContext, each

ROBOT = Prompt(text="a robot exploring an underwater city with glowing corals")


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path, ticks=8)


@pytest.fixture
async def generator(ctx: RecordingContext) -> Generator:
    return (await generator_load(ctx=ctx, preset="debug")).generator


def steps(node: Apt2Step, ctx: Any, generator: Generator, ticks: Any, **inputs: Any) -> AsyncIterator[Any]:
    settings: dict[str, Any] = {"seed": 3, "image": Live(None), "on_prompt": "keep", "pose": Live(None)}
    settings["views"] = Live(None)
    settings |= {"prompt": Live(ROBOT), "camera": Live(Camera())} | inputs
    return node.run(ctx=ctx, tick=each(ticks), generator=generator, **settings)


async def frames(ctx: Any, generator: Generator, count: int, **inputs: Any) -> list[np.ndarray]:
    latents = [out.latent async for out in steps(Apt2Step(), ctx, generator, range(count), **inputs)]
    return [out.frames.pixels async for out in Apt2Decode().run(ctx=ctx, latent=each(latents))]


def turned(degrees: float) -> Camera:
    c2w, a = Camera().c2w.copy(), np.radians(degrees)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    return Camera(c2w=c2w)


def views_of(step: Apt2Step) -> tuple[Any, ...]:
    views: tuple[Any, ...] = step.snapshot()["memory"]["views"]
    return views


async def test_one_frame_then_four_each_with_timings_and_progress(ctx: Any, generator: Generator) -> None:
    made = await frames(ctx, generator, 4)
    assert [len(pixels) for pixels in made] == [1, 4, 4, 4]
    assert made[0].shape == (1, generator.height, generator.width, 3)
    assert [stage for stage, _ in ctx.timings] == ["step"] * 4 + ["decode"] * 4 and ctx.done == [1, 2, 3, 4]


async def test_the_same_seed_gives_the_same_video_and_another_seed_another(ctx: Any, generator: Generator) -> None:
    one, two, other = [await frames(ctx, generator, 4, seed=seed) for seed in (3, 3, 4)]
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[3], other[3])


async def test_a_picture_of_any_size_may_begin_the_video(ctx: Any, generator: Generator) -> None:
    red = Image(pixels=np.broadcast_to(np.array([200, 20, 20], np.uint8), (90, 31, 3)).copy())
    plain, begun = await frames(ctx, generator, 2), await frames(ctx, generator, 2, image=Live(red))
    assert not np.array_equal(plain[0], begun[0])


async def test_another_picture_is_turned_to_while_the_video_runs(ctx: Any, generator: Generator) -> None:
    red, blue = (Image(pixels=np.full((48, 64, 3), colour, np.uint8)) for colour in ((200, 20, 20), (20, 20, 200)))
    shown = Live(red)
    stream = steps(Apt2Step(), ctx, generator, range(5), image=shown)
    one = [(await anext(stream)).latent.data for _ in range(2)]
    shown.value = blue
    one += [out.latent.data async for out in stream]
    two = [out.latent.data async for out in steps(Apt2Step(), ctx, generator, range(5), image=Live(red))]
    same = [np.array_equal(a, b) for a, b in zip(one, two, strict=True)]
    assert same == [True, True, False, False, False]


async def test_a_state_knows_which_picture_it_has_turned_to(ctx: Any, generator: Generator) -> None:
    red, blue, same = (Image(pixels=np.full((48, 64, 3), c, np.uint8)) for c in ((200, 20, 20), *[(20, 20, 200)] * 2))
    shown, step = Live(red), Apt2Step()
    stream = steps(step, ctx, generator, range(8), image=shown)
    await anext(stream)
    shown.value = blue
    for _ in range(2):
        await anext(stream)
    again = Apt2Step()
    again.restore(step.snapshot())
    one = [(await anext(stream)).latent.data for _ in range(3)]
    two = [out.latent.data async for out in steps(again, ctx, generator, range(3, 6), image=Live(same))]
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True)), "it does not turn to it again"


async def test_a_further_picture_is_remembered_once_and_again_after_a_turn(ctx: Any, generator: Generator) -> None:
    """Also by a state that has it, where the wire brings an equal picture anew."""
    green, red = (np.full((48, 64, 3), colour, np.uint8) for colour in ((20, 200, 20), (200, 20, 20)))
    beside, equal = (Image(pixels=green, at_place=True, camera=turned(50.0)) for _ in range(2))
    step, shown = Apt2Step(), Live(Image(pixels=green, at_place=True, camera=Camera()))
    stream = steps(step, ctx, generator, range(8), views=Live(beside), image=shown)
    for _ in range(3):
        await anext(stream)
    assert views_of(step)[0].camera is beside.camera and len(views_of(step)) == 2
    again = Apt2Step()
    again.restore(step.snapshot())
    two = steps(again, ctx, generator, range(3, 6), views=Live(equal), image=Live(shown.value))
    for _ in range(2):
        assert np.array_equal((await anext(stream)).latent.data, (await anext(two)).latent.data)
    assert len(views_of(again)) == 2
    shown.value = Image(pixels=red, at_place=True, camera=Camera())
    await anext(stream)
    assert [view.camera for view in views_of(step)] == [shown.value.camera, beside.camera], "turned, and told again"


async def test_other_words_for_the_place_of_a_picture_forget_nothing(ctx: Any, generator: Generator) -> None:
    pixels = np.full((48, 64, 3), (20, 200, 20), np.uint8)
    held = {}
    for at_place in (True, False):
        step, words = Apt2Step(), Live(ROBOT)
        image = Live(Image(pixels=pixels, at_place=at_place, camera=Camera()))
        stream = steps(step, ctx, generator, range(30), prompt=words, image=image)
        for _ in range(3):
            await anext(stream)
        words.value = Prompt(text="a robot in an underwater city")
        await anext(stream)
        held[at_place] = len(views_of(step))
    assert held == {True: 1, False: 0}, "a picture of one's own may be what the new words are to change"


async def test_snapshots_of_step_and_decoder_go_on_bit_for_bit(ctx: Any, generator: Generator) -> None:
    step, decode = Apt2Step(), Apt2Decode()
    stream = steps(step, ctx, generator, range(8))
    past = [(await anext(stream)).latent for _ in range(4)]
    async for _ in decode.run(ctx=ctx, latent=each(past)):
        pass
    again, decode_again = Apt2Step(), Apt2Decode()
    again.restore(step.snapshot())
    decode_again.restore(decode.snapshot())
    one = [(await anext(stream)).latent for _ in range(3)]
    two = [out.latent async for out in steps(again, ctx, generator, range(4, 7))]
    shown = [
        [out.frames.pixels async for out in node.run(ctx=ctx, latent=each(latents))]
        for node, latents in ((decode, one), (decode_again, two))
    ]
    assert all(np.array_equal(a, b) for a, b in zip(*shown, strict=True))


def test_a_node_that_never_ran_has_an_empty_snapshot() -> None:
    node = Apt2Step()
    node.restore(node.snapshot())
    assert node.snapshot() == {}


async def test_an_unknown_preset_is_refused(ctx: Any) -> None:
    with pytest.raises(NodegraphError) as caught:
        await generator_load(ctx=ctx, preset="gigantic")
    assert caught.value.code == "unknown_preset"


def stitched(ctx: Any, generator: Generator, ticks: int, **inputs: Any) -> AsyncIterator[Any]:
    settings: dict[str, Any] = {"segment_ticks": 6, "overlap_ticks": 2, "join": "cut", "space": "latent"} | inputs
    steady = {"prompt": Live(ROBOT), "camera": Live(Camera()), "pose": Live(None), "seed": 3}
    return apt2_stitch(ctx=ctx, tick=each(range(ticks)), generator=generator, **steady, **settings)


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("join", JOINS)
async def test_stitched_video_is_whole_and_the_same_each_time(
    join: str, space: str, ctx: Any, generator: Generator
) -> None:
    one, two = [
        [out.frames.pixels async for out in stitched(ctx, generator, 14, join=join, space=space)] for _ in range(2)
    ]
    assert [len(pixels) for pixels in one] == [1] + [4] * 13
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


async def test_the_first_segment_is_the_plain_video(ctx: Any, generator: Generator) -> None:
    plain = await frames(ctx, generator, 4)
    joined = [out.frames.pixels async for out in stitched(ctx, generator, 4)]
    assert all(np.array_equal(a, b) for a, b in zip(plain, joined, strict=True))


async def test_an_overlap_as_long_as_the_segment_is_refused(ctx: Any, generator: Generator) -> None:
    with pytest.raises(NodegraphError) as caught:
        await anext(stitched(ctx, generator, 1, overlap_ticks=6, join="regenerate"))
    assert caught.value.port == "overlap_ticks"
