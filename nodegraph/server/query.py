"""Numbers in the query of an address."""

from __future__ import annotations

from aiohttp import web

from nodegraph.errors import UserInputError


def query_int(request: web.Request, name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number from the query, held between `low` and `high`; a negative one means the default.

    Raises:
        UserInputError: bad_request when it is no number.
    """
    text = request.query.get(name)
    if text is None:
        return default
    try:
        value = int(text[:20])
    except ValueError as error:
        raise UserInputError(
            "bad_request", f"{name} is not a whole number", got=repr(text[:40]), expected="a whole number", port=name
        ) from error
    return max(low, min(high, value)) if value >= 0 else default
