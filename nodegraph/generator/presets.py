"""Names of the shipped presets, readable without torch."""

__all__ = ["DEFAULT_PRESET", "PRESETS"]

PRESETS = ("tiny", "debug", "8b")
DEFAULT_PRESET = "tiny"
