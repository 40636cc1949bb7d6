"""Run workflows: values once, streams tick by tick, live or to files. Never imports torch."""

from nodegraph.engine import events
from nodegraph.engine.events import Event, Outcome
from nodegraph.engine.local import LocalEngine
from nodegraph.engine.protocol import (
    Control,
    Edit,
    EditReceipt,
    Engine,
    Item,
    PreviewSink,
    Receipt,
    Run,
    RunRequest,
    RunState,
)

__all__ = [
    "Control",
    "Edit",
    "EditReceipt",
    "Engine",
    "Event",
    "Item",
    "LocalEngine",
    "Outcome",
    "PreviewSink",
    "Receipt",
    "Run",
    "RunRequest",
    "RunState",
    "events",
]
