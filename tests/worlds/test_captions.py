"""Captions name what is seen, in words that the text encoder knows."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from nodegraph.worlds import ACTIONS, CHARACTERS, LIGHTS, MOVES, SETTINGS, caption_for, vocabulary
from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.settings import ALL


def captions(setting: str, light: str, character: str, action: str, count: int = 40) -> list[str]:
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
