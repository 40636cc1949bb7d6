"""Methods side by side: sizes as published, small runs end to end, and a run that goes on."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nodegraph.bench.comparison import bench_comparison
from nodegraph.bench.methods import METHODS, shrunk
from nodegraph.bench.plot import Bars, bar_chart
from nodegraph.bench.work import count_work
from nodegraph.errors import NodegraphError


@pytest.mark.parametrize(("name", "billions"), [("apt2", 4.1), ("causvid", 5.0), ("magi1", 24.0)])
def test_a_pass_computes_as_many_parameters_as_published(name: str, billions: float) -> None:
    """APT2's 8 B are half text, which is computed once per prompt."""
    assert count_work(METHODS[name].config).step_parameters / 1e9 == pytest.approx(billions, rel=0.03)


def test_the_more_passes_the_more_operations_a_frame() -> None:
    per_frame = {name: count_work(m.config).step_flops * m.passes / m.frames for name, m in METHODS.items()}
    assert per_frame["apt2"] < per_frame["causvid"] < per_frame["magi1"]


def test_a_small_comparison_writes_table_and_plot_and_goes_on(tmp_path: Path) -> None:
    run = {"chunks": 1, "shrink": 24, "device": "cpu"}
    first = bench_comparison(tmp_path, only=("apt2",), **run)  # type: ignore[arg-type]
    every = bench_comparison(tmp_path, **run)  # type: ignore[arg-type]
    assert list(every["methods"]) == list(METHODS)
    assert every["methods"]["apt2"] == first["methods"]["apt2"], "not measured twice"
    for found in every["methods"].values():
        assert found["control_ms"] == pytest.approx(1.5 * found["chunk_ms"])
        assert found["fps"] == pytest.approx(1e3 * found["chunk_frames"] / found["chunk_ms"])
        assert found["first_frame_ms"] > 0
    table = (tmp_path / "comparison.md").read_text()
    assert "random weights" in table and "divided by 24" in table and "7000 ms on 8 H100" in table
    assert "random weights" in (tmp_path / "comparison.svg").read_text()
    assert json.loads((tmp_path / "comparison.json").read_text()) == every


def test_shrinking_keeps_passes_and_chunks() -> None:
    small = shrunk(METHODS["magi1"], 24)
    assert (small.passes, small.chunk, small.frames) == (8, 6, 24)
    assert small.config.transformer.width % small.config.transformer.heads == 0
    assert shrunk(METHODS["magi1"], 1) is METHODS["magi1"]


def test_an_unknown_method_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodegraphError, match="sora"):
        bench_comparison(tmp_path, only=("sora",), device="cpu")


def test_a_chart_is_sound_xml_with_a_bar_for_every_value() -> None:
    chart = bar_chart([Bars(title="a < b", unit="ms", rows={"x": (3.0, 30.0), "y": (500.0, None)})], caption="c & d")
    rectangles = ElementTree.fromstring(chart).findall("{http://www.w3.org/2000/svg}rect")
    widths = [float(r.get("width", "0")) for r in rectangles[1:]]
    assert len(widths) == 3 and widths[0] < widths[1] < widths[2]
