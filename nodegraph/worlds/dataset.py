"""Shards of rendered clips on disk: `python -m nodegraph.worlds.dataset --out DIR`.

A shard is one .npz without pickled objects:
    video [N, T, H, W, 3] uint8, c2w [N, T, 4, 4] float32, fov_y_deg [N, T] float32, keypoints [N, T, 17, 3] float32,
    visible [N, T] bool, nearness [N, K, H, W] float16 and body [N, K, H, W] bool of every fourth picture, seeds [N]
    int64, places [N] int64 (-1: a layout of the clip's own), and as UTF-8 bytes of a
    JSON list: `captions` (the first ones), `timed` (for each clip a list of first picture and caption), `wordings`
    (other ways to say `timed`), `attributes` (at the start) and `final` (at the end).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from nodegraph.errors import UserInputError
from nodegraph.values import FRAMES_PER_TICK
from nodegraph.worlds.clip import Clip, sample_clip

__all__ = ["Shard", "load_shard", "render_shard"]


_TEXTS = ("captions", "timed", "wordings", "attributes", "final")


@dataclass(frozen=True, kw_only=True)
class Shard:
    """The arrays of one file, as the module's docstring lists them, with captions and attributes decoded."""

    video: NDArray[np.uint8]
    nearness: NDArray[np.float16]
    body: NDArray[np.bool_]
    c2w: NDArray[np.float32]
    fov_y_deg: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    seeds: NDArray[np.int64]
    places: NDArray[np.int64]
    captions: tuple[str, ...]
    timed: tuple[tuple[tuple[int, str], ...], ...]
    wordings: tuple[tuple[tuple[tuple[int, str], ...], ...], ...]
    attributes: tuple[dict[str, str], ...]
    final: tuple[dict[str, str], ...]


def render_shard(
    path: Path | str,
    *,
    seeds: Sequence[int],
    frames: int,
    width: int,
    height: int,
    places: int = 0,
    compiled: bool = False,
) -> bool:
    """Render the clips of `seeds` into one file; a file that exists is kept. See `sample_clip`.

    `places`: how many places each setting has; 0 makes up a layout for every clip.
    The file appears whole or not at all: it is written beside its place and renamed.

    Returns:
        True where it was rendered, False where it was there already.
    """
    target = Path(path)
    if target.exists():
        return False
    clips = [
        sample_clip(
            seed, frames=frames, width=width, height=height, place=seed % places if places else None, compiled=compiled
        )
        for seed in seeds
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            np.savez(file, allow_pickle=False, **_arrays(clips, seeds))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _arrays(clips: list[Clip], seeds: Sequence[int]) -> dict[str, NDArray[Any]]:
    def stack(name: str) -> NDArray[Any]:
        return np.stack([getattr(clip, name).numpy() for clip in clips])

    return {
        "video": stack("video_u8"),
        **{name: stack(name)[:, ::FRAMES_PER_TICK] for name in ("nearness", "body")},
        **{name: stack(name) for name in ("c2w", "fov_y_deg", "keypoints", "visible")},
        "seeds": np.array(seeds, dtype=np.int64),
        "places": np.array([clip.place for clip in clips], dtype=np.int64),
        "captions": _to_bytes([clip.caption for clip in clips]),
        "timed": _to_bytes([clip.captions for clip in clips]),
        "wordings": _to_bytes([clip.wordings for clip in clips]),
        "attributes": _to_bytes([clip.attributes for clip in clips]),
        "final": _to_bytes([clip.final for clip in clips]),
    }


def _to_bytes(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def load_shard(path: Path | str) -> Shard:
    """Read one file that `render_shard` wrote.

    Raises:
        UserInputError: the file is not such a shard.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
        for name in _TEXTS:
            if name in arrays:
                arrays[name] = tuple(json.loads(arrays[name].tobytes().decode()))
        _fill_in(arrays)
        return Shard(**arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserInputError(
            "bad_file", "This file is not a shard of clips.", got=f"{Path(path).name}: {error}",
            expected="an .npz written by nodegraph.worlds.dataset", remedy="Delete it and render it again.",
        ) from error  # fmt: skip


def _fill_in(arrays: dict[str, Any]) -> None:
    """Give a shard from before there were props, weather and changes what it lacks."""
    missing = {"weather": "clear", "prop": "none", "change": "none"}
    count, frames, height, width = arrays["video"].shape[:4]
    layers = (count, -(-frames // FRAMES_PER_TICK), height, width)
    arrays.setdefault("nearness", np.zeros(layers, dtype=np.float16))
    arrays.setdefault("body", np.zeros(layers, dtype=bool))
    arrays.setdefault("places", np.full(len(arrays["seeds"]), -1, dtype=np.int64))
    arrays["attributes"] = tuple(missing | one for one in arrays["attributes"])
    arrays.setdefault("final", arrays["attributes"])
    timed = arrays.get("timed", [[[0, caption]] for caption in arrays["captions"]])
    arrays["timed"] = tuple(_pairs(clip) for clip in timed)
    said = arrays.get("wordings", [[clip] for clip in timed])
    arrays["wordings"] = tuple(tuple(_pairs(one) for one in clip) for clip in said)


def _pairs(timed: Any) -> tuple[tuple[int, str], ...]:
    return tuple((int(first), str(text)) for first, text in timed)


def _job(path: str, seeds: list[int], frames: int, width: int, height: int, places: int, compiled: bool) -> int:
    torch.set_num_threads(1)
    render_shard(path, seeds=seeds, frames=frames, width=width, height=height, places=places, compiled=compiled)
    return len(seeds)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m nodegraph.worlds.dataset", description="Render training clips.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--clips", type=int, default=1200)
    parser.add_argument("--frames", type=int, default=49, help="pictures per clip; 1 + 4 per latent frame")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--height", type=int, default=144)
    parser.add_argument("--places", type=int, default=1, help="places in each setting; 0: another layout in every clip")
    parser.add_argument("--shard", type=int, default=50, help="clips per file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first clip; clip i has seed + i")
    parser.add_argument("--plain", action="store_true", help="do not compile the renderer: slower, no C++ compiler")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Render every missing shard with a progress bar; safe to stop and start again."""
    args = _arguments(argv)
    if min(args.clips, args.frames, args.shard, args.workers) < 1:
        raise UserInputError(
            "out_of_range", "Counts must be positive.", got=str(vars(args)), expected="1 or more",
            remedy="Check the options.",
        )  # fmt: skip
    jobs = []
    for number, first in enumerate(range(0, args.clips, args.shard)):
        seeds = [args.seed + i for i in range(first, min(first + args.shard, args.clips))]
        jobs.append((str(args.out / f"shard-{args.seed:08d}-{number:05d}.npz"), seeds))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.workers, mp_context=context) as pool, tqdm(total=args.clips, unit="clip") as bar:
        size = (args.frames, args.width, args.height, args.places)
        tasks = [pool.submit(_job, path, seeds, *size, not args.plain) for path, seeds in jobs]
        for task in as_completed(tasks):
            bar.update(task.result())
    return 0


if __name__ == "__main__":
    sys.exit(main())
