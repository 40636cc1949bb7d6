"""Subgraphs by hand: made, run, opened, given ports, kept as a blueprint, unpacked, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import run_live, stop, template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]

NODE = ".react-flow__node[data-id='{}']"
INSTANCE = ".react-flow__node:has([data-instance=true])"


def select(page: Page, *ids: str) -> None:
    """Click nodes by their titles, the second and later ones with Ctrl."""
    for index, node in enumerate(ids):
        modifiers: list[Any] = ["Control"] if index else []
        page.locator(f"{NODE.format(node)} h3").click(modifiers=modifiers)


def draft(page: Page) -> dict[str, Any]:
    """The workflow as the page keeps it."""
    page.wait_for_timeout(600)
    kept: dict[str, Any] = json.loads(page.evaluate("() => localStorage.getItem('nodegraph.draft')"))["doc"]
    return kept


def test_a_subgraph_runs_and_steers_like_the_nodes_inside_it(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    before = draft(page)
    select(page, "4", "6")
    page.keyboard.press("Control+Shift+g")
    expect(page.locator(INSTANCE)).to_have_count(1)
    expect(page.locator(NODE.format("4"))).to_have_count(0)
    run_live(page)
    stop(page)

    page.locator(f"{INSTANCE} .gn-header").dblclick()
    expect(page.locator(NODE.format("4"))).to_be_visible()
    expect(page.get_by_role("navigation", name="Path to the open subgraph")).to_be_visible()
    page.get_by_role("button", name="Ports of the subgraph").click()
    name = page.get_by_label("Name of the subgraph")
    name.fill("Flight")
    name.blur()
    page.get_by_role("dialog").get_by_role("checkbox", checked=True).first.uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(NODE.format("4"))).to_have_count(0)
    expect(page.locator(f"{INSTANCE} h3")).to_have_text("Flight")

    page.locator(f"{INSTANCE} .gn-header").click(button="right")
    page.get_by_role("menuitem", name="Save as blueprint").click()
    page.locator(".react-flow__pane").dblclick(position={"x": 40, "y": 560})
    page.locator(".gn-search input").fill("Flight")
    page.get_by_role("option", name="Flight Blueprint").click()
    expect(page.locator(INSTANCE)).to_have_count(2)
    page.keyboard.press("Control+z")

    select_instance = page.locator(f"{INSTANCE} h3")
    select_instance.click()
    page.keyboard.press("Control+Alt+g")
    expect(page.locator(INSTANCE)).to_have_count(0)
    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(page.locator(NODE.format("4"))).to_be_visible()
    after = draft(page)
    assert (after["nodes"], after["edges"], after["subgraphs"]) == (before["nodes"], before["edges"], [])
