"""Student forcing: the inference loop inside training, and its replay with gradient (APT2 section 4.3).

The recycled frame is detached while gradient flows through keys and values. That equals a rollout without gradient
that stores noise and outputs, followed by ONE parallel block-causal pass over the same inputs: memory does not grow
with the depth of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from nodegraph.generator.kv_cache import KVCache
from nodegraph.generator.transformer import APT2Transformer

__all__ = ["Rollout", "replay", "rollout"]


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What a rollout used and made: noise, recycled inputs, planes and outputs, each [B, T, ...]."""

    z: Tensor
    recycled: Tensor
    planes: Tensor
    outputs: Tensor


@torch.no_grad()
def rollout(
    net: APT2Transformer,
    z_BTCRQ: Tensor,
    planes_BTURQ: Tensor,
    tokens_BL: Tensor,
    cache: KVCache,
    *,
    first: Tensor | None = None,
    image_given_B: Tensor | None = None,
    late_BT: Tensor | None = None,
) -> Rollout:
    """Make T frames one after the other, each from its predecessor, exactly as a session does.

    Args:
        net: the student.
        z_BTCRQ: noise.
        planes_BTURQ: conditions; the recycled flag of frame 0 is set here.
        tokens_BL: prompts, or two of each clip [B, 2, L] with `late_BT`.
        cache: empty, or what earlier segments left; it is advanced.
        first: the frame before frame 0: of an earlier segment, or the user's image [B, C, R, Q].
        late_BT: frames under the second prompt.
        image_given_B: for an empty cache: which clips start from the image `first`.
    """
    dtype = net.embed.weight.dtype
    text = net.encode_text(tokens_BL) if late_BT is None else net.encode_change(tokens_BL, late_BT)
    start = cache.frames == 0
    z_BTCRQ, planes = z_BTCRQ.to(dtype), planes_BTURQ.to(dtype, copy=True)
    previous = torch.zeros_like(z_BTCRQ[:, 0]) if first is None else first.to(dtype)
    if start and image_given_B is not None:
        given = image_given_B.to(previous)[:, None, None, None]
        previous = previous * given
        planes[:, 0, :1] = given
    recycled, outputs = [], []
    for i in range(z_BTCRQ.shape[1]):
        recycled.append(previous)
        now = text if late_BT is None else replace(text, mask=text.mask[:, i])
        made = net.step(z_BTCRQ[:, i], previous, planes[:, i], now, cache)
        if i == 0 and start and image_given_B is not None:
            made = torch.where(given > 0, previous, made)
        outputs.append(made)
        previous = made
    return Rollout(z=z_BTCRQ, recycled=torch.stack(recycled, 1), planes=planes, outputs=torch.stack(outputs, 1))


def replay(
    forward: Callable[..., Tensor],
    made: Rollout,
    tokens_BL: Tensor,
    past: KVCache | None = None,
    late_BT: Tensor | None = None,
) -> Tensor:
    """The same frames in one parallel pass, with gradient; [B, T, C, R, Q]."""
    t_B = torch.ones(made.z.shape[0], device=made.z.device)
    return forward(made.z, made.recycled.detach(), made.planes, tokens_BL, t_B, past=past, late_BT=late_BT)
