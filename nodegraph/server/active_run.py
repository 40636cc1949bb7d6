"""A run at work, with all that the server keeps beside it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from nodegraph.engine import Item, Outcome, Run, RunRequest
from nodegraph.errors import NodegraphError
from nodegraph.server.latency import LatencyMeter
from nodegraph.server.live_take import LiveTake
from nodegraph.server.payloads import RunEntry
from nodegraph.server.reporter import RunReporter

__all__ = ["ActiveRun", "entry_of", "outcome_of", "show_both"]

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class ActiveRun:
    """A run at work with the reporter that tells its watchers; `replaced` where a branch of it goes on instead."""

    run: Run
    reporter: RunReporter
    request: RunRequest
    meter: LatencyMeter
    take: LiveTake | None = None
    replaced: bool = False
    task: asyncio.Task[None] | None = None
    idle: asyncio.TimerHandle | None = None


async def outcome_of(run: Run) -> Outcome:
    """Wait for the end; a run that could not even fail in good order has failed all the same."""
    try:
        return await run.wait()
    except NodegraphError as error:
        return Outcome(status="failed", error=error)
    except Exception:
        log.exception("run_failed run=%s", run.run_id)
        mistake = NodegraphError(
            "internal_error", "The run ended by a mistake", remedy="Look into the server's log and report it"
        )
        return Outcome(status="failed", error=mistake)


def show_both(meter: LatencyMeter, take: LiveTake, item: Item) -> None:
    """Give an item to the meter and to the recording."""
    meter.on_item(item)
    take.on_item(item)


def entry_of(active: ActiveRun) -> RunEntry:
    """Return what a list of runs says about one."""
    reporter = active.reporter
    entry = RunEntry(run_id=reporter.run_id, status=active.run.status, tick=reporter.tick, name=reporter.name)
    if active.take is not None:
        entry["take_id"] = active.take.take_id
    stages = active.meter.stages()
    if stages:
        entry["latency"] = stages
    return entry
