"""Several workflows in one window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]


def test_nodes_are_carried_from_tab_to_tab_and_all_tabs_are_there_after_a_reload(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_workflow({**template(server_url, "hello"), "name": "First"})
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["First"])
    page.locator(".react-flow__node[data-id='1'] h3").click()
    page.keyboard.press("Control+c")

    page.get_by_role("button", name="New tab").click()
    expect(page.locator(".react-flow__node")).to_have_count(0)
    page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})
    page.keyboard.press("Control+v")
    expect(page.locator(".react-flow__node")).to_have_count(1)
    name = page.get_by_label("Workflow name")
    name.fill("Second")
    name.press("Enter")
    expect(tabs).to_have_text(["First", "Second"])

    tabs.first.click()
    expect(page.locator(".react-flow__node[data-id='6']")).to_be_visible()
    page.wait_for_timeout(600)
    page.reload()
    expect(tabs).to_have_text(["First", "Second"])
    tabs.last.click()
    expect(page.locator(".react-flow__node")).to_have_count(1)

    page.get_by_title("Close Second").click()
    expect(tabs).to_have_text(["First"])
    page.get_by_role("button", name="Open again").click()
    expect(tabs).to_have_text(["First", "Second"])


def test_a_shortcut_is_changed_and_works(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    count = page.locator(".react-flow__node").count()
    page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})
    page.keyboard.press("?")
    page.get_by_role("button", name="Change the keys of Add note").click()
    page.keyboard.press("Alt+j")
    page.keyboard.press("Escape")
    page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})
    page.keyboard.press("n")
    expect(page.locator(".react-flow__node")).to_have_count(count)
    page.keyboard.press("Alt+j")
    expect(page.locator(".react-flow__node")).to_have_count(count + 1)
