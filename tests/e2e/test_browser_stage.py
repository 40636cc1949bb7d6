"""What a hand does on the stage: pinned inputs, recording, picture, the graph that follows or not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

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
    page.get_by_role("button", name="More tools").click()  # beside the canvas there is no room for all tools
    with page.context.expect_page() as other:
        page.get_by_role("button", name="Window of its own").click()
    canvas = other.value.locator("canvas")
    expect(canvas).to_be_visible()
    first = canvas.evaluate("element => element.toDataURL()")
    wait_for(page, lambda: canvas.evaluate("element => element.toDataURL()") != first, "a new picture over there")
    other.value.close()
    stop(page)


def test_a_canvas_that_is_not_followed_is_applied_by_hand(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    page.get_by_role("button", name="More tools").click()
    page.get_by_role("button", name="The picture follows the canvas").click()
    page.keyboard.press("Escape")
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


def test_spare_tools_of_a_docked_stage_stand_behind_a_button(page: Page, server_url: str, open_workflow: Open) -> None:
    """By keyboard as well: opened, used, and left with the focus where it was; a wide stage shows them in its row."""
    open_workflow(template(server_url, "hello"))
    more = page.get_by_role("button", name="More tools")
    grid = page.get_by_role("button", name="Thirds")
    expect(grid).to_have_count(0)
    more.focus()
    page.keyboard.press("Enter")
    expect(grid).to_be_visible()
    grid.click()
    expect(grid).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(grid).to_have_count(0)
    expect(more).to_be_focused()
    page.set_viewport_size({"width": 1900, "height": 1000})
    expect(more).to_have_count(0)
    expect(grid).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_phone_shows_the_stage_first_and_the_graph_as_a_second_page(
    browser: Browser, server_url: str, page_errors: list[str], theme: str
) -> None:
    """Nothing runs out of the window, and fingers find what they press."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: page_errors.append(str(error)))
    kept = [json.dumps({"doc": template(server_url, "hello"), "saved": False}), json.dumps({"theme": theme})]
    page.add_init_script(
        f"localStorage.setItem('nodegraph.draft', {json.dumps(kept[0])});"
        f"localStorage.setItem('nodegraph.window', {json.dumps(kept[1])})"
    )
    page.goto(server_url)
    run = page.locator(".app-run").get_by_role("button", name="Run live")
    expect(run).to_be_in_viewport(ratio=0.99)
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.99)
    expect(page.locator(".app-canvas")).to_be_hidden()
    _fits(page)
    run.tap()
    expect(page.locator(".stage-lamp[data-live]")).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_in_viewport(ratio=0.99)
    expect(page.locator(".stage-prompt")).to_be_in_viewport(ratio=0.99)
    _fits(page)
    page.get_by_role("button", name="Timeline", exact=True).tap()
    expect(page.locator(".tl-row").first).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="Timeline", exact=True).tap()
    page.get_by_role("button", name="Graph", exact=True).tap()
    expect(page.locator(".react-flow__node").first).to_be_visible()
    expect(page.locator(".stage")).to_be_hidden()
    _fits(page)
    for panel in ("Nodes", "Templates", "Queue", "Gallery"):
        page.get_by_role("button", name=panel, exact=True).tap()
        expect(page.locator(".app-panel")).to_be_visible()
        _fits(page)
    page.get_by_role("button", name="Stage", exact=True).tap()
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.99)
    for dialog in ("Settings", "Keyboard shortcuts", "Blueprints"):
        page.get_by_role("button", name="Command palette").tap()
        page.get_by_placeholder("What do you want to do?").fill(dialog)
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_be_visible()
        _fits(page)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Stop", exact=True).tap()
    expect(page.locator(".stage-lamp")).to_have_text("Hold")
    context.close()
    assert page_errors == []


SMALL_TARGETS = """() => {
    const found = [];
    for (const one of document.querySelectorAll(
        '.app-topbar button, .app-rail button, .stage button, .tl-bar button, .tl-bar a, dialog[open] .ui-button'
    )) {
        const box = one.getBoundingClientRect();
        if (box.width === 0 || getComputedStyle(one).visibility === 'hidden') continue;
        const name = one.ariaLabel ?? one.textContent;
        if (box.height < 39.5 || box.width < 28) found.push(`${name} ${box.width}x${box.height}`);
    }
    return found;
}"""

RUNS_OUT = """() => {
    const wide = document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth;
    const out = [...document.querySelectorAll('.app-topbar > *, .app-rail, .stage, .tl, dialog[open]')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
        .map((one) => one.className);
    return wide ? ['page', ...out] : out;
}"""


def _fits(page: Page) -> None:
    """No part leaves the window sideways, and no button of the bars and the stage is too small for a finger."""
    wait_for(page, lambda: page.evaluate(RUNS_OUT) == [], "everything stays inside the window")
    # A dialog that opens grows to its size first.
    wait_for(page, lambda: page.evaluate(SMALL_TARGETS) == [], "every button is large enough")
