"""A journal is whole up to its last record, whatever happened to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodegraph.errors import NodegraphError
from nodegraph.takes.journal import MAGIC, JournalWriter, cut_torn_tail, frame, read_records, scan


def written(path: Path, count: int) -> list[dict[str, object]]:
    journal = JournalWriter(path)
    records: list[dict[str, object]] = [{"t": "tick", "tick": n, "text": "x" * n} for n in range(count)]
    for record in records:
        journal.append(record)
    journal.close()
    return records


def test_what_is_appended_is_read_before_the_writer_closes(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path / "j")
    journal.append({"t": "a", "value": [1, None, "ä"]})
    assert read_records(tmp_path / "j") == [{"t": "a", "value": [1, None, "ä"]}]
    journal.close()


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(min_value=0, max_value=10_000), garbage=st.binary(max_size=40))
def test_a_torn_tail_is_found_and_cut_and_the_rest_is_kept(
    tmp_path_factory: pytest.TempPathFactory, cut: int, garbage: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "j"
    records = written(path, 12)
    data = path.read_bytes()
    cut = len(MAGIC) + cut % (len(data) - len(MAGIC) + 1)
    path.write_bytes(data[:cut] + garbage)
    ends, size = [len(MAGIC)], len(MAGIC)
    for record in records:
        size += len(frame(record))
        ends.append(size)
    whole = sum(end <= cut for end in ends) - 1
    assert read_records(path)[:whole] == records[:whole]
    found = scan(path)
    assert cut_torn_tail(path) == found.torn_bytes
    assert path.stat().st_size == found.whole_bytes and scan(path).torn_bytes == 0
    journal = JournalWriter(path)
    journal.append({"t": "next"})
    journal.close()
    assert read_records(path)[-1] == {"t": "next"}


def test_a_flipped_bit_ends_the_journal_before_it(tmp_path: Path) -> None:
    records = written(tmp_path / "j", 5)
    data = bytearray((tmp_path / "j").read_bytes())
    data[len(MAGIC) + sum(len(frame(record)) for record in records[:3]) + 12] ^= 1
    (tmp_path / "j").write_bytes(bytes(data))
    assert read_records(tmp_path / "j") == records[:3]


def test_a_full_disk_is_named_and_nothing_half_stays(tmp_path: Path) -> None:
    (tmp_path / "j").symlink_to("/dev/full")
    with pytest.raises(NodegraphError) as caught:
        JournalWriter(tmp_path / "j")
    assert caught.value.code == "disk_full"


@pytest.mark.parametrize(("content", "code"), [(None, "not_found"), (b"", "bad_file"), (b"PNG", "bad_file")])
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "j").write_bytes(content)
    with pytest.raises(NodegraphError) as caught:
        scan(tmp_path / "j")
    assert caught.value.code == code
