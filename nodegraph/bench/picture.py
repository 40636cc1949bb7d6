"""A picture of the editor with a live run, taken in a real Chromium: for the README and before a release."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nodegraph.bench.process import own_server
from nodegraph.errors import NodegraphError

__all__ = ["bench_picture"]

_ARGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PLAY_MS = 8_000


async def bench_picture(out: Path, *, width: int, height: int, theme: str) -> dict[str, Any]:
    """Start a server and the default workflow, steer it a little, and save what the page shows.

    Raises:
        NodegraphError: not_found, where Playwright or Chromium is missing.
    """
    try:
        from playwright.async_api import async_playwright
    except ImportError as error:
        raise NodegraphError(
            "not_found", "Playwright drives the browser and is not installed.", remedy="pip install playwright"
        ) from error
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise NodegraphError("not_found", "There is no Chromium.", remedy="apt-get install chromium")
    out.parent.mkdir(parents=True, exist_ok=True)
    async with own_server() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_ARGS))
        page = await browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="light" if theme == "light" else "dark"
        )
        await page.goto(url)
        await page.locator(".stage-run").click()
        await page.locator(".stage-lamp[data-live]").wait_for(timeout=60_000)
        box = await page.locator(".stage-picture").bounding_box()
        assert box is not None, "the stage is on the page"
        await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
        await page.keyboard.press("4")
        await page.keyboard.down("w")
        await page.wait_for_timeout(_PLAY_MS // 20)
        await page.keyboard.up("w")
        await page.wait_for_timeout(_PLAY_MS)
        await page.screenshot(path=str(out))
        shown = await page.locator(".stage-lamp").inner_text()
        await browser.close()
    return {"file": str(out), "size": f"{width}x{height}", "lamp": shown}
