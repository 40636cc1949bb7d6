"""The model is loaded beside the event loop, and a failure is told, not hidden."""

import asyncio
import subprocess
import sys
import threading

import pytest

from nodegraph.server.warm import Warmth, load_preset


async def test_the_state_follows_the_loading() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def load() -> str:
        begun.set()
        go_on.wait(10)
        return "cpu"

    warmth = Warmth(load)
    warmth.start()
    await asyncio.to_thread(begun.wait, 10)
    assert (warmth.state, warmth.device) == ("loading", None)
    go_on.set()
    await asyncio.to_thread(warmth.join)
    assert (warmth.state, warmth.device) == ("ready", "cpu")


async def test_a_failure_is_logged_once_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    def load() -> str:
        raise RuntimeError("no weights")

    warmth = Warmth(load)
    warmth.start()
    await asyncio.to_thread(warmth.join)
    assert warmth.state == "failed"
    assert [record.message for record in caplog.records] == ["warm_failed"]


def test_nothing_to_load_is_ready() -> None:
    warmth = Warmth(None)
    warmth.start()
    assert warmth.state == "ready"


def test_the_debug_model_loads_and_runs() -> None:
    assert load_preset("debug") in ("cpu", "cuda")


def test_importing_the_server_does_not_import_torch() -> None:
    code = "import nodegraph.server, nodegraph.client, nodegraph.bench.live, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
