"""A take written on threads of its own: the event loop only leaves things in queues.

One thread writes the journal, which takes well under a millisecond a tick, so that a tick is committed before its
frames are shown; another one films. The queues drop nothing: frames of a recording are never lost. How much waits is
measured; from `ALARM_BYTES` on that is told, and where the backlog is full `room` makes the stream wait.
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
from nodegraph.media.disk import named_disk_errors
from nodegraph.takes.backlog import ALARM_BYTES, LIMIT_BYTES, Backlog
from nodegraph.takes.filming import SYNC_S, Filmed, Filmer
from nodegraph.takes.header import TakeHeader
from nodegraph.takes.mains import Mains
from nodegraph.takes.news import Behind, FilmStopped, News, Opened, RecordingStopped
from nodegraph.takes.recorder import Recorder, Taken
from nodegraph.values import Frames, Latent

__all__ = ["TakeWriter"]

log = logging.getLogger(__name__)

Job = Callable[[Recorder], None]


class TakeWriter:
    """Records one run. Every method but `join` and `room` returns at once.

    Args:
        folder: of this take.
        header, mains: see `Recorder`.
        taken: writes what a branch takes over into the folder, on the recording thread.
        on_news: called on the recording thread.
        room: see `Recorder`.
        backlog: counts what waits, shared with other takes; None = one of its own.
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
        backlog: Backlog | None = None,
    ) -> None:
        self._disk_room = room
        self._backlog = backlog or Backlog()
        self.folder = folder
        self.header = header
        self._mains = mains
        self._on_news = on_news
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting_bytes = 0
        self._told_behind = self._stopped = False
        self._filmer: Filmer | None = None
        self._filmed_all = False
        self._calls: deque[Callable[[], None]] = deque()
        self._ended = False
        self._end: tuple[str, NodegraphError | None] = ("done", None)
        self._taken = taken
        self._thread = threading.Thread(target=self._work, args=(mains,), name=f"take {header.take_id}", daemon=True)
        self._thread.start()

    @property
    def waiting_bytes(self) -> int:
        """Latents and frames that wait to be written."""
        return self._waiting_bytes

    def on_item(self, item: Item) -> None:
        """Record what a node made; the run's tap."""
        film, nbytes = item.node == self._mains.film, _weight(item)
        with self._lock:
            if self._stopped:
                return
            self._waiting_bytes += nbytes
            self._backlog.add(nbytes)
            self._jobs.put(lambda recorder: self._take(recorder, item, film, nbytes))
        self._tell_behind()

    async def room(self) -> None:
        """Wait until there is room for another item; the run's pace."""
        if not self._stopped:
            await self._backlog.room()

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
                self._jobs.put(lambda _: self._call_back())  # where it has stopped, `_end_calls` makes the call
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
        with self._lock:
            if not self._stopped:
                self._jobs.put(job)

    def _written(self, nbytes: int) -> None:
        """Count what has gone into files."""
        with self._lock:
            nbytes = min(nbytes, self._waiting_bytes)  # nothing is left of it where the recording has stopped
            self._waiting_bytes -= nbytes
        self._backlog.done(nbytes)
        if self._waiting_bytes < ALARM_BYTES // 2:
            self._told_behind = False

    def _tell_behind(self) -> None:
        if self._waiting_bytes > ALARM_BYTES and not self._told_behind:
            self._told_behind = True
            self._on_news(Behind(self._waiting_bytes, _behind(self._waiting_bytes)))

    def _work(self, mains: Mains) -> None:
        recorder: Recorder | None = None
        try:
            with named_disk_errors():
                had = self._take_over()
                recorder = Recorder(self.folder, self.header, mains, self._on_news, had, self._disk_room)
                self._filmer = Filmer(self.folder, had.segments, had.first_frames, self._on_filmed)
                self._on_news(Opened())
                self._carry_out(recorder)
                recorder.close(*self._end)
        except Exception as error:
            found = error if isinstance(error, NodegraphError) else _failed(error)
            log.warning("recording_stopped take=%s error=%s", self.header.take_id, found, exc_info=found is not error)
            self._let_go()
            if recorder is not None:
                recorder.stop(found)
            tick = recorder.next_tick if recorder is not None else self.header.first_own_tick
            self._on_news(RecordingStopped(tick, found))
        finally:
            self._let_go()
            self._end_calls()

    def _take_over(self) -> Taken:
        """Write what a branch takes over. Afterwards nothing is held of the parent, whose journal may be long."""
        taken, self._taken = self._taken, None
        return taken() if taken is not None else Taken()

    def _let_go(self) -> None:
        """Take nothing more, and hold nothing more."""
        with self._lock:
            self._stopped = True
            left, self._waiting_bytes = self._waiting_bytes, 0
            while not self._jobs.empty():
                self._jobs.get_nowait()
        self._backlog.done(left)
        if self._filmer is not None:
            self._filmer.give_up()

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

    def _take(self, recorder: Recorder, item: Item, film: bool, nbytes: int) -> None:
        recorder.item(item)
        assert self._filmer is not None, "made before the first job"
        keep = item.tick >= self.header.first_own_tick
        for value in item.outputs.values() if film else ():
            if isinstance(value, Frames):
                self._filmer.put(item.tick, value.pixels, keep=keep)
                nbytes -= value.pixels.nbytes
        self._written(nbytes)

    def _on_filmed(self, filmed: Filmed | None) -> None:
        """Take word from the filming thread to the recording one."""
        if filmed is None:
            self._put(self._note_end)
            return
        self._written(filmed.nbytes)
        if filmed.kept:
            self._put(lambda recorder: self._note_filmed(recorder, filmed))

    def _note_end(self, _: Recorder) -> None:
        self._filmed_all = True

    def _note_filmed(self, recorder: Recorder, filmed: Filmed) -> None:
        if filmed.error is not None and filmed.error.code == "disk_full":
            raise filmed.error
        for record in filmed.announced:
            recorder.note(record)
        if filmed.error is not None:
            recorder.note({"t": "film_failed", "tick": filmed.tick, "error": filmed.error.as_dict()})
            self._on_news(FilmStopped(filmed.tick, filmed.error))
        recorder.pictured(filmed.tick, filmed.stats or {}, filmed.part)


def _weight(item: Item) -> int:
    arrays = (value.pixels if isinstance(value, Frames) else getattr(value, "data", None) for value in _made(item))
    return sum(int(getattr(array, "nbytes", 0)) for array in arrays)


def _made(item: Item) -> list[Latent | Frames]:
    return [value for value in item.outputs.values() if isinstance(value, (Latent, Frames))]


def _behind(nbytes: int) -> NodegraphError:
    return NodegraphError(
        "busy",
        "The recording is behind: frames wait to be written.",
        got=f"{nbytes >> 20} MiB wait",
        expected=f"less than {ALARM_BYTES >> 20} MiB",
        remedy=f"No frame is lost; from {LIMIT_BYTES >> 20} MiB on the stream slows down to the recording. Stop other "
        "runs, choose a smaller picture or a faster disk, or start without recording.",
    )


def _failed(error: Exception) -> NodegraphError:
    return NodegraphError(
        "internal_error",
        "The recording failed.",
        got=f"{type(error).__name__}: {error}"[:300],
        remedy="The take up to here is safe; look into the server's log and report it.",
    )
