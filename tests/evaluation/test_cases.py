"""Cases follow from the seed, are held out, and treat every id alike."""

from collections import Counter

import numpy as np

from nodegraph.evaluation.cases import camera_cases, drift_cases, prompt_cases, switch_cases
from nodegraph.evaluation.commands import AXES, NONE
from nodegraph.worlds import CHARACTERS, LIGHTS, SETTINGS
from nodegraph.worlds.captions import caption_for

ASPECT = 4 / 3


def test_the_seed_decides_everything() -> None:
    one, same, other = (prompt_cases(seed, 3, 2, ASPECT) for seed in (1, 1, 2))
    assert [c.prompts for c in one] == [c.prompts for c in same]
    assert all(np.array_equal(a.keypoints, b.keypoints) for a, b in zip(one, same, strict=True))
    assert [c.prompts for c in one] != [c.prompts for c in other]


def test_every_setting_light_and_character_is_commanded_as_often_as_the_others() -> None:
    count = 2 * len(SETTINGS)
    cases = prompt_cases(0, count, 1, ASPECT)
    for name, ids in (("setting", SETTINGS), ("light", LIGHTS), ("character", CHARACTERS)):
        often = Counter(case.attributes[name] for case in cases)
        assert set(often) == set(ids)
        assert max(often.values()) - min(often.values()) <= 1


def test_prompts_are_wordings_that_training_does_not_have() -> None:
    rng = np.random.default_rng(0)
    for case in prompt_cases(3, 4, 1, ASPECT):
        attributes = case.attributes | {"move": "static"}
        trained = {caption_for(attributes, rng).lower().rstrip(".") for _ in range(400)}
        assert case.prompts[0][1].lower().rstrip(".") not in trained


def test_there_is_a_stream_for_every_axis_from_prompts_and_from_images() -> None:
    cases = camera_cases(0, 2, 3, ASPECT)
    assert Counter(case.axis for case in cases) == dict.fromkeys(AXES, 2)
    for axis in AXES:
        assert {case.start for case in cases if case.axis == axis} == {"prompt", "image"}


def test_a_drift_stream_repeats_its_controls() -> None:
    case = drift_cases(0, 1, 91, ASPECT)[0]
    assert case.ticks == 91
    assert np.array_equal(case.keypoints[4], case.keypoints[4 + 120])
    assert not np.array_equal(case.path.c2w[0], case.path.c2w[40])


def test_a_switch_changes_one_thing_in_mid_stream() -> None:
    for what in ("setting", "prop"):
        case = switch_cases(0, 1, 1.0, 1.0, ASPECT, what)[0]
        assert {k for k in case.later if case.later[k] != case.attributes[k]} == {what}
        assert case.later[what] != NONE
        (first, before), (at, after) = case.prompts
        assert first == 0 and 0 < at < case.ticks and before != after
