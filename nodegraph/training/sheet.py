"""Contact sheets: what a model makes of a few prompts, over time, under moving camera and body."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.first_frame import sample_first_frame
from nodegraph.generator.session import frames_to_video, noise, video_to_frames
from nodegraph.generator.text import tokenize
from nodegraph.training.data import LatentSet

__all__ = ["grid", "model_sheet", "vae_sheet"]


def grid(rows: list[list[NDArray[np.uint8]]], path: Path) -> None:
    """Write pictures [H, W, 3] as a grid with thin gaps."""
    height, width = rows[0][0].shape[:2]
    gap = 2
    sheet = np.full((len(rows) * (height + gap), len(rows[0]) * (width + gap), 3), 24, np.uint8)
    for r, row in enumerate(rows):
        for c, picture in enumerate(row):
            sheet[r * (height + gap) :, c * (width + gap) :][:height, :width] = picture
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path)


@torch.no_grad()
def model_sheet(
    weights: Weights, data: LatentSet, path: Path, *, clips: int = 6, moments: int = 6, device: str
) -> None:
    """One row a clip: the true last frame, then moments of a rollout under the same prompt and controls."""
    weights.eval()
    net, vae = weights.transformer, weights.vae
    dtype = net.embed.weight.dtype
    rows = []
    for i in range(clips):
        # Unmirrored clips stand at even places; neighbours show different worlds.
        index = (2 * i * max(len(data) // (2 * clips), 1)) % len(data)
        planes = data.tensors["planes"][index].to(device, dtype)[None]
        tokens = torch.tensor([tokenize(data.wordings[index][0][0], weights.config.text)], device=device)
        text, cache = net.encode_text(tokens), net.make_cache(1)
        z = noise(7, 0, weights.config.latent_shape).to(device)[None]
        previous = sample_first_frame(net, z, planes[:, 0], text, net.encode_text(torch.zeros_like(tokens))).to(dtype)
        planes[:, 0, :1] = 1
        latents = [previous]
        net.step(z.to(dtype), previous, planes[:, 0], text, cache)
        for tick in range(1, planes.shape[1]):
            z = noise(7, tick, weights.config.latent_shape).to(device, dtype)[None]
            previous = net.step(z, previous, planes[:, tick], text, cache)
            latents.append(previous)
        made = video_to_frames(vae.decode(torch.stack(latents, 1).float())[0])
        true = video_to_frames(vae.decode(data.tensors["latents"][index].float().to(device)[None])[0])
        picks = np.linspace(0, len(made) - 1, moments).astype(int)
        rows.append([true[0], true[-1], *(made[p] for p in picks)])
    grid(rows, path)


@torch.no_grad()
def vae_sheet(weights: Weights, video_THWC: NDArray[np.uint8], path: Path, *, device: str) -> None:
    """Upper row true frames, lower row what the autoencoder makes of them."""
    frames = video_THWC[: (len(video_THWC) - 1) // 4 * 4 + 1]
    made = video_to_frames(weights.vae.decode(weights.vae.encode(frames_to_video(frames).to(device)))[0])
    picks = np.linspace(0, len(frames) - 1, 4).astype(int)
    grid([[frames[p] for p in picks], [made[p] for p in picks]], path)
