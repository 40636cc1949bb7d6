"""A take as one file that opens anywhere: nothing of it is fetched, nothing in it is executed but the page's own."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from nodegraph.server.graph_picture import graph_outline, graph_svg
from nodegraph.server.page_texts import PAGE_TEXTS
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_live import connected, message, start

EVIL = "</script><script>alert(1)</script>\"'&"


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server:
        yield server


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[dict[str, str | None], str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.blocks.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.tags and self.lasttag in ("script", "style") and self.cdata_elem:
            attributes, text = self.blocks[-1]
            self.blocks[-1] = attributes, text + data


async def a_named_take(server: Server, ticks: int = 6) -> str:
    """A take whose names try to break out of the page, with one control."""
    document = take_document()
    document["name"] = EVIL
    document["nodes"][0]["title"] = EVIL
    async with connected(server) as ws:
        run_id = await start(server, document, ticks=None)
        take_id = str((await message(ws, "take_started"))["take_id"])
        control = {"run_id": run_id, "id": "c1", "node": "1", "input": "push", "value": 2.5}
        await ws.send_json({"type": "control", "data": control})
        tick = (await message(ws, "control_applied"))["tick"]
        while (await message(ws, "take_tick"))["tick"] < tick + ticks:
            pass
        await server.call("POST", f"/api/runs/{run_id}/stop")
        await message(ws, "run_finished")
    await server.call("PATCH", f"/api/takes/{take_id}", {"name": EVIL})
    return take_id


async def test_the_page_holds_the_film_the_graph_and_the_controls_and_fetches_nothing(server: Server) -> None:
    take_id = await a_named_take(server)
    answer = await server.call("GET", f"/api/takes/{take_id}/bundle?form=html")
    assert answer.status == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.body.decode()
    page = Page(text)
    assert not [attributes for _, attributes in page.tags if attributes.get("src") or attributes.get("href")]
    film = b"".join(base64.b64decode(block) for attributes, block in page.blocks if attributes.get("class") == "film")
    assert film == (await server.call("GET", f"/api/takes/{take_id}/video")).body
    assert "<svg" in text and "<table>" in text and "2.5" in text
    (bundle,) = [json.loads(block) for attributes, block in page.blocks if attributes.get("id") == "nodegraph-bundle"]
    assert bundle["kind"] == "nodegraph_take" and bundle["take"]["name"] == EVIL
    assert [control["input"] for control in bundle["take"]["controls"]] == ["push"]


async def test_only_the_page_s_own_script_and_style_may_run(server: Server) -> None:
    """What somebody wrote into a name is text; the policy names the two blocks that may act by their hashes."""
    take_id = await a_named_take(server)
    page = Page((await server.call("GET", f"/api/takes/{take_id}/bundle?form=html")).body.decode())
    (policy,) = [str(a["content"]) for tag, a in page.tags if tag == "meta" and "http-equiv" in a]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    acting = [text for attributes, text in page.blocks if "type" not in attributes]
    assert len(acting) == 2, "one style, one script"
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in acting}
    assert digests == set(re.findall(r"'sha256-([^']+)'", policy))
    assert not [a for _, a in page.tags if any(name.startswith("on") or name == "style" for name in a)]


async def test_the_zip_carries_the_same_for_the_editor_and_a_page_beside_the_film(server: Server) -> None:
    take_id = await a_named_take(server)
    answer = await server.call("GET", f"/api/takes/{take_id}/bundle?lang=de")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        bundle = json.loads(archive.read("bundle.json"))
        text = archive.read("index.html").decode()
        assert len(archive.read("video.mp4")) > 0
    assert bundle["workflow"]["name"] == EVIL and bundle["take"]["controls_total"] == 1
    assert PAGE_TEXTS["de"]["controls"] in text and '<html lang="de">' in text
    assert [a["src"] for tag, a in Page(text).tags if tag == "video"] == ["video.mp4"]


async def test_named_moments_lead_to_their_place_in_the_film(server: Server) -> None:
    """Tick 0 has one frame, every other four, 24 a second; names are text."""
    take_id = await a_named_take(server)
    without = (await server.call("GET", f"/api/takes/{take_id}/bundle?form=html")).body.decode()
    assert 'class="moments"' not in without
    markers = [{"tick": 4, "name": EVIL}, {"tick": 0, "name": "the beginning"}]
    assert (await server.call("PUT", f"/api/takes/{take_id}/markers", {"markers": markers})).status == 200
    text = (await server.call("GET", f"/api/takes/{take_id}/bundle?form=html&lang=de")).body.decode()
    moments = text[text.index('<ol class="moments"') :]
    moments = moments[: moments.index("</ol>")]
    found = re.findall(r'data-seconds="([0-9.]+)">(.*?)<span>(.*?)</span>', moments)
    assert found == [("0.000", "the beginning", "0:00.0"), ("0.542", escape(EVIL), "0:00.5")]
    assert PAGE_TEXTS["de"]["moments"] in text


async def test_another_form_or_language_is_refused(server: Server) -> None:
    take_id = await a_named_take(server, 1)
    for query in ("form=exe", "form=html&lang=xx"):
        answer = await server.call("GET", f"/api/takes/{take_id}/bundle?{query}")
        assert answer.status == 400 and answer.json["error"]["expected"]


def test_every_language_says_everything() -> None:
    assert len({frozenset(texts) for texts in PAGE_TEXTS.values()}) == 1
    assert all(text for texts in PAGE_TEXTS.values() for text in texts.values())


def test_the_drawing_has_every_node_and_wire_and_takes_broken_ones() -> None:
    document: dict[str, Any] = {
        "nodes": [
            {"id": "1", "type": "a.b", "pos": [0, 0], "inputs": {"text": "<i>", "many": [1, 2]}},
            {"id": "2", "type": "c.d", "pos": [300, 40], "size": [200, 100], "mode": "muted"},
        ],
        "edges": [{"from": ["1", "out"], "to": ["2", "in"]}, {"from": ["9", "out"], "to": ["2", "other"]}],
        "groups": [{"id": "g", "title": "G", "bounds": [-50, -50, 600, 300]}],
    }
    svg = graph_svg(document, "Graph")
    assert svg.count('class="wire"') == 1 and svg.count("<g ") == 2 and "&lt;i&gt;" in svg and "<i>" not in svg
    assert 'viewBox="-90 -90 680 380"' in svg
    outline = graph_outline(document)
    assert "\u2190 a.b.out" in outline and "2 entries" in outline
    assert graph_svg({}, "Nothing") == ""
