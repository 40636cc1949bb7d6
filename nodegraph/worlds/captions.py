"""Captions for clips: many wordings of the same few facts, from a small vocabulary. No torch."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.settings import ALL

__all__ = ["caption_for", "vocabulary"]

_LIGHTS = {
    "day": (
        "by day", "in daylight", "in bright daylight", "on a bright day", "during the day", "in the sunshine",
        "at noon",
    ),
    "sunset": (
        "at sunset", "in the evening", "in the evening light", "at dusk", "in warm sunset light",
        "as the sun goes down",
    ),
    "night": ("at night", "in the night", "in the dark", "on a dark night", "under the night sky", "at midnight"),
}  # fmt: skip
_LIGHT_LABELS = {
    "day": ("day", "daylight", "bright day", "noon"),
    "sunset": ("sunset", "evening", "dusk"),
    "night": ("night", "dark night", "midnight"),
}
_ACTIONS = {
    "stand": (
        ("standing", "standing still", "waiting", "looking around"), ("stands", "stands still", "waits", "is standing"),
    ),
    "walk": (("walking", "exploring", "strolling", "on a walk"), ("walks", "explores", "is walking", "strolls")),
    "run": (("running", "sprinting", "running fast"), ("runs", "is running", "sprints")),
    "wave": (("waving", "waving hello", "waving a hand"), ("waves", "is waving", "waves hello")),
    "jump": (("jumping", "leaping", "jumping up and down"), ("jumps", "is jumping", "leaps")),
    "dance": (("dancing", "dancing happily"), ("dances", "is dancing")),
}  # fmt: skip
_MOVES = {
    "static": ("still camera",),
    "pan": ("the camera turns", "panning camera"),
    "tilt": ("the camera tilts",),
    "fly": ("the camera flies", "flying camera"),
    "truck": ("the camera moves sideways",),
    "crane": ("the camera rises",),
    "orbit": ("the camera orbits", "orbiting camera"),
    "zoom": ("the camera zooms",),
    "handheld": ("handheld camera",),
    "free": ("the camera moves", "moving camera"),
}
_ADJECTIVES = ("", "", "", "", "lone ", "small ", "friendly ")
_OPENINGS = ("", "", "", "a video of ", "a view of ", "a picture of ")


def caption_for(attributes: Mapping[str, str], rng: np.random.Generator) -> str:
    """Return one wording of setting, light, character and action.

    Args:
        attributes: `setting`, `light`, `character`, `action` and `move`, each one of the ids in this package.
        rng: chooses the wording. The setting is always named, the others nearly always, the camera rarely.
    """

    def pick(options: tuple[str, ...]) -> str:
        return options[int(rng.integers(len(options)))]

    setting = ALL[attributes["setting"]]
    place = pick(setting.phrases)
    if rng.random() < 0.4:
        place = f"{place} with {pick(setting.details)}"
    light, label = pick(_LIGHTS[attributes["light"]]), pick(_LIGHT_LABELS[attributes["light"]])
    doing, does = (pick(words) for words in _ACTIONS[attributes["action"]])
    who = _with_article(pick(_ADJECTIVES) + pick(COSTUMES[attributes["character"]].nouns))
    where = f"in {place}"
    scene = pick(setting.phrases).removeprefix("a ").removeprefix("an ")
    forms = (
        f"{pick(_OPENINGS)}{who} {doing} {where} {light}",
        f"{pick(_OPENINGS)}{who} {doing} {light} {where}",
        f"{who} {does} {where} {light}",
        f"{light}, {who} {does} {where}",
        f"{place} {light}, {who} {does}",
        f"{place} {light} with {who} {doing}",
        f"{where} {light}, {who} is {doing}",
        f"{label}. {scene}, {who} {does}",
        f"{scene}, {label}, {who} {doing}",
        f"{who}, {doing}, {scene}, {label}",
        f"{who} {doing} {where}",
        f"{place} {light}",
        f"{who} {where} {light}",
    )
    weights = np.array([5, 3, 4, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1], dtype=float)
    text = forms[int(rng.choice(len(forms), p=weights / weights.sum()))]
    if rng.random() < 0.06:
        text = f"{text}, {pick(_MOVES[attributes['move']])}"
    if rng.random() < 0.25:
        text = text[0].upper() + text[1:] + "."
    return text


def _with_article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def vocabulary() -> tuple[str, ...]:
    """Return every word that a caption can hold, sorted, lower case, without punctuation."""
    texts: list[str] = [*_ADJECTIVES, *_OPENINGS, "a an in with is the"]
    for setting in ALL.values():
        texts += [*setting.phrases, *setting.details]
    for costume in COSTUMES.values():
        texts += costume.nouns
    for table in (_LIGHTS, _LIGHT_LABELS, _MOVES):
        for phrases in table.values():
            texts += phrases
    for doing, does in _ACTIONS.values():
        texts += [*doing, *does]
    return tuple(sorted(set(re.findall(r"[a-z]+", " ".join(texts).lower()))))
