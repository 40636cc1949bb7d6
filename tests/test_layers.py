"""Imports point downwards: the contracts in pyproject.toml hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent


def test_the_import_contracts_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The packages are looked at as they lie on the disk, whether they are installed or not."""
    for package, folder in {"nodegraph": "nodegraph", "nodegraph_nodes": "nodes"}.items():
        (tmp_path / package).symlink_to(ROOT / folder, target_is_directory=True)
    monkeypatch.syspath_prepend(tmp_path)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
