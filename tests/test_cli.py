"""The command line as a user types it."""

import json
from pathlib import Path

import pytest

from nodegraph.cli import main


@pytest.mark.parametrize("command", ["serve", "run", "nodes", "train", "worlds", "bench"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 200


def test_the_worlds_are_drawn_on_a_sheet(tmp_path: Path) -> None:
    assert main(["worlds", "--out", str(tmp_path / "w.png"), "--width", "32", "--height", "32"]) == 0
    assert (tmp_path / "w.png").stat().st_size > 1000


def test_nodes_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nodes", "apt2", "--json"]) == 0
    assert {node["id"] for node in json.loads(capsys.readouterr().out)["nodes"]} >= {"apt2.step", "apt2.decode"}


def test_a_missing_workflow_is_explained_and_exits_with_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["run", str(tmp_path / "none.json")]) == 1
    assert "not_found" in capsys.readouterr().err
