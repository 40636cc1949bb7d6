"""Segments of a long video overlap, join as asked, and add up to exactly the right number of frames."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodegraph.errors import NodegraphError
from nodegraph_nodes._segments import JOINS, SPACES, Plan, Stitch, make_plan, make_stitch
from tests.fakes_nodes import NumberModel, NumberSession

S, OVERLAP, ADVANCE = 6, 2, 4


def video(join: str, space: str, *, segment: int = S, overlap: int = OVERLAP) -> tuple[NumberModel, Stitch]:
    model = NumberModel()
    return model, make_stitch(model, make_plan(segment, overlap, join), 5, join=join, space=space)


def shown(stitch: Stitch, ticks: int) -> list[np.ndarray]:
    """The frames of every tick; the fake's pixels hold 20 for the first segment, 40 for the second, ..."""
    return [stitch.step(f"controls {t}").pixels[:, 0, 0, 0] for t in range(ticks)]


@st.composite
def lengths(draw: Any) -> tuple[str, str, int, int, int]:
    join, space = draw(st.sampled_from(JOINS)), draw(st.sampled_from(SPACES))
    segment = draw(st.integers(2, 30))
    most = segment - 1 if join == "regenerate" else segment // 2
    return join, space, segment, draw(st.integers(1, most)), draw(st.integers(1, 100))


@given(lengths())
@settings(max_examples=150, deadline=None)
def test_n_ticks_give_one_frame_and_then_four_each(case: tuple[str, str, int, int, int]) -> None:
    join, space, segment, overlap, ticks = case
    counts = [len(frames) for frames in shown(video(join, space, segment=segment, overlap=overlap)[1], ticks)]
    assert counts == [1] + [4] * (ticks - 1)


@given(st.integers(2, 60), st.integers(1, 29), st.integers(0, 500))
def test_every_tick_lies_in_its_owners_segment(segment: int, overlap: int, tick: int) -> None:
    plan = Plan(segment_ticks=segment, overlap_ticks=min(overlap, segment - 1))
    owner, entering = plan.owner(tick), plan.entering(tick)
    assert 0 <= plan.age(tick, owner) < segment
    assert owner == 0 or plan.age(tick, owner) >= plan.overlap_ticks
    assert entering is None or 0 <= plan.age(tick, entering) < plan.overlap_ticks


@pytest.mark.parametrize("space", SPACES)
def test_a_cut_changes_over_when_the_overlap_ends(space: str) -> None:
    model, stitch = video("cut", space)
    values = [set(frames) for frames in shown(stitch, 12)]
    assert values == [{20}] * S + [{40}] * ADVANCE + [{60}] * 2
    assert len(set(model.seeds)) == 3


@pytest.mark.parametrize("space", SPACES)
def test_a_cross_fade_rises_through_the_overlap_and_is_pure_outside(space: str) -> None:
    frames = np.concatenate(shown(video("cross_fade", space)[1], 2 * ADVANCE)).astype(int)
    first, last = 1 + 4 * (ADVANCE - 1), 1 + 4 * (S - 1)
    assert (frames[:first] == 20).all() and (frames[last:] == 40).all()
    assert (np.diff(frames) >= 0).all() and len(set(frames[first:last])) >= OVERLAP
    assert 20 < frames[last - 1] < 40


def test_a_fade_in_pixels_begins_at_the_new_segments_single_first_frame() -> None:
    frames = shown(video("cross_fade", "pixel", segment=8, overlap=2)[1], 8)
    assert list(frames[6]) == [20, 20, 20, 23] and list(frames[7]) == [27, 30, 33, 37]


def test_regenerate_gives_the_next_segment_the_last_ticks_as_its_past() -> None:
    _, stitch = video("regenerate", "latent")
    shown(stitch, S)
    stitch.step("controls 6")
    running = stitch._running  # type: ignore[attr-defined]
    assert running.primed == [(20.0, "controls 4"), (20.0, "controls 5")] and running.steps == 1


def test_regenerate_in_pixels_encodes_the_first_of_them_anew_and_drops_doubled_frames() -> None:
    model, stitch = video("regenerate", "pixel")
    frames = shown(stitch, S + 1)
    running = stitch._running  # type: ignore[attr-defined]
    assert [value for value, _ in running.primed] == [20.5, 20.0]
    assert model.decoders[1].taken == [20.5, 20.0, 40.0]
    assert list(frames[-1]) == [40] * 4


def test_in_latent_space_one_decoder_goes_through() -> None:
    for join in JOINS:
        model, stitch = video(join, "latent")
        shown(stitch, 20)
        assert len(model.decoders) == 1 and len(model.decoders[0].taken) == 20


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize("space", SPACES)
def test_memory_does_not_grow_with_length(join: str, space: str) -> None:
    gc.collect()
    before = NumberSession.alive
    _, stitch = video(join, space)
    most = 0
    for t in range(60):
        stitch.step(t)
        most = max(most, NumberSession.alive - before)
    assert most <= 2


@pytest.mark.parametrize(
    ("segment", "overlap", "join", "limit"),
    [(24, 24, "regenerate", "23"), (24, 30, "cut", "12"), (24, 13, "cross_fade", "12"), (4, 0, "cut", "2")],
)
def test_an_overlap_that_does_not_fit_names_its_port(segment: int, overlap: int, join: str, limit: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        make_plan(segment, overlap, join)
    error = caught.value
    assert error.code == "out_of_range" and error.port == "overlap_ticks" and error.got == str(overlap)
    assert limit in str(error.expected) and error.remedy
