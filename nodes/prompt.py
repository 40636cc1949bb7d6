"""What to show, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncIterator
from typing import Annotated, Any, NamedTuple

from nodegraph.generator.text import shipped_vocabularies
from nodegraph.graph import Json, Live, Text, node
from nodegraph.values import Prompt
from nodegraph_nodes._keyframes import prompt_keyframes

__all__ = ["PromptOut", "prompt_schedule", "prompt_text"]

DEFAULT_TEXT = "a robot exploring an underwater city with glowing corals"


class PromptOut(NamedTuple):
    """What the prompt nodes give."""

    prompt: Prompt


@node(id="prompt.text", version=1, name="Prompt", category="prompt")
def prompt_text(
    *,
    text: Live[
        Annotated[
            str,
            Text(
                multiline=True,
                placeholder="an explorer walking in desert ruins at sunset",
                words=shipped_vocabularies,
            ),
            "What to show: who, where and in which light. Change it while the picture runs.",
        ]
    ] = Live(DEFAULT_TEXT),
) -> PromptOut:
    """Say in plain words what the video shows.

    The default model knows nine places (an underwater city, desert ruins, a neon city, a snowy forest, green hills, a
    lava land, floating islands, a moon base, an autumn village), three lights (by day, at sunset, at night), fog, rain
    and snow, six characters (robot, explorer, astronaut, knight, wizard, child) and eight things to add (jellyfish,
    balloon, campfire, dragon, lantern, giant mushroom, car, whale). Other words are ignored. The text may change during
    a live run; the picture follows from the next tick on.
    """
    return PromptOut(Prompt(text=text.value))


@node(id="prompt.schedule", version=1, name="Prompt schedule", category="prompt")
async def prompt_schedule(
    *,
    tick: AsyncIterator[int],
    keyframes: Annotated[
        list[dict[str, Any]],
        Json(kind="prompt_keyframes"),
        "Prompts by tick, 6 ticks a second. Each holds until the next one.",
    ] = [{"tick": 0, "text": DEFAULT_TEXT}],  # noqa: B006 - the engine hands out copies; read only
) -> AsyncIterator[PromptOut]:
    """Travel through several prompts: each keyframe's text holds from its tick until the next one.

    A tick is a sixth of a second (four video frames). Before the first keyframe its text already holds. How the
    generator treats a change is set by On prompt at the APT2 step.
    """
    ticks, texts = prompt_keyframes(keyframes)
    async for t in tick:
        yield PromptOut(Prompt(text=texts[max(bisect_right(ticks, t) - 1, 0)]))
