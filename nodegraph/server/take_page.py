"""A take as one HTML file: its film, its graph and what was steered; it opens anywhere, without server and network.

The page allows itself nothing but its own style and script, named by their hashes, and the film inside it. Everything
from the take is escaped. The block of JSON is what the editor reads when the file is dropped on its canvas.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from nodegraph.errors import UserInputError
from nodegraph.server.graph_picture import graph_outline, graph_svg, node_title
from nodegraph.server.page_assets import SCRIPT, STYLE
from nodegraph.server.page_texts import PAGE_TEXTS
from nodegraph.server.take_markers import markers_of
from nodegraph.takes import TakeReader
from nodegraph.values import FPS, FRAMES_PER_TICK

__all__ = ["BUNDLE_KIND", "LANGUAGES", "bundle_data", "take_page"]

BUNDLE_KIND = "nodegraph_take"
LANGUAGES = tuple(PAGE_TEXTS)
ROWS_AT_MOST = 2000
"""Controls that the page lists; a webcam sends ten poses a second."""
MAX_FILM_BYTES = 256 << 20
"""Beyond it a browser may not hold the page; the ZIP has no such limit."""

_PIECE = 3 << 18
"""Bytes of the film in one block: a multiple of three, so that each is base64 of its own."""


def bundle_data(take: TakeReader, name: str) -> dict[str, Any]:
    """Return what the editor needs to show the take called `name`: its workflow, who it is, and what was steered."""
    header = take.header
    controls = take.controls()
    about = {
        "take_id": header.take_id,
        "name": name,
        "seed": header.seed,
        "model": header.facts.preset,
        "ticks": take.tick_count,
        "first_tick": _film_first(take),
        "controls": [
            {"tick": one.tick or 0, "node": one.node, "input": one.input, "value": one.value}
            for one in controls[:ROWS_AT_MOST]
        ],
        "controls_total": len(controls),
        "markers": markers_of(take),
    }
    return {"kind": BUNDLE_KIND, "schema": 1, "workflow": header.document, "take": about}


def take_page(take: TakeReader, film: Path | None, *, name: str, inside: bool, language: str = "en") -> Iterator[bytes]:
    """Yield the page piece by piece; blocking.

    Args:
        take: what is shown.
        film: its MP4; None where nothing was filmed.
        name: what the take is called now.
        inside: the film stands in the page itself; otherwise beside it as video.mp4.
        language: one of `LANGUAGES`.

    Raises:
        UserInputError: too_large for a film that no browser would hold; bad_request for another language.
    """
    if language not in PAGE_TEXTS:
        raise UserInputError(
            "bad_request", "The page is not written in this language", got=language[:20], expected=", ".join(LANGUAGES)
        )
    if inside and film is not None and film.stat().st_size > MAX_FILM_BYTES:
        raise UserInputError(
            "too_large",
            "The film is too long for one page",
            got=f"{film.stat().st_size} bytes",
            expected=f"at most {MAX_FILM_BYTES}",
            remedy="Download the ZIP instead",
        )
    yield _head(name, language).encode()
    yield _body(take, name, _film(film, inside, language), language).encode()
    if film is not None and inside:
        yield from _film_blocks(film)
    yield f"<script>{SCRIPT}</script></body></html>\n".encode()


def _head(name: str, language: str) -> str:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(STYLE)}'; script-src 'sha256-{_digest(SCRIPT)}'; "
        "media-src blob: 'self' file:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(name)}</title><style>{STYLE}</style></head>"
    )


def _film(film: Path | None, inside: bool, language: str) -> str:
    if film is None:
        return f"<p>{PAGE_TEXTS[language]['no_film']}</p>"
    source = "" if inside else ' src="video.mp4"'
    return f'<video id="film" controls loop playsinline{source}></video>'


def _body(take: TakeReader, name: str, film: str, language: str) -> str:
    say = PAGE_TEXTS[language]
    document = take.header.document
    return (
        f"<body><main><h1>{escape(name)}</h1>{film}"
        f'{_moments(take, language)}<p class="hint">{say["drop"]}</p>{_facts(take, language)}'
        f"<h2>{say['graph']}</h2>{graph_svg(document, say['graph'])}"
        f"<details><summary>{say['outline']}</summary>{graph_outline(document)}</details>"
        f"<h2>{say['controls']}</h2>{_controls(take, language)}</main>"
        f'<script type="application/json" id="nodegraph-bundle">{_json(bundle_data(take, name))}</script>'
    )


def _moments(take: TakeReader, language: str) -> str:
    """The named moments, each a button that leads to its place in the film; nothing where none is named."""
    markers, first = markers_of(take), _film_first(take)
    if not markers:
        return ""
    rows = "".join(
        f'<li><button type="button" data-seconds="{_seconds(one["tick"], first):.3f}">{escape(one["name"])}'
        f"<span>{_clock(_seconds(one['tick'], first))}</span></button></li>"
        for one in markers
    )
    name = PAGE_TEXTS[language]["moments"]
    return f'<h2 id="moments">{name}</h2><ol class="moments" aria-labelledby="moments">{rows}</ol>'


def _facts(take: TakeReader, language: str) -> str:
    header, say = take.header, PAGE_TEXTS[language]
    frames = _frames_before(take.tick_count)
    facts = {
        say["workflow"]: header.document.get("name"),
        say["length"]: say["length_value"].format(s=f"{frames / FPS:.1f}", ticks=take.tick_count, frames=frames),
        say["seed"]: header.seed,
        say["model"]: header.facts.preset,
        say["edits"]: len(take.edits()) or None,
        say["versions"]: ", ".join(f"{name} {version}" for name, version in header.versions.items()),
    }
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items() if value is not None
    )
    return f'<dl class="facts">{rows}</dl>'


def _controls(take: TakeReader, language: str) -> str:
    say = PAGE_TEXTS[language]
    controls = take.controls()
    if not controls:
        return f"<p>{say['no_controls']}</p>"
    titles = {str(node["id"]): node_title(node) for node in take.header.document.get("nodes", [])}
    first = _film_first(take)
    rows = "".join(
        f'<tr><td><button type="button" data-seconds="{_seconds(one.tick or 0, first):.3f}">{one.tick or 0}</button>'
        f"</td><td>{escape(titles.get(one.node, one.node))}</td><td>{escape(one.input)}</td>"
        f"<td>{escape(_value(one.value))}</td></tr>"
        for one in controls[:ROWS_AT_MOST]
    )
    rest = len(controls) - ROWS_AT_MOST
    more = f"<p>{say['more'].format(n=rest)}</p>" if rest > 0 else ""
    heads = "".join(f'<th scope="col">{say[name]}</th>' for name in ("tick", "node", "input", "value"))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}'


def _film_first(take: TakeReader) -> int:
    """The tick that the film begins with; a branch's may begin in the middle."""
    return take.film_range[0] if take.film_range else 0


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f}:{rest:04.1f}"


def _seconds(tick: int, first: int) -> float:
    """Where a tick begins in a film that begins with tick `first`; tick 0 has a single frame."""
    return max(0, _frames_before(tick) - _frames_before(first)) / FPS


def _frames_before(tick: int) -> int:
    return 0 if tick <= 0 else FRAMES_PER_TICK * (tick - 1) + 1


def _value(value: Any) -> str:
    if isinstance(value, list | dict):
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= 80 else f"{text[:79]}\u2026"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _film_blocks(film: Path) -> Iterator[bytes]:
    with film.open("rb") as file:
        while piece := file.read(_PIECE):
            yield b'<script type="text/plain" class="film">' + base64.b64encode(piece) + b"</script>\n"
