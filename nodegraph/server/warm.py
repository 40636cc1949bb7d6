"""Load torch and the default model in the background: the page is there at once, and the first run starts fast."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

from nodegraph.values import Prompt

log = logging.getLogger(__name__)

State = Literal["loading", "ready", "failed"]


class Warmth:
    """How far the loading is. `device` is known when it is ready.

    Args:
        load: blocking; returns the device. None = nothing to load, ready at once.
    """

    def __init__(self, load: Callable[[], str] | None) -> None:
        self._load = load
        self.state: State = "ready" if load is None else "loading"
        self.device: str | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to load, in a thread that does not keep the process alive."""
        if self._load is not None:
            self._thread = threading.Thread(target=self._run, args=(self._load,), name="warm", daemon=True)
            self._thread.start()

    def join(self) -> None:
        """Wait for the end of the loading; blocking."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, load: Callable[[], str]) -> None:
        start = time.perf_counter()
        try:
            self.device = load()
        except Exception:
            log.exception("warm_failed")
            self.state = "failed"
        else:
            self.state = "ready"
            log.info("warm_ready seconds=%.1f device=%s", time.perf_counter() - start, self.device)


def load_preset(preset: str) -> str:
    """Import torch, load a model into the pool and run it for two ticks; return its device. Takes seconds.

    The first forward passes of a process are many times slower than the rest, and the first tick is unlike the others.

    Raises:
        NodegraphError: unknown_preset, checkpoint_mismatch.
    """
    from nodegraph.generator import pool
    from nodegraph.generator.session import Controls

    model = pool.load(preset)
    session, decoder = model.session(seed=0), model.decoder()
    for _ in range(2):
        decoder.decode(session.step(Controls(prompt=Prompt(text="warm up"))))
    return pool.default_device()
