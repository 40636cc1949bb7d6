"""Contact sheets: every setting in every light at a glance, and a clip of every world.

python -m nodegraph.worlds --out sheet.png [--clips DIR]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nodegraph.values import FPS, Camera
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.clip import sample_clip
from nodegraph.worlds.figure import CHARACTERS
from nodegraph.worlds.renderer import render
from nodegraph.worlds.scene import LIGHTS, SETTINGS, sample_scene

__all__ = ["contact_sheet", "main", "write_clips"]


def contact_sheet(seed: int, *, width: int, height: int) -> NDArray[np.uint8]:
    """Return one picture of all settings (down) in all lights (across), seen from the live view's home camera."""
    camera = Camera()
    rows = []
    for number, setting in enumerate(SETTINGS):
        cells = []
        for column, light in enumerate(LIGHTS):
            character = CHARACTERS[(number + column) % len(CHARACTERS)]
            scene = sample_scene(seed, setting=setting, light=light, character=character)
            body = keypoints(BodyState(action="wave", time_s=0.2))
            picture = render(scene, camera.c2w[None], [camera.fov_y_deg], body[None], [0.0], width, height)[0]
            cells.append(picture.numpy())
        rows.append(np.concatenate(cells, axis=1))
    return np.concatenate(rows, axis=0)


def write_clips(folder: Path, seed: int, *, frames: int, width: int, height: int) -> list[Path]:
    """Write one animated WebP for every setting and light into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for setting in SETTINGS:
        for light in LIGHTS:
            number = seed + len(paths)
            clip = sample_clip(number, frames=frames, width=width, height=height, setting=setting, light=light)
            pictures = [Image.fromarray(picture) for picture in clip.video_u8.numpy()]
            path = folder / f"{setting}_{light}.webp"
            rest = pictures[1:]
            pictures[0].save(path, save_all=True, append_images=rest, duration=round(1000 / FPS), loop=0, quality=85)
            paths.append(path)
    return paths


def main(argv: Sequence[str] | None = None) -> int:
    """Command line of the contact sheet."""
    parser = argparse.ArgumentParser(
        prog="python -m nodegraph.worlds", description="Pictures of every procedural world."
    )
    parser.add_argument("--out", type=Path, required=True, help="the contact sheet, a PNG")
    parser.add_argument("--clips", type=Path, help="folder for a clip of every setting and light")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--frames", type=int, default=49)
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--height", type=int, default=192)
    args = parser.parse_args(argv)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(contact_sheet(args.seed, width=args.width, height=args.height)).save(args.out)
    sys.stdout.write(f"{args.out}\n")
    if args.clips:
        for path in write_clips(args.clips, args.seed, frames=args.frames, width=args.width, height=args.height):
            sys.stdout.write(f"{path}\n")
    return 0
