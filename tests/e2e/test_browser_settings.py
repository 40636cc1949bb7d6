"""What a user sets once and finds again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import template
from tests.e2e.told_takes import serve_takes, tree_of_takes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]


def test_the_chosen_language_is_spoken_at_once_and_after_a_reload(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    open_workflow(template(server_url, "hello"))
    page.keyboard.press("Control+,")
    page.get_by_label("Language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("dialog", name="Einstellungen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Vorlagen", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Vorlagen", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_the_timeline_s_keys_are_listed_and_changed_and_the_canvas_keeps_its_own(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    document = template(server_url, "hello")
    takes = tree_of_takes(document)
    serve_takes(page, takes)
    open_workflow(document)
    page.get_by_role("button", name="Timeline", exact=True).click()
    page.locator(f'.tl-row[data-take="{takes[0]["take_id"]}"] .tl-name').click()
    playhead = page.get_by_role("slider", name="Playhead")
    for key, tick in {"Home": "0", ".": "36", "ArrowRight": "37", ",": "36", "Shift+ArrowLeft": "30"}.items():
        playhead.focus()
        page.keyboard.press(key)
        expect(playhead).to_have_attribute("aria-valuenow", tick)

    page.locator(".react-flow__pane").click(position={"x": 30, "y": 200})
    page.keyboard.press("?")
    keys = page.get_by_role("button", name="Change the keys of To the next named moment")
    expect(keys).to_contain_text(".")
    keys.click()
    page.keyboard.press("j")
    expect(keys).to_contain_text("J")
    expect(page.get_by_role("button", name="Change the keys of Fit the graph")).to_contain_text("F")
    page.keyboard.press("Escape")
    playhead.focus()
    page.keyboard.press(".")
    expect(playhead).to_have_attribute("aria-valuenow", "30")
    page.keyboard.press("j")
    expect(playhead).to_have_attribute("aria-valuenow", "36")
