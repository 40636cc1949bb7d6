"""Building a graph by hand, and finding it again after a reload."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import run_live, stop, template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]


def test_a_node_dragged_from_the_palette_is_wired_by_hand_and_kept(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    document = template(server_url, "hello")
    document["id"], document["name"] = "wired-by-hand", "Wired by hand"
    document["edges"] = [edge for edge in document["edges"] if edge["from"][0] != "4"]
    document["nodes"] = [node for node in document["nodes"] if node["id"] != "4"]
    open_workflow(document)
    nodes = page.locator(".react-flow__node[data-id]")
    count = nodes.count()

    page.get_by_role("button", name="Nodes", exact=True).click()
    entry = page.locator(".gn-palette-entry", has=page.get_by_text("Orbit camera", exact=True)).locator("button").first
    group = page.locator(".react-flow__node[data-id='5']").bounding_box()
    pane = page.locator(".react-flow__pane").bounding_box()
    assert group is not None
    assert pane is not None
    entry.drag_to(
        page.locator(".react-flow__pane"),
        target_position={"x": group["x"] - pane["x"] + 10, "y": group["y"] - pane["y"] - 130},
    )
    expect(nodes).to_have_count(count + 1)
    page.get_by_role("button", name="Nodes", exact=True).click()

    _wire(page, _port(page, "Orbit camera", "source", "camera"), _port(page, "APT2 step", "target", "camera"))
    expect(page.locator(".react-flow__edge")).to_have_count(len(document["edges"]) + 1)

    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    page.reload()
    expect(nodes).to_have_count(count + 1)
    expect(page.locator(".react-flow__edge")).to_have_count(len(document["edges"]) + 1)

    with urllib.request.urlopen(f"{server_url}/api/workflows/wired-by-hand") as answer:
        kept = json.load(answer)["document"]
    added = next(node for node in kept["nodes"] if node["type"] == "camera.orbit")
    assert {"from": [added["id"], "camera"], "to": ["6", "camera"]} in kept["edges"]
    run_live(page)
    stop(page)


def test_a_wire_of_the_wrong_type_is_refused(page: Page, server_url: str, open_workflow: Open) -> None:
    document = template(server_url, "hello")
    document["edges"] = [edge for edge in document["edges"] if edge["from"][0] != "4"]
    open_workflow(document)
    _wire(page, _port(page, "Prompt", "source", "prompt"), _port(page, "APT2 step", "target", "camera"))
    expect(page.locator(".react-flow__edge")).to_have_count(len(document["edges"]))


def _port(page: Page, node: str, kind: str, name: str) -> tuple[float, float]:
    title = page.get_by_text(node, exact=True)
    handle = page.locator(".react-flow__node", has=title).locator(f".react-flow__handle.{kind}[data-handleid='{name}']")
    box = handle.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _wire(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=5)
    page.mouse.move(*end, steps=5)
    page.mouse.up()
