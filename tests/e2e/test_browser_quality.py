"""Nobody is shut out and nothing breaks: accessibility by axe, and a monkey at the keyboard."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ACTIONS = int(os.environ.get("NODEGRAPH_MONKEY", "300"))
"""How many random actions the monkey makes; its full measure is 2000."""

KEYS = (
    "Control+d",
    "Control+g",
    "Control+Shift+g",
    "Control+Alt+g",
    "Control+m",
    "Control+b",
    "Alt+c",
    "p",
    "c",
    "n",
    "f",
    "m",
    "Shift+a",
    "Shift+ArrowLeft",
    "Shift+ArrowUp",
    "Control+a",
    "Escape",
    "Delete",
    "Control+z",
    "Control+Shift+z",
    "Alt+ArrowDown",
    "Alt+ArrowUp",
    "Control+c",
    "Control+v",
)


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
    open_workflow(template(server_url, "hello"))
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
    assert {screen: faults for screen, faults in found.items() if faults} == {}


def test_after_random_actions_no_error_is_left_and_undo_leads_back_to_the_beginning(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    chance = random.Random(11)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_workflow(template(server_url, "hello"))
    before = _draft(page)
    for _ in range(ACTIONS):
        _act(page, chance)
    for _ in range(5):
        page.keyboard.press("Escape")
    undo = page.get_by_role("button", name="Undo")
    for _ in range(ACTIONS + 50):
        if undo.is_disabled():
            break
        undo.click()
    expect(undo).to_be_disabled()
    after = _draft(page)
    for part in ("nodes", "edges", "groups", "subgraphs", "name"):
        assert after[part] == before[part], part


def _act(page: Page, chance: random.Random) -> None:
    """One thing that a hand might do: a key, a click, a drag or a turn of the wheel, anywhere on the canvas."""
    box = page.locator(".react-flow").bounding_box()
    assert box is not None

    def place() -> tuple[float, float]:
        return box["x"] + chance.uniform(5, box["width"] - 5), box["y"] + chance.uniform(60, box["height"] - 90)

    kind = chance.random()
    if kind < 0.4:
        page.keyboard.press(chance.choice(KEYS))
    elif kind < 0.6:
        page.mouse.click(*place(), button=chance.choice(["left", "left", "right"]))
    elif kind < 0.85:
        page.mouse.move(*place())
        page.mouse.down()
        page.mouse.move(*place(), steps=3)
        page.mouse.up()
    elif kind < 0.95:
        page.mouse.move(*place())
        page.mouse.wheel(0, chance.choice([-120, 120]))
    else:
        page.mouse.dblclick(*place())
        page.keyboard.press("Escape")


def _draft(page: Page) -> dict[str, Any]:
    page.wait_for_timeout(600)
    kept: dict[str, Any] = json.loads(page.evaluate("() => localStorage.getItem('nodegraph.draft')"))["doc"]
    return kept
