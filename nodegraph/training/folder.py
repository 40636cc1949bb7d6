"""Training data from a user's own films.

A folder holds NAME.mp4 or NAME.webm, each with NAME.txt (what is to be seen, one line) and, where they are known,
NAME.camera.json (a list with one {"c2w": 4x4 matrix, "fov_y_deg": number} per picture at 24 a second) and
NAME.pose.json (a pose clip, see `nodegraph.media.pose`). Films are cut into clips of the wanted length at the wanted
size and 24 pictures a second, and written as the shards that the worlds' renderer writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.generator.text import plain_words
from nodegraph.media.images import fit_image
from nodegraph.media.pose import PoseClip, load_pose_clip
from nodegraph.media.video import read_frames_at
from nodegraph.training.data import shard_paths
from nodegraph.values import FPS, FRAMES_PER_TICK, KEYPOINTS, Camera

__all__ = ["caption_words", "import_folder"]

SUFFIXES = (".mp4", ".webm")


@dataclass(frozen=True, kw_only=True)
class _Film:
    path: Path
    caption: str
    cameras: list[Camera]
    pose: PoseClip | None


def import_folder(source: Path, target: Path, *, frames: int, width: int, height: int) -> int:
    """Cut every film into clips of `frames` pictures; return how many clips there are.

    A film's shard that exists is kept. A last piece that is too short is left out.

    Raises:
        UserInputError: no film, a film without a caption, a broken side file, nothing long enough.
    """
    if frames < 1 + FRAMES_PER_TICK or (frames - 1) % FRAMES_PER_TICK:
        raise UserInputError(
            "out_of_range", "Clips have 1 + 4 k pictures.", got=str(frames), expected="9, 13, ... 49, ..."
        )
    films = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES) if source.is_dir() else []
    if not films:
        raise UserInputError(
            "not_found", f"The folder {source} holds no films.", expected="NAME.mp4 or NAME.webm beside NAME.txt"
        )
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for path in tqdm(films, desc="import", unit="film"):
        out = target / f"film-{path.stem}.npz"
        if not out.exists():
            _write(out, list(_clips(_described(path), frames, width, height)))
        with np.load(out, allow_pickle=False) as data:
            count += len(data["video"])
    if not count:
        raise UserInputError(
            "bad_file", "No film is long enough for a clip.", expected=f"{frames / FPS:.1f} s or more each"
        )
    return count


def caption_words(data: Path) -> set[str]:
    """Every word in the captions of a folder of shards."""
    found: set[str] = set()
    for path in shard_paths(data, "*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            for name in ("captions", "timed"):
                if name in arrays:
                    found.update(plain_words(bytes(arrays[name]).decode()))
    return found


def _described(path: Path) -> _Film:
    note = path.with_suffix(".txt")
    caption = note.read_text(encoding="utf-8").strip() if note.is_file() else ""
    if not caption:
        raise UserInputError(
            "not_found",
            f"The film {path.name} has no caption.",
            expected=f"a line of text in {note.name}",
            remedy="Describe what is to be seen; the model learns its words from there.",
        )
    camera, pose = path.with_suffix(".camera.json"), path.with_suffix(".pose.json")
    return _Film(
        path=path,
        caption=" ".join(caption.split()),
        cameras=_cameras(camera) if camera.is_file() else [],
        pose=load_pose_clip(pose) if pose.is_file() else None,
    )


def _cameras(path: Path) -> list[Camera]:
    try:
        rows: Any = json.loads(path.read_text())
        return [
            Camera(c2w=np.array(row["c2w"], float).reshape(4, 4), fov_y_deg=float(row["fov_y_deg"])) for row in rows
        ]
    except (ValueError, KeyError, TypeError, NodegraphError) as error:
        raise UserInputError(
            "bad_file",
            f"{path.name} is no list of cameras.",
            got=str(error)[:200],
            expected='[{"c2w": 4x4 matrix, "fov_y_deg": number}, ...], one per picture',
        ) from error


def _clips(film: _Film, frames: int, width: int, height: int) -> Iterator[dict[str, NDArray[Any]]]:
    """One clip after the other: video, cameras and keypoints (NaN where nothing is known)."""
    held: list[NDArray[np.uint8]] = []
    for index, picture in enumerate(read_frames_at(film.path, FPS)):
        held.append(fit_image(picture, width, height))
        if len(held) == frames:
            span = range(index + 1 - frames, index + 1)
            cameras = [film.cameras[min(i, len(film.cameras) - 1)] if film.cameras else Camera() for i in span]
            yield {
                "video": np.stack(held),
                "c2w": np.stack([camera.c2w for camera in cameras]).astype(np.float32),
                "fov_y_deg": np.array([camera.fov_y_deg for camera in cameras], np.float32),
                "keypoints": np.stack([_keypoints(film.pose, i / FPS) for i in span]),
                "caption": np.array(film.caption),
            }
            held = []


def _keypoints(clip: PoseClip | None, time_s: float) -> NDArray[np.float32]:
    if clip is None:
        return np.full((len(KEYPOINTS), 3), np.nan, np.float32)
    pose = clip.at(time_s, loop=False)
    if pose.space != "world":
        raise UserInputError(
            "bad_file", "A pose clip for training has keypoints in the world.", got=pose.space, expected="world"
        )
    return pose.keypoints.astype(np.float32)


def _write(path: Path, clips: list[dict[str, NDArray[Any]]]) -> None:
    captions = [str(clip["caption"]) for clip in clips]
    arrays: dict[str, Any] = {
        name: np.stack([clip[name] for clip in clips]) if clips else np.zeros((0,))
        for name in ("video", "c2w", "fov_y_deg", "keypoints")
    }
    texts: dict[str, Any] = {
        "captions": captions,
        "timed": [[[0, text]] for text in captions],
        "attributes": [{} for _ in captions],
    }
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        arrays |= {name: np.frombuffer(json.dumps(text).encode(), np.uint8) for name, text in texts.items()}
        np.savez(file, allow_pickle=False, **arrays)
    part.replace(path)
