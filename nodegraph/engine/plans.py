"""Plans of workflows that were run before: a re-run of the same document skips reading, checking and fingerprinting."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from nodegraph.engine.cache import fingerprints, reads_files
from nodegraph.engine.files import Inputs
from nodegraph.errors import UserInputError
from nodegraph.graph import Plan, Registry, make_plan

__all__ = ["PlanMemo", "Prepared"]

KEPT_PLANS = 16


@dataclass(frozen=True)
class Prepared:
    """A plan and the fingerprints of its value nodes, or None where they depend on files and so on the moment."""

    plan: Plan
    fixed_marks: dict[str, bytes] | None

    def marks(self, inputs: Inputs) -> dict[str, bytes]:
        """Return value node -> fingerprint, as the uploaded files stand now."""
        if self.fixed_marks is not None:
            return self.fixed_marks
        return fingerprints([self.plan.nodes[node] for node in self.plan.values], inputs)


class PlanMemo:
    """Makes plans and keeps the last few."""

    def __init__(self, registry: Registry, inputs: Inputs) -> None:
        self._registry = registry
        self._inputs = inputs
        self._kept: OrderedDict[bytes, Prepared] = OrderedDict()

    def get(self, document: dict[str, Any], targets: tuple[str, ...]) -> Prepared:
        """Return the plan of a document; equal documents have one plan.

        Raises:
            InvalidWorkflow: see `make_plan`. Invalid workflows are not kept.
            UserInputError: "bad_document" where it is not JSON.
        """
        text = _text([document, targets])
        key = blake2b(text.encode(), digest_size=16).digest()
        prepared = self._kept.get(key)
        if prepared is None:
            # Planned from a copy: the caller may change its document after the run.
            prepared = self._prepare(json.loads(text)[0], targets)
            self._kept[key] = prepared
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_PLANS:
            self._kept.popitem(last=False)
        return prepared

    def _prepare(self, document: dict[str, Any], targets: tuple[str, ...]) -> Prepared:
        plan = make_plan(document, self._registry, targets)
        nodes = [plan.nodes[node] for node in plan.values]
        fixed = None if any(map(reads_files, nodes)) else fingerprints(nodes, self._inputs)
        return Prepared(plan, fixed)


def _text(data: Any) -> str:
    try:
        return json.dumps(data)
    except (TypeError, ValueError, RecursionError) as error:
        raise UserInputError(
            "bad_document",
            "The workflow cannot be written as JSON.",
            got=f"{type(error).__name__}: {error}",
            expected="objects, lists, text, numbers, true, false and null",
            remedy="Load it from a file that nodegraph saved.",
        ) from error
