"""A server of its own on a free port, and pages in a real Chromium that must not report a single error."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "nodegraph" / "server" / "static" / "index.html"
ARGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_TIMEOUT_S = 60

expect.set_options(timeout=60_000)


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with an empty data directory."""
    if not STATIC.is_file():
        pytest.skip("the editor is not built: make editor")
    data = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "nodegraph", "serve", "--no-open", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            address = _address(process)
            # Nobody reading would stop the server when the pipe is full; what it says stands beside its data.
            Thread(target=_keep, args=(process, data / "server.log"), daemon=True).start()
            yield address
        finally:
            process.terminate()


def _keep(process: subprocess.Popen[str], path: Path) -> None:
    assert process.stdout is not None
    with path.open("w") as file:
        for line in process.stdout:
            file.write(line)
            file.flush()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://[\w.]+:\d+", line):
            return found[0]
    raise AssertionError(f"the server ended with {process.wait(START_TIMEOUT_S)}: {said}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = _chromium()
    with sync_playwright() as playwright:
        if executable is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture
def page_errors() -> list[str]:
    """Exceptions and console errors of the page. A test that provokes one takes it out."""
    return []


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location['url']}".strip()


@pytest.fixture
def page(browser: Browser, page_errors: list[str]) -> Iterator[Page]:
    """A fresh page; an exception or an error on its console fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: page_errors.append(str(error)))
    page.on("console", lambda message: page_errors.append(_told(message)) if message.type == "error" else None)
    yield page
    context.close()
    assert page_errors == []


@pytest.fixture
def open_workflow(page: Page, server_url: str) -> Callable[[dict[str, Any]], None]:
    """Open the editor with a workflow on the canvas, as a draft that the browser kept."""

    def open_it(document: dict[str, Any]) -> None:
        draft = json.dumps({"doc": document, "saved": False})
        page.add_init_script(
            "if (location.protocol.startsWith('http') && !sessionStorage.getItem('seeded')) {"
            f"sessionStorage.setItem('seeded', 'yes'); localStorage.setItem('nodegraph.draft', {json.dumps(draft)}); }}"
        )
        page.goto(server_url)
        expect(page.locator(".react-flow__node")).not_to_have_count(0)

    return open_it
