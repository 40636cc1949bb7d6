"""How the key views look, dark and light, against kept pictures of them; see `pictures`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import template
from tests.e2e.pictures import compare
from tests.e2e.told_takes import serve_takes, tree_of_takes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]
THEMES = ("dark", "light")
LOOKS_AT_MOST = 40
BETWEEN_MS = 100
TIMELINE_PX = 480
"""What is kept of a take is drawn in lines of two pixels."""

WIDGETS: tuple[tuple[str, tuple[int, int], dict[str, Any]], ...] = (
    ("prompt.text", (0, 0), {"text": "a red fox walks through snow"}),
    ("value.seed", (0, 230), {"seed": 7}),
    ("pose.clip", (0, 360), {"loop": True}),
    ("camera.orbit", (300, 0), {"radius_m": 4.5}),
    ("image.backdrop", (300, 250), {}),
    ("value.curve", (600, 0), {}),
    ("camera.path", (600, 330), {}),
    ("util.note", (900, 0), {"text": "**Notes** keep what the graph does not say."}),
    ("image.load", (900, 200), {}),
)
"""A node for each kind of widget: prompt, seed, switch, file, number, choice, colour, curve, keyframes, crop, note."""


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest, page: Page) -> str:
    """The page opens in this theme, without motion."""
    chosen: str = request.param
    page.add_init_script(f"localStorage.setItem('nodegraph.window', JSON.stringify({{theme: '{chosen}'}}))")
    page.emulate_media(reduced_motion="reduce")
    return chosen


def test_nodes_with_each_kind_of_widget(
    page: Page, server_url: str, open_workflow: Open, theme: str, tmp_path: Path
) -> None:
    nodes = [
        {"id": str(number), "type": kind, "version": 1, "pos": list(place), "inputs": inputs}
        for number, (kind, place, inputs) in enumerate(WIDGETS)
    ]
    open_workflow({"schema": 1, "id": "looks", "name": "Looks", "nodes": nodes, "edges": [], "groups": []})
    expect(page.locator(".react-flow__node")).to_have_count(len(WIDGETS))
    canvas = page.locator(".react-flow")
    _still(page, canvas)
    page.keyboard.press("f")
    compare(f"widgets-{theme}", _still(page, canvas), tmp_path)


def test_the_stage_before_the_first_run(
    page: Page, server_url: str, open_workflow: Open, theme: str, tmp_path: Path
) -> None:
    open_workflow(template(server_url, "hello"))
    expect(page.locator(".stage-run")).to_be_visible()
    compare(f"stage-{theme}", _still(page, page.locator(".stage")), tmp_path)


def test_the_timeline_of_a_tree_of_takes(
    page: Page, server_url: str, open_workflow: Open, theme: str, tmp_path: Path
) -> None:
    """Takes as a server would tell them that had recorded these: snapshots, an approximate branch, a thinned take."""
    document = template(server_url, "hello")
    takes = tree_of_takes(document)
    serve_takes(page, takes)
    open_workflow(document)
    page.get_by_role("button", name="Timeline", exact=True).click()
    page.locator(f'.tl-row[data-take="{takes[0]["take_id"]}"] .tl-name').click()
    expect(page.locator(".tl-row")).to_have_count(len(takes))
    expect(page.locator(".tl-held")).to_have_count(2)
    expect(page.locator(".tl-held [data-held=exact]")).to_have_count(3)
    page.mouse.move(5, 5)
    compare(f"timeline-{theme}", _still(page, page.locator(".tl")), tmp_path, width=TIMELINE_PX)


def _still(page: Page, part: Locator) -> bytes:
    """A screen of a part once its letters are there and two in a row are the same: nothing loads or glides any more."""
    page.evaluate("() => document.fonts.ready")
    last = part.screenshot()
    for _ in range(LOOKS_AT_MOST):
        page.wait_for_timeout(BETWEEN_MS)
        now = part.screenshot()
        if now == last:
            return now
        last = now
    raise AssertionError("the screen does not come to rest")
