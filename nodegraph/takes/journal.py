"""The journal of a take: records that are only ever added, each framed so that a torn tail is found and cut off.

A file is `MAGIC`, then records of `u32 length | u32 crc32 | JSON in UTF-8`, little-endian; length and checksum are of
the JSON. A record is an object whose key "t" says what it is. Reading ends at the first record that is short, too
long or does not fit its checksum: everything before it was written whole.

What survives: every record is handed to the operating system as soon as it is written, so a killed process loses
none. `sync` puts them on the disk; the recorder calls it once a second, so a power cut loses at most that second.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError
from nodegraph.media.disk import named_disk_errors

__all__ = ["MAGIC", "JournalWriter", "Scan", "cut_torn_tail", "read_records", "scan"]

MAGIC = b"NGJ1\r\n\x1a\n"
MAX_RECORD_BYTES = 64 << 20
"""More than any workflow; a longer length is a torn or foreign one."""

_FRAME = struct.Struct("<II")
Record = dict[str, Any]


class JournalWriter:
    """Adds records to a file; a new file gets its magic.

    Args:
        path: created, or continued where it is whole (`cut_torn_tail` sees to that).

    Raises:
        NodegraphError: disk_full, here and from `append`; then the file ends with its last whole record.
    """

    def __init__(self, path: Path) -> None:
        with named_disk_errors():
            self._file = path.open("ab", buffering=0)
            if self._file.tell() == 0:
                self._file.write(MAGIC)
        self.size = self._file.tell()

    def append(self, record: Record) -> None:
        """Write one record and hand it to the operating system."""
        framed = frame(record)
        try:
            with named_disk_errors():
                self._write(framed)
        except BaseException:
            with contextlib.suppress(OSError):  # what stays of it is a torn tail, which is found and cut
                self._file.truncate(self.size)
            raise
        self.size += len(framed)

    def sync(self) -> None:
        """Put what was written on the disk."""
        with named_disk_errors():
            os.fdatasync(self._file.fileno())

    def close(self) -> None:
        """Put everything on the disk and close the file; a second call does nothing."""
        if not self._file.closed:
            self.sync()
            self._file.close()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:  # an unbuffered write may take a part only, for one where the disk fills up
            view = view[self._file.write(view) :]


@dataclass(frozen=True)
class Scan:
    """What a journal holds: whole records, the bytes they take with the magic, and the bytes after them."""

    records: list[Record]
    whole_bytes: int
    torn_bytes: int


def frame(record: Record) -> bytes:
    """Return a record as it stands in the file."""
    payload = json.dumps(record, separators=(",", ":"), allow_nan=False).encode()
    assert len(payload) <= MAX_RECORD_BYTES, "a record is smaller than the largest request"
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def scan(path: Path) -> Scan:
    """Read a journal to its last whole record.

    Raises:
        NodegraphError: not_found; bad_file where it is no journal.
    """
    data = _read(path)
    records: list[Record] = []
    whole = len(MAGIC)
    for record, end in _records(data):
        records.append(record)
        whole = end
    return Scan(records, whole, len(data) - whole)


def read_records(path: Path) -> list[Record]:
    """Return the whole records of a journal; what is torn is left out. Raises as `scan` does."""
    return scan(path).records


def cut_torn_tail(path: Path) -> int:
    """Cut off what is not a whole record; return how many bytes that were. Raises as `scan` does."""
    found = scan(path)
    if found.torn_bytes:
        with path.open("r+b") as file:
            file.truncate(found.whole_bytes)
            os.fdatasync(file.fileno())
    return found.torn_bytes


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NodegraphError(
            "not_found", "The take has no journal.", got=path.name, remedy="Choose the folder of a take."
        ) from error
    if not data.startswith(MAGIC):
        raise NodegraphError(
            "bad_file", "The file is not a journal of a take.", got=repr(data[:8]), expected=repr(MAGIC)
        )
    return data


def _records(data: bytes) -> Iterator[tuple[Record, int]]:
    start = len(MAGIC)
    while start + _FRAME.size <= len(data):
        length, checksum = _FRAME.unpack_from(data, start)
        end = start + _FRAME.size + length
        payload = data[start + _FRAME.size : end]
        if length > MAX_RECORD_BYTES or end > len(data) or zlib.crc32(payload) != checksum:
            return
        record = _parsed(payload)
        if record is None:
            return
        yield record, end
        start = end


def _parsed(payload: bytes) -> Record | None:
    try:
        record = json.loads(payload)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "t" in record else None
