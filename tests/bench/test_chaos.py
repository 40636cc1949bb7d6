"""Random sessions on the real model of the debug preset."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import torch

from nodegraph.bench.chaos import _Session, _Stage, bench_chaos
from nodegraph.bench.hearing import hearing
from nodegraph.engine import RunRequest
from nodegraph.generator.pool import load
from nodegraph.generator.session import Controls
from nodegraph.values import Prompt


def test_every_replay_and_every_branch_is_bit_identical() -> None:
    found = bench_chaos(2, 5)
    assert (found["sessions"], found["replays_equal"], found["branches_equal"]) == (2, 2, 2)
    assert found["ticks"] > 10 and found["branches"] >= 2 and "first_difference" not in found


def test_going_on_from_every_state_of_the_real_generator_gives_the_same_latents(tmp_path: Path) -> None:
    async def play() -> None:
        stage = _Stage(tmp_path)
        session = _Session(stage, random.Random("states"), "debug", Counter())
        piece = await session._live(None, 0, (), ())
        assert [state.tick for state in piece.states][:2] == [0, 3]
        for state in piece.states:
            again = await stage.render(
                RunRequest(
                    run_id="again",
                    document={},
                    live=False,
                    ticks=piece.end + 1,
                    start=state,
                    controls=tuple(control for control in piece.controls if (control.tick or 0) <= piece.end),
                    edits=piece.edits,
                    tap=stage.tap,
                )
            )
            assert again == {key: mark for key, mark in piece.items.items() if key[1] >= state.tick}

    asyncio.run(play())


def test_a_difference_is_found_and_named(tmp_path: Path) -> None:
    async def play() -> None:
        session = _Session(_Stage(tmp_path), random.Random("differs"), "debug", Counter())
        piece = await session._live(None, 0, (), ())
        piece.items["decode", 2] = b"another picture"
        assert not await session._same(piece)
        assert session.difference == ("decode", 2)

    asyncio.run(play())


def test_a_model_without_words_hears_its_prompt_for_the_time_of_a_bench() -> None:
    model, prompts = load("debug"), ("snow at night", "a robot by day")

    def latents(text: str) -> list[torch.Tensor]:
        session = model.session(1)
        return [session.step(Controls(prompt=Prompt(text=text))) for _ in range(2)]

    before = latents(prompts[0])
    assert torch.equal(before[1], latents(prompts[1])[1]), "it knows no words"
    with hearing("debug", prompts):
        heard, other = latents(prompts[0]), latents(prompts[1])
        assert not torch.equal(heard[0], other[0]) and not torch.equal(heard[1], other[1])
        assert torch.equal(heard[1], latents(prompts[0])[1]), "the same words, the same picture"
    assert torch.equal(before[1], latents(prompts[0])[1]), "it is as it was"
