"""`nodegraph replay` on the debug model: equal, or the first tick and node that differ."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nodegraph.bench.kill import first_workflow
from nodegraph.cli import main
from nodegraph.engine import Control, LocalEngine, RunRequest
from nodegraph.engine.events import Event, TickDone
from nodegraph.graph import load_registry, make_plan
from nodegraph.takes import TakeHeader, TakeReader, TakeWriter, main_nodes, own_versions, read_header, write_header

TAKE_ID = "0123456789abcdef0123456789abcdef"


async def record(data: Path) -> Path:
    """Record twelve ticks of the first shipped workflow on the debug model, steered once."""
    registry, document = load_registry(), first_workflow("debug")
    camera = next(node["id"] for node in document["nodes"] if node["type"] == "camera.live")
    control = Control(id="c", node=camera, input="forward", value=1.0, tick=5)
    folder = data / "takes" / TAKE_ID
    header = TakeHeader(
        take_id=TAKE_ID, root=TAKE_ID, created=0, name="Test", document=document, versions=own_versions()
    )
    writer = TakeWriter(folder, header, main_nodes(make_plan(document, registry)), on_news=lambda _: None)
    writer.on_control(control)

    def listen(event: Event) -> None:
        if isinstance(event, TickDone):
            writer.on_tick(event.tick)

    engine = LocalEngine(registry, data_dir=data)
    request = RunRequest(run_id="r", document=document, live=False, ticks=12, controls=(control,), tap=writer.on_item)
    outcome = await engine.start(request, listen).wait()
    assert outcome.error is None
    writer.close("done")
    await asyncio.to_thread(writer.join)
    return folder


def test_equal_is_0_different_is_1_and_the_tick_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = asyncio.run(record(tmp_path))
    take = TakeReader(folder)
    assert take.header.facts.preset == "debug" and take.header.facts.sha256
    assert main(["replay", str(folder), "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "equal: 12 hashes of 12 ticks\n"
    assert main(["replay", TAKE_ID[:6], "--data", str(tmp_path), "--ticks", "4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ticks"] == 4
    header = read_header(folder)
    changed = json.loads(json.dumps(header.document))
    seed = next(node for node in changed["nodes"] if node["type"] == "value.seed")
    seed["inputs"]["seed"] = 12345
    facts = replace(header.facts, sha256="other")
    write_header(folder, replace(header, document=changed, facts=facts))
    assert main(["replay", str(folder), "--data", str(tmp_path)]) == 1
    told = capsys.readouterr()
    first = re.match(r"different: first at tick (\d+), node \w+: it came out differently", told.out)
    assert first is not None and int(first[1]) <= 1, "tick 0 may be the picture that the workflow starts from"
    assert "Model differs" in told.err


def test_a_take_that_is_not_there_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "feedbeef", "--data", str(tmp_path)]) == 1
    assert "There is no such take" in capsys.readouterr().err
