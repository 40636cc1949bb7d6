"""From a render in the browser to a film that plays, and back to the workflow inside it."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TICKS = 6
FRAMES = 4 * TICKS - 3
"""The causal decoder gives one frame for the first tick and four for every other."""


def test_a_queued_render_becomes_a_film_that_plays(
    page: Page, server_url: str, open_workflow: Callable[[dict[str, Any]], None]
) -> None:
    document = template(server_url, "batch")
    document["run"] = {"mode": "render", "ticks": TICKS}
    open_workflow(document)
    page.get_by_role("button", name="Queue", exact=True).click()
    page.get_by_role("button", name="Render", exact=True).click()
    expect(page.locator(".panel-job[data-status='succeeded']")).to_have_count(1, timeout=120_000)

    page.get_by_role("button", name="Gallery", exact=True).click()
    page.get_by_role("button", name="Video", exact=True).click()
    page.locator(".panel-gallery button").first.click()
    film = page.locator("dialog video")
    expect(film).to_be_visible()
    page.wait_for_function("() => document.querySelector('dialog video').currentTime > 0")
    assert film.evaluate("video => video.error") is None

    with urllib.request.urlopen(f"{server_url}{film.get_attribute('src')}") as answer:
        _check_film(answer.read(), document)
    page.keyboard.press("Escape")
    expect(film).to_have_count(0)


def _check_film(data: bytes, document: dict[str, Any]) -> None:
    with av.open(io.BytesIO(data)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        metadata = container.metadata
    assert len(frames) == FRAMES
    assert any(not np.array_equal(frames[0], frame) for frame in frames[1:])
    inside = json.loads(metadata["workflow"])
    assert {node["id"] for node in inside["nodes"]} == {node["id"] for node in document["nodes"]}


def test_a_render_opens_its_workflow_again(
    page: Page, server_url: str, open_workflow: Callable[[dict[str, Any]], None]
) -> None:
    document = {**template(server_url, "batch"), "name": "Neon film", "run": {"mode": "render", "ticks": 1}}
    open_workflow(document)
    page.get_by_role("button", name="Queue", exact=True).click()
    page.get_by_role("button", name="Render", exact=True).click()
    job = page.locator(".panel-job[data-status='succeeded']", has_text="Neon film")
    expect(job).to_have_count(1, timeout=120_000)
    page.keyboard.press("Escape")
    page.locator(".react-flow__pane").click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__node")).to_have_count(0)
    job.hover()
    job.get_by_role("button", name="Open workflow").click()
    expect(page.locator(".react-flow__node")).not_to_have_count(0)
    expect(page.locator(".react-flow__node[data-id='1']")).to_be_visible()
