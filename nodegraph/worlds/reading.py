"""What a prompt names: the other way round from captions. No torch.

A word counts for an id as much as it tells it from others: "city" is in several settings, "coral" in one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.settings import ALL
from nodegraph.worlds.words import LIGHT_LABELS, LIGHT_WORDS, WEATHER_LABELS, WEATHER_WORDS

__all__ = ["named_attributes", "read_attributes"]

_EMPTY = frozenset((
    "a", "an", "and", "around", "at", "by", "down", "goes", "in", "is", "it", "its", "of", "on", "over", "the", "to",
    "under", "up", "while", "with",
))  # fmt: skip
_VAGUE = frozenset(
    (
        "air",
        "big",
        "blue",
        "burning",
        "bright",
        "falling",
        "floating",
        "flying",
        "friendly",
        "giant",
        "glowing",
        "green",
        "hot",
        "light",
        "lone",
        "paper",
        "pink",
        "red",
        "sky",
        "small",
        "snow",
        "sun",
        "warm",
    )
)
"""Colours, sizes, and what skies and places share: alone they say too little, two together may say enough."""
_FIRST = {"setting": "coral_city", "light": "day", "weather": "clear", "character": "robot", "prop": "none"}
_SURE = 0.5
"""A name counts from here on: a word that two ids share is enough, colours that many share are not."""

_Phrases = dict[str, dict[str, tuple[str, ...]]]


def _phrases() -> _Phrases:
    return {
        "setting": {name: (*one.phrases, *one.details) for name, one in ALL.items()},
        "light": {name: (*words, *LIGHT_LABELS[name]) for name, words in LIGHT_WORDS.items()},
        "weather": {name: (*words, *WEATHER_LABELS[name]) for name, words in WEATHER_WORDS.items()},
        "character": {name: one.nouns for name, one in COSTUMES.items()},
        "prop": {name: one.nouns for name, one in PROP_KINDS.items()},
    }


def _words(text: str) -> set[str]:
    """Words, and pairs of neighbours."""
    found = re.findall(r"[a-z]+", text.lower())
    pairs = {f"{a} {b}" for a, b in pairwise(found) if not {a, b} & _EMPTY}
    return (set(found) - _EMPTY - _VAGUE) | pairs


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, dict[str, float]]]:
    """For each category and word: how much it says for each id, 0..1."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for category, ids in _phrases().items():
        for name, phrases in ids.items():
            for word in set().union(*map(_words, phrases)):
                said[word].add((category, name))
    out: dict[str, dict[str, dict[str, float]]] = {category: {} for category in _FIRST}
    for word, owners in said.items():
        for category, name in owners:
            out[category].setdefault(word, {})[name] = 1.0 / len(owners)
    return out


def named_attributes(prompt: str) -> dict[str, str]:
    """Return those of setting, light, weather, character and prop that a prompt names."""
    out: dict[str, str] = {}
    for category, table in _weights().items():
        scores: dict[str, float] = defaultdict(float)
        for word in _words(prompt):
            for name, weight in table.get(word, {}).items():
                scores[name] += weight
        best = max(scores, key=lambda name: scores[name], default=None)
        if best is not None and scores[best] >= _SURE:
            out[category] = best
    return out


def read_attributes(prompt: str) -> dict[str, str]:
    """Return the setting, light, weather, character and prop that a prompt names; what it does not name is the first.

    Weather that a setting never has is left out.
    """
    out = {**_FIRST, **named_attributes(prompt)}
    if out["weather"] not in ALL[out["setting"]].weathers:
        out["weather"] = "clear"
    return out
