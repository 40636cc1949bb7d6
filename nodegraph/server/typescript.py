"""Write the editor's protocol types from the server's: `python -m nodegraph.server.typescript --write`.

Without --write the result goes to standard output. A test compares the file on disk with a fresh result.
"""

from __future__ import annotations

import argparse
import inspect
import sys
import types
import typing
from pathlib import Path
from typing import Any

from nodegraph.server import (
    messages_client,
    messages_frame,
    messages_live,
    messages_measures,
    messages_queue,
    messages_server,
    messages_takes,
    payloads_library,
    payloads_nodes,
    payloads_runs,
    payloads_steer,
    payloads_takes,
    payloads_workflow,
)

TARGET = Path(__file__).parents[2] / "web" / "src" / "protocol" / "messages.gen.ts"

HEADER = """\
// Written by `python -m nodegraph.server.typescript --write` from nodegraph/server/messages.py and payloads.py.
// Do not edit: change the Python and write it again.
"""

MODULES = (
    payloads_workflow,
    payloads_nodes,
    payloads_runs,
    payloads_takes,
    payloads_steer,
    payloads_library,
    messages_queue,
    messages_live,
    messages_takes,
    messages_measures,
    messages_server,
    messages_client,
    messages_frame,
)
"""In the order of the result: bodies, then messages."""

SCALARS: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
}


def render() -> str:
    """Return the TypeScript module: interfaces, then unions, then constants, in the order of the Python."""
    parts = [HEADER]
    for module in MODULES:
        for name, value in vars(module).items():
            if typing.is_typeddict(value) and value.__module__ == module.__name__:
                parts.append(_interface(name, value))
            elif isinstance(value, types.UnionType):
                members = "".join(f"\n  | {_type(member)}" for member in typing.get_args(value))
                parts.append(f"export type {name} ={members};\n")
            elif isinstance(value, int) and name.isupper():
                parts.append(f"export const {name} = {value};\n")
    return "\n".join(parts)


def _interface(name: str, declared: Any) -> str:
    hints = typing.get_type_hints(declared, include_extras=True)
    fields = "".join(
        f"  {key}{'?' if _optional(declared, hint) else ''}: {_type(hint)};\n" for key, hint in hints.items()
    )
    return f"{_comment(declared)}export interface {name} {{\n{fields}}}\n"


def _optional(declared: Any, hint: Any) -> bool:
    # __required_keys__ does not see NotRequired inside postponed annotations (Python 3.11); the hint does.
    return not declared.__total__ or typing.get_origin(hint) is typing.NotRequired


def _comment(declared: Any) -> str:
    text = inspect.cleandoc(declared.__doc__ or "")
    if not text:
        return ""
    if "\n" not in text:
        return f"/** {text} */\n"
    lines = "".join(f" * {line}".rstrip() + "\n" for line in text.splitlines())
    return f"/**\n{lines} */\n"


def _type(hint: Any) -> str:
    if hint in SCALARS:
        return SCALARS[hint]
    if typing.is_typeddict(hint):
        return str(hint.__name__)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.NotRequired, typing.Required):
        return _type(args[0])
    if origin is typing.Literal:
        return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in args)
    if origin in (types.UnionType, typing.Union):
        return " | ".join(_type(member) for member in args)
    if origin is list:
        item = _type(args[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin is tuple:
        return f"[{', '.join(_type(member) for member in args)}]"
    if origin is dict:
        return f"Record<string, {_type(args[1])}>"
    raise AssertionError(f"no TypeScript form for {hint!r}")


def main() -> None:
    """Print the types, or write them with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name} into the editor's source")
    if parser.parse_args().write:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(render(), encoding="utf-8")
    else:
        sys.stdout.write(render())


if __name__ == "__main__":
    main()
