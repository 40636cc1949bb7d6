"""Takes: live runs recorded as they go, read, repaired, replayed and branched. Never imports torch."""

from nodegraph.takes.backlog import Backlog
from nodegraph.takes.branching import take_over
from nodegraph.takes.files import FoundFiles, Upload, uploads_in
from nodegraph.takes.header import Facts, TakeHeader, own_versions, read_header, write_header
from nodegraph.takes.mains import Mains, main_nodes
from nodegraph.takes.news import (
    AlarmRaised,
    Behind,
    Differs,
    FilmStopped,
    News,
    Opened,
    RecordingStopped,
    TickCommitted,
    TickWritten,
)
from nodegraph.takes.reader import TakeReader, TickRecord
from nodegraph.takes.recorder import Recorder, Taken, failure_record
from nodegraph.takes.repair import Repair, repair_take
from nodegraph.takes.replay import ReplayReport, differences, replay, warnings_before
from nodegraph.takes.writer import TakeWriter

__all__ = [
    "AlarmRaised",
    "Backlog",
    "Behind",
    "Differs",
    "Facts",
    "FilmStopped",
    "FoundFiles",
    "Mains",
    "News",
    "Opened",
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
    "Upload",
    "differences",
    "failure_record",
    "main_nodes",
    "own_versions",
    "read_header",
    "repair_take",
    "replay",
    "take_over",
    "uploads_in",
    "warnings_before",
    "write_header",
]
