"""What a clip shows: its attributes at the start and at the end, drawn from a seed or as asked for. No torch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nodegraph.errors import UserInputError
from nodegraph.worlds.body import ACTIONS
from nodegraph.worlds.camera import MOVES
from nodegraph.worlds.figure import CHARACTERS
from nodegraph.worlds.props import PROPS
from nodegraph.worlds.scene import LIGHTS, Scene
from nodegraph.worlds.settings import ALL
from nodegraph.worlds.weather import WEATHERS

__all__ = ["CHANGES", "choose_attributes"]

CHANGES = ("none", "prop", "light", "weather", "setting", "character")
_ACTION_SHARES = (0.16, 0.22, 0.12, 0.12, 0.12, 0.12, 0.07, 0.07)
_MOVE_SHARES = (0.12, 0.11, 0.05, 0.03, 0.06, 0.11, 0.09, 0.05, 0.1, 0.05, 0.05, 0.18)
_CHANGE_SHARES = (0.5, 0.18, 0.08, 0.07, 0.12, 0.05)
_CLEAR_SHARE, _NO_PROP_SHARE = 0.64, 0.45


def choose_attributes(
    rng: np.random.Generator, scene: Scene, wanted: Mapping[str, str | None]
) -> tuple[dict[str, str], dict[str, str]]:
    """Attributes at the start and at the end; what is not wanted is drawn."""

    def choose(name: str, options: tuple[str, ...], shares: tuple[float, ...] | None) -> str:
        drawn = str(rng.choice(options, p=shares))
        value = wanted[name] or drawn
        if value not in options:
            raise UserInputError(
                "out_of_range", f"There is no {name} of this name.", got=repr(value), expected=", ".join(options),
                remedy=f"Choose one of the listed names as {name}.",
            )  # fmt: skip
        return value

    def other(options: tuple[str, ...], now: str) -> str:
        left = tuple(option for option in options if option != now)
        return str(rng.choice(left)) if left else now

    skies = ALL[scene.setting].weathers
    likely = (_CLEAR_SHARE, *((1.0 - _CLEAR_SHARE) / (len(skies) - 1),) * (len(skies) - 1))
    out = {"setting": scene.setting, "light": scene.light, "character": scene.character}
    sky = str(rng.choice(skies, p=likely))
    out["weather"] = choose("weather", WEATHERS, None) if wanted["weather"] else sky
    out["action"] = choose("action", ACTIONS, _ACTION_SHARES)
    out["move"] = choose("move", MOVES, _MOVE_SHARES)
    change = choose("change", CHANGES, _CHANGE_SHARES)
    if change == "prop" and wanted["prop"] == "none":
        change = "none"
    out["change"] = change
    some = str(rng.choice(PROPS))
    none_first = ("none", *PROPS)
    empty = rng.random() < _NO_PROP_SHARE
    prop = choose("prop", none_first, None) if wanted["prop"] else ("none" if empty else some)
    end = dict(out)
    out["prop"] = "none" if change == "prop" else prop
    end["prop"] = (wanted["prop"] or some) if change == "prop" else prop
    if change in ("light", "weather", "setting", "character"):
        under = tuple(name for name, one in ALL.items() if out["weather"] in one.weathers)
        options = {"light": LIGHTS, "weather": skies, "setting": under, "character": CHARACTERS}[change]
        end[change] = other(options, out[change])
    return out, end
