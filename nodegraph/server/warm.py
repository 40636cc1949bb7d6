"""Load torch and the default model in the background: the page is there at once, and the first run starts fast."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

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

    def start(self) -> None:
        """Begin to load, in a thread that does not keep the process alive."""
        if self._load is not None:
            threading.Thread(target=self._run, args=(self._load,), name="warm", daemon=True).start()

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
    """Import torch and load a model into the pool; return its device. Takes seconds.

    Raises:
        NodegraphError: unknown_preset, checkpoint_mismatch.
    """
    from nodegraph.generator import pool

    pool.load(preset)
    return pool.default_device()
