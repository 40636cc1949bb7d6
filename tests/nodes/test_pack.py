"""The built-in pack: what it promises as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import nodegraph_workflows
from nodegraph.graph import NodeSpec, load_registry

REGISTRY = load_registry(["nodegraph_nodes"])
SPECS = sorted(REGISTRY, key=lambda spec: spec.id)
WORKFLOWS = Path(str(nodegraph_workflows.__file__)).parent

PORTS = {
    "apt2.decode": ("latent", "frames"),
    "apt2.step": ("generator prompt camera pose image views seed on_prompt", "latent"),
    "apt2.stitch": ("generator prompt camera pose seed segment_ticks overlap_ticks join space", "frames"),
    "camera.fly": ("speed turn", "camera"),
    "camera.live": ("forward right up yaw pitch zoom speed turn", "camera"),
    "camera.orbit": ("radius_m height_m speed fov_deg", "camera"),
    "camera.path": ("keyframes loop", "camera"),
    "generator.load": ("preset width height", "generator"),
    "image.backdrop": ("sky ground horizon softness", "image"),
    "image.load": ("file crop", "image"),
    "math.calculate": ("a b operation", "result"),
    "math.number": ("value", "value"),
    "math.wave": ("amplitude offset period_s", "value"),
    "pose.clip": ("file loop", "pose"),
    "pose.live": ("forward turn action", "pose"),
    "pose.motion": ("action", "pose"),
    "pose.webcam": ("keypoints", "pose"),
    "prompt.schedule": ("keyframes", "prompt"),
    "prompt.text": ("text", "prompt"),
    "scene.picture": ("prompt setting light weather character prop camera pose", "image"),
    "scene.views": ("generator image camera pose every", "image"),
    "save.images": ("frames prefix every format", ""),
    "save.video": ("frames prefix format crf", "file"),
    "util.note": ("text", ""),
    "util.reroute": ("value", "value"),
    "value.curve": ("keyframes interpolation loop", "value"),
    "value.seed": ("seed", "seed"),
    "view.preview": ("frames format quality marker", ""),
}
"""Saved workflows rest on these names: they may grow, never change."""

BINDS = {
    "move.forward", "move.right", "move.up", "look.yaw", "look.pitch", "zoom",
    "walk.forward", "walk.turn", "action", "pose.keypoints",
}  # fmt: skip


def test_the_pack_loads_without_a_fault() -> None:
    assert REGISTRY.faults == {}


def test_names_that_workflows_rest_on_stand() -> None:
    found = {
        spec.id: (" ".join(port.name for port in spec.inputs), " ".join(port.name for port in spec.outputs))
        for spec in SPECS
    }
    assert found == PORTS


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_every_node_and_every_input_is_explained(spec: NodeSpec) -> None:
    assert len(spec.description) > 30 and spec.description.rstrip().endswith((".", ")"))
    for port in spec.inputs:
        assert port.doc.endswith("."), f"{spec.id}.{port.name} has no help"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_every_number_has_limits(spec: NodeSpec) -> None:
    for port in spec.inputs:
        schema = port.as_dict()["widget"]
        if schema and schema["kind"] == "number":
            assert schema["ge"] is not None and schema["le"] is not None, f"{spec.id}.{port.name}"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_a_new_node_needs_nothing_but_wires(spec: NodeSpec) -> None:
    """Every input with a widget has a starting value, so that a node works as soon as it is wired."""
    assert not [port.name for port in spec.inputs if port.required and port.widget is not None]


def test_numbers_that_programs_set_are_not_for_users() -> None:
    """The size of a render is asked for when a take is rendered; the marker measures delays."""
    assert {(spec.id, port.name) for spec in SPECS for port in spec.inputs if port.hidden} == {
        ("generator.load", "width"),
        ("generator.load", "height"),
        ("view.preview", "marker"),
    }


def test_every_control_of_the_stage_drives_an_input() -> None:
    widgets = [port.as_dict()["widget"] or {} for spec in SPECS for port in spec.inputs]
    assert {widget["bind"] for widget in widgets if widget.get("bind")} == BINDS


def test_every_node_has_a_workflow_that_uses_it() -> None:
    used = {node["type"] for path in WORKFLOWS.glob("*.json") for node in json.loads(path.read_text("utf-8"))["nodes"]}
    assert used == set(PORTS)


def test_listing_the_nodes_loads_neither_torch_nor_ffmpeg() -> None:
    code = (
        "import sys; from nodegraph.graph import load_registry; load_registry(['nodegraph_nodes']);"
        "sys.exit(sorted({'torch', 'av'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
