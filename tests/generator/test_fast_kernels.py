"""Fused halves of a block equal the block's own, on the GPU or, where there is none, in Triton's interpreter."""

import importlib.util
import os
import subprocess
import sys

import pytest
import torch

COMPARE = """
import sys, torch
from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import preset
from nodegraph.generator.fast.block import after, before, fused_after, fused_before
from nodegraph.generator.fast.rotation import Phases

device, worst = sys.argv[1], 0.0
net = random_weights(preset("debug")).transformer.to(device)
g = torch.Generator().manual_seed(1)
tokens, width = net.config.tokens, net.config.transformer.width
for dtype, batch in ((torch.float32, 1), (torch.float32, 2), (torch.bfloat16, 1)):
    block = net.blocks[0].to(dtype)
    x, mixed, roles = (torch.randn(shape, generator=g).to(device, dtype)
        for shape in ((batch, tokens, width), (batch, tokens, width), (batch, 6, width)))
    with torch.no_grad():
        block.q_norm.weight.copy_(torch.rand(block.q_norm.weight.shape, generator=g) + 0.5)
        now = torch.tensor(7.0, device=device, dtype=torch.float64)
        turn = Phases(net.grid, net.head_dim, torch.device(device)).frame(now)
        roles = roles.unbind(1)
        mixed = mixed.unflatten(-1, (block.heads, -1))
        pairs = list(zip(fused_before(block, x, *roles[:2], turn), before(block, x, *roles[:2], turn)))
        pairs.append((fused_after(block, x, mixed, roles), after(block, x, mixed, roles)))
    limit = 1e-5 if dtype == torch.float32 else 2e-2
    for one, two in pairs:
        off = float((one.float() - two.float()).norm() / two.float().norm())
        assert off < limit, (dtype, batch, off)
        worst = max(worst, off)
print("worst", worst)
"""


@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="no Triton")
def test_fused_halves_equal_the_blocks_own() -> None:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    interpret = {} if device == "cuda" else {"TRITON_INTERPRET": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", COMPARE, device], env=os.environ | interpret, capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("worst")


def test_without_cuda_nothing_is_fused() -> None:
    from nodegraph.generator.fast.block import fusible

    assert not fusible(torch.device("cpu"), 64)
