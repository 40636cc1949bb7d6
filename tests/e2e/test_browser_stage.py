"""What a hand does on the stage: pinned inputs, recording, picture, the graph that follows or not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import run_live, stop, template, wait_for
from tests.e2e.wire import Wire, tap

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]
WEBM_MAGIC = b"\x1a\x45\xdf\xa3"
PNG_MAGIC = b"\x89PNG"


@pytest.fixture
def wire(page: Page) -> Wire:
    return tap(page)


def test_an_input_is_pinned_to_the_stage_and_its_slider_steers(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    """The pin belongs to the workflow: it is in the document, and undo takes it off."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    page.get_by_role("button", name="Pin inputs to the stage").click()
    page.get_by_label("Zoom Live camera").check()
    page.keyboard.press("Escape")
    slider = page.locator(".stage-pin input[type=range]")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    wait_for(page, lambda: [one for one in wire.controls() if one["input"] == "zoom"], "the slider steers")
    sent = [one for one in wire.controls() if one["input"] == "zoom"][-1]
    wait_for(page, lambda: any(one["id"] == sent["id"] for one in wire.of_type("control_applied")), "it is taken over")
    assert sent["node"] == "4"
    page.wait_for_timeout(600)
    kept = json.loads(page.evaluate("localStorage.getItem('nodegraph.draft')"))["doc"]
    assert kept["meta"]["stage"]["pins"] == [{"node": "4", "input": "zoom"}]
    page.get_by_role("button", name=re.compile("Take zoom off the stage", re.I)).click()
    expect(slider).to_have_count(0)
    stop(page)


def test_the_picture_is_recorded_and_saved(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    page.get_by_role("button", name="Record as WebM").click()
    page.wait_for_timeout(1500)
    with page.expect_download() as film:
        page.get_by_role("button", name="Stop recording and save").click()
    assert Path(film.value.path()).read_bytes().startswith(WEBM_MAGIC)
    with page.expect_download() as still:
        page.get_by_role("button", name="Save picture as PNG").click()
    assert Path(still.value.path()).read_bytes().startswith(PNG_MAGIC)
    stop(page)


def test_the_picture_stands_in_a_window_of_its_own(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    page.get_by_role("button", name="Full screen").click()  # beside the canvas there is no room for this tool
    with page.context.expect_page() as other:
        page.get_by_role("button", name="Window of its own").click()
    canvas = other.value.locator("canvas")
    expect(canvas).to_be_visible()
    first = canvas.evaluate("element => element.toDataURL()")
    wait_for(page, lambda: canvas.evaluate("element => element.toDataURL()") != first, "a new picture over there")
    other.value.close()
    page.get_by_role("button", name="Leave full screen").click()
    stop(page)


def test_a_canvas_that_is_not_followed_is_applied_by_hand(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    page.get_by_role("button", name="The picture follows the canvas").click()
    run_live(page)
    page.locator('.react-flow__node[data-id="5"] .gn-header').click()
    page.keyboard.press("Control+m")
    apply = page.get_by_role("button", name="Apply", exact=True)
    expect(apply).to_be_visible()
    assert wire.of_type("edit_applied") == []
    apply.click()
    wait_for(page, lambda: wire.of_type("edit_applied"), "the muted node is taken over")
    expect(apply).to_have_count(0)
    stop(page)
