"""Procedural worlds: the default model's training data, with exact camera and pose.

Importing this package loads no torch; the parts that draw load when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nodegraph.worlds.body import ACTIONS
    from nodegraph.worlds.camera import MOVES
    from nodegraph.worlds.captions import caption_for, vocabulary
    from nodegraph.worlds.choices import CHANGES
    from nodegraph.worlds.clip import Clip, sample_clip
    from nodegraph.worlds.dataset import Shard, load_shard, render_shard
    from nodegraph.worlds.figure import CHARACTERS
    from nodegraph.worlds.props import PROPS
    from nodegraph.worlds.renderer import render
    from nodegraph.worlds.scene import LIGHTS, SETTINGS, Scene, sample_scene
    from nodegraph.worlds.weather import WEATHERS

__all__ = [
    "ACTIONS",
    "CHANGES",
    "CHARACTERS",
    "LIGHTS",
    "MOVES",
    "PROPS",
    "SETTINGS",
    "WEATHERS",
    "Clip",
    "Scene",
    "Shard",
    "caption_for",
    "load_shard",
    "render",
    "render_shard",
    "sample_clip",
    "sample_scene",
    "vocabulary",
]

_HOMES = {
    "body": ("ACTIONS",),
    "camera": ("MOVES",),
    "captions": ("caption_for", "vocabulary"),
    "choices": ("CHANGES",),
    "clip": ("Clip", "sample_clip"),
    "dataset": ("Shard", "load_shard", "render_shard"),
    "figure": ("CHARACTERS",),
    "props": ("PROPS",),
    "renderer": ("render",),
    "scene": ("LIGHTS", "SETTINGS", "Scene", "sample_scene"),
    "weather": ("WEATHERS",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"nodegraph.worlds.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
