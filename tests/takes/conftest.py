"""Takes recorded from real runs of the real engine, with a pack that needs no torch."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import Control, LocalEngine, Run, RunRequest
from nodegraph.engine.events import Event, NodeFailed, Outcome, TickDone
from nodegraph.graph import make_plan
from nodegraph.takes import (
    Backlog,
    News,
    TakeHeader,
    Taken,
    TakeReader,
    TakeWriter,
    failure_record,
    main_nodes,
    own_versions,
)
from tests.fakes_takes import make_take_pack, take_document


@dataclass
class Recorded:
    """A run that has ended, with what it left."""

    folder: Path
    outcome: Outcome
    news: list[News] = field(default_factory=list)

    @property
    def take(self) -> TakeReader:
        return TakeReader(self.folder)


class Studio:
    """Records runs below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = LocalEngine(make_take_pack(), data_dir=root / "data", output_dir=root / "output")

    def header(self, document: dict[str, Any], take_id: str = "t1", **more: Any) -> TakeHeader:
        return TakeHeader(
            take_id=take_id, root=take_id, created=0, name="Test", document=document, versions=own_versions(), **more
        )

    async def record(
        self,
        document: dict[str, Any] | None = None,
        *,
        ticks: int = 20,
        controls: tuple[Control, ...] = (),
        prepare: Callable[[Path], None] | None = None,
        backlog: Backlog | None = None,
        taken: Callable[[], Taken] | None = None,
        on_event: Callable[[Run, Event], None] | None = None,
    ) -> Recorded:
        """Run a workflow as fast as it goes and record it."""
        made = document or take_document()
        folder = self.root / uuid.uuid4().hex
        if prepare is not None:
            folder.mkdir()
            prepare(folder)
        recorded = Recorded(folder, Outcome(status="failed"))
        mains = main_nodes(make_plan(made, make_take_pack()))
        writer = TakeWriter(
            folder, self.header(made), mains, on_news=recorded.news.append, backlog=backlog, taken=taken
        )
        for control in controls:
            writer.on_control(control)

        def listen(event: Event) -> None:
            if isinstance(event, TickDone):
                writer.on_tick(event.tick)
            elif isinstance(event, NodeFailed):
                writer.note(failure_record(event))
            if on_event is not None:
                on_event(run, event)

        request = RunRequest(
            run_id="r",
            document=made,
            live=False,
            ticks=ticks,
            controls=controls,
            tap=writer.on_item,
            pace=writer.room,
        )
        run = self.engine.start(request, listen)
        recorded.outcome = await run.wait()
        writer.close("done")
        writer.join(20)
        return recorded


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)
