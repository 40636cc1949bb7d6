"""A monkey at the keyboard: real input events without aim, as fast as the page takes them."""

from __future__ import annotations

import json
import random
from typing import Any

from playwright.sync_api import Page, expect

__all__ = ["Monkey", "draft", "undo_everything"]

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
LOOK_EVERY = 25
"""Between two looks at the page the monkey acts blindly: a question costs as much as an action."""
MUCH_CHARACTERS = 40_000
"""Of the draft: about a hundred nodes. Copies of copies would make every action slower than the one before."""
DEEPEST = 4
UNDO_AT_ONCE = 20


class Monkey:
    """Acts anywhere on the canvas.

    Args:
        page: the editor, with a workflow open.
        chance: what is random.
    """

    def __init__(self, page: Page, chance: random.Random) -> None:
        self._page = page
        self._chance = chance

    def act(self, times: int) -> None:
        """So many keys, clicks, drags and turns of the wheel."""
        for done in range(times):
            if done % LOOK_EVERY == 0:
                self._look()
            self._once()

    def _look(self) -> None:
        box = self._page.locator(".react-flow").bounding_box()
        assert box is not None, "the canvas is there whatever was pressed"
        self._box = box
        length: int = self._page.evaluate("() => (localStorage.getItem('nodegraph.draft') ?? '').length")
        if length > MUCH_CHARACTERS:
            self._clear_away()

    def _clear_away(self) -> None:
        """As a hand would: out of the subgraphs, everything chosen, deleted, and one node added."""
        press = self._page.keyboard.press
        for keys in ("Escape", "Escape", *["Alt+ArrowUp"] * DEEPEST, "Control+a", "Delete"):
            press(keys)
        self._page.mouse.dblclick(self._box["x"] + self._box["width"] / 2, self._box["y"] + self._box["height"] / 2)
        press("Enter")

    def _place(self) -> tuple[float, float]:
        """A place of the canvas, not on the tools at its edges."""
        box = self._box
        return (
            box["x"] + self._chance.uniform(5, box["width"] - 5),
            box["y"] + self._chance.uniform(60, box["height"] - 90),
        )

    def _once(self) -> None:
        page, chance = self._page, self._chance
        kind = chance.random()
        if kind < 0.4:
            page.keyboard.press(chance.choice(KEYS))
        elif kind < 0.6:
            page.mouse.click(*self._place(), button=chance.choice(["left", "left", "right"]))
        elif kind < 0.85:
            page.mouse.move(*self._place())
            page.mouse.down()
            page.mouse.move(*self._place(), steps=2)
            page.mouse.up()
        elif kind < 0.95:
            page.mouse.move(*self._place())
            page.mouse.wheel(0, chance.choice([-120, 120]))
        else:
            page.mouse.dblclick(*self._place())
            page.keyboard.press("Escape")


def undo_everything(page: Page, most: int) -> None:
    """Undo by key until there is nothing left to undo; at most so many times."""
    for _ in range(5):
        page.keyboard.press("Escape")
    undo = page.get_by_role("button", name="Undo")
    if undo.is_enabled():
        undo.click()  # from here on the keys are no text field's
    for _ in range(0, most, UNDO_AT_ONCE):
        if undo.is_disabled():
            break
        for _ in range(UNDO_AT_ONCE):
            page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()


def draft(page: Page) -> dict[str, Any]:
    """Return the document once edits have paused and the browser has kept it."""
    page.wait_for_timeout(600)
    kept: dict[str, Any] = json.loads(page.evaluate("() => localStorage.getItem('nodegraph.draft')"))["doc"]
    return kept
