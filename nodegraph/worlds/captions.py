"""Captions for clips: many wordings of the same few facts, from a small vocabulary. No torch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.settings import ALL
from nodegraph.worlds.words import (
    ACTION_WORDS,
    ADJECTIVES,
    LIGHT_LABELS,
    LIGHT_WORDS,
    MOVE_WORDS,
    OPENINGS,
    PROP_ADDITIONS,
    WEATHER_LABELS,
    WEATHER_WORDS,
)

__all__ = ["caption_after", "caption_for", "description", "vocabulary", "with_article"]

_TRAINING = (
    ("{opening}{who} {doing} {where} {when}", 5),
    ("{opening}{who} {doing} {when} {where}", 3),
    ("{who} {does} {where} {when}", 4),
    ("{when}, {who} {does} {where}", 3),
    ("{place} {when}, {who} {does}", 3),
    ("{place} {when} with {who} {doing}", 2),
    ("{where} {when}, {who} is {doing}", 2),
    ("{label}. {scene}, {who} {does}", 2),
    ("{scene}, {label}, {who} {doing}", 2),
    ("{who}, {doing}, {scene}, {label}", 2),
    ("{who} {doing} {where}", 1),
    ("{place} {when}", 1),
    ("{who} {where} {when}", 1),
)
_HELD_OUT = (
    ("{when} {who} is {doing} {where}", 1),
    ("{scene}: {who} {doing} {when}", 1),
    ("{label}, {who}, {scene}, {doing}", 1),
    ("{doing} {where} {when}: {who}", 1),
    ("{where}, {who} {does} {when}", 1),
)


def caption_for(attributes: Mapping[str, str], rng: np.random.Generator, held_out: bool = False) -> str:
    """Return one wording of what a clip shows.

    Args:
        attributes: `setting`, `light`, `character`, `action` and `move`, each one of the ids in this package, and
            perhaps `weather` and `prop`.
        rng: chooses the wording. The setting is always named, weather and props are whenever there are any, the others
            nearly always, the camera rarely.
        held_out: use word orders and phrases that a caption for training never has.
    """
    draw = _Draw(rng, held_out)
    setting = ALL[attributes["setting"]]
    place = draw(setting.phrases)
    if rng.random() < 0.35:
        place = f"{place} with {draw(setting.details)}"
    light, weather = attributes["light"], attributes.get("weather", "clear")
    when, label = draw(LIGHT_WORDS[light]), draw(LIGHT_LABELS[light])
    if weather != "clear":
        sky, short = draw(WEATHER_WORDS[weather]), draw(WEATHER_LABELS[weather])
        when = f"{when} {sky}" if rng.random() < 0.5 else f"{sky} {when}"
        label = f"{label}, {short}" if rng.random() < 0.5 else f"{short}, {label}"
    doing, does = (draw(words) for words in ACTION_WORDS[attributes["action"]])
    who = with_article(ADJECTIVES[int(rng.integers(len(ADJECTIVES)))] + draw(COSTUMES[attributes["character"]].nouns))
    forms = _HELD_OUT if held_out else _TRAINING
    weights = np.array([weight for _, weight in forms], dtype=float)
    form = forms[int(rng.choice(len(forms), p=weights / weights.sum()))][0]
    text = form.format(
        opening=OPENINGS[int(rng.integers(len(OPENINGS)))],
        who=who,
        doing=doing,
        does=does,
        place=place,
        where=f"in {place}",
        when=when,
        label=label,
        scene=draw(setting.phrases).removeprefix("a ").removeprefix("an "),
    )
    text = _with_prop(text, attributes.get("prop", "none"), draw)
    if rng.random() < 0.06:
        text = f"{text}, {draw.any(MOVE_WORDS[attributes['move']])}"
    if rng.random() < 0.25:
        text = text[0].upper() + text[1:] + "."
    return text


def description(attributes: Mapping[str, str]) -> str:
    """Return the plainest wording of setting, light, weather, character and prop."""
    setting, weather, prop = ALL[attributes["setting"]], attributes["weather"], attributes["prop"]
    who = with_article(COSTUMES[attributes["character"]].nouns[0])
    text = f"{who} in {setting.phrases[0]} {LIGHT_WORDS[attributes['light']][0]}"
    if weather != "clear":
        text = f"{text} {WEATHER_WORDS[weather][0]}"
    return text if prop == "none" else f"{text} with {with_article(PROP_KINDS[prop].nouns[0])}"


class _Draw:
    """Picks phrases. Training keeps off the last phrase of a table; held-out captions take it half of the time."""

    def __init__(self, rng: np.random.Generator, held_out: bool) -> None:
        self.rng, self.held_out = rng, held_out

    def __call__(self, options: Sequence[str]) -> str:
        last = len(options) - 1
        if self.held_out and self.rng.random() < 0.5:
            return options[last]
        return options[int(self.rng.integers(max(last, 1)))]

    def any(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]


def _prop_phrase(prop: str, draw: _Draw) -> str:
    kind = PROP_KINDS[prop]
    noun = with_article(draw(kind.nouns))
    return f"{noun} {draw.any(kind.places)}" if draw.rng.random() < 0.6 else noun


def _with_prop(text: str, prop: str, draw: _Draw) -> str:
    if prop == "none":
        return text
    phrase = _prop_phrase(prop, draw)
    pick = draw.rng.random()
    if pick < 0.5:
        return f"{text} with {phrase}" if " with " not in text else f"{text} and {phrase}"
    if pick < 0.8:
        return f"{text}, {phrase}"
    return f"{phrase}, {text}"


def caption_after(
    before: str,
    start: Mapping[str, str],
    final: Mapping[str, str],
    rng: np.random.Generator,
    held_out: bool = False,
) -> str:
    """Return the caption once something has changed: the old one with an addition, or a new wording of everything.

    Args:
        before: the caption until then.
        start, final: attributes before and after; a prop may be added, or light or weather be other.
        rng, held_out: as in `caption_for`.
    """
    draw = _Draw(rng, held_out)
    if final["prop"] != start["prop"] and rng.random() < 0.6:
        said = draw(PROP_ADDITIONS).format(prop=_prop_phrase(final["prop"], draw))
        return f"{before.rstrip('.')}, {said}"
    return caption_for(final, rng, held_out)


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an" before it."""
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def vocabulary() -> tuple[str, ...]:
    """Return every word that a caption can hold, sorted, lower case, without punctuation."""
    texts: list[str] = [*ADJECTIVES, *OPENINGS, *PROP_ADDITIONS, "a an in with is the and"]
    for setting in ALL.values():
        texts += [*setting.phrases, *setting.details]
    for costume in COSTUMES.values():
        texts += costume.nouns
    for kind in PROP_KINDS.values():
        texts += [*kind.nouns, *kind.places]
    for table in (LIGHT_WORDS, LIGHT_LABELS, WEATHER_WORDS, WEATHER_LABELS, MOVE_WORDS):
        for phrases in table.values():
            texts += phrases
    for doing, does in ACTION_WORDS.values():
        texts += [*doing, *does]
    return tuple(sorted(set(re.findall(r"[a-z]+", " ".join(texts).lower()))))
