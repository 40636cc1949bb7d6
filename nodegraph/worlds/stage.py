"""What joins a scene for one clip: a prop, and the scene that it turns into when light or weather change. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.worlds.scene import Scene, World
from nodegraph.worlds.things import Spot

__all__ = ["Stage"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Additions to a scene over T pictures.

    Attributes:
        prop: an id, or "none". spot: its place in world metres. yaw_rad: its direction.
        shown: [T] how much of it is there, 0..1.
        after: the scene at the end, where light or weather change; its world has the same shapes.
        world_after: what `build_world` made of it. blend: [T] how far the change has gone, 0..1.
    """

    prop: str = "none"
    spot: Spot = (0.0, 0.0, 0.0)
    yaw_rad: float = 0.0
    shown: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    after: Scene | None = None
    world_after: World | None = None
    blend: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def of_pictures(self, wanted: NDArray[np.bool_]) -> Stage:
        """The same for some of the pictures [T]."""
        return replace(self, shown=self.shown[wanted], blend=self.blend[wanted])

    def turned(self, picture: int) -> float:
        """How far the change of scene has gone in one picture."""
        return float(self.blend[picture]) if self.after is not None else 0.0
