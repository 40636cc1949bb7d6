"""What is given to others: a take as one page or ZIP, a workflow as a link, a subgraph as a blueprint on the server."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.pages import run_live, stop, template, wait_for
from tests.e2e.wire import Wire, tap

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]
NODE = ".react-flow__node:has(.gn-header)"
"""Nodes without groups."""


@pytest.fixture
def wire(page: Page) -> Wire:
    return tap(page)


def test_a_take_as_a_page_plays_without_server_and_network(
    page: Page, browser: Browser, server_url: str, open_workflow: Open, wire: Wire, tmp_path: Path
) -> None:
    """Film, graph and controls stand in the one file; a control's tick leads to its moment in the film."""
    _record(page, server_url, open_workflow, wire)
    taken = wire.of_type("take_started")[-1]["take_id"]
    _name_moment(server_url, taken, 5, "the snow")
    path = _download(page, "Download as a page", tmp_path / "take.html")
    context = browser.new_context(offline=True)
    other = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    other.goto(path.as_uri())
    film = other.locator("video")
    wait_for(other, lambda: film.evaluate("video => video.readyState >= 1 && video.duration > 0.5"), "the film loads")
    expect(other.locator("svg .node")).to_have_count(len(template(server_url, "hello")["nodes"]))
    row = other.get_by_role("row").filter(has_text="an explorer in desert")
    expect(row).to_have_count(1)
    row.get_by_role("button").click()
    wait_for(other, lambda: film.evaluate("video => video.currentTime") > 0, "the film stands at the control")
    other.get_by_role("list", name="Named moments").get_by_role("button", name="the snow").click()
    wait_for(other, lambda: _stands(film, 17 / 24), "the film stands at the named moment")
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert errors == []
    context.close()


@pytest.mark.parametrize(("button", "name"), [("Download as a page", "take.html"), ("Download bundle", "take.zip")])
def test_a_bundle_opens_read_only_runs_nothing_and_is_edited_as_a_copy(
    page: Page, server_url: str, open_workflow: Open, wire: Wire, tmp_path: Path, button: str, name: str
) -> None:
    _record(page, server_url, open_workflow, wire)
    path = _download(page, button, tmp_path / name)
    started = len(wire.of_type("run_started"))
    page.keyboard.press("Control+o")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)
    bar = page.get_by_role("region", name="Read-only workflow")
    expect(bar).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(2)
    expect(page.locator(NODE)).to_have_count(len(template(server_url, "hello")["nodes"]))

    first = page.locator(f"{NODE}[data-id='1']")
    before = first.bounding_box()
    header = first.locator(".gn-header").bounding_box()
    assert header is not None
    page.mouse.move(header["x"] + 40, header["y"] + 10)
    page.mouse.down()
    page.mouse.move(header["x"] + 120, header["y"] + 90, steps=5)
    page.mouse.up()
    expect(bar.locator("[data-refused]")).to_be_visible()
    wait_for(page, lambda: first.bounding_box() == before, "the node goes back to its place")
    page.keyboard.press("Delete")
    expect(page.locator(NODE)).to_have_count(len(template(server_url, "hello")["nodes"]))

    bar.get_by_role("button", name="Watch the take").click()
    film = page.locator(".share-take video")
    wait_for(page, lambda: film.evaluate("video => video.readyState >= 1 && video.duration > 0.5"), "the film loads")
    expect(page.locator(".share-events li").filter(has_text="an explorer in desert")).to_have_count(1)
    page.keyboard.press("Escape")
    assert len(wire.of_type("run_started")) == started

    bar.get_by_role("button", name="Make a copy").click()
    expect(bar).to_have_count(0)
    page.locator(f"{NODE}[data-id='1'] .gn-header").click()
    page.keyboard.press("Delete")
    expect(page.locator(f"{NODE}[data-id='1']")).to_have_count(0)


def test_a_link_opens_the_workflow_and_runs_nothing(
    page: Page, server_url: str, open_workflow: Open, wire: Wire
) -> None:
    open_workflow({**template(server_url, "hello"), "name": "From a link"})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share as link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "#w=" in link
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_label("Workflow name")).to_have_value("From a link")
    expect(page.locator(NODE)).to_have_count(len(template(server_url, "hello")["nodes"]))
    page.wait_for_timeout(1000)
    assert wire.of_type("run_started") == []
    assert "#" not in page.url


def test_a_blueprint_is_kept_on_the_server_for_every_browser(
    page: Page, browser: Browser, server_url: str, open_workflow: Open
) -> None:
    name = "Shared steps"
    part = {"id": "1", "type": "prompt.text", "version": 1, "pos": [0, 0], "inputs": {"text": "fog"}}
    subgraph = {"id": "s", "name": name, "nodes": [part], "edges": [], "groups": [], "inputs": [], "outputs": []}
    open_workflow(template(server_url, "hello"))
    kept = json.dumps([{"subgraphs": [subgraph]}])
    page.evaluate("value => localStorage.setItem('nodegraph.blueprints', value)", kept)
    page.reload()
    _command(page, "Blueprints")
    row = page.get_by_role("dialog", name="Blueprints").get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("In this browser")
    row.get_by_role("button", name=f"Copy {name} to the server").click()
    expect(row).to_contain_text("In this browser and on the server")

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    other.goto(server_url)
    expect(other.locator(NODE)).not_to_have_count(0)
    _command(other, "Blueprints")
    there = other.get_by_role("dialog", name="Blueprints").get_by_role("listitem").filter(has_text=name)
    expect(there).to_contain_text("On the server")
    there.get_by_role("button", name=f"Delete the blueprint {name}").click()
    expect(there).to_have_count(0)
    context.close()
    with urllib.request.urlopen(f"{server_url}/api/blueprints") as answer:
        assert json.load(answer) == {"blueprints": []}


def _record(page: Page, server_url: str, open_workflow: Open, wire: Wire) -> None:
    """A short take with one new prompt in it, chosen on the timeline."""
    open_workflow(template(server_url, "hello"))
    run_live(page)
    field = page.locator(".stage-prompt textarea")
    field.fill("an explorer in desert ruins at sunset")
    field.press("Enter")
    wait_for(page, lambda: wire.of_type("control_applied"), "the prompt is applied")
    tick = wire.of_type("control_applied")[0]["tick"]
    run_id = wire.of_type("run_started")[-1]["run_id"]

    def now() -> int:
        return max((data["tick"] for data in wire.of_type("live_tick") if data["run_id"] == run_id), default=0)

    wait_for(page, lambda: now() >= tick + 6, "some ticks after it", 120_000)
    stop(page)


def _name_moment(server_url: str, take_id: str, tick: int, name: str) -> None:
    body = json.dumps({"markers": [{"tick": tick, "name": name}]}).encode()
    request = urllib.request.Request(
        f"{server_url}/api/takes/{take_id}/markers", body, {"Content-Type": "application/json"}, method="PUT"
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def _stands(film: Locator, seconds: float) -> bool:
    """The film stands still at a moment, or has been played for less than a second since."""
    now: float = film.evaluate("video => video.currentTime")
    return seconds - 0.01 <= now < seconds + 1


def _download(page: Page, button: str, path: Path) -> Path:
    # The take is offered once its list was read again after the run.
    link = page.get_by_role("link", name=button, exact=True)
    expect(link).to_be_visible()
    page.wait_for_timeout(800)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(path)
    return path


def _command(page: Page, name: str) -> None:
    expect(page.locator(NODE)).not_to_have_count(0)  # shortcuts work from here on
    page.keyboard.press("Control+k")
    page.get_by_placeholder("What do you want to do?").fill(name)
    page.keyboard.press("Enter")
