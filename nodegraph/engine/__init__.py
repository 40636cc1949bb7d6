"""Run workflows: values once, streams tick by tick, live or to files. Never imports torch."""

from nodegraph.engine import events
from nodegraph.engine.events import Event, Outcome
from nodegraph.engine.local import LocalEngine
from nodegraph.engine.protocol import Control, Engine, PreviewSink, Receipt, Run, RunRequest

__all__ = [
    "Control",
    "Engine",
    "Event",
    "LocalEngine",
    "Outcome",
    "PreviewSink",
    "Receipt",
    "Run",
    "RunRequest",
    "events",
]
