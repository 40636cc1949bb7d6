"""The database: migrations, the queue's order, recovery, search."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server.store import AssetStore, Database, JobRow, JobStore, WorkflowStore
from nodegraph.server.store.jobs import MAX_ATTEMPTS
from nodegraph.server.store.migrations import STEPS, migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "nodegraph.sqlite3")
    await database.open()
    yield database
    await database.close()


def job(prompt_id: str, number: float = 1, name: str = "Hello") -> JobRow:
    return JobRow(
        prompt_id=prompt_id,
        number=number,
        client_id=None,
        name=name,
        request={"seed": 2**64 - 1},
        document={"nodes": []},
    )


async def test_jobs_run_by_number_then_by_arrival(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("late", 5), job("first", 1), job("second", 1)])
    claimed = [await jobs.claim() for _ in range(4)]
    assert [row.prompt_id if row else None for row in claimed] == ["first", "second", "late", None]


async def test_front_goes_before_everything_and_back_after(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("a", await jobs.place(front=False))])
    await jobs.add([job("b", await jobs.place(front=True))])
    await jobs.add([job("c", await jobs.place(front=False))])
    _, queued = await jobs.waiting()
    assert [row.prompt_id for row in queued] == ["b", "a", "c"]


async def test_a_taken_id_refuses_the_whole_batch(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("a")])
    with pytest.raises(KeyError):
        await jobs.add([job("b"), job("a")])
    assert await jobs.count_waiting() == 1


async def test_a_running_job_is_queued_again_but_not_for_ever(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("a")])
    for _ in range(MAX_ATTEMPTS - 1):
        assert await jobs.claim() is not None
        assert await jobs.recover() == 1
    assert await jobs.claim() is not None
    assert await jobs.recover() == 0
    row = await jobs.get("a")
    assert row is not None
    assert row.status == "failed"
    assert row.error is not None and row.error["code"] == "node_failed"


async def test_a_finished_job_keeps_what_it_made(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("a")])
    await jobs.claim()
    outputs = {"9": [{"filename": "x.mp4", "subfolder": "", "type": "output", "media_type": "video/mp4"}]}
    await jobs.finish("a", "succeeded", outputs, None, [["execution_success", {}]])
    row = await jobs.get("a")
    assert row is not None
    assert (row.status, row.outputs, row.request) == ("succeeded", outputs, {"seed": 2**64 - 1})
    assert row.finished_ms is not None and row.finished_ms >= row.created_ms


async def test_search_takes_wildcards_literally(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("a", name="100% robot"), job("b", name="robot_2"), job("c", name="robot 2")])
    assert [row.prompt_id for row in await jobs.newest(limit=9, search="100%")] == ["a"]
    assert [row.prompt_id for row in await jobs.newest(limit=9, search="t_2")] == ["b"]
    assert [row.prompt_id for row in await jobs.newest(limit=2)] == ["c", "b"]


async def test_clearing_the_queue_spares_history_and_the_running_job(database: Database) -> None:
    jobs = JobStore(database)
    await jobs.add([job("done"), job("running", 2), job("queued", 3)])
    await jobs.claim()
    await jobs.finish("done", "succeeded", {}, None, [])
    await jobs.claim()
    assert await jobs.remove_queued(None) == 1
    assert await jobs.remove_ended(["running", "done", "nobody"]) == 1
    assert [row.prompt_id for row in await jobs.newest(limit=9)] == ["running"]


async def test_saving_a_workflow_again_replaces_it(database: Database) -> None:
    workflows = WorkflowStore(database)
    await workflows.save("w", "One", {"n": 1})
    await workflows.save("w", "Two", {"n": 2})
    saved = await workflows.get("w")
    assert saved is not None and saved["document"] == {"n": 2}
    assert [entry["name"] for entry in await workflows.entries()] == ["Two"]
    assert await workflows.delete("w")
    assert not await workflows.delete("w")
    assert await workflows.get("w") is None


async def test_assets_are_listed_by_kind(database: Database) -> None:
    assets = AssetStore(database)
    await assets.add("a.png", "image", "00", 1)
    await assets.add("b.json", "pose", "01", 2)
    assert [row["value"] for row in await assets.newest("pose")] == ["b.json"]
    assert len(await assets.newest(None)) == 2
    await assets.forget(["a.png"])
    assert len(await assets.newest(None)) == 1


async def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "nodegraph.sqlite3"
    for expected in (0, 1):
        database = Database(path)
        await database.open()
        jobs = JobStore(database)
        assert await jobs.count_waiting() == expected
        await jobs.add([job(str(expected))])
        await database.close()


async def test_half_a_transaction_leaves_nothing(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO workflows VALUES ('x', 'x', '{}', 0, 0)")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await database.run(work)
    assert await WorkflowStore(database).entries() == []


def test_a_failing_migration_leaves_the_old_version() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    with pytest.raises(sqlite3.Error):
        migrate(connection, (*STEPS, "CREATE TABLE extra (x); SELECT broken FROM nowhere"))
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").fetchone()[0] == 0


def test_a_database_of_a_newer_program_is_refused() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(NodegraphError, match="newer version") as caught:
        migrate(connection)
    assert caught.value.code == "newer_schema"
