"""Data sheets of devices that may not be at hand: dense operations and memory, without sparsity."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEVICES", "DeviceSheet"]


@dataclass(frozen=True, kw_only=True)
class DeviceSheet:
    """Peaks as the maker states them."""

    name: str
    bf16_tflops: float
    fp8_tflops: float | None
    memory_gb_s: float
    memory_gib: float


DEVICES = {
    "a100": DeviceSheet(name="A100 80 GB", bf16_tflops=312, fp8_tflops=None, memory_gb_s=2039, memory_gib=80),
    "l40s": DeviceSheet(name="L40S", bf16_tflops=362, fp8_tflops=733, memory_gb_s=864, memory_gib=48),
    "rtx4090": DeviceSheet(name="RTX 4090", bf16_tflops=165, fp8_tflops=330, memory_gb_s=1008, memory_gib=24),
    "rtx5090": DeviceSheet(name="RTX 5090", bf16_tflops=210, fp8_tflops=419, memory_gb_s=1792, memory_gib=32),
    "h100": DeviceSheet(name="H100 SXM", bf16_tflops=989, fp8_tflops=1979, memory_gb_s=3350, memory_gib=80),
    "h200": DeviceSheet(name="H200 SXM", bf16_tflops=989, fp8_tflops=1979, memory_gb_s=4800, memory_gib=141),
    "b200": DeviceSheet(name="B200", bf16_tflops=2250, fp8_tflops=4500, memory_gb_s=8000, memory_gib=180),
}
"""NVIDIA's data sheets of the products, dense figures; memory as sold."""
