"""How benches print what they measured."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

__all__ = ["print_result"]


def print_result(result: dict[str, Any], args: argparse.Namespace) -> int:
    """One JSON object with --json, else a line for each key. Returns the exit code."""
    if args.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for key, value in result.items():
            sys.stdout.write(f"{key}: {round(value, 3) if isinstance(value, float) else value}\n")
    return 0
