"""Training on several devices: FSDP2 (torch.distributed.fsdp.fully_shard) under torchrun.

Every process holds a part of each weight, of its gradient, its optimiser state and its moving average; a whole weight
exists only while its network runs. Processes draw their own clips; gradients are averaged. Without torchrun, or with
one process, nothing here does anything.

    torchrun --nproc-per-node 8 -m nodegraph train adapt --preset 8b --out runs/8b
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from nodegraph.training.settings import StageSettings

__all__ = ["agreed", "alone", "fill", "is_first", "join", "leave", "own_seed", "placed", "shard", "whole"]

_OWN_DATA = 1_000_003
"""Far between seeds, so that no process draws another's clips."""


def join(device: str) -> str:
    """Meet the other processes that torchrun started; return this process's device."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return device
    cuda = device.startswith("cuda")
    own = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if cuda else device
    if cuda:
        torch.cuda.set_device(own)
    if not dist.is_initialized():
        dist.init_process_group("nccl" if cuda else "gloo")
    return own


def leave() -> None:
    """Part from the others."""
    if dist.is_initialized():
        dist.destroy_process_group()


def is_first() -> bool:
    """Whether this process writes files and draws the bar."""
    return not dist.is_initialized() or dist.get_rank() == 0


def alone() -> bool:
    """Whether one process trains the whole model."""
    return not dist.is_initialized()


def own_seed(seed: int) -> int:
    """The seed of this process's clips and noise; the first process has the seed itself."""
    return seed + (_OWN_DATA * dist.get_rank() if dist.is_initialized() else 0)


def agreed(flag: bool, device: str) -> bool:
    """The first process's word on a yes or no."""
    if not dist.is_initialized():
        return flag
    word = torch.tensor(int(flag), device=device)
    dist.broadcast(word, 0)
    return bool(word)


def shard(net: nn.Module, settings: StageSettings) -> bool:
    """Spread a network over the processes, in the stage's precision; False where there is one process."""
    if not dist.is_initialized():
        return False
    dtype = torch.bfloat16 if settings.precision == "bf16" else None
    fully_shard(net, mp_policy=MixedPrecisionPolicy(param_dtype=dtype, reduce_dtype=torch.float32))
    return True


def whole(tensor: Tensor) -> Tensor:
    """The whole of a tensor that may be spread; every process must ask."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def placed(value: Tensor, like: Tensor) -> Tensor:
    """A whole tensor spread as another one is."""
    if not isinstance(like, DTensor) or value.shape != like.shape:
        return value
    return distribute_tensor(value.to(like.device), like.device_mesh, like.placements)


@torch.no_grad()
def fill(net: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Load whole tensors into a network that may be spread. Raises KeyError where one is missing."""
    own = net.state_dict()
    for name, tensor in own.items():
        tensor.copy_(placed(values[name], tensor))
