"""The frame of a stream that later ones are compared with: its memory of what the scene looks like.

The recycled frame is resampled at every tick and blurs; the key frame is resampled once, from where it was to where
camera and pose are now. APT2 gives the network the first frame as a sink of attention (section 3.1); a small model gets
it in place as well. A new one is taken when the camera has left its view.

Shapes: C latent channels, R rows and Q columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nodegraph.generator.motion import motion_maps, seen_share
from nodegraph.values import Camera, Pose

__all__ = ["SETTLE_TICKS", "KeyFrame"]

SETTLE_TICKS = 12
"""After a new prompt the picture changes for about two seconds; only then is a new key frame taken."""
_LEAST_SEEN = 0.5
_FARTHEST_M = 2.0


@dataclass(frozen=True, kw_only=True)
class KeyFrame:
    """A latent [C, R, Q] on the CPU, and the camera and pose it was made for."""

    latent: Tensor
    camera: Camera
    pose: Pose | None

    def planes(self, camera: Camera, pose: Pose | None) -> Tensor:
        """Movement since then and the latent as it was, [5 + C, R, Q]."""
        rows, columns = self.latent.shape[1:]
        motion = motion_maps(self.camera, camera, self.pose, pose, rows, columns)
        return torch.cat([torch.from_numpy(motion), self.latent.float()])

    def serves(self, camera: Camera) -> bool:
        """Whether the camera still sees enough of it, from near enough."""
        if np.linalg.norm(camera.c2w[:3, 3] - self.camera.c2w[:3, 3]) > _FARTHEST_M:
            return False
        return seen_share(self.camera, camera, *self.latent.shape[1:]) >= _LEAST_SEEN
