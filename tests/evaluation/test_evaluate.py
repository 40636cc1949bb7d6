"""The whole evaluation at the smallest size: judges from nothing, the debug model, a page.

Truth in place of the stream must score well and shuffled commands badly, or the figures say nothing.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from nodegraph.cli import main
from nodegraph.errors import UserInputError
from nodegraph.evaluation import SMALL, Judges, JudgeSettings, evaluate, judges_for, model_of, write_report
from nodegraph.evaluation.body_parts import motion_part, pose_part
from nodegraph.evaluation.camera_part import camera_part
from nodegraph.evaluation.cases import Case, camera_cases, pose_cases, switch_cases
from nodegraph.evaluation.play import Played, play, real
from nodegraph.evaluation.stage import Bench
from nodegraph.evaluation.truth import Truth
from nodegraph.generator.pool import Model

SETTINGS = JudgeSettings(scenes=90, held_out=18, look_steps=120, motion_steps=700, batch=24, workers=1)
SIZE = (64, 48)
pytestmark = pytest.mark.timeout(900)
KEYS = {
    "setting_acc", "light_acc", "character_acc", "prop_acc", "camera_corr_min", "return_similarity", "pose_pck",
    "pose_pck_floor", "motion_ratio", "drift_ratio", "brightness_slope", "saturation_slope", "switch_s_p50",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judges")


@pytest.fixture(scope="module")
def judges(folder: Path) -> Judges:
    return judges_for(*SIZE, SETTINGS, folder=folder)


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of("debug", None, "cpu")


@pytest.fixture(scope="module")
def bench(model: Model, judges: Judges) -> Bench:
    return Bench(model=model, judges=judges, size=SIZE, seed=5, scale=SMALL)


def _as_played(case: Case, shots: np.ndarray, truth: np.ndarray) -> Truth:
    light = np.ones(len(shots))
    return Truth(case=case, played=Played(shots=shots, luma=light, spread=light, kept=[shots[0]]), real=truth)


@pytest.fixture(scope="module")
def truth(bench: Bench) -> list[Truth]:
    """Rendered clips in place of the model's streams: seven of the camera's, three of the body's."""
    cases = camera_cases(5, 1, 9, bench.aspect) + pose_cases(5, 3, 5, bench.aspect)
    return [_as_played(case, shots, shots) for case in cases for shots in (real(case, SIZE),)]


@pytest.mark.slow
def test_judges_learn_from_renderings_and_say_how_well(judges: Judges) -> None:
    found = judges.validation
    # By chance: one in nine, one in three, nothing.
    assert found["setting_acc"] > 0.4, found
    assert found["light_acc"] > 0.55, found
    assert found["camera_corr"]["pan"] > 0.6 and found["camera_corr"]["tilt"] > 0.6, found


@pytest.mark.slow
def test_kept_judges_say_the_same(judges: Judges, folder: Path, truth: list[Truth]) -> None:
    again = judges_for(*SIZE, SETTINGS, folder=folder)
    assert again.validation == judges.validation
    shots = truth[0].played.shots
    assert np.array_equal(again.camera(shots), judges.camera(shots))
    assert np.array_equal(again.see(shots)[1], judges.see(shots)[1])


@pytest.mark.slow
def test_truth_in_place_of_the_stream_scores_as_its_floor(truth: list[Truth]) -> None:
    moved = motion_part(truth).figures[0]
    assert moved.value == pytest.approx(1.0) and moved.met


@pytest.mark.slow
def test_a_stream_that_stands_still_has_no_motion_and_follows_no_camera(bench: Bench, truth: list[Truth]) -> None:
    frozen = [
        _as_played(item.case, item.played.shots[:1].repeat(item.case.ticks, 0), item.played.shots) for item in truth
    ]
    assert motion_part(frozen).figures[0].value == pytest.approx(0.0, abs=1e-6)
    axes = camera_part(bench, frozen[:7]).detail["camera"]
    assert all(abs(axis["value"]) < 1e-6 < axis["real"] for axis in (axes["pan"], axes["tilt"]))


@pytest.mark.slow
def test_the_camera_is_recovered_from_truth_and_not_against_other_commands(bench: Bench, truth: list[Truth]) -> None:
    axes = camera_part(bench, truth[:7]).detail["camera"]
    for axis in ("pan", "tilt"):
        assert axes[axis]["value"] > 0.7 > axes[axis]["shuffled"] + 0.2, axes[axis]


@pytest.mark.slow
def test_the_body_is_found_better_where_it_is_than_where_another_is(bench: Bench, truth: list[Truth]) -> None:
    figures = {f.key: f for f in pose_part(bench, truth[7:]).figures}
    shown = figures["pose_pck"]
    assert shown.value == figures["pose_pck_floor"].value
    assert shown.value is not None and shown.floors["shuffled"] is not None
    assert shown.value > shown.floors["shuffled"] > 0


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures_and_a_page_that_needs_nothing_else(
    model: Model, judges: Judges, tmp_path: Path
) -> None:
    result, parts = evaluate(model, seed=3, scale=SMALL, judges=judges)
    again, _ = evaluate(model, seed=3, scale=SMALL, judges=judges, only=("prompt",))
    for key, figure in again["figures"].items():
        assert figure == result["figures"][key]
    write_report(tmp_path / "out", result, parts)
    kept = json.loads((tmp_path / "out" / "eval.json").read_text())
    assert set(kept) >= KEYS
    assert kept["figures"]["setting_acc"]["floors"]["vae"] is not None
    page = (tmp_path / "out" / "index.html").read_text()
    assert "data:image/webp" in page and "<svg" in page
    assert "http://" not in page and "https://" not in page


def test_streams_may_begin_with_the_picture_that_is_drawn_for_their_words(model: Model) -> None:
    case = switch_cases(5, 1, 0.5, 1.0, model.width / model.height)[0]
    words, drawn, again = (play(model, case, SIZE, pictures=given) for given in (False, True, True))
    assert not np.array_equal(words.shots[0], drawn.shots[0])
    assert np.array_equal(drawn.shots, again.shots)


def test_an_unknown_part_is_refused_with_the_choices(model: Model) -> None:
    with pytest.raises(UserInputError) as caught:
        evaluate(model, seed=0, scale=SMALL, only=("taste",))
    assert "prompt" in (caught.value.expected or "")


def test_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "--help"])
    assert ended.value.code == 0
    assert "--quick" in capsys.readouterr().out
