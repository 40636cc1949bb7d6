"""How the editor bears a large graph, in a real Chromium that draws without a GPU."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from nodegraph.bench.process import own_server
from nodegraph.errors import NodegraphError
from nodegraph.graph import SCHEMA_VERSION

__all__ = ["bench_editor", "grid_workflow"]

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
_SIZE_PX = {"width": 1440, "height": 900}
_GESTURE_MS = 2_500
_STEP_PX = 6
_COLUMN_PX, _ROW_PX = 360, 340

_SHOWN = """() => {
    const far = document.querySelector('.gn-far canvas');
    return document.querySelector('.react-flow__node') !== null || (far !== null && far.width > 0);
}"""
_TWO_FRAMES = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
)
_COUNT = """() => {
    const counter = { start: performance.now(), frames: 0, on: true };
    window.benchFrames = counter;
    const tick = () => { counter.frames += 1; if (counter.on) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
}"""
_COUNTED = """() => {
    const { start, frames } = window.benchFrames;
    window.benchFrames.on = false;
    return 1000 * frames / (performance.now() - start);
}"""
_EMPTY = """() => {
    const box = document.querySelector('.react-flow').getBoundingClientRect();
    for (let y = box.top + 120; y < box.bottom - 180; y += 9)
        for (let x = box.left + 260; x < box.right - 160; x += 9)
            if (document.elementFromPoint(x, y)?.classList.contains('react-flow__pane')) return [x, y];
    return [box.left + 40, box.top + 80];
}"""
_HEADER = """() => {
    const box = document.querySelector('.react-flow').getBoundingClientRect();
    for (const header of document.querySelectorAll('.gn-header')) {
        const at = header.getBoundingClientRect();
        const inside = at.left > box.left + 20 && at.right < box.right - 140;
        if (inside && at.top > box.top + 60 && at.bottom < box.bottom - 200) return [at.left + 60, at.top + 12];
    }
    return null;
}"""

Gesture = Callable[[int], Awaitable[None]]


async def bench_editor(nodes: int, url: str | None = None) -> dict[str, float]:
    """Open a workflow of `nodes` nodes and pan, zoom and drag it, near (zoom 1) and far (all in view).

    Returns:
        ready_ms: navigation to a small graph on the canvas. load_ms: navigation to the large graph drawn.
        pan_near_fps, pan_far_fps, zoom_far_fps, drag_near_fps: frames a second during each gesture.
        js_kb_gz: JavaScript of the first load, compressed, in kB (1000 bytes).

    Raises:
        NodegraphError: not_found, where Playwright or Chromium is missing.
    """
    async with _server(url) as address, _browser() as browser:
        small, ready_ms = await _opened(browser, address, grid_workflow(3))
        js_kb = await _compressed_kb(small)
        await small.context.close()
        page, load_ms = await _opened(browser, address, grid_workflow(nodes))
        far = await _far(page)
        near = await _near(page)
        await page.context.close()
    return {
        "nodes": nodes,
        "ready_ms": round(ready_ms, 1),
        "load_ms": round(load_ms, 1),
        **near,
        **far,
        "js_kb_gz": js_kb,
    }


def grid_workflow(nodes: int) -> dict[str, Any]:
    """Return a workflow of rows of nodes with three widgets each, wired along the rows, about as broad as high."""
    columns = max(1, round((nodes * _ROW_PX / _COLUMN_PX) ** 0.5))
    items, edges = [], []
    for index in range(nodes):
        row, column = divmod(index, columns)
        place = [column * _COLUMN_PX, row * _ROW_PX]
        items.append({"id": str(index), "type": "math.calculate", "version": 1, "inputs": {}, "pos": place})
        if column > 0:
            edges.append({"from": [str(index - 1), "result"], "to": [str(index), "a"]})
    return {
        "schema": SCHEMA_VERSION,
        "id": f"bench-{nodes}",
        "name": f"{nodes} nodes",
        "nodes": items,
        "edges": edges,
    }


async def _far(page: Any) -> dict[str, float]:
    await page.keyboard.press("f")
    await page.wait_for_timeout(600)
    x, y = await page.evaluate(_EMPTY)
    return {
        "pan_far_fps": await _rate(page, await _drag(page, x, y)),
        "zoom_far_fps": await _rate(page, await _wheel(page)),
    }


async def _near(page: Any) -> dict[str, float]:
    box = await page.locator(".react-flow").bounding_box()
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(60):
        zoom = await page.evaluate(
            "() => new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform).a"
        )
        if zoom >= 0.9:
            break
        await page.mouse.wheel(0, -120)
        await page.wait_for_timeout(30)
    await page.wait_for_timeout(800)
    x, y = await page.evaluate(_EMPTY)
    pan = await _rate(page, await _drag(page, x, y))
    header = await page.evaluate(_HEADER)
    drag = await _rate(page, await _drag(page, *header)) if header else 0.0
    return {"pan_near_fps": pan, "drag_near_fps": drag}


async def _drag(page: Any, x: float, y: float) -> Gesture:
    """Return a gesture that goes round in a small square with the button down."""
    await page.mouse.move(x, y)
    await page.mouse.down()

    async def step(number: int) -> None:
        side, along = divmod(number % 80, 20)
        reach = _STEP_PX * (along if side in (0, 1) else 20 - along)
        await page.mouse.move(x + (reach if side % 2 == 0 else 120 * (side == 1)), y + (reach if side % 2 else 0))

    return step


async def _wheel(page: Any) -> Gesture:
    async def step(number: int) -> None:
        await page.mouse.wheel(0, 40 if number % 40 < 20 else -40)

    return step


async def _rate(page: Any, gesture: Gesture) -> float:
    """Repeat a gesture and count the frames that the page draws meanwhile."""
    await page.evaluate(_COUNT)
    begun = await page.evaluate("() => performance.now()")
    for number in range(10_000):
        await gesture(number)
        if number % 10 == 0 and await page.evaluate("() => performance.now()") - begun > _GESTURE_MS:
            break
    rate: float = await page.evaluate(_COUNTED)
    await page.mouse.up()
    return round(rate, 1)


async def _opened(browser: Any, address: str, workflow: dict[str, Any]) -> tuple[Any, float]:
    """Open the page with a workflow as its draft; return it and the milliseconds from navigation to the graph drawn."""
    context = await browser.new_context(viewport=_SIZE_PX)
    page = await context.new_page()
    draft = json.dumps(json.dumps({"doc": workflow, "saved": False}))
    await page.add_init_script(f"localStorage.setItem('nodegraph.draft', {draft})")
    await page.goto(address, wait_until="commit")
    await page.wait_for_function(_SHOWN)
    shown_ms: float = await page.evaluate(_TWO_FRAMES)
    return page, shown_ms


async def _compressed_kb(page: Any) -> float:
    """Measure what the page has loaded as gzip would send it."""
    scripts = await page.evaluate(
        "() => performance.getEntriesByType('resource').map(one => one.name).filter(name => name.endsWith('.js'))"
    )
    answers = [await page.request.get(address) for address in scripts]
    return round(sum([len(gzip.compress(await answer.body())) for answer in answers]) / 1000, 1)


@asynccontextmanager
async def _server(url: str | None) -> AsyncIterator[str]:
    if url is not None:
        yield url
        return
    async with own_server() as address:
        yield address


@asynccontextmanager
async def _browser() -> AsyncIterator[Any]:
    try:
        from playwright.async_api import async_playwright
    except ImportError as error:
        raise NodegraphError(
            "not_found", "Playwright drives the browser and is not installed.", remedy="pip install playwright"
        ) from error
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise NodegraphError("not_found", "There is no Chromium.", remedy="apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_ARGS))
        try:
            yield browser
        finally:
            await browser.close()
