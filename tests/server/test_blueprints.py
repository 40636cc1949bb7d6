"""Blueprints on the server, markers changed by hand, and the character's motions as clips."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from nodegraph.media.pose import parse_pose_clip
from nodegraph.server.blueprints import BYTES_AT_MOST
from nodegraph.server.motions import MOTIONS, motion_clip
from nodegraph.worlds.body import ACTIONS
from tests.server.conftest import Server


def subgraph(name: str = "Walk", **more: Any) -> dict[str, Any]:
    return {"id": "s1", "name": name, "nodes": [], "edges": [], "groups": [], "inputs": [], "outputs": [], **more}


def path(name: str) -> str:
    return f"/api/blueprints/{quote(name, safe='')}"


async def test_a_blueprint_is_kept_replaced_listed_and_deleted(server: Server) -> None:
    assert (await server.call("GET", "/api/blueprints")).json == {"blueprints": []}
    name = "K\u00f6rper/../x %2F"
    assert (await server.call("PUT", path(name), {"subgraphs": [subgraph()]})).status == 200
    await server.call("PUT", path(name), {"subgraphs": [subgraph("Other"), subgraph("Inner")]})
    await server.call("PUT", path("a"), {"subgraphs": [subgraph()]})
    listed = (await server.call("GET", "/api/blueprints")).json["blueprints"]
    assert [one["name"] for one in listed] == ["a", name]
    assert [one["name"] for one in listed[1]["subgraphs"]] == ["Other", "Inner"]
    assert (
        sorted(p.parent for p in server.config.data_dir.rglob("*.json")) == [server.config.data_dir / "blueprints"] * 2
    )
    assert (await server.call("DELETE", path(name))).status == 200
    assert (await server.call("DELETE", path(name))).status == 404


@pytest.mark.parametrize("name", ["%20", "a%00b", "x" * 121, "a%0Ab"])
async def test_a_name_that_cannot_be_shown_is_refused(server: Server, name: str) -> None:
    answer = await server.call("PUT", f"/api/blueprints/{name}", {"subgraphs": [subgraph()]})
    assert answer.status in (400, 404)
    assert not (server.config.data_dir / "blueprints").exists()


@pytest.mark.parametrize(
    "given",
    [None, [], [1], [{"id": "s1"}], [subgraph(nodes="no list")], {"a": 1}],
)
async def test_what_is_no_subgraph_is_refused(server: Server, given: Any) -> None:
    answer = await server.call("PUT", path("a"), {"subgraphs": given})
    assert answer.status == 400 and answer.json["error"]["code"] == "bad_request"


async def test_a_blueprint_has_a_limit_of_size(server: Server) -> None:
    answer = await server.call("PUT", path("a"), {"subgraphs": [subgraph(description="x" * BYTES_AT_MOST)]})
    assert answer.status == 413 and "expected" in answer.json["error"]


async def test_a_broken_file_hides_only_itself(server: Server) -> None:
    await server.call("PUT", path("good"), {"subgraphs": [subgraph()]})
    (server.config.data_dir / "blueprints" / "0bad.json").write_text("{")
    assert [one["name"] for one in (await server.call("GET", "/api/blueprints")).json["blueprints"]] == ["good"]


async def test_another_site_s_page_may_not_keep_blueprints(server: Server) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = await server.call("PUT", path("a"), {"subgraphs": [subgraph()]}, headers=headers)
    assert answer.status == 403


async def test_a_motion_becomes_an_upload_that_a_node_can_be_given(server: Server) -> None:
    motions = (await server.call("GET", "/api/motions")).json["motions"]
    assert {motion["name"] for motion in motions} == set(ACTIONS) - {"stand"}
    value = (await server.call("POST", "/api/motions/walk")).json["value"]
    clip = parse_pose_clip(json.loads((server.config.data_dir / "input" / value).read_text()))
    assert clip.name == "walk" and clip.space == "world"
    assets = (await server.call("GET", "/api/assets?kind=pose")).json["assets"]
    assert [asset["value"] for asset in assets] == [value]
    assert (await server.call("POST", "/api/motions/fly")).status == 404


@pytest.mark.parametrize("name", MOTIONS)
def test_a_motion_loops_without_a_jump(name: str) -> None:
    """From the last frame to the first no point moves further than between two others."""
    frames = parse_pose_clip(motion_clip(name)).frames
    steps = np.linalg.norm(np.diff(frames, axis=0), axis=-1).max(axis=-1)
    seam = np.linalg.norm(frames[0] - frames[-1], axis=-1).max()
    assert steps.max() > 0.001 and seam <= 1.05 * steps.max() + 0.002
