"""`nodegraph serve`: the editor and its server."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("serve", help="start the server and open the editor", description=_serve.__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8188, help="0 takes a free one (default: 8188)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of uploads, results and the database")
    parser.add_argument(
        "--token",
        default=os.environ.get("NODEGRAPH_TOKEN"),
        help="secret that clients must send; needed for any other host",
    )
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    parser.add_argument(
        "--preset", choices=(*PRESETS, "none"), default=DEFAULT_PRESET, help="model to load at the start"
    )
    parser.add_argument(
        "--takes-gb", type=float, help="disk for takes in GB (default: 20, at most a fifth of what is free)"
    )
    parser.add_argument("--allow-host", action="append", default=[], help="another name this server is called by")
    parser.add_argument("--allow-origin", action="append", default=[], help="another page that may use the API")
    parser.set_defaults(run=_serve)


def _serve(args: argparse.Namespace) -> int:
    """Serve the editor until Ctrl+C. Everything stays on this machine unless --host says otherwise."""
    from nodegraph.server.config import ServerConfig
    from nodegraph.server.serve import serve

    serve(
        ServerConfig(
            host=args.host,
            port=args.port,
            data_dir=args.data,
            token=args.token,
            open_browser=not args.no_open,
            preset=None if args.preset == "none" else args.preset,
            takes_bytes=None if args.takes_gb is None else int(args.takes_gb * 1e9),
            allowed_hosts=tuple(args.allow_host),
            allowed_origins=tuple(args.allow_origin),
        )
    )
    return 0
