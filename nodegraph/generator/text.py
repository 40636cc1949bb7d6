"""Words to tokens. Free wording: case, punctuation and unknown words do not matter."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from nodegraph.generator.config import TextConfig
from nodegraph.generator.presets import PRESETS

__all__ = ["plain_words", "shipped_vocabularies", "tokenize", "understood_words"]

_WORD = re.compile(r"[a-z]+")


def plain_words(text: str) -> list[str]:
    """The words of a text as a vocabulary holds them: small letters only."""
    return _WORD.findall(text.lower())


def _stem(word: str, known: dict[str, int]) -> str | None:
    """The word itself, or its singular or plural, whichever the vocabulary holds."""
    for form in (word, word.removesuffix("s"), word + "s", word.removesuffix("es")):
        if form in known:
            return form
    return None


def understood_words(prompt: str, vocabulary: tuple[str, ...]) -> list[str]:
    """The prompt's words that the model knows, in order, in the vocabulary's form."""
    known = {word: index for index, word in enumerate(vocabulary, 1)}
    forms = (_stem(word, known) for word in plain_words(prompt))
    return [form for form in forms if form is not None]


def tokenize(prompt: str, config: TextConfig) -> list[int]:
    """Token ids, exactly `config.max_tokens` long, padded with 0; words beyond that are cut, unknown ones left out."""
    known = {word: index for index, word in enumerate(config.vocabulary, 1)}
    ids = [known[word] for word in understood_words(prompt, config.vocabulary)][: config.max_tokens]
    return ids + [0] * (config.max_tokens - len(ids))


@cache
def shipped_vocabularies() -> dict[str, tuple[str, ...]]:
    """The words that each preset with shipped weights understands; presets without trained weights know none."""
    weights = resources.files("nodegraph.generator") / "weights"
    configs = {name: weights / name / "config.json" for name in PRESETS}
    return {
        name: tuple(json.loads(config.read_text(encoding="utf-8"))["text"]["vocabulary"]) if config.is_file() else ()
        for name, config in configs.items()
    }
