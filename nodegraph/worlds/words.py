"""Phrases for captions. In each table the last phrase is kept for held-out captions; its words stand in others too."""

from __future__ import annotations

__all__ = [
    "ACTION_WORDS", "ADJECTIVES", "LIGHT_LABELS", "LIGHT_WORDS", "MOVE_WORDS", "OPENINGS", "PROP_ADDITIONS",
    "WEATHER_LABELS", "WEATHER_WORDS",
]  # fmt: skip

LIGHT_WORDS = {
    "day": (
        "by day", "in daylight", "in bright daylight", "on a bright day", "during the day", "in the sunshine",
        "at noon", "on a sunny day", "in the bright sunshine",
    ),
    "sunset": (
        "at sunset", "in the evening", "in the evening light", "at dusk", "in warm sunset light",
        "as the sun goes down", "in the warm light of the evening",
    ),
    "night": (
        "at night", "in the night", "in the dark", "on a dark night", "under the night sky", "at midnight",
        "under a dark sky",
    ),
}  # fmt: skip
LIGHT_LABELS = {
    "day": ("day", "daylight", "bright day", "noon", "sunny day"),
    "sunset": ("sunset", "evening", "dusk", "warm evening"),
    "night": ("night", "dark night", "midnight", "night sky"),
}
WEATHER_WORDS = {
    "fog": ("in the fog", "in thick fog", "in the mist", "on a foggy day", "with fog all around", "in thick mist"),
    "rain": (
        "in the rain", "in heavy rain", "while it rains", "with rain falling", "on a rainy day",
        "in falling rain",
    ),
    "snow": (
        "in falling snow", "while it snows", "in a snowstorm", "with snow falling", "with falling snow all around",
    ),
}  # fmt: skip
WEATHER_LABELS = {
    "fog": ("fog", "mist", "foggy", "thick fog"),
    "rain": ("rain", "rainy", "heavy rain"),
    "snow": ("falling snow", "snowfall", "snowstorm", "snow falling"),
}
ACTION_WORDS = {
    "stand": (
        ("standing", "standing still", "waiting", "looking around", "waiting still"),
        ("stands", "stands still", "waits", "is standing", "looks around", "stands waiting"),
    ),
    "walk": (
        ("walking", "exploring", "strolling", "on a walk", "walking around"),
        ("walks", "explores", "is walking", "strolls", "is exploring"),
    ),
    "run": (("running", "sprinting", "running fast", "sprinting fast"), ("runs", "is running", "sprints", "runs fast")),
    "wave": (
        ("waving", "waving hello", "waving a hand", "waving hello with a hand"),
        ("waves", "is waving", "waves hello", "waves a hand"),
    ),
    "jump": (
        ("jumping", "leaping", "jumping up and down", "leaping up and down"),
        ("jumps", "is jumping", "leaps", "jumps up and down"),
    ),
    "dance": (("dancing", "dancing happily", "dancing around"), ("dances", "is dancing", "dances happily")),
    "sit": (
        ("sitting", "sitting down", "resting", "sitting on the ground", "resting on the ground"),
        ("sits", "is sitting", "sits down", "rests", "sits on the ground"),
    ),
    "turn": (
        ("turning", "turning around", "spinning", "spinning around"), ("turns", "turns around", "spins", "is turning"),
    ),
}  # fmt: skip
MOVE_WORDS = {
    "static": ("still camera",),
    "pan": ("the camera turns", "panning camera"),
    "tilt": ("the camera tilts",),
    "roll": ("the camera rolls",),
    "zoom": ("the camera zooms",),
    "dolly": ("the camera moves closer or back", "dolly shot"),
    "truck": ("the camera moves sideways",),
    "crane": ("the camera rises",),
    "orbit": ("the camera orbits", "orbiting camera"),
    "handheld": ("handheld camera",),
    "fly": ("the camera flies", "flying camera"),
    "free": ("the camera moves", "moving camera"),
}
ADJECTIVES = ("", "", "", "", "", "lone ", "small ", "friendly ")
OPENINGS = ("", "", "", "a video of ", "a view of ", "a picture of ", "a shot of ")
PROP_ADDITIONS = ("add {prop}", "{prop} appears", "now with {prop}", "there is {prop}", "and now there is {prop}")
