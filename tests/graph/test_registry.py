"""Packs are found, and a broken one does not stop the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import Registry, load_registry, node, spec_of
from tests import fakes

PACK = """
from typing import NamedTuple
from nodegraph.graph import node

class Out(NamedTuple):
    value: int

@node(id="{id}")
def made(*, value: int = 0) -> Out:
    return Out(value)
"""


def write_pack(folder: Path, name: str, **modules: str) -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("")
    for module, text in modules.items():
        (folder / name / f"{module}.py").write_text(text)


def test_every_module_of_a_pack_is_searched_but_private_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(tmp_path, "pack_a", one=PACK.format(id="a.one"), _hidden=PACK.format(id="a.hidden"))
    monkeypatch.syspath_prepend(tmp_path)
    found = load_registry(["pack_a"])
    assert [spec.id for spec in found] == ["a.one"]
    assert found.get("a.one").pack == "pack_a"  # type: ignore[union-attr]


def test_a_broken_pack_is_reported_and_the_others_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(tmp_path, "pack_b", bad="import not_there_at_all")
    write_pack(tmp_path, "pack_c", good=PACK.format(id="c.one"))
    monkeypatch.syspath_prepend(tmp_path)
    found = load_registry(["pack_b", "pack_c"])
    assert "c.one" in found
    assert found.faults["pack_b"].code == "bad_declaration"
    assert "not_there_at_all" in str(found.faults["pack_b"])


def test_two_packs_with_one_id_are_refused_and_both_named() -> None:
    @node(id="test.add")
    def other() -> None:
        """Take an id that is in use."""

    found = Registry(fakes.registry())
    spec = spec_of(other)
    assert spec is not None
    with pytest.raises(NodegraphError) as caught:
        found.add(spec)
    assert caught.value.code == "duplicate_id" and "test.add" in str(caught.value)


def test_importing_the_graph_is_light() -> None:
    """Neither torch nor networkx nor jsonschema is loaded before it is needed."""
    code = """
import sys, nodegraph.graph, nodegraph.engine
print([name for name in ("torch", "networkx", "jsonschema") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
