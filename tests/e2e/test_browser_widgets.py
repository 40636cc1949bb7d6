"""Widgets under the hand: paths, curves, prompts, numbers, seeds, colours, files, crops and clips, in Chromium."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pil
from playwright.sync_api import Browser, Locator, Page, expect

from nodegraph.media.pose import PoseClip, dump_pose_clip
from nodegraph.worlds.body import BodyState, advance, keypoints
from tests.e2e.pages import run_live, stop, template, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[[dict[str, Any]], None]
NO_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""


def node_doc(*nodes: dict[str, Any], edges: tuple[Any, ...] = ()) -> dict[str, Any]:
    """A workflow of single nodes, close together so that they are drawn large enough for the hand."""
    placed = [{"version": 1, "pos": [300 * i, 0], "inputs": {}, **node} for i, node in enumerate(nodes)]
    wires = [{"from": list(source), "to": list(target)} for source, target in edges]
    return {"schema": 1, "id": "widgets", "name": "Widgets", "nodes": placed, "edges": wires, "groups": []}


def stored(page: Page, node: str, name: str) -> Any:
    """An input as the workflow holds it now."""
    draft = page.evaluate("() => JSON.parse(localStorage.getItem('nodegraph.draft'))")
    return next(item["inputs"].get(name) for item in draft["doc"]["nodes"] if item["id"] == node)


def node(page: Page, name: str) -> Locator:
    return page.locator(f".react-flow__node[data-id='{name}']")


def middle(found: Locator) -> tuple[float, float]:
    found.element_handle().wait_for_element_state("stable")  # a dialog that just opened still lays itself out
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(start[0] + by[0] * step / 5, start[1] + by[1] * step / 5)
    page.mouse.up()


def spot(page: Page, area: Locator, color: tuple[int, int, int]) -> tuple[float, float]:
    """Where the eye finds a colour in a part of the page: the middle of its topmost patch."""
    box = area.bounding_box()
    assert box is not None
    shot = page.screenshot(clip={key: box[key] for key in ("x", "y", "width", "height")})
    pixels = np.array(Pil.open(io.BytesIO(shot)).convert("RGB"), dtype=int)
    rows, columns = np.nonzero(np.abs(pixels - np.array(color)).max(axis=2) < 24)
    assert len(rows) > 3, f"nothing of the colour {color} is in sight"
    patch = rows < rows.min() + 8
    return box["x"] + float(columns[patch].mean()), box["y"] + float(rows[patch].mean())


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def open_path(page: Page) -> Locator:
    node(page, "4").get_by_role("button", name="keyframes: Edit").click()
    dialog = page.get_by_role("dialog", name="Camera path")
    expect(dialog.locator(".cam-view[data-ready='true']").first).to_be_visible()
    return dialog


def test_a_camera_path_is_moved_and_turned_in_3d(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "camera_path"))
    dialog = open_path(page)
    scene = dialog.locator(".cam-host")
    dialog.get_by_role("button", name="Keyframe 2 at tick 18").click()
    height = cell(page, "Keyframe 2, y (m)")
    expect(height).to_have_value("1.9")
    page.wait_for_timeout(300)
    drag(page, spot(page, scene, (0, 255, 0)), (0, -60))
    expect(height).not_to_have_value("1.9")
    assert float(height.input_value()) > 2.2
    assert float(cell(page, "Keyframe 2, x (m)").input_value()) == pytest.approx(3.2)

    dialog.get_by_role("button", name="Turn").click()
    yaw = cell(page, "Keyframe 2, yaw (deg)")
    page.wait_for_timeout(300)
    drag(page, spot(page, scene, (0, 255, 0)), (70, 20))
    expect(yaw).not_to_have_value("-40")
    page.keyboard.press("Escape")
    moved = stored_after(page, "4", "keyframes", lambda keys: keys[1]["yaw"] != -40)[1]
    assert moved["position"][1] > 2.2


def test_a_camera_path_is_edited_without_webgl(page: Page, server_url: str, open_workflow: Open) -> None:
    page.add_init_script(NO_WEBGL)
    open_workflow(template(server_url, "camera_path"))
    dialog = open_path(page)
    expect(dialog.get_by_role("button", name="3-D")).to_have_count(0)
    top = dialog.locator(".cam-view[data-kind='top']")
    page.wait_for_timeout(300)
    accent = (0xFF, 0xB4, 0x54)
    dialog.get_by_role("button", name="Keyframe 3 at tick 36").click()
    expect(dialog.get_by_role("button", name="Keyframe 3 at tick 36")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(300)
    depth = cell(page, "Keyframe 3, z (m)")
    expect(depth).to_have_value("1")
    arm = spot(page, top, accent)
    drag(page, arm, (0, 60))
    expect(cell(page, "Keyframe 3, yaw (deg)")).not_to_have_value("-85")
    assert depth.input_value() == "1"


def test_a_camera_path_is_edited_by_keyboard_alone(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "camera_path"))
    opener = node(page, "4").get_by_role("button", name="keyframes: Edit")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Camera path")
    cell(page, "Keyframe 2, x (m)").focus()
    page.keyboard.type("3.2*2")
    page.keyboard.press("Enter")
    expect(cell(page, "Keyframe 2, x (m)")).to_have_value("6.4")
    page.keyboard.press("ArrowUp")
    expect(cell(page, "Keyframe 2, x (m)")).to_have_value("6.5")
    dialog.get_by_role("slider", name="Time").focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("slider", name="Time")).to_have_attribute("aria-valuenow", "19")
    dialog.get_by_role("button", name="Keyframe here").focus()
    page.keyboard.press("Enter")
    expect(dialog.locator(".cam-mark")).to_have_count(6)
    page.keyboard.press("Control+z")
    expect(dialog.locator(".cam-mark")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    wait_for(page, lambda: stored(page, "4", "keyframes")[1]["position"][0] == 6.5, "the typed number is kept")


def test_keyframes_are_retimed_copied_and_deleted_and_the_path_plays(
    page: Page, server_url: str, open_workflow: Open
) -> None:
    document = template(server_url, "camera_path")
    next(item for item in document["nodes"] if item["id"] == "4")["inputs"]["loop"] = False
    open_workflow(document)
    dialog = open_path(page)
    drag(page, middle(dialog.get_by_role("button", name="Keyframe 2 at tick 18")), (60, 0))
    expect(dialog.get_by_role("button", name="Keyframe 2 at tick 18")).to_have_count(0)
    assert 18 < float(cell(page, "Keyframe 2, tick").input_value()) < 36
    dialog.get_by_role("button", name="Duplicate").click()
    expect(dialog.get_by_role("button", name="Keyframe 6 at tick 84")).to_be_visible()
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.locator(".cam-mark")).to_have_count(5)
    time = dialog.get_by_role("slider", name="Time")
    time.press("End")
    for _ in range(6):
        time.press("ArrowLeft")
    dialog.get_by_role("button", name="Play").click()
    expect(dialog.get_by_role("button", name="Pause")).to_have_count(0)
    expect(time).to_have_attribute("aria-valuenow", "72")


def test_a_path_is_recorded_by_flying(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "camera_path"))
    dialog = open_path(page)
    dialog.get_by_role("button", name="Fly", exact=True).click()
    expect(dialog.get_by_role("application", name="Flying the camera")).to_be_focused()
    page.keyboard.press("Space")
    clock = dialog.locator(".cam-flight output")
    expect(clock).to_have_attribute("data-recording", "true")
    page.keyboard.down("w")
    wait_for(page, lambda: float(clock.inner_text().split()[0]) >= 1.5, "a second and a half is recorded")
    page.keyboard.up("w")
    page.keyboard.press("Space")
    expect(dialog.locator(".cam-flight")).to_have_count(0)
    flown = stored_after(page, "4", "keyframes", lambda keys: keys[0]["tick"] == 0 and keys[-1]["tick"] < 30)
    assert 2 <= len(flown) < 10
    assert flown[-1]["position"][2] < flown[0]["position"][2] - 0.3, "forward is towards the character"
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.locator(".cam-mark")).to_have_count(5)


def stored_after(page: Page, name: str, port: str, right: Callable[[Any], bool]) -> Any:
    """The input once it is as expected: the draft is written a moment after an edit."""
    wait_for(page, lambda: right(stored(page, name, port)), f"{port} is kept")
    return stored(page, name, port)


def test_a_curve_is_drawn_by_hand_and_read_by_keyboard(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(template(server_url, "curves"))
    node(page, "4").get_by_role("button", name="keyframes: Edit").click()
    dialog = page.get_by_role("dialog", name="Curve")
    expect(dialog.get_by_text("deg/s", exact=True)).to_be_visible()
    second = dialog.get_by_role("button", name="Keyframe 2: tick 12, value 30 deg/s")
    drag(page, middle(second), (0, 90))
    expect(second).to_have_count(0)
    value = cell(page, "Keyframe 2, value (deg/s)")
    assert -45 <= float(value.input_value()) < 30
    assert cell(page, "Keyframe 2, tick").input_value() in ("11", "12", "13")

    plot = dialog.locator(".cv-plot").bounding_box()
    assert plot is not None
    page.mouse.dblclick(plot["x"] + plot["width"] * 0.55, plot["y"] + 60)
    expect(dialog.locator(".cv-key")).to_have_count(5)
    page.keyboard.press("Escape")
    node(page, "4").get_by_role("button", name="keyframes: Edit").click()
    third = dialog.locator(".cv-key").nth(2)
    third.focus()
    page.keyboard.press("Delete")
    expect(dialog.locator(".cv-key")).to_have_count(4)
    dialog.locator(".cv-key").nth(0).focus()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "Keyframe 1, value (deg/s)")).not_to_have_value("0")
    dialog.get_by_role("button", name="Straight").click()
    stored_after(page, "4", "interpolation", lambda kind: kind == "linear")


def number(page: Page, name: str, port: str) -> Locator:
    return node(page, name).get_by_role("spinbutton", name=port, exact=True)


def test_numbers_slide_finely_take_sums_and_go_back(page: Page, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "math.wave"}, {"id": "2", "type": "camera.orbit"}))
    speed = number(page, "2", "speed")
    drag(page, middle(speed), (20, 0))
    expect(speed).not_to_have_attribute("aria-valuenow", "20")
    page.keyboard.down("Shift")
    before = float(speed.get_attribute("aria-valuenow") or 0)
    drag(page, middle(speed), (20, 0))
    page.keyboard.up("Shift")
    assert 0 < float(speed.get_attribute("aria-valuenow") or 0) - before < 3
    speed.focus()
    page.keyboard.press("Backspace")
    expect(speed).to_have_attribute("aria-valuenow", "20")

    amplitude = number(page, "1", "amplitude")
    amplitude.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("2*(3+4)")
    page.keyboard.press("Enter")
    expect(amplitude).to_have_attribute("aria-valuenow", "14")
    drag(page, middle(amplitude), (200, 0))
    expect(amplitude).to_have_attribute("aria-valuenow", "14")  # it stands beyond the slider's range and stays
    amplitude.hover()
    amplitude.locator(".gn-number-reset").click()
    expect(amplitude).to_have_attribute("aria-valuenow", "1")


def test_a_prompt_shows_what_is_left_out_and_completes_words(page: Page, server_url: str, open_workflow: Open) -> None:
    document = template(server_url, "hello")
    next(item for item in document["nodes"] if item["type"] == "generator.load")["inputs"]["preset"] = "tiny"
    open_workflow(document)
    prompt = node(page, "1").get_by_role("textbox", name="text")
    prompt.fill("a turquoise zeppelin at night")
    out = node(page, "1").locator(".pw-out")
    expect(out).to_have_text("Left out: turquoise, zeppelin")
    marks = node(page, "1").locator(".pw-mirror mark")
    assert marks.all_inner_texts() == ["turquoise", "zeppelin"]
    page.mouse.move(*middle(marks.nth(1)))
    expect(prompt).to_have_attribute("title", "Left out: the model does not know this word")

    prompt.press("End")
    prompt.press_sequentially(" with glo")
    expect(page.locator(".pw-offer [role=option]")).to_have_text(["glowing"])
    page.keyboard.press("Tab")
    expect(prompt).to_have_value("a turquoise zeppelin at night with glowing")
    expect(prompt).to_be_focused()
    stored_after(page, "1", "text", lambda text: text == "a turquoise zeppelin at night with glowing")


def test_a_seed_is_drawn_anew_at_every_run(page: Page, server_url: str, open_workflow: Open) -> None:
    document = template(server_url, "hello")
    document["nodes"].append({"id": "90", "type": "value.seed", "version": 1, "inputs": {"seed": 7}, "pos": [0, 700]})
    step = next(item["id"] for item in document["nodes"] if item["type"] == "apt2.step")
    document["edges"] = [edge for edge in document["edges"] if edge["to"] != [step, "seed"]]
    document["edges"].append({"from": ["90", "seed"], "to": [step, "seed"]})
    open_workflow(document)
    mode = node(page, "90").get_by_role("button", name="At the next run: the same seed")
    mode.click()
    node(page, "90").get_by_role("button", name="At the next run: one higher").wait_for()
    run_live(page)
    seed = node(page, "90").get_by_role("textbox", name="seed")
    expect(seed).to_have_value("8")
    stop(page)
    node(page, "90").get_by_role("button", name="At the next run: one higher").click()
    page.get_by_role("button", name="Run live", exact=True).first.click()
    expect(page.locator(".stage-lamp[data-live]")).to_be_visible()
    expect(seed).not_to_have_value("8")
    stop(page)


def test_a_colour_is_typed_and_its_digits_are_checked(page: Page, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "image.backdrop"}))
    digits = node(page, "1").get_by_role("textbox", name="sky (#rrggbb)")
    digits.fill("F80")
    digits.press("Enter")
    expect(digits).to_have_value("#ff8800")
    digits.fill("orange")
    digits.press("Enter")
    expect(digits).to_have_value("#ff8800")
    stored_after(page, "1", "sky", lambda sky: sky == "#ff8800")
    expect(node(page, "1").locator("input[type=color]").first).to_have_value("#ff8800")


def picture() -> bytes:
    data = io.BytesIO()
    ramp = np.linspace(0, 255, 200 * 120).reshape(120, 200).astype(np.uint8)
    Pil.fromarray(ramp).convert("RGB").save(data, "PNG")
    return data.getvalue()


def drop(page: Page, target: Locator, name: str, kind: str, data: bytes) -> None:
    """Drop a file onto an element, as the browser reports it."""
    script = """([text, name, kind]) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: kind }));
        return transfer;
    }"""
    transfer = page.evaluate_handle(script, [base64.b64encode(data).decode(), name, kind])
    for event in ("dragenter", "dragover", "drop"):
        target.dispatch_event(event, {"dataTransfer": transfer})


def test_a_picture_is_dropped_onto_its_node_chosen_again_and_cropped(page: Page, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "image.load"}, {"id": "2", "type": "image.load"}))
    drop(page, node(page, "1").locator(".gn-header"), "ramp.png", "image/png", picture())
    expect(node(page, "1").locator(".gn-file img")).to_be_visible()
    expect(page.locator(".app-drop")).to_have_count(0)

    node(page, "2").get_by_role("button", name="file: No file").click()
    page.get_by_role("dialog", name="Pictures").get_by_role("button", name="ramp.png").click()
    expect(node(page, "2").locator(".gn-file img")).to_be_visible()

    node(page, "2").get_by_role("button", name="crop: Edit").click()
    dialog = page.get_by_role("dialog", name="Crop")
    expect(dialog.get_by_role("textbox", name="Width")).to_have_value("200")
    drag(page, middle(dialog.locator(".cr-grip[data-x='1'][data-y='1']")), (-120, -60))
    width = float(dialog.get_by_role("textbox", name="Width").input_value())
    assert 60 < width < 190
    drag(page, middle(dialog.locator(".cr-box")), (30, 0))
    assert float(dialog.get_by_role("textbox", name="Left").input_value()) > 0
    dialog.get_by_role("button", name="1:1").click()
    crop = stored_after(page, "2", "crop", lambda crop: crop and abs(crop["width"] * 200 - crop["height"] * 120) < 2)
    assert crop["x"] + crop["width"] <= 1
    dialog.get_by_role("application").focus()
    page.keyboard.press("Shift+ArrowLeft")
    stored_after(page, "2", "crop", lambda now: now["width"] < crop["width"])
    dialog.get_by_role("button", name="Whole picture").click()
    stored_after(page, "2", "crop", lambda crop: crop is None)


def dance() -> bytes:
    state, frames = BodyState(), []
    for _ in range(24):
        state = advance(state, 1 / 24, action="dance")
        frames.append(keypoints(state))
    clip = PoseClip(fps=24, space="world", frames=np.stack(frames), confidence=np.ones((24, 17)))
    return json.dumps(dump_pose_clip(clip)).encode()


def test_a_pose_clip_is_dropped_played_and_scrubbed(page: Page, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "pose.clip"}))
    drop(page, node(page, "1").locator(".gn-header"), "dance.json", "application/json", dance())
    moment = node(page, "1").get_by_role("slider", name="Moment of the clip")
    expect(moment).to_have_value("0.5")
    still = node(page, "1").locator(".ps-player canvas").screenshot()
    moment.focus()
    page.keyboard.press("Home")
    expect(moment).to_have_value("0")
    assert node(page, "1").locator(".ps-player canvas").screenshot() != still
    node(page, "1").get_by_role("button", name="Play").click()
    wait_for(page, lambda: float(moment.input_value()) > 0, "the clip plays")
    node(page, "1").get_by_role("button", name="Pause").click()


def test_a_motion_of_the_character_is_chosen_and_played(page: Page, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "pose.clip"}))
    node(page, "1").get_by_role("button", name="file: No file").click()
    dialog = page.get_by_role("dialog", name="Pose clips")
    jump = dialog.get_by_role("button", name="jump 1.1 s")
    still = jump.locator("canvas").screenshot()
    jump.hover()
    wait_for(page, lambda: jump.locator("canvas").screenshot() != still, "the figure moves under the pointer")
    jump.click()
    stored_after(page, "1", "file", lambda value: value == "motions/jump.json")
    expect(node(page, "1").locator(".ps-player canvas")).to_be_visible()
    node(page, "1").get_by_role("button", name="Play").click()
    moment = node(page, "1").get_by_role("slider", name="Moment of the clip")
    first = moment.input_value()
    wait_for(page, lambda: moment.input_value() != first, "the clip plays")


def test_a_prompt_schedule_is_edited_row_by_row(page: Page, server_url: str, open_workflow: Open) -> None:
    open_workflow(node_doc({"id": "1", "type": "prompt.schedule"}))
    node(page, "1").get_by_role("button", name="keyframes: Edit").click()
    dialog = page.get_by_role("dialog", name="Prompt schedule")
    dialog.get_by_role("button", name="Add a keyframe").click()
    dialog.get_by_role("textbox", name="Keyframe 2, text").fill("a robot at night")
    tick = cell(page, "Keyframe 2, tick")
    tick.fill("6*5")
    tick.press("Enter")
    keys = stored_after(page, "1", "keyframes", lambda keys: keys is not None and keys[-1]["tick"] == 30)
    assert keys[-1] == {"tick": 30, "text": "a robot at night"}


def test_fingers_reach_the_handles(browser: Browser, server_url: str, page_errors: list[str]) -> None:
    """On a touch screen, small and light: a curve's point follows the finger, and nothing runs out of the window."""
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: page_errors.append(str(error)))
    draft = json.dumps({"doc": node_doc({"id": "4", "type": "value.curve"}), "saved": False})
    page.add_init_script(f"localStorage.setItem('nodegraph.draft', {json.dumps(draft)})")
    page.goto(server_url)
    page.get_by_role("button", name="Graph", exact=True).tap()
    node(page, "4").get_by_role("button", name="keyframes: Edit").tap()
    dialog = page.get_by_role("dialog", name="Curve")
    box = dialog.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    session = context.new_cdp_session(page)
    x, y = middle(dialog.locator(".cv-key").nth(1))
    for kind, by in (("touchStart", 0), ("touchMove", 20), ("touchMove", 60)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + by}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(cell(page, "Keyframe 2, value")).not_to_have_value("1")
    context.close()
    assert page_errors == []


def test_the_editors_speak_german(page: Page, server_url: str, open_workflow: Open, tmp_path: Path) -> None:
    page.add_init_script("localStorage.setItem('nodegraph.language', 'de')")
    open_workflow(template(server_url, "camera_path"))
    node(page, "4").get_by_role("button", name="keyframes: Bearbeiten").click()
    expect(page.get_by_role("button", name="Fliegen")).to_be_visible()


FAKE_PAD = """
window.pad = {
    id: "Test pad", index: 0, connected: true, mapping: "standard", timestamp: 0, axes: [0, 0, 0, 0],
    buttons: Array.from({ length: 17 }, () => ({ pressed: false, touched: false, value: 0 })),
};
window.press = (index, value) => { pad.buttons[index] = { pressed: value > 0.5, touched: value > 0, value }; };
navigator.getGamepads = () => [pad, null, null, null];
"""


def test_a_gamepad_is_bound_by_pressing_what_shall_move(page: Page, server_url: str, open_workflow: Open) -> None:
    page.add_init_script(FAKE_PAD)
    open_workflow(template(server_url, "hello"))
    page.set_viewport_size({"width": 1900, "height": 1000})  # a narrow stage leaves this tool out
    page.get_by_role("button", name="Map the gamepad").click()
    dialog = page.get_by_role("dialog", name="Gamepad")
    expect(dialog).to_contain_text("Test pad")
    up = dialog.get_by_role("button", name="move: forward: what pushes it up")
    expect(up).to_contain_text("Axis 2")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    page.evaluate("press(3, 1)")
    expect(up).to_contain_text("Button 4")
    expect(dialog.get_by_role("img", name="Now 1.00")).to_have_count(1)
    page.evaluate("press(3, 0)")
    expect(dialog.get_by_role("img", name="Now 1.00")).to_have_count(0)
    dialog.get_by_role("button", name="Standard layout").click()
    expect(up).to_contain_text("Axis 2")
