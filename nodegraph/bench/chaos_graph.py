"""The workflow of a random session: the usual live graph, and the ways in which it changes while it runs."""

from __future__ import annotations

import random
from typing import Any

__all__ = ["PROMPTS", "Graph"]

PROMPTS = ("a robot in an underwater city by day", "an explorer in desert ruins at sunset", "snow at night")
CAMERAS = ("camera.live", "camera.orbit", "camera.fly", "camera.path")
POSES = ("pose.live", "pose.motion", "none")
ACTIONS = ("stand", "walk", "wave", "dance")

_LIVE: dict[str, tuple[str, float]] = {
    "camera.live": ("forward", 1.0),
    "camera.orbit": ("speed", 40.0),
    "camera.fly": ("speed", 2.0),
    "pose.live": ("forward", 1.0),
}
"""Node type -> an input to steer, and its greatest value."""

_CHANGES = ("camera", "pose", "text", "value", "place", "reroute", "wire", "second", "muted")


class Graph:
    """A workflow that is changed at random; `choices` say how it stands."""

    def __init__(self, chance: random.Random, preset: str) -> None:
        self._chance = chance
        self._preset = preset
        self.choices: dict[str, Any] = {
            "camera": chance.choice(CAMERAS),
            "pose": chance.choice(POSES),
            "text": chance.choice(PROMPTS),
            "value": 0.0,
            "place": chance.random() < 0.5,
            "reroute": False,
            "wire": False,
            "second": False,
            "muted": False,
            "seed": chance.randrange(1000),
        }

    def follow(self, document: dict[str, Any]) -> None:
        """Stand again as a document that was made here says."""
        self.choices = dict(document["meta"]["choices"])

    def edited(self) -> dict[str, Any]:
        """Change one thing at random, nodes and wires or a value, and return the document."""
        which = self._chance.choice(_CHANGES)
        fresh = {
            "camera": self._chance.choice(CAMERAS),
            "pose": self._chance.choice(POSES),
            "text": self._chance.choice(PROMPTS),
            "value": round(self._chance.uniform(-1, 1), 2),
        }
        self.choices[which] = fresh.get(which, not self.choices[which])
        return self.document()

    def control(self) -> tuple[str, str, Any]:
        """Return a random control that the graph takes now: node, input, value."""
        found: list[tuple[str, str, Any]] = [("prompt", "text", self._chance.choice(PROMPTS))]
        if self.choices["camera"] in _LIVE and not self._wired() and not self.choices["muted"]:
            found.append(("camera", *self._steered(self.choices["camera"])))
        if self.choices["pose"] in _LIVE:
            found.append(("pose", *self._steered(self.choices["pose"])))
        if self.choices["pose"] == "pose.motion":
            found.append(("pose", "action", self._chance.choice(ACTIONS)))
        return self._chance.choice(found)

    def document(self) -> dict[str, Any]:
        """Return the workflow as it stands."""
        nodes: dict[str, tuple[str, dict[str, Any]]] = {
            "prompt": ("prompt.text", {"text": self.choices["text"]}),
            "model": ("generator.load", {"preset": self._preset}),
            "step": ("apt2.step", {"seed": self.choices["seed"]}),
            "decode": ("apt2.decode", {}),
            "view": ("view.preview", {}),
            "camera": (self.choices["camera"], self._camera_inputs()),
        }
        edges = [
            ("prompt.prompt", "step.prompt"),
            ("model.generator", "step.generator"),
            ("camera.camera", "step.camera"),
            ("decode.frames", "view.frames"),
        ]
        if self.choices["pose"] != "none":
            nodes["pose"] = (self.choices["pose"], {})
            edges.append(("pose.pose", "step.pose"))
        if self.choices["place"]:
            nodes["picture"], nodes["views"] = ("scene.picture", {}), ("scene.views", {"every": 2})
            edges += [("prompt.prompt", "picture.prompt"), ("picture.image", "step.image")]
            edges += [("model.generator", "views.generator"), ("picture.image", "views.image")]
            edges += [("camera.camera", "views.camera"), ("views.image", "step.views")]
            if self.choices["pose"] != "none":
                edges.append(("pose.pose", "views.pose"))
        if self.choices["reroute"]:
            nodes["reroute"] = ("util.reroute", {})
            edges += [("step.latent", "reroute.value"), ("reroute.value", "decode.latent")]
        else:
            edges.append(("step.latent", "decode.latent"))
        if self._wired():
            nodes["wave"] = ("math.wave", {"period_s": 2.0})
            edges.append(("wave.value", f"camera.{_LIVE[self.choices['camera']][0]}"))
        if self.choices["second"]:
            nodes["view2"] = ("view.preview", {})
            edges.append(("decode.frames", "view2.frames"))
        return self._as_document(nodes, edges)

    def _as_document(
        self, nodes: dict[str, tuple[str, dict[str, Any]]], edges: list[tuple[str, str]]
    ) -> dict[str, Any]:
        items: list[dict[str, Any]] = [{"id": n, "type": kind, "inputs": found} for n, (kind, found) in nodes.items()]
        for item in items:
            if item["id"] == "camera" and self.choices["muted"]:
                item["mode"] = "muted"
        return {
            "schema": 1,
            "id": "chaos",
            "name": "Chaos",
            "nodes": items,
            "edges": [{"from": start.split("."), "to": end.split(".")} for start, end in edges],
            "meta": {"choices": dict(self.choices)},
        }

    def _wired(self) -> bool:
        return bool(self.choices["wire"]) and self.choices["camera"] in _LIVE

    def _camera_inputs(self) -> dict[str, Any]:
        steered = _LIVE.get(self.choices["camera"])
        return {} if steered is None else {steered[0]: self.choices["value"] * steered[1]}

    def _steered(self, kind: str) -> tuple[str, float]:
        name, most = _LIVE[kind]
        return name, round(self._chance.uniform(-most, most), 3)
