"""What a take cannot be rendered as is said before it waits in a queue."""

from __future__ import annotations

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import InvalidWorkflow
from nodegraph.takes.rerender import rerender
from tests.server.test_branches import make_take_pack_with_video
from tests.takes.conftest import Studio


@pytest.mark.parametrize(("settings", "port"), [({"preset": "tiny"}, "preset"), ({"stitch": True}, "stitch")])
async def test_a_workflow_without_what_is_to_be_replaced_is_refused(
    studio: Studio, settings: dict[str, object], port: str
) -> None:
    take = (await studio.record(ticks=2)).take
    with pytest.raises(NodegraphError) as caught:
        rerender(take, make_take_pack_with_video(), settings, "again")
    error = caught.value
    assert (error.code, error.port) == ("bad_request", port)
    assert error.got and error.expected and error.remedy


async def test_settings_that_the_film_cannot_have_are_refused(studio: Studio) -> None:
    take = (await studio.record(ticks=2)).take
    with pytest.raises(InvalidWorkflow) as caught:
        rerender(take, make_take_pack_with_video(), {"format": "gif"}, "again")
    assert caught.value.port == "format" and "mp4" in (caught.value.expected or "")


async def test_the_film_says_which_take_it_is_and_how_it_was_asked_for(studio: Studio) -> None:
    take = (await studio.record(ticks=2)).take
    made = rerender(take, make_take_pack_with_video(), {"crf": 10, "stitch": False}, "again")
    assert made.document["meta"]["take"] == {"take_id": "t1", "name": "Test", "ticks": 2, "settings": {"crf": 10}}
    assert made.warnings == ()
