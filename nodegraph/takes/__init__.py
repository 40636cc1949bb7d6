"""Takes: live runs recorded as they go, read, repaired, replayed and branched. Never imports torch."""

from nodegraph.takes.branching import take_over
from nodegraph.takes.header import Facts, TakeHeader, own_versions, read_header, write_header
from nodegraph.takes.mains import Mains, main_nodes
from nodegraph.takes.news import AlarmRaised, Behind, Differs, News, RecordingStopped, TickCommitted, TickWritten
from nodegraph.takes.reader import TakeReader, TickRecord
from nodegraph.takes.recorder import Recorder, Taken
from nodegraph.takes.repair import Repair, repair_take
from nodegraph.takes.replay import ReplayReport, replay, warnings_before
from nodegraph.takes.writer import TakeWriter

__all__ = [
    "AlarmRaised",
    "Behind",
    "Differs",
    "Facts",
    "Mains",
    "News",
    "Recorder",
    "RecordingStopped",
    "Repair",
    "ReplayReport",
    "TakeHeader",
    "TakeReader",
    "TakeWriter",
    "Taken",
    "TickCommitted",
    "TickRecord",
    "TickWritten",
    "main_nodes",
    "own_versions",
    "read_header",
    "repair_take",
    "replay",
    "take_over",
    "warnings_before",
    "write_header",
]
