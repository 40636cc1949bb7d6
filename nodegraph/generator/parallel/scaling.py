"""What several devices should gain, derived from counted work.

A step of one device takes s = (linear + attention) seconds. On P devices that share tokens (context) or matrices
(tensor) it takes s / P, plus what they send: numbers per block as the two modules state, over the link, plus a start-up
time for each exchange. Decoding is not shared: one device does it while all make the next latent.

    context: s / P + blocks (4 N D b (P - 1) / P^2 / link + 2 start)
    tensor:  s / P + blocks (4 N D b (P - 1) / P / link + 2 start)
"""

from __future__ import annotations

from typing import Literal

from nodegraph.generator.config import GeneratorConfig

__all__ = ["Kind", "expected_step_s"]

Kind = Literal["context", "tensor"]


def expected_step_s(
    config: GeneratorConfig,
    kind: Kind,
    devices: int,
    *,
    step_s: float,
    link_bytes_s: float = 450e9,
    start_s: float = 15e-6,
    number_bytes: int = 2,
) -> float:
    """Seconds of a step on so many devices. `link_bytes_s` is one direction of one device (NVLink 4: 450 GB/s)."""
    shape = config.transformer
    shared = devices**2 if kind == "context" else devices
    sent = 4 * config.tokens * shape.width * number_bytes * (devices - 1) / shared
    exchange_s = shape.blocks * (sent / link_bytes_s + 2 * start_s) if devices > 1 else 0.0
    return step_s / devices + exchange_s
