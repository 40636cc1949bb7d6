"""The arithmetic of the figures: shares, slopes, correlation, keypoints, flow, camera motion."""

import numpy as np
import pytest
import torch

from nodegraph.evaluation.commands import AXES
from nodegraph.evaluation.egomotion import COLUMNS, ROWS, turned
from nodegraph.evaluation.figures import return_similarity, shared_named
from nodegraph.evaluation.flow import cell_flow
from nodegraph.evaluation.paths import axis_path, camera_motion, out_and_back, perform
from nodegraph.evaluation.pck import pck
from nodegraph.evaluation.statistics import correlation, slope_per_minute, wilson
from nodegraph.worlds import ACTIONS
from nodegraph.worlds.camera import Start

HOME = Start(position=np.array([0.0, 1.5, 5.0]), yaw_deg=20.0, pitch_deg=-5.0, fov_y_deg=55.0)


def test_the_interval_of_a_share_holds_it_and_narrows_with_more_trials() -> None:
    low, high = wilson(9, 10)
    assert low < 0.9 < high
    assert wilson(90, 100)[1] - wilson(90, 100)[0] < high - low
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_slope_is_found_and_noise_alone_is_flat() -> None:
    rng = np.random.default_rng(0)
    minutes = np.arange(20) / 4
    noise = rng.normal(0, 0.01, 20)
    rising = slope_per_minute(minutes, 0.3 + 0.05 * minutes + noise)
    assert rising.low < 0.05 < rising.high and not rising.flat
    assert slope_per_minute(minutes, 0.3 + noise).flat


def test_something_that_stands_still_is_correlated_with_nothing() -> None:
    line = np.arange(5.0)
    assert correlation(line, np.ones(5)) == 0.0
    assert correlation(line, 3 - 2 * line) == pytest.approx(-1.0)


def test_pck_counts_visible_points_within_a_fifth_of_the_body() -> None:
    rng = np.random.default_rng(1)
    true = rng.uniform(0.2, 0.8, (4, 17, 2))
    seen = np.ones((4, 17), dtype=bool)
    assert pck(true, true, seen, 1.6).share == 1.0
    off = true.copy()
    off[:, :5, 0] += 5.0
    assert pck(off, true, seen, 1.6).share == pytest.approx(12 / 17)
    seen[:, :5] = False
    assert pck(off, true, seen, 1.6) == (1.0, 4 * 12)


@pytest.mark.parametrize("axis", AXES)
def test_a_path_moves_on_its_own_axis_only(axis: str) -> None:
    path = axis_path(np.random.default_rng(3), axis, 41, HOME)
    moved = np.abs(camera_motion(path.c2w, path.fov_y_deg)).max(axis=0)
    own = AXES.index(axis)
    assert moved[own] > 0
    others = [a for a in range(7) if a != own]
    # A level-headed rig turns about the world's up: while it looks down, a pan is also a little roll and tilt.
    allowed = 0.12 if axis in ("pan", "dolly", "truck", "crane") else 1e-6
    assert (moved[others] < allowed * max(moved[own], 0.1)).all(), moved


@pytest.mark.parametrize(
    ("axis", "told"), [("pan", {"yaw_deg": -3.0}), ("tilt", {"pitch_deg": 3.0}), ("roll", {"roll_deg": 3.0})]
)
def test_angles_of_camera_motion_have_the_documented_signs(axis: str, told: dict[str, float]) -> None:
    from nodegraph.worlds.camera import c2w_from

    angles = {"yaw_deg": [0.0, 0.0], "pitch_deg": [0.0, 0.0], "roll_deg": [0.0, 0.0]}
    for name, value in told.items():
        angles[name][1] = value
    found = camera_motion(c2w_from(np.zeros((2, 3)), **angles), np.full(2, 55.0))[0]
    assert found[AXES.index(axis)] == pytest.approx(3.0)


def test_out_and_back_ends_where_it_began_and_goes_somewhere() -> None:
    path = out_and_back("pan", 41, HOME)
    assert np.allclose(path.c2w[0], path.c2w[-1], atol=1e-9)
    assert np.abs(path.c2w[20] - path.c2w[0]).max() > 0.1


@pytest.mark.parametrize("action", ACTIONS)
def test_a_body_that_performs_stays_near_its_place_and_moves(action: str) -> None:
    body = perform(np.random.default_rng(5), 60, ("stand", action))
    assert np.abs(body[:, 11:13].mean(axis=(0, 1))[[0, 2]]).max() < 2.0
    assert np.abs(np.diff(body, axis=0)).max() > 1e-4


def _texture(shift: tuple[int, int]) -> torch.Tensor:
    """A smooth random texture, cut out of a larger one."""
    seeded = torch.Generator().manual_seed(2)
    layers = [torch.rand(1, 3, 120 // s, 160 // s, generator=seeded) for s in (4, 10, 20)]
    smooth = [torch.nn.functional.interpolate(layer, size=(120, 160), mode="bicubic") for layer in layers]
    big = torch.stack(smooth).mean(0).clamp(0, 1)
    x, y = 30 - shift[0], 30 - shift[1]
    return (big[0, :, y : y + 60, x : x + 100].permute(1, 2, 0) * 255).to(torch.uint8)[None]


@pytest.mark.parametrize("shift", [(0, 0), (2, 0), (-3, 1), (0, -4), (6, 2)])
def test_flow_finds_by_how_much_a_picture_moved(shift: tuple[int, int]) -> None:
    cells = cell_flow(_texture((0, 0)), _texture(shift), ROWS, COLUMNS)[0, :2]
    middle = cells[:, 1:-1, 1:-1].mean((1, 2)) * 60
    # Flat regions hold it back a little; what reads it has learnt that.
    assert torch.allclose(middle, torch.tensor(shift, dtype=torch.float32), atol=0.2, rtol=0.25), middle


def test_a_further_turn_of_the_camera_shifts_the_flow_against_it() -> None:
    still = torch.zeros(1, 3, ROWS, COLUMNS)
    for extra, expected in (((2.0, 0, 0, 0), (-1, 0)), ((0, 2.0, 0, 0), (0, 1))):
        cells, motion = turned(still, torch.zeros(1, 7), torch.tensor([55.0]), torch.tensor([extra]), 1.6)
        found = cells[0, :2, 2:4, 4:6].mean((1, 2))
        degree = np.tan(np.radians(2)) / (2 * np.tan(np.radians(27.5)))
        assert torch.allclose(found, torch.tensor(expected) * float(degree), atol=0.001), (extra, found)
        assert motion[0, :4].tolist() == list(extra)
    nearer, _ = turned(still, torch.zeros(1, 7), torch.tensor([55.0]), torch.tensor([[0, 0, 0, 0.1]]), 1.6)
    assert nearer[0, 0, 0, 0] < 0 < nearer[0, 0, 0, -1] and nearer[0, 1, 0, 0] < 0 < nearer[0, 1, -1, 0]


def test_a_named_figure_counts_hits_and_its_shuffled_floor_does_not() -> None:
    told = [0, 1, 2, 0, 1, 2]
    right = np.eye(3)[told]
    figure = shared_named("setting_acc", 0.95, right, told, real=right[:3])
    assert (figure.value, figure.floors["shuffled"], figure.floors["real"], figure.met) == (1.0, 0.0, 1.0, True)
    wrong = shared_named("setting_acc", 0.95, np.roll(right, 1, axis=0), told)
    assert (wrong.value, wrong.met) == (0.0, False)


def test_a_view_is_like_itself_and_unlike_another() -> None:
    rng = np.random.default_rng(4)
    one, other = (rng.integers(0, 255, (8, 8, 3)).repeat(6, 0).repeat(6, 1).astype(np.uint8) for _ in range(2))
    assert return_similarity(one, one) == pytest.approx(1.0)
    assert return_similarity(one, other) < 0.5
