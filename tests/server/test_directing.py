"""What a director says, over HTTP."""

from tests.server.conftest import Server


async def test_a_change_becomes_a_description(server: Server) -> None:
    body = {"before": "a robot in a neon city at night", "said": "add a whale"}
    answer = await server.call("POST", "/api/direct", body)
    assert answer.status == 200 and answer.json == {"text": "a robot in a neon city at night with a whale"}


async def test_what_is_no_text_is_refused(server: Server) -> None:
    for body in ({"before": 3, "said": "x"}, {"before": "", "said": ["x"]}, [], {"before": "", "said": "x" * 4001}):
        assert (await server.call("POST", "/api/direct", body)).status in (400, 413)
