"""What a director says, applied to the description that holds."""

from __future__ import annotations

import itertools

import pytest

from nodegraph.worlds import CHARACTERS, LIGHTS, PROPS, SETTINGS, WEATHERS
from nodegraph.worlds.captions import description
from nodegraph.worlds.directing import directed
from nodegraph.worlds.reading import read_attributes
from nodegraph.worlds.settings import ALL

CORALS = "a robot exploring an underwater city with glowing corals by day"
SNOWY = "a knight in a snowy forest at night with a campfire"


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (CORALS, "make it night", "a robot exploring an underwater city with glowing corals at night"),
        (CORALS, "add a jellyfish in the background", f"{CORALS} and a jellyfish"),
        (CORALS, "now a wizard", CORALS.replace("a robot", "a wizard")),
        (CORALS, "Now an astronaut!", CORALS.replace("a robot", "an astronaut")),
        (CORALS, "fog", f"{CORALS} in the fog"),
        (SNOWY, "let it snow", "a knight in a snowy forest at night with a campfire in falling snow"),
        (SNOWY, "now it rains and it is noon", "a knight in a snowy forest by day with a campfire in the rain"),
        (SNOWY, "put out the fire", "a knight in a snowy forest at night"),
        (SNOWY, "replace the campfire with a balloon", "a knight in a snowy forest at night with a balloon"),
        (SNOWY, "remove the campfire, add a dragon", "a knight in a snowy forest at night with a dragon"),
        (SNOWY, "go to the moon", "a knight in a moon base at night"),
        (SNOWY, "take him to green hills with a whale", "a knight in green hills at night with a whale"),
        (f"{SNOWY} in falling snow", "no more snow", SNOWY),
        (f"{SNOWY} in falling snow", "remove everything", "a knight in a snowy forest at night"),
    ],
)
def test_what_is_not_named_stays(before: str, said: str, after: str) -> None:
    assert directed(before, said) == after


@pytest.mark.parametrize("said", ["make it beautiful", "more drama", "a cat", "", "?!", "at night", "stop the rain"])
def test_what_is_not_understood_or_holds_already_changes_nothing(said: str) -> None:
    assert directed(SNOWY, said) == SNOWY


@pytest.mark.parametrize("said", ["an explorer in desert ruins at sunset", "a neon city, rain, a robot", CORALS])
def test_a_new_description_is_taken_as_it_stands(said: str) -> None:
    assert directed(SNOWY, said) == said


def test_weather_that_a_place_never_has_is_not_promised() -> None:
    assert directed(CORALS, "let it snow") == CORALS
    assert directed(f"{SNOWY} in falling snow", "go to the moon") == "a knight in a moon base at night"


def test_every_change_is_read_back_as_it_was_meant() -> None:
    """From and to every combination that there is, in the plainest words."""
    everything = [
        {"setting": setting, "light": light, "weather": weather, "character": character, "prop": prop}
        for setting, light, weather, character, prop in itertools.product(
            SETTINGS[::4], LIGHTS, WEATHERS, CHARACTERS[::2], PROPS[::3]
        )
        if weather in ALL[setting].weathers
    ]
    for before, after in zip(everything, everything[7:], strict=False):
        text = description(before)
        assert read_attributes(text) == before, text
        words = {"light": {"day": "at noon", "sunset": "at dusk", "night": "at midnight"}[after["light"]]}
        found = read_attributes(directed(text, f"make it {words['light']} with a {after['character']}"))
        assert found == {**before, "light": after["light"], "character": after["character"]}, text
