"""A take holds what the run made, can be read while it is written, and comes out the same when it is run again."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nodegraph.engine import Control, Event, LocalEngine, Run
from nodegraph.engine.events import TickDone
from nodegraph.errors import NodegraphError
from nodegraph.media.video import read_frames, read_video_metadata
from nodegraph.takes import (
    Backlog,
    Facts,
    FilmStopped,
    RecordingStopped,
    Taken,
    TakeReader,
    TickWritten,
    repair_take,
    replay,
    take_over,
    warnings_before,
)
from nodegraph.takes.film import join_film
from nodegraph.takes.header import read_header, write_header
from nodegraph.takes.reader import Failure
from nodegraph.takes.recorder import JOURNAL
from tests.fakes_takes import HEIGHT, SHAPE, WIDTH, make_take_pack, take_document
from tests.takes.conftest import Studio

PUSH = (
    Control(id="a", node="1", input="push", value=3.0, tick=4),
    Control(id="b", node="1", input="push", value=-5, tick=9),
)


async def test_every_tick_has_hash_latent_film_statistics_and_picture(studio: Studio) -> None:
    recorded = await studio.record(ticks=20, controls=PUSH)
    take = recorded.take
    assert [record.tick for record in take.ticks()] == list(range(20)) and take.torn is None
    assert take.end is not None and take.end["status"] == "done"
    assert take.header.facts == Facts(preset="fake", sha256="c0ffee", device="cpu float32", size=(WIDTH, HEIGHT))
    assert [(c.id, c.tick, c.value) for c in take.controls()] == [("a", 4, 3.0), ("b", 9, -5)]
    assert all(set(record.hashes) == {"1"} and len(record.hashes["1"]) == 32 for record in take.ticks())
    assert len({record.hashes["1"] for record in take.ticks()}) == 20
    assert take.latent_range == (0, 19) and take.latents(3, 5).shape == (3, *SHAPE)
    assert [len(take.frames(tick)) for tick in (0, 1, 19)] == [1, 4, 4]
    assert take.frames(7)[3].shape == (HEIGHT, WIDTH, 3), "odd sides come back as they were"
    assert take.thumb_count == 4 and all(take.thumb(n).read_bytes()[:4] == b"RIFF" for n in range(4))
    names = {"latent_mean", "latent_std", "luma", "saturation", "sharpness", "motion", "first_distance"}
    assert all(set(record.stats) == names for record in take.ticks())
    written = [news.tick for news in recorded.news if isinstance(news, TickWritten)]
    assert written == list(range(20))


async def test_the_film_holds_all_frames_in_order_and_carries_the_workflow(studio: Studio, tmp_path: Path) -> None:
    recorded = await studio.record(ticks=12)
    take = recorded.take
    note = json.dumps(take.header.document)
    assert join_film(take.film_parts(), tmp_path / "film.mp4", {"workflow": note}) == 45
    frames = list(read_frames(tmp_path / "film.mp4"))
    assert len(frames) == 45 and json.loads(read_video_metadata(tmp_path / "film.mp4")["workflow"])["name"] == "Test"
    bars = [int(np.argmax(frame[10, :WIDTH, 1].astype(int) + frame[10, 1 : WIDTH + 1, 1])) for frame in frames[1:40]]
    assert all((b - a) % WIDTH in (1, 2) for a, b in itertools.pairwise(bars) if b > a and a < WIDTH - 6)


async def test_a_new_size_begins_a_new_segment(studio: Studio) -> None:
    take = (await studio.record(take_document(grow_at=5), ticks=9)).take
    assert [record.film.segment for record in take.ticks() if record.film] == [0] * 5 + [1] * 4
    assert take.frames(4)[0].shape == (HEIGHT, WIDTH, 3) and take.frames(5)[0].shape == (2 * HEIGHT, 2 * WIDTH, 3)


async def test_a_replay_gives_every_hash_again(studio: Studio) -> None:
    recorded = await studio.record(take_document(seed=5), ticks=20, controls=PUSH)
    seen: list[tuple[int, int]] = []
    report = await replay(recorded.take, studio.engine, lambda done, total: seen.append((done, total)))
    assert (report.equal, report.ticks, report.hashes, report.first_difference) == (True, 20, 20, None)
    assert seen[-1] == (20, 20)
    part = await replay(recorded.take, studio.engine, ticks=6)
    assert (part.equal, part.ticks) == (True, 6)


async def test_a_replay_names_the_first_tick_and_node_that_differ(studio: Studio) -> None:
    recorded = await studio.record(ticks=20, controls=PUSH)
    header = read_header(recorded.folder)
    write_header(recorded.folder, replace(header, document=take_document(seed=1)))
    difference = (await replay(recorded.take, studio.engine)).first_difference
    assert difference == {"tick": 0, "node": "1", "why": "it came out differently"}
    write_header(recorded.folder, header)
    take = recorded.take
    changed = [replace(c, value=c.value + 1) if c.tick == 9 else c for c in take.controls()]
    take._content.controls[:] = changed
    report = await replay(take, studio.engine)
    assert not report.equal and report.first_difference is not None
    assert (report.first_difference["tick"], report.first_difference["node"]) == (9, "1")


async def test_a_graph_without_latents_is_hashed_by_its_frames(studio: Studio, tmp_path: Path) -> None:
    from tests.fakes_pack import make_pack, show_document

    studio.engine = LocalEngine(make_pack(), data_dir=tmp_path, output_dir=tmp_path / "o")
    document = show_document(level=9)
    from nodegraph.engine import RunRequest
    from nodegraph.graph import make_plan
    from nodegraph.takes import TakeWriter, main_nodes

    writer = TakeWriter(
        tmp_path / "t", studio.header(document), main_nodes(make_plan(document, make_pack())), on_news=print
    )
    run = studio.engine.start(RunRequest(run_id="r", document=document, live=False, ticks=5, tap=writer.on_item), print)
    await run.wait()
    writer.on_tick(4)
    writer.close("done")
    writer.join()
    take = TakeReader(tmp_path / "t")
    assert take.latent_range is None and all(set(record.hashes) == {"1"} for record in take.ticks())
    assert (await replay(take, studio.engine)).equal


async def test_what_differs_here_is_said_beforehand(studio: Studio) -> None:
    take = (await studio.record(ticks=3)).take
    same = warnings_before(take, take.header.versions, take.header.facts)
    assert same == ()
    here = Facts(preset="fake", sha256="beef", device="cuda:0 bfloat16", size=(128, 64))
    told = warnings_before(take, {"torch": "0.1"}, here)
    assert [text.split(" ")[0] for text in told] == ["Device", "Model", "Size", "torch"]


async def test_a_torn_take_is_cut_to_its_committed_ticks_and_replays(studio: Studio) -> None:
    recorded = await studio.record(ticks=20, controls=PUSH)
    whole = recorded.take
    journal = recorded.folder / JOURNAL
    cuts = range(200, journal.stat().st_size, 797)
    for number, cut in enumerate(cuts):
        folder = recorded.folder.parent / f"torn{number}"
        shutil.copytree(recorded.folder, folder)
        (folder / JOURNAL).write_bytes(journal.read_bytes()[:cut])
        found = repair_take(folder)
        assert found is not None and repair_take(folder) is None, "the second start finds nothing to do"
        take = TakeReader(folder)
        assert take.end is not None and take.end["status"] == "torn" and take.torn is None
        known = [(record.tick, record.hashes) for record in whole.ticks()[: found.ticks]]
        assert [(record.tick, record.hashes) for record in take.ticks()] == known
        assert take.latent_range == ((0, found.ticks - 1) if found.ticks else None)
        if take.film_range is not None:
            assert len(take.frames(take.film_range[1])) >= 1, "what is left of the film can be seen"
        if number % 4 == 0:
            assert (await replay(take, studio.engine)).equal


@pytest.mark.parametrize("victim", ["latents.bin", "video-000.ts", "video-001.ts", "thumbs/1.webp"])
async def test_a_full_disk_stops_the_recording_and_the_stream_goes_on(studio: Studio, victim: str) -> None:
    def fill(folder: Path) -> None:
        (folder / victim).parent.mkdir(exist_ok=True)
        if victim.startswith("thumbs"):
            (folder / "thumbs" / "new").symlink_to("/dev/full")
        else:
            (folder / victim).symlink_to("/dev/full")

    recorded = await studio.record(take_document(grow_at=6), ticks=20, prepare=fill)
    assert recorded.outcome.status == "succeeded" and recorded.outcome.ticks_done == 20
    (stopped,) = [news for news in recorded.news if isinstance(news, RecordingStopped)]
    assert stopped.error.code == "disk_full" and stopped.error.remedy
    take = recorded.take
    assert take.end is not None and take.end["status"] == "stopped" and take.end["error"]["code"] == "disk_full"
    assert [record.tick for record in take.ticks()] == list(range(stopped.tick))
    assert take.film_range == ((0, 5) if victim == "video-001.ts" else None)
    assert (await replay(take, studio.engine)).equal, "what was committed is whole"


async def test_a_journal_that_finds_no_room_in_the_middle_ends_whole(studio: Studio) -> None:
    def fill(run: Run, event: Event) -> None:
        """From tick 9 on, which the recording is close behind, the open journal is a device that is always full."""
        if isinstance(event, TickDone) and event.tick == 9:
            (journal,) = studio.root.glob(f"*/{JOURNAL}")
            (number,) = [fd for fd in Path("/proc/self/fd").iterdir() if fd.exists() and fd.samefile(journal)]
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, int(number.name))
            os.close(full)

    recorded = await studio.record(ticks=30, on_event=fill, backlog=Backlog(2 * 4 * WIDTH * HEIGHT * 3))
    assert recorded.outcome.status == "succeeded" and recorded.outcome.ticks_done == 30, "the stream goes on"
    (stopped,) = [news for news in recorded.news if isinstance(news, RecordingStopped)]
    assert stopped.error.code == "disk_full" and stopped.error.remedy
    take = recorded.take
    assert take.tick_count == stopped.tick > 0 and take.torn is None
    assert (await replay(take, studio.engine)).equal


async def test_a_branch_that_finds_no_room_for_what_it_takes_over_says_so(studio: Studio) -> None:
    def full() -> Taken:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    recorded = await studio.record(ticks=5, taken=full)
    assert recorded.outcome.status == "succeeded"
    (stopped,) = [news for news in recorded.news if isinstance(news, RecordingStopped)]
    assert (stopped.tick, stopped.error.code) == (0, "disk_full") and stopped.error.remedy


async def test_an_encoder_that_fails_ends_the_film_and_not_the_take(studio: Studio) -> None:
    recorded = await studio.record(take_document(wide_at=7), ticks=20)
    (told,) = [news for news in recorded.news if isinstance(news, FilmStopped)]
    assert told.tick == 7 and "the encoder failed" in told.error.message
    assert told.error.got and "Render the take" in (told.error.remedy or "")
    take = recorded.take
    assert take.film_range == (0, 6) and take.tick_count == 20 and take.latent_range == (0, 19)
    assert take.end is not None and take.end["status"] == "done"
    assert all("luma" in record.stats for record in take.ticks()), "statistics go on"
    assert (await replay(take, studio.engine)).equal


async def test_a_node_that_fails_leaves_the_ticks_before_it(studio: Studio) -> None:
    recorded = await studio.record(take_document(fail_at=7), ticks=20)
    assert recorded.outcome.status == "failed"
    take = recorded.take
    assert take.tick_count >= 7 and (await replay(take, studio.engine, ticks=7)).equal


async def test_a_take_that_ended_with_a_failure_is_replayed_up_to_it(studio: Studio) -> None:
    recorded = await studio.record(take_document(fail_at=7), ticks=20)
    take = recorded.take
    assert [(one.node, one.tick, one.code) for one in take.failures()] == [("2", 7, "out_of_range")]
    report = await replay(take, studio.engine)
    assert report.equal and 7 <= report.ticks <= take.tick_count, report
    write_header(recorded.folder, replace(take.header, document=take_document()))
    assert (await replay(recorded.take, studio.engine)).equal, "a failure that does not come back changes no latent"


async def test_a_replay_that_fails_where_the_take_did_not_names_node_and_tick(studio: Studio) -> None:
    recorded = await studio.record(ticks=20)
    write_header(recorded.folder, replace(recorded.take.header, document=take_document(fail_at=1)))
    report = await replay(recorded.take, studio.engine)
    assert not report.equal and report.first_difference is not None
    assert report.first_difference["tick"] > 1, "what was made before the failure is equal"
    assert "node 2 failed in the replay: The brush broke" in report.first_difference["why"]


async def test_a_difference_after_an_outage_says_what_was_lost(studio: Studio) -> None:
    take = (await studio.record(ticks=12)).take
    for tick in (5, 6, 7):
        del take._content.ticks[tick]
    take._content.failures.append(Failure("1", 5, "out_of_memory", "No memory"))
    assert (await replay(take, studio.engine)).equal, "what is there comes out the same"
    take.tick(9).hashes["1"] = "0" * 32
    report = await replay(take, studio.engine)
    assert report.first_difference is not None and report.first_difference["tick"] == 9
    assert "node 1 had failed at tick 5 (No memory)" in report.first_difference["why"]


async def test_a_branch_takes_over_the_ticks_before_and_shares_the_film(studio: Studio) -> None:
    recorded = await studio.record(ticks=20, controls=PUSH)
    parent, folder = recorded.take, recorded.folder.parent / "child"
    taken = take_over(parent, folder, 9)
    write_header(folder, replace(studio.header(parent.header.document, "t2"), parent={"take_id": "t1", "tick": 9}))
    child = TakeReader(folder)
    assert child.ticks() == parent.ticks()[:9] and [c.id for c in child.controls()] == ["a"]
    assert taken.latents == 9 and taken.segments == 1 and len(taken.stats) == 9
    assert (folder / "video-000.ts").samefile(recorded.folder / "video-000.ts")
    shutil.rmtree(recorded.folder)
    assert len(child.frames(8)) == 4, "the parent may be deleted"
    assert child.latents(0, 8).shape == (9, *SHAPE)


async def test_no_take_and_a_newer_one_are_named(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(NodegraphError) as caught:
        TakeReader(tmp_path)
    assert caught.value.code == "not_found"
    recorded = await studio.record(ticks=1)
    data = json.loads((recorded.folder / "take.json").read_text())
    (recorded.folder / "take.json").write_text(json.dumps(data | {"schema": 99}))
    with pytest.raises(NodegraphError) as caught:
        TakeReader(recorded.folder)
    assert caught.value.code == "newer_schema"
    assert make_take_pack().get("take.state") is not None
