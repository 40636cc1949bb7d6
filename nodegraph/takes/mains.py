"""Which node's latents and which node's frames stand for a whole workflow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nodegraph.graph import Plan, PlannedNode

__all__ = ["Mains", "main_nodes"]


@dataclass(frozen=True)
class Mains:
    """`latent`: the node whose latents are kept; `film`: the one whose frames are; `sink`: the one that shows or saves
    them; None where there is none. `hashed`: those whose items are fingerprinted, which make latents, or frames where
    nothing makes latents."""

    latent: str | None
    film: str | None
    sink: str | None = None
    hashed: frozenset[str] = frozenset()


def main_nodes(plan: Plan) -> Mains:
    """Choose: the film is what the first target shows or saves; the latents are those the film was decoded from."""
    sinks = [plan.nodes[node] for node in plan.targets if node in plan.nodes]
    film, shown = next(((source, sink.id) for sink in sinks for source in _feeding(sink, plan)), (None, None))
    latent = _above(film, plan) if film is not None else None
    latents = frozenset(_every_tick(plan, "LATENT"))
    first = latent or next(_every_tick(plan, "LATENT"), None)
    return Mains(first, film, shown, latents or frozenset(_every_tick(plan, "FRAMES")))


def _above(node: str, plan: Plan) -> str | None:
    """Return the nearest node upstream, or this one itself, that makes latents."""
    level, seen = [node], {node}
    while level:
        for name in level:
            if _makes(plan.nodes[name], "LATENT"):
                return name
        sources = [wire.source for name in level for wire in plan.nodes[name].wires.values()]
        level = [name for name in dict.fromkeys(sources) if name not in seen and name in plan.nodes]
        seen.update(level)
    return None


def _feeding(sink: PlannedNode, plan: Plan) -> Iterator[str]:
    for wire in sink.wires.values():
        source = plan.nodes.get(wire.source)
        if source is not None and wire.source in plan.streams and source.spec.outputs[wire.slot].type == "FRAMES":
            yield wire.source


def _every_tick(plan: Plan, kind: str) -> Iterator[str]:
    return (node for node in plan.streams if _makes(plan.nodes[node], kind))


def _makes(node: PlannedNode, kind: str) -> bool:
    return any(port.type == kind for port in node.spec.outputs)
