"""What a hand does to nodes and wires on the canvas, and what the canvas tells before and during a run."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import run_live, stop, template, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]

MIDDLE_JS = """name => {
  const edge = [...document.querySelectorAll('.react-flow__edge')].find(one => one.getAttribute('aria-label') === name);
  const path = edge.querySelector('.react-flow__edge-path');
  const length = path.getTotalLength();
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const at = path.getPointAtLength(length * share).matrixTransform(path.getScreenCTM());
    if (document.elementFromPoint(at.x, at.y)?.closest('.react-flow__edge') === edge) return [at.x, at.y];
  }
  return null;
}"""
"""Where on the screen a wire can be clicked."""


def node(page: Page, node_id: str) -> Locator:
    return page.locator(f".react-flow__node[data-id='{node_id}']")


def wire(page: Page, source: str, target: str) -> Locator:
    return page.locator(f".react-flow__edge[aria-label='Edge from {source} to {target}']")


def middle(page: Page, source: str, target: str) -> tuple[float, float]:
    """A point of a wire that nothing lies upon."""
    found = page.evaluate(MIDDLE_JS, f"Edge from {source} to {target}")
    assert found is not None, "the wire is covered everywhere"
    return found[0], found[1]


def centre(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def kept(page: Page) -> dict[str, Any]:
    """The workflow as the page keeps it, perhaps a moment late."""
    text = page.evaluate("() => localStorage.getItem('nodegraph.draft')")
    document: dict[str, Any] = json.loads(text)["doc"]
    return document


def places(page: Page) -> dict[str, list[float]]:
    return {one["id"]: one["pos"] for one in kept(page)["nodes"]}


def small(server_url: str, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> dict[str, Any]:
    """A workflow of a few nodes."""
    return {**template(server_url, "hello"), "id": "small", "nodes": nodes, "edges": edges, "groups": []}


def number(node_id: str, x: float, y: float) -> dict[str, Any]:
    return {"id": node_id, "type": "math.number", "version": 1, "inputs": {"value": 2.0}, "pos": [x, y]}


def fitted(page: Page) -> None:
    """Wait until the opened graph was brought into view."""
    expect(page.locator(".react-flow__viewport")).not_to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")


def click_pane(page: Page) -> None:
    page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})


def test_a_double_click_on_a_wire_puts_a_reroute_there(page: Page, server_url: str, open_workflow: Open) -> None:
    document = template(server_url, "hello")
    document["nodes"] = [one for one in document["nodes"] if one["id"] in ("1", "6")]
    document["edges"] = [{"from": ["1", "prompt"], "to": ["6", "prompt"]}]
    document["groups"] = []
    open_workflow(document)
    fitted(page)
    page.mouse.dblclick(*middle(page, "1", "6"))
    expect(page.locator(".gn-reroute")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    expect(wire(page, "1", "6")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".gn-reroute")).to_have_count(0)
    expect(wire(page, "1", "6")).to_have_count(1)


def test_a_node_dropped_on_a_wire_goes_into_it_and_undo_takes_it_out_again(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    orbit = {"id": "2", "type": "camera.orbit", "version": 1, "inputs": {}, "pos": [1000, 0]}
    sum_of_two = {"id": "3", "type": "math.calculate", "version": 1, "inputs": {}, "pos": [380, 420]}
    nodes = [number("1", 0, 0), orbit, sum_of_two]
    open_workflow(small(server_url, nodes, [{"from": ["1", "value"], "to": ["2", "speed"]}]))
    fitted(page)
    x, y = middle(page, "1", "2")
    card, head = centre(node(page, "3")), centre(node(page, "3").locator("h3"))
    page.mouse.move(*head)
    page.mouse.down()
    page.mouse.move(head[0] + (x - card[0]) / 2, head[1] + (y - card[1]) / 2, steps=4)
    page.mouse.move(head[0] + x - card[0], head[1] + y - card[1], steps=4)
    page.mouse.up()
    expect(wire(page, "1", "3")).to_have_count(1)
    expect(wire(page, "3", "2")).to_have_count(1)
    expect(wire(page, "1", "2")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(wire(page, "1", "2")).to_have_count(1)
    expect(page.locator(".react-flow__edge")).to_have_count(1)


def test_selected_nodes_are_aligned_and_distributed(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(small(server_url, [number("1", 0, 0), number("2", 60, 190), number("3", 140, 600)], []))
    fitted(page)
    click_pane(page)
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+ArrowLeft")
    wait_for(page, lambda: {place[0] for place in places(page).values()} == {0}, "all stand at the left edge")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Command palette").fill("Distribute vertically")
    page.keyboard.press("Enter")
    wait_for(page, lambda: abs(places(page)["2"][1] - 300) <= 1, "the middle one stands half way")
    assert (places(page)["1"][1], places(page)["3"][1]) == (0, 600)


def test_a_node_is_swapped_for_another_and_keeps_its_wires(page: Page, server_url: str, open_workflow: Open) -> None:
    document = template(server_url, "hello")
    open_workflow(document)
    fitted(page)
    node(page, "4").locator(".gn-header").click(button="right")
    page.get_by_role("menuitem", name="Replace with another node").click()
    page.get_by_role("combobox", name="Search nodes").fill("Orbit camera")
    page.keyboard.press("Enter")
    expect(node(page, "4").locator("h3")).to_have_text("Orbit camera")
    expect(page.locator(".react-flow__edge")).to_have_count(len(document["edges"]))
    wait_for(page, lambda: any(one["type"] == "camera.orbit" for one in kept(page)["nodes"]), "the draft has it")
    assert {"from": ["4", "camera"], "to": ["6", "camera"]} in kept(page)["edges"]


def test_a_group_collapses_to_its_title_and_opens_again(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    fitted(page)
    group = page.locator(".gn-group", has_text="Steer it")
    group.get_by_role("button", name="Collapse the group").click()
    expect(node(page, "4")).to_have_count(0)
    expect(node(page, "5")).to_have_count(0)
    expect(node(page, "6")).to_be_visible()
    opener = group.get_by_role("button", name="Expand the group")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.click()
    expect(node(page, "4")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(node(page, "4")).to_have_count(0)


def test_far_away_only_names_are_drawn_and_many_nodes_become_one_picture(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    open_workflow(template(server_url, "hello"))
    fitted(page)
    canvas = page.locator(".gn-canvas")
    zoom_out = page.get_by_role("button", name="Zoom out", exact=True)
    _click_until(page, zoom_out, lambda: canvas.get_attribute("data-far") is not None)
    expect(node(page, "6").locator("h3")).to_be_visible()
    expect(node(page, "4").locator(".gn-control > *").first).to_be_hidden()

    click_pane(page)
    for _ in range(5):
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+d")
    overview = page.get_by_role("img", name=re.compile(r"Overview of \d+ nodes"))
    expect(overview).to_be_visible()
    expect(page.locator(".react-flow__node")).to_have_count(0)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(overview).to_have_count(0)
    expect(page.locator(".react-flow__node.selected")).to_have_count(1)


def _click_until(page: Page, button: Locator, met: Callable[[], object]) -> None:
    for _ in range(14):
        if met():
            return
        button.click()
        page.wait_for_timeout(300)
    raise AssertionError("it never came so far")


def test_a_template_is_opened_from_the_gallery_by_keyboard(page: Page, server_url: str, open_workflow: Open) -> None:
    with urllib.request.urlopen(f"{server_url}/api/templates") as answer:
        templates = json.load(answer)["templates"]
    open_workflow(template(server_url, "hello"))
    page.get_by_role("button", name="Templates", exact=True).click()
    cards = page.locator(".panel-templates button")
    expect(cards).to_have_count(len(templates))
    second = templates[1]
    cards.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Workflow name")).to_have_value(second["name"])
    expect(page.locator(".react-flow__node .gn-node")).to_have_count(
        sum(one["type"] not in ("util.note", "util.reroute") for one in second["document"]["nodes"])
    )


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_templates_picture_moves_under_the_pointer_unless_motion_is_unwanted(
    page: Page, server_url: str, open_workflow: Open, motion: Any
) -> None:
    with urllib.request.urlopen(f"{server_url}/api/templates") as answer:
        if not all("moving" in one for one in json.load(answer)["templates"]):
            pytest.skip("the pictures are not made: nodegraph bench thumbnails")
    page.emulate_media(reduced_motion=motion)
    open_workflow(template(server_url, "hello"))
    page.get_by_role("button", name="Templates", exact=True).click()
    card = page.locator(".panel-templates button").first
    expect(card.locator("img")).to_have_count(1)
    card.hover()
    expect(card.locator(".panel-moving")).to_have_count(0 if motion == "reduce" else 1)
    card.focus()
    page.mouse.move(5, 5)
    page.locator(".panel-templates button").nth(1).focus()
    expect(card.locator(".panel-moving")).to_have_count(0)


NOTE = (
    "# Plan\n\n- [ ] more light\n\n<img src=x onerror='window.hacked=1'>\n\n"
    "[bad](javascript:window.hacked=1) and [good](https://example.org)"
)


def test_a_note_shows_its_markdown_is_edited_by_hand_and_runs_nothing(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    note = {"id": "1", "type": "util.note", "version": 1, "inputs": {"text": NOTE}, "pos": [0, 0], "size": [320, 260]}
    open_workflow(small(server_url, [note], []))
    fitted(page)
    card = page.locator(".gn-note")
    expect(card.get_by_role("heading", name="Plan")).to_be_visible()
    expect(card.get_by_role("checkbox")).to_be_visible()
    expect(card.locator("a")).to_have_count(1)
    expect(card.locator("img")).to_have_count(0)
    assert page.evaluate("() => window.hacked") is None

    card.get_by_role("heading", name="Plan").dblclick()
    area = card.get_by_role("textbox")
    expect(area).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nand **bold** words")
    page.keyboard.press("Escape")
    expect(card.locator("strong")).to_have_text("bold")
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(card.locator("strong")).to_have_count(0)


def test_a_live_run_shows_the_time_of_every_node_and_how_full_the_wires_are(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    open_workflow(template(server_url, "hello"))
    run_live(page)
    for one in ("6", "7", "8"):
        expect(node(page, one).locator(".gn-time")).to_have_text(re.compile(r"^[\d.]+ ms$"))
    button = page.get_by_role("button", name="Show where the time goes")
    button.click()
    legend = page.get_by_role("region", name="Time per tick")
    expect(legend.get_by_role("listitem")).not_to_have_count(0)
    expect(legend.get_by_role("button", name="APT2 step")).to_be_visible()
    expect(node(page, "6").locator(".gn-node[data-heat]")).to_be_visible()
    expect(page.locator(".gn-fill-label").first).to_have_text(re.compile(r"^\d+ %$"))
    stop(page)
    expect(legend.get_by_role("listitem")).not_to_have_count(0)
    click_pane(page)
    page.keyboard.press("Shift+P")
    expect(legend).to_have_count(0)
    expect(node(page, "6").locator(".gn-time")).to_have_count(0)


def test_a_generator_tells_before_the_run_how_fast_it_will_be(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "hello"))
    fitted(page)
    loader = node(page, "3")
    loader.get_by_role("button", name="How fast will it be here?").click()
    expect(loader.locator(".gn-estimate[data-kind]")).to_have_text(re.compile(r"About [\d.]+ ms a tick"))


def test_an_input_goes_on_the_stage_from_its_own_menu(page: Page, server_url: str, open_workflow: Open) -> None:
    """What only programs set is not shown at all."""
    open_workflow(template(server_url, "hello"))
    fitted(page)
    expect(node(page, "8").get_by_text("marker")).to_have_count(0)
    node(page, "8").locator(".gn-label", has_text="quality").click(button="right")
    page.get_by_role("menuitem", name="Put quality on the stage").click()
    pins = [{"node": "8", "input": "quality"}]
    wait_for(page, lambda: kept(page)["meta"].get("stage", {}).get("pins") == pins, "the pin is in the workflow")
    node(page, "8").locator(".gn-header").click(button="right")
    page.get_by_role("menuitem", name="Take quality off the stage").click()
    wait_for(page, lambda: kept(page)["meta"].get("stage", {}).get("pins") == [], "it is gone")
