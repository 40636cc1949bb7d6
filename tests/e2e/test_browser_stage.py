"""What a hand does on the stage: pinned inputs, recording, picture, the graph that follows or not."""

from __future__ import annotations

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
