"""What the tests do with the editor again and again."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

POLL_MS = 50


def template(server_url: str, name: str) -> dict[str, Any]:
    """An example workflow on the smallest model."""
    with urllib.request.urlopen(f"{server_url}/api/templates") as answer:
        templates = json.load(answer)["templates"]
    document: dict[str, Any] = next(entry["document"] for entry in templates if entry["id"] == name)
    for node in document["nodes"]:
        if "preset" in node["inputs"]:
            node["inputs"]["preset"] = "debug"
    return document


def run_live(page: Page) -> None:
    """Press the big button on the stage and wait for the first picture."""
    page.locator(".stage-run").click()
    expect(page.locator(".stage-lamp[data-live]")).to_be_visible()


def stop(page: Page) -> None:
    """Stop the live run and wait until it has ended."""
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".stage-lamp")).to_have_text("Hold")


def hover_stage(page: Page) -> tuple[float, float]:
    """Put the pointer on the picture, so that keys reach the stage; returns where it is."""
    box = page.locator(".stage-picture").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    return x, y


def wait_for(page: Page, met: Callable[[], object], what: str, timeout_ms: int = 60_000) -> None:
    """Let the page go on until `met` returns something true."""
    for _ in range(timeout_ms // POLL_MS):
        if met():
            return
        page.wait_for_timeout(POLL_MS)
    raise AssertionError(f"never happened: {what}")
