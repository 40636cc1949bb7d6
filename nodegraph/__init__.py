"""Author node graphs that direct live AI video. Import the layer you need; importing this does nothing heavy."""

__version__ = "0.1.0"

__all__ = ["__version__"]
