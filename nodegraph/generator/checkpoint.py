"""Weights on disk: `model.safetensors` (transformer and VAE) beside `config.json`. Nothing is unpickled."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from nodegraph.errors import NodegraphError
from nodegraph.generator.config import GeneratorConfig, preset
from nodegraph.generator.depth import DepthNet
from nodegraph.generator.quick import QuickEncoder
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.generator.vae import VAE

__all__ = ["Weights", "load_weights", "random_weights", "save_weights", "shipped_folder"]


class Weights(nn.Module):
    """A transformer and a VAE that belong together; for a scene memory, what tells distances and a quick encoder."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        self.transformer = APT2Transformer(config)
        self.vae = VAE(config.vae)
        self.depth = DepthNet(config.depth_widths) if config.depth_widths else None
        self.quick = QuickEncoder(config.vae.latent_channels) if config.depth_widths else None


def shipped_folder(name: str) -> Path | None:
    """Folder of the weights that ship in the package for a preset, or None."""
    folder = Path(str(resources.files("nodegraph.generator") / "weights" / name))
    return folder if (folder / "model.safetensors").exists() else None


def random_weights(config: GeneratorConfig, seed: int = 0) -> Weights:
    """Seeded weights of a shape that has no trained ones. The global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        weights = Weights(config)
        # Training starts these at zero; untrained, the picture must still depend on what goes in.
        net = weights.transformer
        last = (net.skip, None) if net.pyramid is None else (net.pyramid.skip, net.pyramid.leave)
        for layer in (net.head, *last, weights.vae.leave.conv):
            if layer is not None:
                nn.init.normal_(layer.weight, std=layer.weight[0].numel() ** -0.5)
    return weights.eval()


def save_weights(folder: Path, weights: Weights, *, dtype: torch.dtype = torch.bfloat16) -> str:
    """Write both files atomically and return the hash of the weights (sha256, first 16 hex digits)."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: _stored(name, value, dtype) for name, value in weights.state_dict().items()}
    part = folder / "model.safetensors.part"
    save_file(tensors, part)
    (folder / "config.json").write_text(json.dumps(weights.config.as_dict(), indent=1) + "\n")
    part.replace(folder / "model.safetensors")
    return file_hash(folder / "model.safetensors")


def _stored(name: str, value: Tensor, dtype: torch.dtype) -> Tensor:
    keep = not value.is_floating_point() or name.endswith(("latent_mean", "latent_std"))
    return (value if keep else value.to(dtype)).detach().cpu().contiguous()


def file_hash(path: Path) -> str:
    """sha256 of a file, first 16 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def load_weights(folder: Path) -> Weights:
    """Read what `save_weights` wrote, in float32. Raises `bad_file` or `checkpoint_mismatch`."""
    try:
        config = GeneratorConfig.from_dict(json.loads((folder / "config.json").read_text()))
        tensors = load_file(folder / "model.safetensors")
    except (OSError, SafetensorError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise NodegraphError(
            "bad_file",
            f"The weights in {folder.name} cannot be read: {error}.",
            expected="config.json and model.safetensors as `nodegraph train` writes them",
            remedy="Train or download the weights again.",
        ) from error
    weights = Weights(config)
    try:
        weights.load_state_dict(
            {name: value.float() if value.is_floating_point() else value for name, value in tensors.items()}
        )
    except RuntimeError as error:
        raise NodegraphError(
            "checkpoint_mismatch",
            f"The weights in {folder.name} do not fit their config.json.",
            got=str(error).splitlines()[-1].strip()[:200],
            expected=f"tensors of the shape {config.name}",
            remedy="Keep config.json beside the weights it was saved with.",
        ) from error
    return weights.eval()


def preset_weights(name: str) -> tuple[Weights, str]:
    """Shipped weights of a preset, or seeded ones where none ship, and their hash."""
    folder = shipped_folder(name)
    if folder is not None:
        return load_weights(folder), file_hash(folder / "model.safetensors")
    return random_weights(preset(name)), f"random-{name}-0"
