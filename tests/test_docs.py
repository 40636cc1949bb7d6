"""What the documents say is what stands on the disk."""

import re
import subprocess
import tomllib
from pathlib import Path

from nodegraph.errors import CODES
from nodegraph.graph import load_registry

ROOT = Path(__file__).parent.parent
TOP = {"nodegraph", "nodes", "web", "workflows", "tests", "pyproject.toml", "README.md", "Makefile", "LICENSE"}


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _packages() -> set[str]:
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "nodegraph").rglob("__init__.py")}
    return found | {"nodegraph_nodes", "nodegraph_workflows"}


def test_the_wheel_lists_exactly_the_packages_on_disk() -> None:
    assert set(_project()["tool"]["setuptools"]["packages"]) == _packages()  # type: ignore[index]


def test_the_readmes_tree_names_every_part_of_the_package_and_nothing_else() -> None:
    tree = (ROOT / "README.md").read_text().split("## How it is built")[1].split("Imports point downwards")[0]
    named = set(re.findall(r"^ {8}([\w.]+)/? ", tree, re.M))
    parts = {p.name for p in (ROOT / "nodegraph").iterdir() if (p / "__init__.py").exists()}
    modules = {"errors.py", "values.py", "client.py"}
    assert named == parts | modules


def test_the_top_level_is_as_decided() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_every_dependency_gives_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    for line in re.findall(r'^    "[\w-]+[><=].*$', text, re.M):
        assert "  #" in line, line


def test_every_error_code_is_explained_and_used() -> None:
    source = "".join(p.read_text() for folder in ("nodegraph", "nodes") for p in (ROOT / folder).rglob("*.py"))
    for code, meaning in CODES.items():
        assert meaning.endswith("."), code
        assert source.count(f'"{code}"') >= 2, f"{code} is declared and never raised"


def test_every_node_and_every_input_explains_itself() -> None:
    for spec in load_registry(["nodegraph_nodes"]):
        data = spec.as_dict()
        assert len(data["description"]) > 20, spec.id
        for port in data["inputs"]:
            assert port["doc"], f"{spec.id}.{port['name']}"


def test_the_readmes_example_node_declares() -> None:
    code = (ROOT / "README.md").read_text().split("```python")[1].split("```")[0]
    names: dict[str, object] = {"__name__": "readme_example"}
    exec(compile(code.replace("from __future__ import annotations\n", ""), "README.md", "exec"), names)
    assert "rise" in names
