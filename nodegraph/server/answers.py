"""JSON in and out: reading bodies strictly, answering errors in one shape, the middleware that guarantees it.

Under /api/ an error is `{"error": {code, message, ...}}`. ComfyUI's routes answer in its shape, `{"error": {type,
message, details, extra_info}, "node_errors": {}}`; both carry our code and remedy.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import InvalidWorkflow
from nodegraph.server.payloads import ErrorBody

log = logging.getLogger(__name__)

STATUS = {
    "busy": 429,
    "disk_full": 507,
    "forbidden": 403,
    "internal_error": 500,
    "not_found": 404,
    "out_of_memory": 507,
    "too_large": 413,
}
"""HTTP status by error code; every other code is 400."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str | bytes) -> Any:
    """Parse JSON as the standard says: no NaN, no infinity, no half of a surrogate pair.

    Raises:
        UserInputError: bad_request.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise UserInputError(
            "bad_request",
            "The body is not JSON",
            got=type(error).__name__ if isinstance(error, RecursionError) else str(error)[:200],
            expected="one JSON value in UTF-8",
            remedy="Check the body with a JSON linter",
        ) from error
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} does not fit a number")
    return value


async def read_object(request: web.Request) -> dict[str, Any]:
    """Return the body of a request, which must be a JSON object.

    Raises:
        UserInputError: bad_request; too_large beyond the limit on bodies.
    """
    value = parse_json(await request.read())
    if not isinstance(value, dict):
        raise UserInputError(
            "bad_request", "The body is not an object", got=type(value).__name__, expected="a JSON object"
        )
    return value


def take(body: dict[str, Any], key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """Return `body[key]` if it is of `kind` (a bool is no int), `default` if it is absent or null.

    Raises:
        UserInputError: bad_request.
    """
    value = body.get(key)
    if value is None:
        return default
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise UserInputError(
            "bad_request",
            f"{key} has the wrong type",
            got=type(value).__name__,
            expected=" or ".join(one.__name__ for one in kinds),
            port=key,
        )
    return value


def ok(value: Any, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.json_response(value, status=status, dumps=compact)


def compact(value: Any) -> str:
    """Return JSON without spaces, in UTF-8 rather than escapes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def error_body(error: NodegraphError) -> ErrorBody:
    """Return what a client is told about `error`."""
    return cast(ErrorBody, error.as_dict())


def comfy_error(kind: str, message: str, details: str = "", extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the inside of ComfyUI's error object."""
    return {"type": kind, "message": message, "details": details, "extra_info": extra or {}}


def error_answer(request: web.Request, error: NodegraphError) -> web.Response:
    """Answer an error in the shape of the route that was asked; a workflow's problems are all listed."""
    body: dict[str, Any] = dict(error_body(error))
    status = STATUS.get(error.code, 400)
    if isinstance(error, InvalidWorkflow):
        problems = [problem.as_dict() for problem in error.problems]
        return ok({"error": body, "problems": problems}, 400)
    if not request.path.startswith("/api/"):
        details = "; ".join(part for part in (error.got, error.remedy) if part)
        body |= comfy_error(error.code, error.message, details)
        return ok({"error": body, "node_errors": {}}, status)
    return ok({"error": body}, status)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into a JSON answer; what nobody foresaw is logged here, once, and answered shortly."""
    try:
        return await handler(request)
    except NodegraphError as error:
        return error_answer(request, error)
    except web.HTTPRequestEntityTooLarge as error:
        return error_answer(request, UserInputError("too_large", "The body is too large", got=error.text))
    except (HttpProcessingError, web.RequestPayloadError):
        return error_answer(request, UserInputError("bad_request", "The request stops in the middle or is malformed"))
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        code = "not_found" if error.status == 404 else "bad_request"
        answer = error_answer(request, UserInputError(code, error.reason, got=f"{request.method} {request.path[:200]}"))
        answer.set_status(error.status)
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except Exception:
        log.exception("request_failed method=%s path=%s", request.method, request.path)
        return error_answer(
            request,
            NodegraphError(
                "internal_error", "The server made a mistake", remedy="Look into the server's log and report it"
            ),
        )
