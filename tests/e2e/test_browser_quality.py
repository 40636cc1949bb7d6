"""Nobody is shut out and nothing breaks: accessibility by axe, and a monkey at the keyboard."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.monkey import Monkey, draft, undo_everything
from tests.e2e.pages import template
from tests.e2e.told_takes import serve_takes, tree_of_takes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ACTIONS = int(os.environ.get("NODEGRAPH_MONKEY", "300"))
"""How many random actions the monkey makes; its full measure is 2000."""


def serious(page: Page) -> list[str]:
    """What axe finds that shuts somebody out, with the first place of each."""
    if page.evaluate("() => typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await window.axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in web/")
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_screen_has_a_serious_barrier(page: Page, server_url: str, open_workflow: Open, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('nodegraph.window', JSON.stringify({{theme: '{theme}'}}))")
    page.emulate_media(reduced_motion="reduce")  # a dialog that is still fading in has no contrast yet
    document = template(server_url, "hello")
    takes = tree_of_takes(document)
    serve_takes(page, takes)
    open_workflow(document)
    found = {"canvas": serious(page)}
    for panel in ("Nodes", "Templates", "Queue", "Gallery"):
        page.get_by_role("button", name=panel, exact=True).click()
        expect(page.locator(".app-panel")).to_be_visible()
        found[panel] = serious(page)
    page.keyboard.press("Escape")
    for name, keys in {"shortcuts": "?", "settings": "Control+,", "palette": "Control+k", "open": "Control+o"}.items():
        page.locator(".react-flow__pane").click(position={"x": 30, "y": 200})
        page.keyboard.press(keys)
        expect(page.locator("dialog[open]")).to_be_visible()
        found[name] = serious(page)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("button", name="Timeline", exact=True).click()
    page.locator(f'.tl-row[data-take="{takes[1]["take_id"]}"] .tl-name').click()
    expect(page.locator(".tl-held")).to_have_count(2)
    found["timeline"] = serious(page)
    page.locator(".tl-playhead").focus()
    page.keyboard.press("k")
    expect(page.get_by_role("dialog", name="What is kept")).to_be_visible()
    found["kept"] = serious(page)
    assert {screen: faults for screen, faults in found.items() if faults} == {}


def test_a_monkey_leaves_no_error_and_undo_leads_back_to_the_beginning(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    """Whatever was pressed: no exception, no error on the console, and the first document again, exactly."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.emulate_media(reduced_motion="reduce")  # the view jumps: what glides is waited for by no one
    open_workflow(template(server_url, "hello"))
    before = draft(page)
    Monkey(page, random.Random(11)).act(ACTIONS)
    undo_everything(page, ACTIONS + 200)
    after = draft(page)
    for part in ("nodes", "edges", "groups", "subgraphs", "name"):
        assert after[part] == before[part], part
