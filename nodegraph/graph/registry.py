"""The node types that are installed. Packs are found by the entry point group "nodegraph.packs"."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from types import ModuleType

from nodegraph.errors import NodegraphError
from nodegraph.graph.declare import spec_of
from nodegraph.graph.spec import NodeSpec

__all__ = ["ENTRY_POINT_GROUP", "Registry", "load_registry"]

ENTRY_POINT_GROUP = "nodegraph.packs"


class Registry:
    """Node types by id.

    Attributes:
        faults: packs that could not be loaded, with the reason; the other packs work.
    """

    def __init__(self, specs: Iterable[NodeSpec] = ()) -> None:
        self._specs: dict[str, NodeSpec] = {}
        self.faults: dict[str, NodegraphError] = {}
        for spec in specs:
            self.add(spec)

    def add(self, spec: NodeSpec) -> None:
        """Add one node type.

        Raises:
            NodegraphError: "duplicate_id" where two packs declare the same id.
        """
        other = self._specs.setdefault(spec.id, spec)
        if other is not spec:
            raise NodegraphError(
                "duplicate_id",
                f"Node type {spec.id} is declared twice.",
                got=f"packs {other.pack} and {spec.pack}",
                remedy="Remove one of the packs or rename the node in one of them.",
            )

    def add_pack(self, package: ModuleType) -> None:
        """Add every node declared in a package and its modules; modules whose name starts with "_" are left out."""
        for module in _modules(package):
            for value in vars(module).values():
                spec = spec_of(value)
                if spec is not None and value.__module__ == module.__name__:
                    self.add(spec)

    def get(self, node_type: str) -> NodeSpec | None:
        """Return the node type of this name, or None where no pack has it."""
        return self._specs.get(node_type)

    def __contains__(self, node_type: object) -> bool:
        return node_type in self._specs

    def __iter__(self) -> Iterator[NodeSpec]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)


def load_registry(packs: Iterable[str | ModuleType] | None = None) -> Registry:
    """Load the installed packs, or only those named.

    A pack that fails to load is kept in `Registry.faults` and does not stop the others.
    """
    registry = Registry()
    if packs is None:
        packs = [point.value for point in entry_points(group=ENTRY_POINT_GROUP)]
    for pack in dict.fromkeys(packs):
        name = pack if isinstance(pack, str) else pack.__name__
        try:
            registry.add_pack(importlib.import_module(pack) if isinstance(pack, str) else pack)
        except NodegraphError as error:
            registry.faults[name] = error
        except Exception as error:
            registry.faults[name] = NodegraphError(
                "bad_declaration",
                f"Pack {name} cannot be loaded.",
                got=f"{type(error).__name__}: {error}",
                remedy="Repair or uninstall the pack, then start again.",
            )
    return registry


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for info in pkgutil.walk_packages(getattr(package, "__path__", ()), package.__name__ + "."):
        if not info.name.rpartition(".")[2].startswith("_"):
            yield importlib.import_module(info.name)
