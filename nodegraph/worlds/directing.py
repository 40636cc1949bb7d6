"""A change put into words, applied to a description: "make it night", "add a jellyfish", "no more rain". No torch.

What stands in a stream is one description of everything. A director says what shall change; whatever is not named
stays, and the description keeps its wording where it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nodegraph.worlds.captions import description, with_article
from nodegraph.worlds.figure import COSTUMES
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.reading import named_attributes, read_attributes
from nodegraph.worlds.settings import ALL
from nodegraph.worlds.words import LIGHT_LABELS, LIGHT_WORDS, WEATHER_LABELS, WEATHER_WORDS

__all__ = ["directed"]

_COMMANDS = frozenset((
    "add", "and", "be", "become", "bring", "change", "cut", "drop", "fly", "get", "give", "go", "hide", "it", "let",
    "lose", "make", "more", "move", "no", "now", "put", "remove", "replace", "send", "set", "show", "start", "stop",
    "swap", "switch", "take", "teleport", "then", "turn", "travel", "without",
))  # fmt: skip
_AGAINST = re.compile(r"\b(?:no|without|remove|hide|delete|stop|lose|drop|away|end|not|out|gone|clear)\b")
_ALL = re.compile(r"\b(?:everything|all|nothing)\b")
_CLAUSES = re.compile(r"[,.;!]|\b(?:and|but|then)\b")
_IN_PLACE_OF = re.compile(r".*\b(?:replace|swap|exchange|instead)\b.*?\b(?:with|by|for|of)\b")
_SNOW = re.compile(r"\bsnow(?:ing)?\b")
_RAIN = re.compile(r"\braining\b")
_NEUTRAL = {"prop": "none", "weather": "clear"}


def directed(before: str, said: str) -> str:
    """Return the description that holds once `said` was said while `before` held.

    A new description (it names a place, and is no command such as "go to the moon") is taken as it stands. Where
    nothing is understood, or nothing would change, `before` stands.
    """
    words = re.findall(r"[a-z]+", said.lower())
    named = named_attributes(_IN_PLACE_OF.sub("", said.lower()))
    if "setting" in named and words[0] not in _COMMANDS:
        return said
    start = read_attributes(before)
    goal = {**start, **_wanted(said.lower(), named)}
    if goal["setting"] != start["setting"] and "prop" not in named:
        goal["prop"] = "none"
    if goal["weather"] not in ALL[goal["setting"]].weathers:
        goal["weather"] = "clear"
    if goal == start:
        return before
    kept = _reworded(before, start, goal)
    return kept if read_attributes(kept) == goal else description(goal)


def _wanted(said: str, named: Mapping[str, str]) -> dict[str, str]:
    """What is to be other than it was."""
    out = dict(named)
    if "weather" not in out and "setting" not in out:
        out |= {"weather": "snow"} if _SNOW.search(said) else {"weather": "rain"} if _RAIN.search(said) else {}
    for clause in _CLAUSES.split(_IN_PLACE_OF.sub("", said)):
        named = named_attributes(clause)
        if not _AGAINST.search(clause):
            out |= named
            continue
        everything, snow = _ALL.search(clause) is not None, _SNOW.search(clause) is not None
        against = {*named, *(["weather"] if snow else [])}
        out |= {name: none for name, none in _NEUTRAL.items() if everything or name in against}
    return out


def _reworded(text: str, start: Mapping[str, str], goal: Mapping[str, str]) -> str:
    """The description with the words for what changes exchanged, or words added to its end."""
    text = text.strip().rstrip(".")
    if goal["light"] != start["light"]:
        old = (*LIGHT_WORDS[start["light"]], *LIGHT_LABELS[start["light"]])
        text = _exchanged(text, old, LIGHT_WORDS[goal["light"]][0])
    if goal["character"] != start["character"]:
        nouns, new = COSTUMES[start["character"]].nouns, with_article(COSTUMES[goal["character"]].nouns[0])
        text = re.sub(rf"\b(?:an?|the)\s+(?:\w+\s+)?(?:{_any(nouns)})\b", new, text, count=1, flags=re.IGNORECASE)
    if goal["weather"] != start["weather"]:
        old = () if start["weather"] == "clear" else (
            *WEATHER_WORDS[start["weather"]], *WEATHER_LABELS[start["weather"]]
        )  # fmt: skip
        text = _exchanged(text, old, "" if goal["weather"] == "clear" else WEATHER_WORDS[goal["weather"]][0])
    if goal["prop"] != start["prop"]:
        if start["prop"] != "none":
            lead = r"(?:,?\s*\b(?:and now there is|now there is|there is|now with|add|with|and)\b|,)?\s*"
            noun = rf"\b(?:an?|the)\s+(?:\w+\s+){{0,2}}(?:{_any(PROP_KINDS[start['prop']].nouns)})\b"
            text = re.sub(lead + noun, "", text, count=1, flags=re.IGNORECASE).strip(" ,")
        if goal["prop"] != "none":
            joined = "and" if " with " in text else "with"
            text = f"{text} {joined} {with_article(PROP_KINDS[goal['prop']].nouns[0])}"
    return text


def _any(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _exchanged(text: str, old: tuple[str, ...], new: str) -> str:
    """The text with the longest of some phrases exchanged for another one, which else is added."""
    found = re.search(rf"\b(?:{_any(old)})\b", text, flags=re.IGNORECASE) if old else None
    if found is None:
        return f"{text} {new}".strip()
    return re.sub(r"\s{2,}", " ", text[: found.start()] + new + text[found.end() :]).strip(" ,")
