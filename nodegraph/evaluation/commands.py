"""What a stream can be told, as the worlds list it: settings, lights, characters, weathers, props."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from nodegraph import worlds

__all__ = ["AXES", "NONE", "attribute_lists", "clips_hash", "worlds_hash"]

NONE = "none"
"""The prop of a scene without one."""

AXES = ("pan", "tilt", "roll", "zoom", "dolly", "truck", "crane")
"""Camera axes, in the order of every array of camera motion here."""


def attribute_lists() -> dict[str, tuple[str, ...]]:
    """Ids by attribute, as a judge tells them apart."""
    return {
        "setting": worlds.SETTINGS,
        "light": worlds.LIGHTS,
        "character": worlds.CHARACTERS,
        "weather": worlds.WEATHERS,
        "prop": (NONE, *worlds.PROPS),
    }


def worlds_hash() -> str:
    """sha256 over the source of the worlds, first 12 hex digits: judges trained on other worlds are not used."""
    root = Path(str(resources.files("nodegraph.worlds")))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def clips_hash(folder: Path) -> str:
    """The same for judges that learn from rendered clips: over the ids and the names and sizes of the shards."""
    shards = [(path.name, path.stat().st_size) for path in sorted(folder.glob("*.npz"))]
    return hashlib.sha256(repr((attribute_lists(), shards)).encode()).hexdigest()[:12]
