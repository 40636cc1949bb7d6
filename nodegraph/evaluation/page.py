"""The report: one HTML file with figures, pictures and curves inside."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nodegraph.evaluation.figures import FLOORS
from nodegraph.evaluation.stage import Part

__all__ = ["curve_svg", "strip", "write_ablations", "write_page"]

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;
 background:#14161a;color:#e4e6ea}
h1,h2{font-weight:600} table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid #2b2f37;text-align:right}
th:first-child,td:first-child{text-align:left}
td.note{text-align:left;color:#9aa1ac;font-size:.85em} .yes{color:#6fd08c} .no{color:#ff8a7a}
figure{margin:.8rem 0} figcaption{color:#9aa1ac;font-size:.85em} img{max-width:100%;image-rendering:auto}
svg{background:#1b1e24;border-radius:6px;margin:.3rem}
"""
_COLOURS = ("#6fb3ff", "#ffb454", "#7ee0a1", "#ff7ab2")
_WIDE, _TALL = 420, 150


def write_page(path: Path, result: Mapping[str, Any], parts: Mapping[str, Part]) -> None:
    """Write the report beside eval.json."""
    model = result["model"]
    body = [
        f"<h1>Evaluation of {html.escape(model['preset'])} <small>{html.escape(model['hash'])}</small></h1>",
        f"<p>{model['size'][0]}x{model['size'][1]}, seed {result['seed']}, scale {result['scale']}. Held-out scenes, "
        "prompts, paths and motions. Real: the rendered truth in place of the stream; vae: that truth encoded and "
        "decoded; shuffled: the stream against another case's commands; copy last: the first picture repeated; "
        "teacher: several passes a frame.</p>",
        _table(result["figures"]),
        _judges(result["judges"]),
    ]
    for name, part in parts.items():
        body.append(f"<h2>{html.escape(name)}</h2>")
        if part.curves:
            body.append("".join(curve_svg(title, lines) for title, lines in part.curves))
        body += [
            f"<figure><img src='{strip(pictures)}' alt=''><figcaption>{html.escape(words)}</figcaption></figure>"
            for words, pictures in part.rows
        ]
    path.write_text(_document("Evaluation", body))


def _document(title: str, body: list[str]) -> str:
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{title}</title><style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def write_ablations(path: Path, result: Mapping[str, Any]) -> None:
    """Write the table of the ablations: mean and deviation over seeds."""
    columns = [*result["columns"], "seconds"]
    heads = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in ("variant", *columns))
    rows = "".join(
        f"<tr><td>{html.escape(name)}</td>"
        + "".join(f"<td>{row['mean'][c]:.3f} &plusmn; {row['deviation'][c]:.3f}</td>" for c in columns)
        + "</tr>"
        for name, row in result["rows"].items()
    )
    words = (
        f"{result['seeds']} seeds, {result['clips']} clips, equal latent frames after adaptation. Drift over a minute."
    )
    body = [f"<h1>Ablations of {html.escape(result['preset'])}</h1><p>{words}</p>"]
    path.write_text(_document("Ablations", [*body, f"<table><tr>{heads}</tr>{rows}</table>"]))


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    heads = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in ("figure", "value", "95 %", "target", *FLOORS))
    rows = []
    for key, figure in figures.items():
        mark = {True: " class='yes'", False: " class='no'", None: ""}[figure["met"]]
        spread = " to ".join(_number(v) for v in figure["interval"]) if figure["interval"] else ""
        floors = "".join(f"<td>{_number(figure['floors'][name])}</td>" for name in FLOORS)
        rows.append(
            f"<tr><td>{key}</td><td{mark}>{_number(figure['value'])}</td><td>{spread}</td>"
            f"<td>{_number(figure['target'])}</td>{floors}</tr>"
            + (f"<tr><td class='note' colspan='9'>{html.escape(figure['note'])}</td></tr>" if figure["note"] else "")
        )
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def _judges(judges: Mapping[str, Any]) -> str:
    flat = {k: v for k, v in judges["validation"].items() if isinstance(v, float)}
    flat |= {f"camera {axis}": v for axis, v in judges["validation"].get("camera_corr", {}).items()}
    cells = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in flat.items())
    return f"<p>Judges on renderings that they never saw ({judges['size'][0]} wide): {cells}.</p>"


def strip(pictures: list[NDArray[np.uint8]]) -> str:
    """Pictures side by side as a WebP data address."""
    gap = np.full((pictures[0].shape[0], 3, 3), 20, np.uint8)
    joined = np.concatenate([part for p in pictures for part in (p, gap)][:-1], axis=1)
    out = io.BytesIO()
    Image.fromarray(joined).save(out, "WEBP", quality=82)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


def curve_svg(title: str, lines: Mapping[str, NDArray[np.float64]]) -> str:
    """Curves over their index in one frame, drawn by hand so that the page needs nothing else."""
    values = np.concatenate([np.asarray(v, dtype=np.float64) for v in lines.values()])
    low, high = float(values.min()), float(values.max())
    span = high - low if high > low else 1.0
    drawn = []
    for number, (name, line) in enumerate(lines.items()):
        x = np.linspace(8, _WIDE - 8, len(line))
        y = _TALL - 22 - (np.asarray(line) - low) / span * (_TALL - 48)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        colour = _COLOURS[number % len(_COLOURS)]
        drawn.append(
            f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.6'/>"
            f"<text x='{8 + 100 * number}' y='{_TALL - 6}' fill='{colour}' font-size='11'>{html.escape(name)}</text>"
        )
    return (
        f"<svg width='{_WIDE}' height='{_TALL}' role='img'><text x='8' y='16' fill='#9aa1ac' font-size='12'>"
        f"{html.escape(title)} ({low:.2f} to {high:.2f})</text>{''.join(drawn)}</svg>"
    )
