"""A take written on threads of its own: the event loop only leaves things in queues.

One thread writes the journal, which takes well under a millisecond a tick, so that a tick is committed before its
frames are shown; another one films. The queues drop nothing: frames of a recording are never lost. How much waits is
measured; from `ALARM_BYTES` on that is told, and at `LIMIT_BYTES` the recording stops with an error, because memory
would go next.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nodegraph.engine import Control, Item
from nodegraph.errors import NodegraphError
from nodegraph.takes.filming import SYNC_S, Filmed, Filmer
from nodegraph.takes.header import TakeHeader
from nodegraph.takes.mains import Mains
from nodegraph.takes.news import Behind, News, Opened, RecordingStopped
from nodegraph.takes.recorder import Recorder, Taken
from nodegraph.values import Frames

__all__ = ["TakeWriter"]

log = logging.getLogger(__name__)

ALARM_BYTES = 64 << 20
LIMIT_BYTES = 1 << 30

Job = Callable[[Recorder], None]


class TakeWriter:
    """Records one run. Every method but `join` returns at once.

    Args:
        folder: of this take.
        header, mains: see `Recorder`.
        taken: writes what a branch takes over into the folder, on the recording thread.
        on_news: called on the recording thread.
        room: see `Recorder`.
    """

    def __init__(
        self,
        folder: Path,
        header: TakeHeader,
        mains: Mains,
        *,
        on_news: Callable[[News], None],
        taken: Callable[[], Taken] | None = None,
        room: Callable[[Path], None] | None = None,
    ) -> None:
        self._room = room
        self.folder = folder
        self.header = header
        self._mains = mains
        self._on_news = on_news
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: dict[int, int] = {}
        self._waiting_bytes = 0
        self._told_behind = self._stopped = False
        self._filmer: Filmer | None = None
        self._filmed_all = False
        self._calls: deque[Callable[[], None]] = deque()
        self._ended = False
        self._end: tuple[str, NodegraphError | None] = ("done", None)
        self._thread = threading.Thread(
            target=self._work, args=(mains, taken), name=f"take {header.take_id}", daemon=True
        )
        self._thread.start()

    @property
    def waiting_bytes(self) -> int:
        """Frames that wait to be filmed."""
        return self._waiting_bytes

    def on_item(self, item: Item) -> None:
        """Record what a node made; the run's tap."""
        film = item.node == self._mains.film
        for value in item.outputs.values() if film else ():
            if isinstance(value, Frames):
                self._wait_for(item.tick, value.pixels.nbytes)
        self._put(lambda recorder: self._take(recorder, item, film))

    def on_tick(self, tick: int) -> None:
        """Note that every sink has finished a tick."""
        self._put(lambda recorder: recorder.tick_done(tick))

    def on_control(self, control: Control) -> None:
        """Log a control that was accepted for a tick."""
        self._put(lambda recorder: recorder.control(control))

    def on_edit(self, record: Mapping[str, Any], mains: Mains) -> None:
        """Log an edit that was applied: {tick, id, kind, changes, document}."""
        self._mains = mains
        self._put(lambda recorder: recorder.edit(record, mains))

    def on_upload(self, value: str, source: Path, tick: int) -> None:
        """Keep an uploaded file that the run reads from `tick` on; `value` is its path below the input folder."""
        self._put(lambda recorder: recorder.upload(value, source, tick))

    def note(self, record: Mapping[str, Any]) -> None:
        """Log a marker {t: "marker", tick, name}, or what else a reader knows."""
        self._put(lambda recorder: recorder.note(record))

    def after(self, call: Callable[[], None]) -> None:
        """Call, on any thread, once all that was handed in so far is in the journal or the recording has ended."""
        with self._lock:
            if not self._ended:
                self._calls.append(call)
                self._jobs.put(lambda _: self._call_back())
                return
        call()

    def close(self, status: str, error: NodegraphError | None = None) -> None:
        """Write what waits, then the end; `join` waits for it. A second call does nothing."""
        self._end = (status, error)
        self._jobs.put(None)

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until all is written and closed; blocking."""
        self._thread.join(timeout_s)

    def _put(self, job: Job) -> None:
        if not self._stopped:
            self._jobs.put(job)

    def _wait_for(self, tick: int, nbytes: int) -> None:
        with self._lock:
            self._waiting[tick] = nbytes
            self._waiting_bytes += nbytes
        if self._waiting_bytes > ALARM_BYTES and not self._told_behind:
            self._told_behind = True
            self._on_news(Behind(len(self._waiting), self._waiting_bytes))

    def _work(self, mains: Mains, taken: Callable[[], Taken] | None) -> None:
        recorder: Recorder | None = None
        try:
            had = taken() if taken else Taken()
            recorder = Recorder(self.folder, self.header, mains, self._on_news, had, self._room)
            self._filmer = Filmer(self.folder, had.segments, had.first_frames, self._on_filmed)
            self._on_news(Opened())
            self._carry_out(recorder)
            recorder.close(*self._end)
        except Exception as error:
            self._stopped = True
            found = error if isinstance(error, NodegraphError) else _failed(error)
            log.warning("recording_stopped take=%s error=%s", self.header.take_id, found, exc_info=found is not error)
            if self._filmer is not None:
                self._filmer.end()
            if recorder is not None:
                recorder.stop(found)
            tick = recorder.next_tick if recorder is not None else self.header.first_own_tick
            self._on_news(RecordingStopped(tick, found))
        finally:
            self._end_calls()

    def _call_back(self) -> None:
        with self._lock:
            call = self._calls.popleft() if self._calls else None
        if call is not None:
            call()

    def _end_calls(self) -> None:
        with self._lock:
            self._ended, left = True, list(self._calls)
            self._calls.clear()
        for call in left:
            call()

    def _carry_out(self, recorder: Recorder) -> None:
        dirty = ending = False
        assert self._filmer is not None, "made before the first job"
        while not (ending and self._filmed_all):
            try:
                job = self._jobs.get(timeout=SYNC_S if dirty else None)
            except queue.Empty:
                recorder.sync_if_due()
                dirty = False
                continue
            if job is None:
                ending = True
                self._filmer.end()
                continue
            job(recorder)
            recorder.sync_if_due()
            dirty = True

    def _take(self, recorder: Recorder, item: Item, film: bool) -> None:
        recorder.item(item)
        filmer, keep = self._filmer, item.tick >= self.header.first_own_tick
        for value in item.outputs.values() if film else ():
            if isinstance(value, Frames) and filmer is not None:
                filmer.put(item.tick, value.pixels, keep=keep)
        self._check_memory()

    def _on_filmed(self, filmed: Filmed | None) -> None:
        """Take word from the filming thread to the recording one."""
        if filmed is None:
            self._jobs.put(self._note_end)
            return
        with self._lock:
            self._waiting_bytes -= self._waiting.pop(filmed.tick, 0)
            if self._waiting_bytes < ALARM_BYTES // 2:
                self._told_behind = False
        self._jobs.put(lambda recorder: _note_filmed(recorder, filmed))

    def _note_end(self, _: Recorder) -> None:
        self._filmed_all = True

    def _check_memory(self) -> None:
        if self._waiting_bytes > LIMIT_BYTES:
            raise NodegraphError(
                "busy",
                "The recording cannot keep up.",
                got=f"{self._waiting_bytes >> 20} MiB of frames wait to be written",
                remedy="Use a faster disk or a smaller picture. The take up to here is safe.",
            )


def _note_filmed(recorder: Recorder, filmed: Filmed) -> None:
    if filmed.error is not None:
        raise filmed.error
    for record in filmed.announced:
        recorder.note(record)
    recorder.pictured(filmed.tick, filmed.stats or {}, filmed.part)


def _failed(error: Exception) -> NodegraphError:
    return NodegraphError(
        "internal_error",
        "The recording failed.",
        got=f"{type(error).__name__}: {error}"[:300],
        remedy="The take up to here is safe; look into the server's log and report it.",
    )
