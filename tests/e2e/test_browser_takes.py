"""Takes in the browser: the graph is changed while frames flow; moments are returned to, continued and compared."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.e2e.pages import run_live, stop, template, wait_for
from tests.e2e.wire import Wire, tap

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]
LONGEST_GAP_S = 1.0


@dataclass
class Beat:
    """When messages with frames came in, by the test's clock; a message of one run only counts after `clear`."""

    arrivals_s: list[float] = field(default_factory=list)

    def longest_s(self) -> float:
        """The longest time between two messages."""
        return max(b - a for a, b in zip(self.arrivals_s, self.arrivals_s[1:], strict=False))


@pytest.fixture
def wire(page: Page) -> Wire:
    return tap(page)


@pytest.fixture
def beat(page: Page) -> Beat:
    beat = Beat()

    def note(payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            beat.arrivals_s.append(time.monotonic())

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    page.on("websocket", opened)
    return beat


def test_a_preview_is_added_and_the_camera_swapped_while_frames_flow(
    page: Page, server_url: str, open_workflow: Open, wire: Wire, beat: Beat
) -> None:
    """One run from beginning to end, and never a second without a frame."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    run_id = _run_id(wire)
    _reach(page, wire, run_id, 12)
    beat.arrivals_s.clear()

    _drop_wire_on_nothing(page, "7", "frames")
    page.locator(".gn-search input").fill("Preview")
    page.keyboard.press("Enter")
    wait_for(page, lambda: wire.of_type("edit_applied"), "the preview is taken over")
    added = [node for node in _draft(page)["nodes"] if node["type"] == "view.preview"][-1]["id"]
    wait_for(page, lambda: page.locator(f'.react-flow__node[data-id="{added}"] canvas').count() > 0, "its picture")

    page.locator('.react-flow__node[data-id="4"] .gn-header').click(button="right")
    page.get_by_role("menuitem", name="Replace with another node").click()
    page.locator(".gn-search input").fill("Orbit camera")
    page.keyboard.press("Enter")
    wait_for(page, lambda: len(wire.of_type("edit_applied")) >= 2, "the camera is swapped")
    swapped = wire.of_type("edit_applied")[-1]
    _reach(page, wire, run_id, swapped["tick"] + 12)

    assert {edit["kind"] for edit in wire.of_type("edit_applied")} == {"warm"}
    assert [started["run_id"] for started in wire.of_type("run_started")] == [run_id]
    assert beat.longest_s() < LONGEST_GAP_S
    stop(page)


def test_a_graph_that_cannot_run_leaves_the_picture_as_it_is(
    page: Page, server_url: str, open_workflow: Open, wire: Wire, page_errors: list[str]
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    run_id = _run_id(wire)
    _reach(page, wire, run_id, 6)
    page.locator('.react-flow__node[data-id="7"] .gn-header').click()
    page.keyboard.press("Delete")
    notice = page.locator('.stage-follow[data-kind="refused"]')
    expect(notice).to_be_visible()
    _reach(page, wire, run_id, _tick(wire, run_id) + 12)
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+z")
    expect(notice).to_have_count(0)
    stop(page)
    page_errors[:] = [error for error in page_errors if "status of 400" not in error]


def test_rewinding_goes_back_in_ticks_and_frames_go_on(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    first = _run_id(wire)
    _open_timeline(page)
    _reach(page, wire, first, 40)
    _scrub(page, _row(page, 0), 0.3)
    expect(page.locator(".stage-review")).to_be_visible()
    tick = int(page.locator(".tl-playhead").get_attribute("aria-valuenow") or 0)
    assert 0 < tick < 40
    rows = page.locator(".tl-row").count()  # takes of earlier tests stand there too
    page.get_by_role("button", name="Rewind here").click()
    wait_for(page, lambda: _run_id(wire) != first, "a new run")
    second = _run_id(wire)
    wait_for(page, lambda: wire.ticks(second), "frames of the new run")
    assert min(at for at, _ in wire.ticks(second)) <= tick + 6
    _reach(page, wire, second, tick + 12)
    expect(page.locator(".tl-row")).to_have_count(rows + 1)
    stop(page)


def test_a_past_take_is_continued_compared_and_rendered(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    first = _run_id(wire)
    _open_timeline(page)
    _reach(page, wire, first, 36)
    stop(page)
    parent = wire.of_type("take_started")[-1]["take_id"]
    expect(page.locator(f'[data-take="{parent}"] .tl-held [data-kept="video"]')).to_have_count(1)

    _scrub(page, _take(page, parent), 0.5)
    page.get_by_role("button", name="Branch from here").click()
    wait_for(page, lambda: wire.of_type("take_started")[-1]["take_id"] != parent, "the branch is recorded")
    branch = wire.of_type("take_started")[-1]
    assert branch["parent"] == parent
    _reach(page, wire, branch["run_id"], branch["tick"] + 12)
    stop(page)

    _take(page, parent).locator(".tl-name").click()
    _take(page, branch["take_id"]).hover()
    _take(page, branch["take_id"]).get_by_role("button", name="Compare").click()
    wipe = page.locator(".stage-wipe")
    expect(wipe).to_be_visible()
    wipe.focus()
    before = int(wipe.get_attribute("aria-valuenow") or 0)
    page.keyboard.press("ArrowRight")
    expect(wipe).to_have_attribute("aria-valuenow", str(before + 2))
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Render again").click()
    page.get_by_role("dialog").get_by_label("Width").fill("128")
    page.get_by_role("button", name="Queue render").click()
    expect(page.get_by_text("Render of the take queued")).to_be_visible()
    wait_for(page, lambda: _jobs(server_url)[0]["status"] == "succeeded", "the take is rendered", 180_000)


def test_a_control_of_the_past_is_taken_away_and_the_take_continued_without_it(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    _open_timeline(page)
    field = page.locator(".stage-prompt textarea")
    field.fill("an explorer in desert ruins at sunset")
    field.press("Enter")
    expect(page.locator(".stage-prompt-receipt[data-applied]")).to_be_visible()
    first = _run_id(wire)
    _reach(page, wire, first, wire.of_type("control_applied")[0]["tick"] + 12)
    stop(page)
    control = page.locator(".tl-control")
    expect(control).to_have_count(1)
    control.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".tl-draft")).to_be_visible()
    page.locator(".tl-playhead").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Branch with it").click()
    wait_for(page, lambda: _run_id(wire) != first, "the branch")
    wait_for(page, lambda: wire.ticks(_run_id(wire)), "frames of the branch")
    taken = wire.of_type("take_started")[-1]["take_id"]
    assert _json(f"{server_url}/api/takes/{taken}")["controls"] == []
    stop(page)


def test_a_control_is_put_into_the_past_by_keyboard_and_the_take_continued_with_it(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    """The receipt says that it waits; the branch has it at its tick, and then it was applied."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    _open_timeline(page)
    first = _run_id(wire)
    _reach(page, wire, first, 18)
    stop(page)
    page.locator(".tl-playhead").focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Add a control")
    dialog.get_by_label("Input").select_option(label=_option(dialog, "text"))
    dialog.get_by_label("Value").fill("a lighthouse in a storm")
    expect(dialog.get_by_label("Tick")).to_have_value("4")
    dialog.get_by_role("button", name="Add", exact=True).click()
    control = page.locator(".tl-control")
    expect(control).to_have_count(1)
    control.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Applies at tick 4, shown at frame 13")
    page.locator(".tl-playhead").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Branch with it").click()
    wait_for(page, lambda: _run_id(wire) != first, "the branch")
    wait_for(page, lambda: wire.ticks(_run_id(wire)), "frames of the branch")
    taken = wire.of_type("take_started")[-1]["take_id"]
    kept = _json(f"{server_url}/api/takes/{taken}")["controls"]
    assert [(one["tick"], one["input"], one["value"]) for one in kept] == [(4, "text", "a lighthouse in a storm")]
    stop(page)
    _take(page, taken).locator(".tl-name").click()
    page.locator(".tl-control").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Received. Applied at tick 4")


def test_moments_are_named_renamed_found_by_key_and_forgotten(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    _open_timeline(page)
    _reach(page, wire, _run_id(wire), 18)
    stop(page)
    taken = wire.of_type("take_started")[-1]["take_id"]

    def markers() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = _json(f"{server_url}/api/takes/{taken}")["markers"]
        return found

    playhead = page.locator(".tl-playhead")
    playhead.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("m")
    page.get_by_role("dialog", name="Name a moment").get_by_label("Name").fill("the leap")
    page.keyboard.press("Enter")
    wait_for(page, lambda: markers() == [{"tick": 6, "name": "the leap"}], "the moment is kept")
    playhead.focus()
    page.keyboard.press("Home")
    page.keyboard.press(".")
    expect(playhead).to_have_attribute("aria-valuenow", "6")
    flag = page.get_by_role("button", name="the leap, tick 6")
    flag.click()
    page.get_by_role("dialog", name="Named moment").get_by_label("Name").fill("the fall")
    page.keyboard.press("Enter")
    wait_for(page, lambda: markers() == [{"tick": 6, "name": "the fall"}], "it has another name")
    page.get_by_role("button", name="the fall, tick 6").click()
    page.get_by_role("button", name="Delete the name").click()
    wait_for(page, lambda: markers() == [], "it has none")
    expect(flag).to_have_count(0)


def test_a_second_run_goes_on_beside_the_first(page: Page, server_url: str, open_workflow: Open, wire: Wire) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    first = _run_id(wire)
    _open_timeline(page)
    _reach(page, wire, first, 18)
    _scrub(page, _row(page, 0), 0.5)
    page.get_by_role("button", name="Branch beside").click()
    expect(page.locator(".stage-beside canvas")).to_be_visible()
    wait_for(page, lambda: _run_id(wire) != first, "the second run")
    second = _run_id(wire)
    wait_for(page, lambda: wire.ticks(second), "frames of the second run")
    _reach(page, wire, first, _tick(wire, first) + 6)
    page.get_by_role("button", name="End B").click()
    expect(page.locator(".stage-beside")).to_have_count(0)
    stop(page)


def test_what_is_kept_is_explained_a_take_is_pinned_and_goes_on_nearly_from_its_latents(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    """Before the first snapshot the exact way is to make the ticks again; the quick way is called approximate."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    _open_timeline(page)
    _reach(page, wire, _run_id(wire), 30)
    stop(page)
    parent = wire.of_type("take_started")[-1]["take_id"]
    band = _take(page, parent).locator(".tl-held")
    expect(band.locator('[data-kept="latents"]')).to_have_count(1)
    expect(band.locator('[data-held="exact"]')).not_to_have_count(0)
    band.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("On the disk: latents, film")

    page.locator(".tl-playhead").focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    dialog = page.get_by_role("dialog", name="What is kept")
    expect(dialog.get_by_role("status").first).to_contain_text("tick 5: Continues exactly, after 5 ticks made again")
    expect(dialog.locator("dt")).to_contain_text(["Exact state", "Exact by replay", "Approximate only", "Film"])
    dialog.get_by_role("checkbox").check()
    wait_for(page, lambda: _json(f"{server_url}/api/takes/{parent}").get("pinned"), "the take is pinned")
    expect(_take(page, parent).locator('[data-sign="pinned"]')).to_have_count(1)
    page.keyboard.press("Escape")

    page.get_by_role("toolbar", name="Timeline").get_by_role("button", name="Branch nearly").click()
    wait_for(page, lambda: wire.of_type("take_started")[-1]["take_id"] != parent, "the branch is recorded")
    branch = wire.of_type("take_started")[-1]
    expect(page.get_by_text("Approximate: the state was rebuilt from the latents")).to_be_visible()
    expect(page.locator(".stage-approximate")).to_be_visible()
    _reach(page, wire, branch["run_id"], branch["tick"] + 12)
    stop(page)
    told = _json(f"{server_url}/api/takes/{branch['take_id']}")
    assert (told["exact"], told["approximate_from"], told["parent"]) == (False, 5, parent)
    row = _take(page, branch["take_id"])
    expect(row.locator('[data-sign="approximate"]')).to_have_count(1)
    expect(row.locator('.tl-held [data-held="approximate"]')).to_have_count(1)


def test_a_take_is_renamed_and_deleted(page: Page, server_url: str, open_workflow: Open, wire: Wire) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    _open_timeline(page)
    _reach(page, wire, _run_id(wire), 8)
    stop(page)
    take = _take(page, wire.of_type("take_started")[-1]["take_id"])
    take.get_by_role("button", name="Rename").click()
    name = take.get_by_role("textbox", name="Name of the take")
    name.fill("The good one")
    name.press("Enter")
    expect(take.locator(".tl-name")).to_contain_text("The good one")
    take.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete take").click()
    expect(take).to_have_count(0)


def _run_id(wire: Wire) -> str:
    found: str = wire.of_type("run_started")[-1]["run_id"]
    return found


def _tick(wire: Wire, run_id: str) -> int:
    return max((data["tick"] for data in wire.of_type("live_tick") if data["run_id"] == run_id), default=0)


def _reach(page: Page, wire: Wire, run_id: str, tick: int) -> None:
    wait_for(page, lambda: _tick(wire, run_id) >= tick, f"tick {tick}", 120_000)


def _open_timeline(page: Page) -> None:
    page.get_by_role("button", name="Timeline", exact=True).click()
    expect(page.locator(".tl-row").first).to_be_visible()


def _row(page: Page, place: int) -> Locator:
    return page.locator(".tl-row").nth(place)


def _take(page: Page, take_id: str) -> Locator:
    return page.locator(f'.tl-row[data-take="{take_id}"]')


def _option(dialog: Locator, part: str) -> str:
    """The full name of the first choice that ends in `part`."""
    names = dialog.get_by_label("Input").locator("option").all_inner_texts()
    return next(name for name in names if name.endswith(part))


def _scrub(page: Page, row: Locator, share: float) -> None:
    """Press on a take's strip, at a share of its length."""
    box = row.locator(".tl-strip").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def _drop_wire_on_nothing(page: Page, node: str, output: str) -> None:
    port = page.locator(f'.react-flow__node[data-id="{node}"] .gn-output[data-handleid="{output}"]').bounding_box()
    pane = page.locator(".react-flow__pane").bounding_box()
    assert port is not None
    assert pane is not None
    page.mouse.move(port["x"] + port["width"] / 2, port["y"] + port["height"] / 2)
    page.mouse.down()
    page.mouse.move(pane["x"] + pane["width"] / 2, pane["y"] + 60, steps=8)
    page.mouse.move(pane["x"] + pane["width"] - 160, pane["y"] + 40, steps=8)
    page.mouse.up()


def _draft(page: Page) -> dict[str, Any]:
    page.wait_for_timeout(600)
    draft: dict[str, Any] = json.loads(page.evaluate("localStorage.getItem('nodegraph.draft')"))
    return draft["doc"]


def _json(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _jobs(server_url: str) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = _json(f"{server_url}/api/jobs")["jobs"]
    return jobs
