"""Names of the shipped presets, readable without torch."""

__all__ = ["DEFAULT_PRESET", "PRESETS", "SHAPES"]

PRESETS = ("tiny", "debug", "8b")
DEFAULT_PRESET = "tiny"
SHAPES = (*PRESETS, "small")
"""What can be trained: the presets, and shapes for which no weights ship yet."""
