"""Contact sheets: what a model makes of a few prompts, over time, under moving camera and body."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.session import Controls, Session, frames_to_video, video_to_frames
from nodegraph.training.latents import LatentSet
from nodegraph.values import Prompt

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
    """One row a clip: the true last frame, a first frame made from the words, then moments of a stream that starts
    from the true first frame under the clip's own controls."""
    weights.eval()
    rows = []
    for i in range(clips):
        # Unmirrored clips stand at even places; neighbours show different worlds.
        index = (2 * i * max(len(data) // (2 * clips), 1)) % len(data)
        first = data.tensors["stills"][index][0].float().to(device)
        told = [
            Controls(prompt=Prompt(text=data.words(index, tick)), camera=camera, pose=pose)
            for tick, (camera, pose) in enumerate(zip(*data.controls(index), strict=True))
        ]
        stream = Session(weights, 7, first, at_place=bool(data.tensors["at_place"][index]))
        made = _decoded(weights, torch.stack([stream.step(controls) for controls in told]))
        true = _decoded(weights, data.tensors["latents"][index].float().to(device))
        worded = _decoded(weights, Session(weights, 7).step(told[0])[None])
        picks = np.linspace(0, len(made) - 1, moments).astype(int)
        rows.append([true[-1], worded[0], *(made[p] for p in picks)])
    grid(rows, path)


def _decoded(weights: Weights, latents_TCRQ: torch.Tensor) -> NDArray[np.uint8]:
    return video_to_frames(weights.vae.decode(latents_TCRQ[None])[0])


@torch.no_grad()
def vae_sheet(weights: Weights, video_THWC: NDArray[np.uint8], path: Path, *, device: str) -> None:
    """Upper row true frames, lower row what the autoencoder makes of them."""
    frames = video_THWC[: (len(video_THWC) - 1) // 4 * 4 + 1]
    made = video_to_frames(weights.vae.decode(weights.vae.encode(frames_to_video(frames).to(device)))[0])
    picks = np.linspace(0, len(frames) - 1, 4).astype(int)
    grid([[frames[p] for p in picks], [made[p] for p in picks]], path)
