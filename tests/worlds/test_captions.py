"""Captions name what is seen, in words that the text encoder knows."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from nodegraph.worlds import ACTIONS, CHARACTERS, LIGHTS, MOVES, PROPS, SETTINGS, WEATHERS, caption_for, vocabulary
from nodegraph.worlds.captions import caption_after
from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.settings import ALL


def captions(setting: str, light: str, character: str, action: str, count: int = 6) -> list[str]:
    rng = np.random.default_rng(0)
    kinds = itertools.cycle(MOVES)
    facts = {"setting": setting, "light": light, "character": character, "action": action}
    return [caption_for(facts | {"move": next(kinds)}, rng) for _ in range(count)]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_word_is_in_the_vocabulary_and_every_caption_names_the_setting(setting: str) -> None:
    known = set(vocabulary())
    names = [re.sub(r"^an? ", "", phrase) for phrase in ALL[setting].phrases]
    for light, character, action in itertools.product(LIGHTS, CHARACTERS, ACTIONS):
        for caption in captions(setting, light, character, action):
            text = caption.lower()
            assert set(re.findall(r"[a-z]+", text)) <= known
            assert any(name in text for name in names), caption


def test_most_captions_name_the_character() -> None:
    said = captions("green_hills", "day", "robot", "walk", 300)
    named = sum(any(noun in caption.lower() for noun in COSTUMES["robot"].nouns) for caption in said)
    assert named > 0.85 * len(said)


def test_held_out_wordings_are_new_but_their_words_are_not() -> None:
    rng = np.random.default_rng(1)
    said: dict[bool, set[str]] = {False: set(), True: set()}
    for _ in range(300):
        for setting in SETTINGS:
            facts = {"setting": setting, "move": "pan", "prop": str(rng.choice(PROPS))}
            facts |= {"light": str(rng.choice(LIGHTS)), "weather": str(rng.choice(WEATHERS))}
            facts |= {"character": str(rng.choice(CHARACTERS)), "action": str(rng.choice(ACTIONS))}
            for held_out, texts in said.items():
                texts.add(caption_for(facts, rng, held_out=held_out))
    assert not said[False] & said[True]
    known, held = (set(re.findall(r"[a-z]+", " ".join(said[kind]).lower())) for kind in (False, True))
    assert held <= known, held - known


@pytest.mark.parametrize("prop", PROPS)
def test_a_prop_is_always_named(prop: str) -> None:
    rng = np.random.default_rng(2)
    facts = {"setting": "moon_base", "light": "night", "character": "knight", "action": "turn", "move": "roll"}
    after = facts | {"weather": "clear", "prop": prop}
    before = facts | {"weather": "clear", "prop": "none"}
    for _ in range(60):
        said = [caption_for(after, rng), caption_after("a moon base by day", before, after, rng)]
        assert all(any(noun in text.lower() for noun in PROP_KINDS[prop].nouns) for text in said), said
        assert all(set(re.findall(r"[a-z]+", text.lower())) <= set(vocabulary()) for text in said)


def test_weather_is_always_named() -> None:
    facts = {"setting": "neon_city", "light": "day", "character": "robot", "action": "run", "move": "pan"}
    rng = np.random.default_rng(3)
    stems = {"fog": ("fog", "mist"), "rain": ("rain",), "snow": ("snow",)}
    for weather, known in stems.items():
        said = [caption_for(facts | {"weather": weather}, rng) for _ in range(80)]
        assert sum(any(stem in text.lower() for stem in known) for text in said) >= 72


def test_there_are_many_wordings() -> None:
    assert len(set(captions("coral_city", "night", "robot", "walk", 300))) > 200


def test_settings_lights_and_characters_have_words_of_their_own() -> None:
    for phrases in ([s.phrases for s in ALL.values()], [c.nouns for c in COSTUMES.values()]):
        assert all(not set(a) & set(b) for a, b in itertools.combinations(phrases, 2))


def test_the_vocabulary_is_small_sorted_and_lower_case() -> None:
    words = vocabulary()
    assert list(words) == sorted(set(words))
    assert all(re.fullmatch(r"[a-z]+", word) for word in words)
    assert len(words) < 400
