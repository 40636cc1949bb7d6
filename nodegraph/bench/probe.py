"""What a device can do at most: a large matrix product, a large copy. And small helpers around timing on it."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from pathlib import Path

import torch

__all__ = [
    "best_s",
    "copy_bytes_s",
    "device_name",
    "fp8_flops_s",
    "free_memory",
    "held_bytes",
    "matmul_flops_s",
    "memory_bytes",
    "peak_bytes",
    "settle",
]

_SIDE = {"cuda": 8192, "cpu": 1024}
_COPY_BYTES = {"cuda": 1 << 30, "cpu": 1 << 26}


def settle(device: str) -> None:
    """Wait until the device has done what it was given."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def best_s(work: Callable[[], object], device: str, *, repeats: int = 5, budget_s: float = 2.0) -> float:
    """Shortest of a few runs after a warm-up, in seconds; fewer where they would pass the budget."""
    work()
    settle(device)
    best, spent = float("inf"), 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        settle(device)
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
        if spent > budget_s:
            break
    return best


@torch.inference_mode()
def matmul_flops_s(device: str, dtype: torch.dtype) -> float:
    """Operations a second of a large square matrix product."""
    side = _SIDE[device.partition(":")[0]]
    a, b = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    return 2 * side**3 / best_s(lambda: a @ b, device, repeats=20)


@torch.inference_mode()
def fp8_flops_s(device: str) -> float | None:
    """The same in e4m3 with a scale per row; None where the device has no such product."""
    if not device.startswith("cuda"):
        return None
    side = _SIDE["cuda"]
    a, b = (torch.randn(side, side, device=device).to(torch.float8_e4m3fn) for _ in range(2))
    rows, columns = torch.ones(side, 1, device=device), torch.ones(1, side, device=device)

    def work() -> object:
        return torch._scaled_mm(a, b.t(), scale_a=rows, scale_b=columns, out_dtype=torch.bfloat16, use_fast_accum=True)

    try:
        return 2 * side**3 / best_s(work, device, repeats=20)
    except RuntimeError:
        return None


@torch.inference_mode()
def copy_bytes_s(device: str) -> float:
    """Bytes read and written a second by a large copy."""
    source = torch.zeros(_COPY_BYTES[device.partition(":")[0]], dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * source.numel() / best_s(lambda: target.copy_(source), device)


def device_name(device: str) -> str:
    """The maker's name of the device."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return f"{line.partition(':')[2].strip()}, {torch.get_num_threads()} threads"
    return f"cpu, {torch.get_num_threads()} threads"


def memory_bytes(device: str) -> int | None:
    """All memory of the device; None where it cannot be read."""
    if device.startswith("cuda"):
        return int(torch.cuda.get_device_properties(device).total_memory)
    info = Path("/proc/meminfo")
    for line in info.read_text().splitlines() if info.exists() else ():
        if line.startswith("MemTotal"):
            return int(line.split()[1]) * 1024
    return None


def held_bytes(device: str) -> int:
    """Memory in use now: by torch on a GPU, by this whole process on a CPU."""
    if device.startswith("cuda"):
        return int(torch.cuda.memory_allocated(device))
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[1]) if statm.exists() else 0
    return pages * resource.getpagesize() or peak_bytes(device)


def peak_bytes(device: str) -> int:
    """The most memory that was in use: by torch on a GPU, by this whole process on a CPU."""
    if device.startswith("cuda"):
        return int(torch.cuda.max_memory_allocated(device))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def free_memory(device: str) -> None:
    """Give back what nobody uses and count peaks from here."""
    gc.collect()
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
