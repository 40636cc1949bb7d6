"""Tensor parallelism (Megatron-LM, arXiv 1909.08053): devices share every matrix of a block.

Queries, keys, values and the first matrix of the MLP are cut by their outputs (whole heads), the two that follow by
their inputs; their results are summed over the devices. Weights and cache per device shrink with their number P, the
hidden state is held by all.

Sent by each device per block: 4 N D (P - 1) / P numbers (two sums as rings), which does not shrink with P: context
parallelism needs less, this one fits models that do not fit one device.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.transformer import accelerate, twin_of
from nodegraph.generator.parallel.context import check_heads

__all__ = ["SummedLinear", "tensor_parallel"]


class SummedLinear(nn.Module):
    """A linear layer cut by its inputs; the parts' results are summed over the devices, then the bias is added."""

    bias: Tensor | None

    def __init__(self, inner: nn.Module, bias: Tensor | None, group: dist.ProcessGroup) -> None:
        super().__init__()
        self.inner, self.group = inner, group
        self.register_buffer("bias", bias)

    def around(self, inner: nn.Module) -> SummedLinear:
        """The same sum around another layer."""
        return SummedLinear(inner, self.bias, self.group)

    def forward(self, x: Tensor) -> Tensor:
        """[..., my inputs] to [..., out], equal on every device."""
        out: Tensor = self.inner(x)
        dist.all_reduce(out, group=self.group)
        return out if self.bias is None else out + self.bias


def tensor_parallel(weights: Weights, mesh: DeviceMesh, options: FastOptions | None = None) -> Weights:
    """Weights of which this device keeps its part, and whose transformer steps on all devices of a 1-D mesh.

    Every device must be given the same calls. Raises `out_of_range` where the heads do not divide among the devices.
    """
    check_heads(weights.config.transformer.heads, mesh.size())
    twin = twin_of(weights)
    net = twin_of(weights.transformer)
    net.blocks = nn.ModuleList(_cut_block(block, mesh) for block in net.blocks)
    net.text_blocks = nn.ModuleList(_cut_block(block, mesh) for block in net.text_blocks)
    twin.transformer = net
    return accelerate(twin, options)


def _cut_block(block: nn.Module, mesh: DeviceMesh) -> nn.Module:
    """A text or video block with this device's heads and hidden units."""
    twin = twin_of(block)
    devices, rank, group = mesh.size(), mesh.get_local_rank(), mesh.get_group()
    qkv, out, mlp = block.qkv, block.out, block.mlp
    assert isinstance(qkv, nn.Linear) and isinstance(out, nn.Linear) and isinstance(mlp, nn.Sequential)
    enter, leave = mlp[0], mlp[2]
    assert isinstance(enter, nn.Linear) and isinstance(leave, nn.Linear)
    twin.heads = check_heads(int(block.heads), devices)  # type: ignore[arg-type,assignment]
    twin.qkv = _by_outputs(qkv, 3, rank, devices)
    twin.out = _by_inputs(out, rank, devices, group)
    twin.mlp = nn.Sequential(_by_outputs(enter, 1, rank, devices), mlp[1], _by_inputs(leave, rank, devices, group))
    return twin


def _by_outputs(linear: nn.Linear, roles: int, rank: int, devices: int) -> nn.Linear:
    """This device's outputs of each role; the roles (queries, keys, values) stand one after the other."""
    weight = linear.weight.unflatten(0, (roles, devices, -1))[:, rank].flatten(0, 1)
    bias = None if linear.bias is None else linear.bias.unflatten(0, (roles, devices, -1))[:, rank].flatten(0, 1)
    return _linear(weight, bias)


def _by_inputs(linear: nn.Linear, rank: int, devices: int, group: dist.ProcessGroup) -> SummedLinear:
    weight = linear.weight.unflatten(1, (devices, -1))[:, rank]
    return SummedLinear(_linear(weight, None), None if linear.bias is None else linear.bias.detach(), group)


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """A layer over copies, so that the whole matrices can be given back."""
    made = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, device="meta", dtype=weight.dtype)
    made.weight = nn.Parameter(weight.detach().clone(memory_format=torch.contiguous_format), requires_grad=False)
    if bias is not None:
        made.bias = nn.Parameter(bias.detach().clone(), requires_grad=False)
    return made
