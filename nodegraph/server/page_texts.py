"""What the page of a take says, by language."""

from __future__ import annotations

from typing import Final

__all__ = ["PAGE_TEXTS"]

PAGE_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "drop": "Open in nodegraph: drop this file on the canvas. Nothing runs before you press Run.",
        "no_film": "This take has no film.",
        "moments": "Named moments",
        "graph": "The graph",
        "outline": "The graph as a list",
        "controls": "What was steered",
        "no_controls": "Nothing was steered in this take.",
        "more": "And {n} more.",
        "workflow": "Workflow",
        "length": "Length",
        "length_value": "{s} s: {ticks} ticks, {frames} frames",
        "seed": "Seed",
        "model": "Model",
        "edits": "Changes of the graph",
        "versions": "Made with",
        "tick": "Tick",
        "node": "Node",
        "input": "Input",
        "value": "Value",
    },
    "de": {
        "drop": "In nodegraph \u00f6ffnen: diese Datei auf die Arbeitsfl\u00e4che ziehen. "
        "Nichts l\u00e4uft, bevor man es startet.",
        "no_film": "Dieser Take hat keinen Film.",
        "moments": "Benannte Momente",
        "graph": "Der Graph",
        "outline": "Der Graph als Liste",
        "controls": "Was gesteuert wurde",
        "no_controls": "In diesem Take wurde nichts gesteuert.",
        "more": "Und {n} weitere.",
        "workflow": "Workflow",
        "length": "L\u00e4nge",
        "length_value": "{s} s: {ticks} Ticks, {frames} Bilder",
        "seed": "Seed",
        "model": "Modell",
        "edits": "\u00c4nderungen am Graphen",
        "versions": "Gemacht mit",
        "tick": "Tick",
        "node": "Knoten",
        "input": "Eingang",
        "value": "Wert",
    },
}
