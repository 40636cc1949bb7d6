"""Who may talk to the server: the name it was called by, the page that asks, and the token.

A page of another site can make a browser send requests here, and can point its own name at 127.0.0.1 (DNS
rebinding). So the Host header must be a name of this machine, and an Origin, if there is one, must be the very host
that was called.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from nodegraph.errors import UserInputError
from nodegraph.server.config import ServerConfig, is_loopback

COOKIE = "nodegraph_token"

PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",  # the pose tracker is WebAssembly
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",  # the canvas places its nodes with style attributes
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_host(config: ServerConfig, host: str) -> None:
    """Refuse a Host header that does not name this machine.

    Raises:
        UserInputError: forbidden.
    """
    name = _name(host)
    if name in {allowed.lower() for allowed in config.allowed_hosts} or is_loopback(name):
        return
    if not is_loopback(config.host) and (_is_address(name) or name in {config.host.lower(), socket.gethostname()}):
        return
    raise UserInputError(
        "forbidden",
        "The server is not known by this name",
        got=f"Host: {host[:100]}",
        expected="localhost or the server's address",
        remedy="Call it by its address, or start it with --allow-host NAME",
    )


def check_origin(config: ServerConfig, origin: str | None, host: str, fetch_site: str | None = None) -> None:
    """Refuse a request that the page of another origin made.

    Args:
        config: allows further origins.
        origin: the header; None when no page asks, or a page asks for what every page may show.
        host: the Host header, which a page of ours has in its origin.
        fetch_site: the Sec-Fetch-Site header, with which browsers mark requests without Origin.

    Raises:
        UserInputError: forbidden.
    """
    if origin is None:
        allowed = fetch_site in (None, "same-origin", "none")
    else:
        allowed = origin in config.allowed_origins or _same_host(origin, host)
    if not allowed:
        raise UserInputError(
            "forbidden",
            "Another site's page may not use this server",
            got=f"Origin: {(origin or fetch_site or '')[:100]}",
            expected=f"a page of {host[:100]}",
            remedy="Open the editor from this server, or start it with --allow-origin ORIGIN",
        )


def check_token(config: ServerConfig, request: web.Request) -> None:
    """Refuse a request without the token, where one is set.

    Raises:
        UserInputError: forbidden.
    """
    if config.token is None:
        return
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    offers = (
        bearer if scheme.lower() == "bearer" else "",
        request.query.get("token", ""),
        request.cookies.get(COOKIE, ""),
    )
    expected = config.token.encode()
    if not any(hmac.compare_digest(offer.encode("utf-8", "replace"), expected) for offer in offers):
        raise UserInputError(
            "forbidden",
            "The token is missing or wrong",
            expected="Authorization: Bearer TOKEN, or ?token=TOKEN",
            remedy="Open the address that the server printed when it started",
        )


def guard(config: ServerConfig) -> Middleware:
    """Return the middleware that lets only allowed requests through and adds the safety headers."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host", "")
        check_host(config, host)
        if not _is_page_visit(request):
            check_origin(config, request.headers.get("Origin"), host, request.headers.get("Sec-Fetch-Site"))
        check_token(config, request)
        return await handler(request)

    return middleware


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: put the safety headers on every answer, and keep the token for the page's next requests."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.content_type == "text/html":
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)


def remember_token(config: ServerConfig, request: web.Request, response: web.StreamResponse) -> None:
    """Store a token that came in the address as a cookie, so that the page's own requests carry it."""
    if config.token is not None and "token" in request.query:
        response.set_cookie(COOKIE, config.token, httponly=True, samesite="Strict", path="/")


def _is_page_visit(request: web.Request) -> bool:
    # Following a link to the editor from anywhere is fine: the page it opens is ours and answers nobody else.
    return request.method == "GET" and request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"


def _same_host(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc != "" and parts.netloc.lower() == host.lower()


def _name(host: str) -> str:
    """Return the lower-case name or address in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
