"""A kill at any moment loses no accepted job: a real process, a real SIGKILL."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.fakes_pack import save_document

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, sys
from pathlib import Path
from aiohttp import web
from nodegraph.server import ServerConfig, create_app
from tests.fakes_pack import Gate, make_pack

async def main():
    Gate.reset()
    if sys.argv[2] == "open":
        Gate.open.set()
    config = ServerConfig(port=0, data_dir=Path(sys.argv[1]), preset=None, open_browser=False)
    runner = web.AppRunner(create_app(config, registry=make_pack()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await Gate.passed.wait()
    print("at work", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def spawn(data_dir: Path, gate: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(data_dir),
        gate,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    return process, f"http://127.0.0.1:{port}"


@pytest.mark.timeout(60)
async def test_accepted_jobs_survive_a_kill_and_run_after_the_restart(tmp_path: Path) -> None:
    """The job at work when the process is killed is queued again; the ones behind it wait in their order."""
    document = save_document(between={"type": "test.gate"})
    process, url = await spawn(tmp_path, "closed")
    async with aiohttp.ClientSession() as http:
        async with http.post(url + "/api/queue", json={"workflow": document, "ticks": 2, "count": 3}) as answer:
            ids = (await answer.json())["prompt_ids"]
        assert process.stdout is not None
        assert await process.stdout.readline() == b"at work\n"
        os.kill(process.pid, signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL

        process, url = await spawn(tmp_path, "closed")
        assert process.stdout is not None
        assert await process.stdout.readline() == b"at work\n", "the running job is carried out again by itself"
        async with http.get(url + "/queue") as answer:
            queue = await answer.json()
        assert [item[1] for item in queue["queue_running"] + queue["queue_pending"]] == ids
        process.kill()
        await process.wait()

        process, url = await spawn(tmp_path, "open")
        async with http.ws_connect(url + "/ws") as ws:
            jobs = []
            while [job["status"] for job in jobs] != ["succeeded"] * 3:
                await ws.receive()
                async with http.get(url + "/api/jobs") as answer:
                    jobs = (await answer.json())["jobs"]
        assert [job["prompt_id"] for job in reversed(jobs)] == ids
        assert all(len(job["outputs"]) == 1 for job in jobs)
        process.send_signal(signal.SIGKILL)
        await process.wait()


@pytest.mark.timeout(60)
async def test_a_stop_in_good_order_puts_the_job_back_without_counting(tmp_path: Path) -> None:
    from tests.server.conftest import running

    document = save_document(between={"type": "test.gate"})
    for attempt in range(5):
        async with running(tmp_path) as server:
            from tests.fakes_pack import Gate

            if attempt == 0:
                await server.call("POST", "/api/queue", {"workflow": document, "ticks": 2})
            await Gate.passed.wait()
            Gate.reset()
    async with running(tmp_path) as server:
        (job,) = (await server.call("GET", "/api/jobs")).json["jobs"]
        assert job["status"] in ("queued", "running")
