"""The parts on long streams: drift over minutes, and how soon a new prompt wins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.cases import CYCLE_TICKS, Case, drift_cases, switch_cases
from nodegraph.evaluation.commands import attribute_lists
from nodegraph.evaluation.figures import Figure, named_share
from nodegraph.evaluation.play import Played, real_still
from nodegraph.evaluation.scenes import plan_scene
from nodegraph.evaluation.stage import Bench, Part
from nodegraph.evaluation.statistics import slope_per_minute, wilson
from nodegraph.values import FRAMES_PER_TICK, TICK_S

__all__ = ["drift_part", "picture_figures", "switch_part"]

_STEADY_TICKS = 2
_DARK, _EMPTY = 0.012, 0.01


def picture_figures(shots: NDArray[np.uint8]) -> dict[str, NDArray[np.float64]]:
    """Per picture [T]: brightness, saturation, contrast and sharpness, each 0..1."""
    x = shots.astype(np.float32) / 255
    gray = x @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    across, down = np.abs(np.diff(gray, axis=2)).mean((1, 2)), np.abs(np.diff(gray, axis=1)).mean((1, 2))
    return {
        "brightness": gray.mean((1, 2)).astype(np.float64),
        "saturation": (x.max(3) - x.min(3)).mean((1, 2)).astype(np.float64),
        "contrast": gray.std((1, 2)).astype(np.float64),
        "sharpness": (across + down).astype(np.float64),
    }


def drift_part(bench: Bench) -> Part:
    """The last stretch of a long stream against the first, and slopes of brightness and saturation."""
    scale = bench.scale
    cases = drift_cases(bench.seed, scale.drift_clips, scale.drift_ticks, bench.aspect)
    out = Part()
    ratios: list[dict[str, float]] = []
    slopes: dict[str, list[tuple[float, float, float]]] = {"brightness": [], "saturation": []}
    cycles = (scale.drift_ticks - 1) // CYCLE_TICKS
    block = max(1, min(cycles // 3, round(60 / TICK_S / CYCLE_TICKS)))
    for case in cases:
        played = bench.play(case, keep=11)
        figures = picture_figures(played.shots)
        named = _named(bench, case, played)
        ratios.append(_ratios(figures | named, cycles, block))
        # Ticks of each cycle; the first of all, which shows the first frame, is left out.
        ticks = 1 + np.arange(cycles * CYCLE_TICKS).reshape(cycles, CYCLE_TICKS)
        minutes = ticks.mean(1) * TICK_S / 60
        for name, found in slopes.items():
            found.append(slope_per_minute(minutes[1:], figures[name][ticks].mean(1)[1:]))
        out.rows.append((f"{case.name}: {case.prompts[0][1]}", played.kept))
        out.curves.append((f"{case.name}: pictures over time", {k: v[ticks].mean(1) for k, v in figures.items()}))
    worst = {name: min(r[name] for r in ratios) for name in ratios[0]}
    stretch_s = block * CYCLE_TICKS * TICK_S
    out.figures.append(
        Figure(
            key="drift_ratio", value=min(worst.values()), target=0.95, count=len(cases),
            floors={"real": 1.0, "copy_last": 1.0},
            note=f"the last {stretch_s:.0f} s against the first of {(scale.drift_ticks - 1) * TICK_S:.0f} s; the least "
            "of prompt and picture figures",
        )
    )  # fmt: skip
    for name, found in slopes.items():
        value, low, high = max(found, key=lambda s: abs(s[0]))
        out.figures.append(
            Figure(
                key=f"{name}_slope", value=value, interval=(low, high), count=cycles - 1, floors={"real": 0.0},
                note="a minute, of 0..1; " + ("cannot be told from zero" if low <= 0 <= high else "not zero"),
            )
        )  # fmt: skip
    out.detail["drift"] = {
        "worst": worst, "streams": ratios, "stretch_s": stretch_s, "length_s": (scale.drift_ticks - 1) * TICK_S,
        "slopes": slopes,
    }  # fmt: skip
    return out


def _named(bench: Bench, case: Case, played: Played) -> dict[str, NDArray[np.float64]]:
    """Per picture: whether the judge names what was commanded."""
    shares, _ = bench.judges.see(played.shots)
    return {
        name: (shares[name].argmax(1) == attribute_lists()[name].index(case.attributes[name])).astype(np.float64)
        for name in ("setting", "light", "character")
    }


def _ratios(figures: dict[str, NDArray[np.float64]], cycles: int, block: int) -> dict[str, float]:
    """Mean of the last `block` cycles by that of the first; how far off where more is not better."""
    out = {}
    for name, values in figures.items():
        by_cycle = values[1 : 1 + cycles * CYCLE_TICKS].reshape(cycles, CYCLE_TICKS).mean(1)
        first, last = float(by_cycle[:block].mean()), float(by_cycle[-block:].mean())
        if name in ("setting", "light", "character"):
            # What was never shown cannot be lost: the prompt part counts that.
            out[name] = min(1.0, last / first) if first > 0.2 else 1.0
        else:
            out[name] = min(first, last) / max(first, last, 1e-6)
    return out


def switch_part(bench: Bench) -> Part:
    """Seconds until a new prompt wins, what is broken on the way, and props that are added by words."""
    scale = bench.scale
    out = Part()
    cases = switch_cases(bench.seed, scale.switch_clips, scale.switch_before_s, scale.switch_after_s, bench.aspect)
    won, bad, frames = _switched(bench, cases, "setting", out)
    censored = [min(s, scale.switch_after_s) for s in won]
    out.figures.append(
        Figure(
            key="switch_s_p50", value=float(np.median(censored)), target=2.0, above=False, count=len(won),
            floors={"real": 0.0, "copy_last": scale.switch_after_s},
            note=f"seconds until the judge names the new setting for good; never counts as {scale.switch_after_s:g}",
        )
    )  # fmt: skip
    in_time = sum(s <= 2.0 for s in won)
    out.figures.append(
        Figure(key="switch_within_2s", value=in_time / len(won), count=len(won), interval=wilson(in_time, len(won)))
    )
    out.figures.append(
        Figure(key="switch_broken_frames", value=bad / frames, target=0.0, above=False, count=frames,
               note="share of black or empty video frames")
    )  # fmt: skip
    added = switch_cases(
        bench.seed, scale.switch_clips, scale.switch_before_s, scale.switch_after_s, bench.aspect, "prop"
    )
    _add_props(bench, added, out)
    return out


def _switched(bench: Bench, cases: list[Case], what: str, out: Part) -> tuple[list[float], int, int]:
    """Seconds until each new prompt wins (infinite where it never does), broken frames, all frames."""
    won, bad, frames = [], 0, 0
    for case in cases:
        played = bench.play(case, keep=9)
        at = case.prompts[-1][0]
        shares = bench.judges.see(played.shots)[0][what]
        right = shares.argmax(1) == attribute_lists()[what].index(case.later[what])
        steady = [t for t in range(at, len(right)) if right[t : t + _STEADY_TICKS].all() and right[t:].mean() > 0.7]
        won.append((steady[0] - at + 1) * TICK_S if steady else float("inf"))
        bad += int(((played.luma < _DARK) | (played.spread < _EMPTY)).sum())
        frames += len(played.luma)
        out.rows.append((f"{case.prompts[0][1]} -> {case.prompts[-1][1]}", played.kept))
    return won, bad, frames


def _add_props(bench: Bench, cases: list[Case], out: Part) -> None:
    """Props added by prompt while the stream runs."""
    told = bench.index("prop", cases, later=True)
    ids = bench.ids("prop")
    seen, truth = [], []
    for case in cases:
        played = bench.play(case)
        seen.append(bench.judges.see(played.shots[-6:])[0]["prop"].mean(0))
        if bench.floors:
            shown = replace(case, plan=plan_scene(case.seed, FRAMES_PER_TICK + 1, bench.aspect, case.later))
            truth.append(bench.judges.see(real_still(shown, bench.size))[0]["prop"][0])
        out.rows.append((case.prompts[-1][1], played.kept))
    found = np.stack(seen).argmax(1)
    hits = int((found == np.array(told)).sum())
    out.figures.append(
        Figure(
            key="prop_acc", value=hits / len(told), target=0.8, count=len(told), interval=wilson(hits, len(told)),
            floors={
                "real": named_share(np.stack(truth), told) if truth else None,
                "shuffled": float((found == np.roll(told, 1)).mean()), "copy_last": 0.0,
            },
            note="props added by prompt in mid-stream",
        )
    )  # fmt: skip
    out.detail["prop"] = {f"{ids[t]} {n}": ids[f] for n, (t, f) in enumerate(zip(told, found.tolist(), strict=True))}
