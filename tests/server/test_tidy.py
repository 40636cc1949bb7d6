"""Memory that runs leave is given back to the system, a moment after they have ended."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from nodegraph.server.tidy import Tidier, _glibc

THREADS = """
import gc, os, threading
from pathlib import Path
import numpy as np
from nodegraph.server.tidy import few_arenas, freeze, tidy

def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

class Ring:
    alive = 0

    def __init__(self):
        self.me, Ring.alive = self, Ring.alive + 1

    def __del__(self):
        Ring.alive -= 1

def work():
    pieces = [np.ones(60_000, np.uint8) for _ in range(1500)]
    kept.append(pieces[-1])

gc.disable()
kept, begin = [], rss()
assert few_arenas()
for _ in range(3):
    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
Ring()
tidy()
assert Ring.alive == 1, "a collection would take too long"
freeze()
Ring()
tidy()
assert Ring.alive == 0, Ring.alive
print(rss() - begin)
"""


@pytest.mark.skipif(_glibc() is None, reason="only glibc gives memory back when it is asked")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    found = subprocess.run([sys.executable, "-c", THREADS], check=True, capture_output=True, text=True)
    assert int(found.stdout) < 20, "MiB that are left of 1,000 that came and went"


async def test_runs_that_end_together_are_tidied_up_after_once() -> None:
    calls: list[int] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tidy() -> None:
        calls.append(1)
        loop.call_soon_threadsafe(done.set)

    tidier = Tidier(tidy, wait_s=0.01)
    for _ in range(5):
        tidier.run_ended()
    await asyncio.wait_for(done.wait(), 10)
    assert len(calls) == 1
    done.clear()
    tidier.run_ended()
    await asyncio.wait_for(done.wait(), 10)
    assert len(calls) == 2
    tidier.run_ended()
    tidier.stop()
    assert tidier._timer is None


async def test_without_anything_to_do_no_timer_is_set() -> None:
    tidier = Tidier(None)
    tidier.run_ended()
    assert tidier._timer is None
