"""What a user sets once and finds again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import template

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
