"""Going on from recorded latents where the exact state is gone: it works, and it is called approximate everywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodegraph.bench.kill import first_workflow
from nodegraph.engine import LocalEngine
from nodegraph.graph import load_registry
from nodegraph.server.keys import RUNS
from nodegraph.server.restoring import obstacle
from nodegraph.takes import TakeReader, replay, write_header
from tests.server.conftest import Server, ServerMaker
from tests.server.test_branches import Director
from tests.server.test_live import connected, message

UNTIL = 8


@pytest.fixture
async def director(start_server: ServerMaker):
    async with start_server(registry=load_registry()) as server, connected(server) as ws:
        yield Director(server, ws)


async def recorded(director: Director, ticks: int = 11) -> TakeReader:
    """Record a few ticks of the debug model, and forget every state."""
    await director.post("/api/runs", workflow=first_workflow("debug"), ticks=ticks, seed=3)
    take_id = (await message(director.ws, "take_started"))["take_id"]
    await message(director.ws, "run_finished")
    director.server.app[RUNS]._held.clear()
    return await director.take(take_id)


async def branched(director: Director, take: TakeReader, tick: int, ticks: int = 2, **body: Any) -> Any:
    """Go on from a tick for some more; return the answer and the child."""
    answer = await director.post(f"/api/takes/{take.header.take_id}/branch", tick=tick, **body)
    await director.until(answer["run_id"], tick + ticks)
    await director.stop(answer["run_id"])
    director.server.app[RUNS]._held.clear()
    return answer, await director.take(answer["take_id"])


async def entry(server: Server, take: TakeReader) -> Any:
    listed = (await server.call("GET", "/api/takes")).json["takes"]
    return next(one for one in listed if one["take_id"] == take.header.take_id)


@pytest.mark.timeout(600)
async def test_a_branch_from_latents_goes_on_and_is_called_approximate(director: Director, tmp_path: Path) -> None:
    take = await recorded(director)
    answer, child = await branched(director, take, UNTIL, restore="latents")
    assert (answer["exact"], answer["restored"], answer["reason"]) == (False, "latents", "it was asked for")
    assert (child.exact, child.approximate_from) == (False, UNTIL)
    assert child.ticks()[:UNTIL] == take.ticks()[:UNTIL], "what was recorded is taken over"
    (record,) = [one for one in child.records if one["t"] == "restored"]
    assert (record["tick"], record["from"], record["exact"]) == (UNTIL, "latents", False)
    assert (await entry(director.server, child))["approximate"] is True
    told = (await director.server.call("GET", f"/api/takes/{child.header.take_id}")).json
    assert (told["exact"], told["approximate_from"]) == (False, UNTIL)
    assert "approximate" not in await entry(director.server, take)
    there, here = take.latents(UNTIL, UNTIL)[0], child.latents(UNTIL, UNTIL)[0]
    other = take.latents(0, 0)[0]
    assert np.abs(here - there).mean() < 0.5 * np.abs(other - there).mean(), "it goes on where the take was"
    assert len(child.frames(UNTIL)) == 4, "the decoder has taken the latents in"
    engine = LocalEngine(load_registry(), data_dir=tmp_path, output_dir=tmp_path / "o")
    report = await replay(child, engine)
    assert report.equal and report.ticks == UNTIL, "only what is before can be made again"


@pytest.mark.timeout(600)
async def test_another_model_than_then_is_answered_with_latents(director: Director) -> None:
    take = await recorded(director)
    write_header(take.folder, replace(take.header, facts=replace(take.header.facts, sha256="another")))
    answer, child = await branched(director, take, UNTIL)
    assert (answer["restored"], answer["exact"]) == ("latents", False) and "Model differs" in answer["reason"]
    again, _ = await branched(director, child, UNTIL + 1)
    assert again["restored"] == "latents" and "approximate" in again["reason"]
    exact, _ = await branched(director, take, UNTIL, restore="exact")
    assert exact["restored"] == "replay", "who asks for it gets the ticks made again"


@pytest.mark.timeout(600)
async def test_the_exact_way_is_the_usual_one(director: Director) -> None:
    take = await recorded(director)
    answer, child = await branched(director, take, UNTIL)
    assert (answer["restored"], answer["exact"], answer["caught_up_ticks"]) == ("replay", True, UNTIL)
    assert "reason" not in answer and child.exact
    assert child.ticks()[UNTIL].hashes == take.ticks()[UNTIL].hashes


@pytest.mark.timeout(600)
async def test_latents_that_cannot_do_are_refused_with_the_reason(director: Director) -> None:
    take = await recorded(director, 4)
    base = f"/api/takes/{take.header.take_id}/branch"
    for body in ({"tick": 2, "seed": 9}, {"tick": 0}):
        answer = await director.server.call("POST", base, {**body, "restore": "latents"})
        assert (answer.status, answer.json["error"]["code"]) == (400, "bad_request")
    assert (await director.server.call("POST", base, {"tick": 2, "restore": "somehow"})).status == 400
    (take.folder / "latents.bin").unlink()
    answer = await director.server.call("POST", base, {"tick": 2, "restore": "latents"})
    assert answer.json["error"]["got"] == "no latents are held"
    assert obstacle(TakeReader(take.folder), 2, load_registry()) == "no latents are held"
