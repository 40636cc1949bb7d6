"""Labelled views from which the judges learn: rendered scenes with exact attributes, body and camera motion.

Scene seeds are far from those of any training clip and of any evaluation case. Each scene is seen from a few cameras
close to one another, so that every two of them show a camera's motion.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from nodegraph import worlds
from nodegraph.errors import UserInputError
from nodegraph.evaluation.commands import AXES, NONE, attribute_lists
from nodegraph.evaluation.paths import camera_motion
from nodegraph.evaluation.scenes import draw, plan_scene, projected, shrink
from nodegraph.values import FRAMES_PER_TICK
from nodegraph.worlds.camera import FOV_LIMITS_DEG, c2w_from
from nodegraph.worlds.dataset import Shard, load_shard

__all__ = ["PAIRS", "VIEWS", "Examples", "read_examples", "render_examples"]

VIEWS = 3
PAIRS = tuple(combinations(range(VIEWS), 2))
_FIRST_SEED = 2_000_000_000
_CHUNK = 25
_SPREAD = {"pan": 3.6, "tilt": 2.0, "roll": 2.0, "zoom": 0.03, "dolly": 0.2, "truck": 0.2, "crane": 0.12}
"""Deviation of the camera's motion from the first view, as it moves in a sixth of a second."""


@dataclass(frozen=True, kw_only=True)
class Examples:
    """N scenes.

    Attributes:
        pictures: [N, VIEWS, H, W, 3] uint8.
        labels: attribute -> [N] index into its list.
        points: [N, VIEWS, 17, 2] keypoints as fractions of the picture. seen: [N, VIEWS, 17] which lie in it.
        motion: [N, len(PAIRS), 7] camera motion between the views of each pair, in the order of `AXES`.
        fov_y_deg: [N, VIEWS] fields of view.
    """

    pictures: NDArray[np.uint8]
    labels: dict[str, NDArray[np.int64]]
    points: NDArray[np.float64]
    seen: NDArray[np.bool_]
    motion: NDArray[np.float64]
    fov_y_deg: NDArray[np.float64]

    def part(self, picks: slice) -> Examples:
        """Some of the scenes."""
        return replace(
            self,
            pictures=self.pictures[picks],
            labels={name: index[picks] for name, index in self.labels.items()},
            points=self.points[picks],
            seen=self.seen[picks],
            motion=self.motion[picks],
            fov_y_deg=self.fov_y_deg[picks],
        )


def render_examples(count: int, width: int, height: int, *, seed: int, workers: int) -> Examples:
    """Draw `count` scenes; with more than one worker, in processes of their own."""
    first = _FIRST_SEED + seed * 100_000
    jobs = [(first + i, min(_CHUNK, count - i), width, height, workers > 1) for i in range(0, count, _CHUNK)]
    if workers > 1:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            rows = [row for part in pool.map(_alone, jobs) for row in part]
    else:
        rows = [row for job in jobs for row in _scenes(job)]
    return _joined(rows)


def _joined(rows: list[dict[str, Any]]) -> Examples:
    return Examples(
        labels={
            name: np.array([ids.index(row["attributes"][name]) for row in rows], dtype=np.int64)
            for name, ids in attribute_lists().items()
        },
        **{
            name: np.stack([row[name] for row in rows])
            for name in ("pictures", "points", "seen", "motion", "fov_y_deg")
        },
    )


def read_examples(folder: Path, count: int, width: int, height: int, *, seed: int) -> Examples:
    """The same from clips that are rendered already: three pictures a tick apart out of each, in random clips.

    Args:
        folder: shards that `nodegraph.worlds.dataset` wrote.
        count: clips wanted, each used once; all of them where there are fewer.
        width, height: size of the pictures.
        seed: of the choice.

    Raises:
        UserInputError: the folder holds no shards.
    """
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise UserInputError(
            "not_found", f"The folder {folder.name} holds no shards.", expected="*.npz of rendered clips",
            remedy="Render clips with `nodegraph train render`, or leave the option out.",
        )  # fmt: skip
    rng = np.random.default_rng([seed, 78])
    rows: list[dict[str, Any]] = []
    for number, path in enumerate(paths):
        shard = load_shard(path)
        share = count * (number + 1) // len(paths) - count * number // len(paths)
        picks = rng.permutation(len(shard.seeds))[:share].tolist()
        rows += [_moment(rng, shard, index, width, height) for index in picks]
    return _joined([rows[i] for i in rng.permutation(len(rows))])


def _moment(rng: np.random.Generator, shard: Shard, index: int, width: int, height: int) -> dict[str, Any]:
    """Pictures of a clip a tick apart, before whatever changes in it."""
    change = shard.timed[index][-1][0] if len(shard.timed[index]) > 1 else shard.video.shape[1]
    latest = max(1, min(change, shard.video.shape[1]) - FRAMES_PER_TICK * (VIEWS - 1))
    at = int(rng.integers(latest)) + FRAMES_PER_TICK * np.arange(VIEWS)
    c2w, fov = shard.c2w[index][at].astype(np.float64), shard.fov_y_deg[index][at].astype(np.float64)
    points, seen = projected(shard.keypoints[index][at].astype(np.float64), c2w, fov, width / height)
    return {
        "pictures": shrink(shard.video[index][at], (width, height)),
        "attributes": shard.attributes[index],
        "points": points,
        "seen": seen,
        "fov_y_deg": fov,
        "motion": np.stack([camera_motion(c2w[list(pair)], fov[list(pair)])[0] for pair in PAIRS]),
    }


def _alone(job: tuple[int, int, int, int, bool]) -> list[dict[str, Any]]:
    torch.set_num_threads(1)
    return _scenes(job)


def _scenes(job: tuple[int, int, int, int, bool]) -> list[dict[str, Any]]:
    first, count, width, height, compiled = job
    return [_scene(first + i, width, height, compiled) for i in range(count)]


def _scene(seed: int, width: int, height: int, compiled: bool) -> dict[str, Any]:
    """One scene, its character caught in the act. The body stands still between views 0 and 2, and moves to view 1."""
    rng = np.random.default_rng([seed, 77])
    # Every prop as often as the others, and every third scene without one.
    prop = NONE if rng.random() < 1 / 3 else str(rng.choice(worlds.PROPS))
    plan = plan_scene(seed, FRAMES_PER_TICK + 1, width / height, {"prop": prop})
    body = plan.keypoints[[FRAMES_PER_TICK * (view % 2) for view in range(VIEWS)]]
    c2w, fov = _views(rng, plan.path.c2w[0], float(plan.path.fov_y_deg[0]))
    points, seen = projected(body, c2w, fov, width / height)
    return {
        "pictures": draw(plan, c2w, fov, body, width, height, every=FRAMES_PER_TICK, compiled=compiled),
        "attributes": plan.attributes,
        "points": points,
        "seen": seen,
        "fov_y_deg": fov,
        "motion": np.stack([camera_motion(c2w[list(pair)], fov[list(pair)])[0] for pair in PAIRS]),
    }


def _views(
    rng: np.random.Generator, c2w: NDArray[np.float64], fov: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first camera and others near it: moved on one axis, or on several."""
    cameras, lenses = [c2w], [fov]
    for _ in range(VIEWS - 1):
        one, some = np.eye(len(AXES))[rng.integers(len(AXES))], rng.random(len(AXES)) < 0.4
        active = one if rng.random() < 0.5 else some
        sizes = active * rng.normal(0, 1, len(AXES)) * [_SPREAD[axis] for axis in AXES]
        move = dict(zip(AXES, sizes, strict=True))
        shift = np.array([[move["truck"], move["crane"], -move["dolly"]]])
        cameras.append(c2w @ c2w_from(shift, -move["pan"], move["tilt"], move["roll"])[0])
        half = np.tan(np.radians(fov) / 2) * np.exp(-move["zoom"])
        lenses.append(float(np.clip(2 * np.degrees(np.arctan(half)), *FOV_LIMITS_DEG)))
    return np.stack(cameras), np.array(lenses)
