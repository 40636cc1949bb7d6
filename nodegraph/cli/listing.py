"""`nodegraph nodes`: what can stand on the canvas."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("nodes", help="list the installed nodes", description=_nodes.__doc__)
    parser.add_argument("match", nargs="?", default="", help="show only ids, names and categories that contain this")
    parser.add_argument("--json", action="store_true", help="full schemas, as GET /api/nodes answers")
    parser.set_defaults(run=_nodes)


def _nodes(args: argparse.Namespace) -> int:
    """List nodes with their ports; packs that failed to load are named at the end."""
    from nodegraph.graph import load_registry

    registry = load_registry()
    schemas = [spec.as_dict() for spec in registry]
    wanted = args.match.lower()
    schemas = [s for s in schemas if wanted in f"{s['id']} {s['name']} {s['category']}".lower()]
    if args.json:
        sys.stdout.write(json.dumps({"nodes": schemas}, indent=1) + "\n")
    else:
        table = Table("id", "name", "inputs", "outputs", box=None, header_style="bold")
        for s in schemas:
            inputs = ", ".join(p["name"] + ("~" if p["mode"] != "fixed" else "") for p in s["inputs"])
            table.add_row(s["id"], s["name"], inputs, ", ".join(p["name"] for p in s["outputs"]))
        Console().print(table)
        sys.stdout.write("~ can change while a run goes\n")
    for name, fault in registry.faults.items():
        sys.stderr.write(f"pack {name}: {fault}\n")
    return 0
