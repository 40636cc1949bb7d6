"""How good a model is, in numbers with floors beside them: prompt, camera, pose, motion, drift and switch.

Importing this package loads no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nodegraph.evaluation.judges import Judges, JudgeSettings, judges_for
    from nodegraph.evaluation.run import PARTS, evaluate, model_of, write_report
    from nodegraph.evaluation.stage import FULL, QUICK, SMALL, Scale

__all__ = [
    "FULL",
    "PARTS",
    "QUICK",
    "SMALL",
    "JudgeSettings",
    "Judges",
    "Scale",
    "evaluate",
    "judges_for",
    "model_of",
    "write_report",
]

_HOMES = {
    "judges": ("JudgeSettings", "Judges", "judges_for"),
    "run": ("PARTS", "evaluate", "model_of", "write_report"),
    "stage": ("FULL", "QUICK", "SMALL", "Scale"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"nodegraph.evaluation.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
