"""The built-in nodes. They have the shape of anybody's pack: modules with `@node`, found by an entry point.

Importing them does not import torch: what needs it is imported inside the call that runs in a worker thread.
"""

__all__: list[str] = []
