"""What a director says, made into the description that holds from then on."""

from __future__ import annotations

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.payloads_steer import DirectAnswer
from nodegraph.worlds.directing import directed

_LONGEST = 4000


async def post_direct(request: web.Request) -> web.Response:
    """POST /api/direct {before, said}: the prompt once `said` was said while `before` held."""
    body = await read_object(request)
    before, said = (_text(body, name) for name in ("before", "said"))
    return ok(DirectAnswer(text=directed(before, said)))


def _text(body: dict[str, object], name: str) -> str:
    text: str = take(body, name, str, "")
    if len(text) > _LONGEST:
        raise UserInputError(
            "too_large", f"{name} is too long", got=f"{len(text)} letters", expected=f"at most {_LONGEST}", port=name
        )
    return text


ROUTES = [web.post("/api/direct", post_direct)]
