"""A run in the browser: pictures arrive and change, and every kind of control reaches them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import hover_stage, run_live, stop, template, wait_for
from tests.e2e.wire import Wire, tap

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]

HASH_STAGE = "() => document.querySelector('.stage-canvas')?.toDataURL()"


@pytest.fixture
def wire(page: Page) -> Wire:
    return tap(page)


def test_pictures_arrive_on_the_canvas_and_change(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    seen = set()

    def several() -> bool:
        seen.add(page.evaluate(HASH_STAGE))
        return len(seen) >= 8

    wait_for(page, several, "eight different pictures")
    stop(page)


def test_drawn_frames_are_acknowledged_in_order(page: Page, server_url: str, open_workflow: Open, wire: Wire) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)

    def acknowledged() -> list[int]:
        return [message["data"]["seq"] for message in wire.sent if message["type"] == "ack"]

    wait_for(page, lambda: len(acknowledged()) > 24, "24 acknowledgements")
    assert acknowledged() == sorted(set(acknowledged()))
    stop(page)


def test_a_key_moves_the_camera_and_nothing_before_its_tick_changes(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    """Two runs with one seed: the pictures are the same up to the tick of the key, and differ from it on."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    first = wire.of_type("run_started")[-1]["run_id"]
    wait_for(page, lambda: any(tick >= 40 for tick, _ in wire.ticks(first)), "40 ticks without a key")
    stop(page)
    page.get_by_role("button", name="Run live").first.click()
    wait_for(page, lambda: wire.of_type("run_started")[-1]["run_id"] != first, "the second run")
    second = wire.of_type("run_started")[-1]["run_id"]
    wait_for(page, lambda: any(tick >= 6 for tick, _ in wire.ticks(second)), "6 ticks of the second run")
    hover_stage(page)
    page.keyboard.down("w")
    expect(page.locator(".stage-receipts li[data-applied]").first).to_contain_text("forward +1.00")
    applied = wire.of_type("control_applied")[0]["tick"]
    wait_for(page, lambda: any(tick >= applied + 8 for tick, _ in wire.ticks(second)), "8 ticks after the key")
    page.keyboard.up("w")
    wait_for(page, lambda: wire.controls()[-1]["value"] == 0, "the camera stops when the key is let go")
    stop(page)
    before, after = wire.ticks(first), wire.ticks(second)
    common = sorted(before.keys() & after.keys())
    assert all(before[at] == after[at] for at in common if at[0] < applied)
    assert any(before[at] != after[at] for at in common if at[0] >= applied)
    assert any(at[0] < applied for at in common)


def test_dragging_the_picture_looks_around_and_letting_go_stops(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    x, y = hover_stage(page)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=6)
    wait_for(page, lambda: _last(wire, "yaw", 0) > 0.4, "a turn to the right")
    assert _last(wire, "pitch", 0) < 0
    page.mouse.up()
    wait_for(page, lambda: _last(wire, "yaw", 1) == 0 and _last(wire, "pitch", 1) == 0, "rest")
    stop(page)


def _last(wire: Wire, name: str, otherwise: float) -> float:
    values = [control["value"] for control in wire.controls() if control["input"] == name]
    return values[-1] if values else otherwise


def test_typing_a_prompt_steers_nothing_and_enter_applies_it(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    """A new description as it stands; a change of it as the description that holds then."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    field = page.locator(".stage-prompt textarea")
    field.fill("")
    field.press_sequentially("a wizard walks in a snowy forest by day, 12 steps", delay=5)
    assert wire.controls() == []
    field.press("Enter")
    receipt = page.locator(".stage-prompt-receipt[data-applied]")
    expect(receipt).to_contain_text("Applied at tick")
    field.fill("make it night")
    field.press("Enter")
    changed = "a wizard walks in a snowy forest at night, 12 steps"
    expect(page.locator('.react-flow__node[data-id="1"] textarea')).to_have_value(changed)
    expect(field).to_have_value(changed)
    wait_for(page, lambda: len(wire.controls()) == 2, "the second control")
    assert [control["value"] for control in wire.controls()] == [changed.replace("at night", "by day"), changed]
    field.fill("a purple unicorn")
    field.press("Enter")
    expect(page.get_by_text("Nothing to change")).to_be_visible()
    expect(field).to_have_value("a purple unicorn")
    assert len(wire.controls()) == 2, "unknown words do no harm"
    stop(page)


def test_number_keys_and_buttons_choose_the_action(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    hover_stage(page)
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="wave")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="jump").click()
    hover_stage(page)
    page.keyboard.press("7")
    expect(page.get_by_role("button", name="sit")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("8")
    wait_for(page, lambda: len(wire.of_type("control_applied")) >= 4, "four receipts")
    assert [control["value"] for control in wire.controls()] == ["wave", "jump", "sit", "turn"]
    stop(page)


def test_a_page_that_is_reloaded_takes_up_its_run_again(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    page.reload()
    expect(page.locator(".stage-lamp[data-live]")).to_be_visible()
    before = page.evaluate(HASH_STAGE)
    wait_for(page, lambda: page.evaluate(HASH_STAGE) != before, "a new picture after the reload")
    stop(page)


def test_a_broken_graph_says_on_the_stage_what_to_do(
    page: Page, server_url: str, open_workflow: Open, page_errors: list[str]
) -> None:
    document = template(server_url, "hello")
    document["edges"] = [edge for edge in document["edges"] if edge["to"] != ["6", "generator"]]
    open_workflow(document)
    page.locator(".stage-run").click()
    alert = page.locator(".stage-failed")
    expect(alert).to_be_visible()
    expect(alert).to_contain_text("generator")
    alert.get_by_role("button", name="Show node").click()
    expect(page.locator('.react-flow__node[data-id="6"].selected')).to_be_visible()
    refused = [error for error in page_errors if "status of 400" in error]
    assert len(refused) == 1
    page_errors.remove(refused[0])
