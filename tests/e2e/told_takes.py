"""Takes as a server would tell them that had recorded them: the same at every run, whatever the machine."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Route

__all__ = ["serve_takes", "tree_of_takes"]


def tree_of_takes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return three takes: one with snapshots, an approximate branch of it, and a pinned one whose film is gone."""

    def take(number: int, **more: Any) -> dict[str, Any]:
        last = more.get("ticks", 96) - 1
        first = {
            "take_id": f"{number:032x}",
            "root": f"{1:032x}",
            "parent": None,
            "parent_tick": None,
            "name": f"Take {number}",
            "created": 1_700_000_000_000 + number,
            "ticks": 96,
            "status": "done",
            "workflow_name": document["name"],
            "seed": 3,
            "thumb": None,
            "bytes": 1 << 20,
            "document": document,
            "model": {"preset": "debug", "sha256": ""},
            "device": "cpu",
            "size": [96, 64],
            "versions": {},
            "summary": {"first": 0, "last": last, "count": last + 1, "ms": 40.0},
            "controls": [{"tick": 24, "id": "c", "node": "1", "input": "text", "value": "a red fox"}],
            "edits": [{"tick": 60, "id": "e", "kind": "warm", "changes": ["adds a preview"]}],
            "markers": [{"tick": 36, "name": "the leap"}],
            "held": {"exact": [0, 48, 84], "latents": [0, last], "video": [0, last]},
            "stats": {"first_tick": 0, "values": {}, "levels": {}},
            "exact": True,
            "torn": None,
        }
        return {**first, **more}

    gone = {"exact": [], "latents": [0, 71], "video": [0, 71]}
    branch = {"parent": f"{1:032x}", "parent_tick": 40, "exact": False, "approximate": True, "approximate_from": 40}
    bare = {"exact": [], "latents": None, "video": None}
    return [
        take(1),
        take(2, ticks=72, held=gone, **branch),
        take(3, root=f"{3:032x}", created=1_600_000_000_000, held=bare, thinned=["film", "latents"], pinned=True),
    ]


def serve_takes(page: Page, takes: list[dict[str, Any]]) -> None:
    """Answer everything that the page asks about takes with these; their pictures are grey."""
    grey = io.BytesIO()
    Image.new("RGB", (48, 32), "#6b7484").save(grey, "WEBP")

    def answer(route: Route) -> None:
        path = route.request.url.split("/api/takes")[1].split("?")[0].strip("/")
        if path == "":
            body: Any = {"takes": takes}
        elif path.endswith(".webp"):
            route.fulfill(body=grey.getvalue(), content_type="image/webp")
            return
        else:
            body = next(one for one in takes if one["take_id"] == path)
        route.fulfill(body=json.dumps(body), content_type="application/json")

    page.route("**/api/takes**", answer)
