"""What each stage needs to know, per preset. Source: APT2 (arXiv 2506.09350v2) section 4, scaled down for `tiny`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nodegraph.errors import NodegraphError

__all__ = ["STAGES", "StageSettings", "settings_for"]

STAGES = ("vae", "depth", "encode", "diffusion", "adapt", "consistency", "adversarial", "long", "decoder")
"""In order. "depth" teaches distances, for models with a scene memory; "encode" turns rendered clips into latents; the
others train. "decoder" sharpens the decoder alone, for latents that stay as they are."""


@dataclass(frozen=True, kw_only=True)
class StageSettings:
    """One stage's numbers. A field that a stage does not use keeps its default."""

    stage: str
    steps: int
    batch_clips: int = 8
    batch_stills: int = 64
    """First frames trained on their own: a one-frame clip is the whole of prompt-to-picture."""
    stills_every: int = 3
    """Every n-th step trains on stills; 0 for never."""
    stills_shift: float = 3.0
    """First frames are sampled in several steps, so they need all times, not only the noisiest."""
    drop_text: float = 0.1
    """Share of stills trained without their prompt, for classifier-free guidance (2207.12598)."""
    drop_place: float = 0.1
    """Share of clips whose place is left unsaid, as for a user's own image; for models that know places."""
    clip_latents: int = 13
    crop: tuple[int, int] = (0, 0)
    """Autoencoder: width and height of random windows of the picture, in pixels; 0 for the whole."""
    adversarial: float = 1.0
    """Weight of the adversarial loss; 0 leaves student forcing with the anchor alone."""
    learning_rate: float = 1e-3
    pyramid_rate: float = 0.25
    """Factor on the learning rate of convolutions around the tokens, beside Muon."""
    optimizer: Literal["adamw", "muon", "rmsprop"] = "adamw"
    warmup_steps: int = 50
    cooldown: float = 0.3
    """Share of the steps, at the end, over which the rate falls to zero."""
    weight_decay: float = 0.01
    gradient_clip: float = 1.0
    ema: float = 0.999
    shift: float = 24.0
    """Flow-time shift: t -> s t / (1 + (s - 1) t)."""
    precision: Literal["bf16", "fp32"] = "bf16"
    compile: bool = False
    image_start: float = 1.0
    """Share of clips whose first frame is given, as in the paper (image to video); a stream that starts from a prompt
    first samples that frame with the same network (`nodegraph.generator.first_frame`)."""
    corrupt: float = 0.1
    """Deviation of the noise added to the recycled frame in teacher forcing, so that defects can heal."""
    discretization: int = 32
    """Consistency: number of fixed times."""
    discriminator: Literal["frame", "clip"] = "frame"
    discriminator_blocks: int = 4
    discriminator_rate: float = 1e-4
    discriminator_lead: int = 0
    """Steps at the start in which the discriminator learns and the generator is not led by it. Its logits begin at
    zero, and RMSProp makes whole steps of the smallest gradient: one that knows nothing would lead at full speed."""
    r_weight: float = 1000.0
    r_sigma: float = 0.1
    anchor: float = 0.0
    """Weight of the distance to the rendered clip under the same controls. Zero in the paper, which has no such truth;
    a rendered world has it, and it keeps a small model on course."""
    body_weight: float = 0.0
    """Extra weight of the anchor where the body is or was, for models that are told (`carry`)."""
    unknown_weight: float = 1.0
    """The same where the scene memory knows nothing, beside a `body_weight`."""
    damage: float = 0.0
    """Share of clips that start from a damaged picture towards an undamaged clip, so that a long stream comes back."""
    teacher_forcing: float = 0.0
    """Share of steps of the adversarial stage in which the history is the (damaged) truth instead of the student's
    own. One pass learns faster so; student forcing alone teaches to stay on course."""
    segment_latents: int = 12
    overlap_latents: int = 2
    segments: int = 3
    save_every: int = 100
    sheet_every: int = 200
    extra: dict[str, float] = field(default_factory=dict)


def _base() -> dict[str, StageSettings]:
    flow = StageSettings(stage="", steps=0, learning_rate=2e-3, optimizer="muon", corrupt=0.3, stills_every=2)
    return {
        "vae": StageSettings(
            stage="vae", steps=1000, batch_clips=4, clip_latents=3, crop=(160, 96), learning_rate=6e-4, ema=0.995
        ),
        "decoder": StageSettings(
            stage="decoder", steps=600, batch_clips=4, clip_latents=3, crop=(160, 96), learning_rate=1e-3, ema=0.99
        ),
        "depth": StageSettings(stage="depth", steps=1200, learning_rate=1e-3, ema=0.99),
        "diffusion": replace(flow, stage="diffusion", steps=300, shift=3.0),
        "adapt": replace(flow, stage="adapt", steps=3000),
        # fp32: neighbouring times differ by little more than bf16 rounds. A higher rate drifts away from the teacher.
        "consistency": replace(
            flow, stage="consistency", steps=300, learning_rate=1e-4, warmup_steps=20, precision="fp32"
        ),
        "adversarial": StageSettings(
            stage="adversarial",
            steps=400,
            optimizer="rmsprop",
            learning_rate=1e-4,
            discriminator_rate=3e-4,
            discriminator_blocks=2,
            r_weight=100.0,
            r_sigma=0.05,
            adversarial=0.3,
            anchor=1.0,
            stills_every=4,
            warmup_steps=10,
            cooldown=0.2,
            ema=0.98,
            compile=True,
        ),
        "long": StageSettings(
            stage="long",
            steps=100,
            batch_clips=4,
            optimizer="rmsprop",
            learning_rate=2e-5,
            discriminator_rate=5e-5,
            discriminator_blocks=2,
            r_weight=100.0,
            r_sigma=0.05,
            adversarial=0.3,
            anchor=1.0,
            warmup_steps=5,
            ema=0.97,
        ),
    }


def _tiny() -> dict[str, StageSettings]:
    """Short clips and many small steps: they suit two cores."""
    table = {name: replace(item, clip_latents=9, batch_clips=6) for name, item in _base().items()}
    autoencoder = {name: replace(table[name], clip_latents=3, batch_clips=4) for name in ("vae", "decoder")}
    flow = {name: replace(table[name], batch_stills=32, ema=0.998) for name in ("diffusion", "adapt", "consistency")}
    steps = {"diffusion": 1000, "adapt": 8000, "consistency": 500}
    flow = {name: replace(item, steps=steps[name]) for name, item in flow.items()}
    adversarial = {name: replace(table[name], batch_clips=4, batch_stills=32) for name in ("adversarial", "long")}
    adversarial["adversarial"] = replace(adversarial["adversarial"], steps=1500)
    return {**table, **autoencoder, **flow, **adversarial}


def _debug() -> dict[str, StageSettings]:
    """Minutes on one core, and yet every stage improves its own measure (see `nodegraph.training.progress`)."""
    steps = {
        "vae": 150,
        "depth": 120,
        "diffusion": 100,
        "adapt": 300,
        "consistency": 80,
        "adversarial": 80,
        "long": 30,
        "decoder": 100,
    }
    rates = {"vae": 1.5e-3, "depth": 3e-3, "long": 2e-4, "decoder": 2e-3}
    # RMSProp has no momentum: in so few steps its discriminator learns nothing.
    judged = {"optimizer": "adamw", "discriminator_rate": 3e-3, "r_weight": 1.0}
    own: dict[str, dict[str, Any]] = {
        "adversarial": {**judged, "discriminator_lead": 20},
        "long": {**judged, "discriminator_lead": 5},
    }
    return {
        name: replace(
            item,
            steps=steps[name],
            learning_rate=rates.get(name, item.learning_rate),
            warmup_steps=5,
            batch_clips=4,
            batch_stills=8,
            clip_latents=3 if name in ("vae", "decoder") else 5,
            crop=(0, 0),
            discretization=8,
            compile=False,
            discriminator_blocks=1,
            segment_latents=5,
            overlap_latents=1,
            segments=2,
            save_every=20,
            sheet_every=1000,
            **own.get(name, {}),
        )
        for name, item in _base().items()
    }


def _paper() -> dict[str, StageSettings]:
    flow = StageSettings(
        stage="", steps=20_000, batch_clips=256, clip_latents=31, learning_rate=1e-5, stills_every=0, compile=True
    )
    adversarial = replace(
        flow,
        stage="adversarial",
        steps=500,
        optimizer="rmsprop",
        learning_rate=3e-6,
        discriminator_rate=3e-6,
        discriminator_blocks=36,
    )
    return {
        "vae": StageSettings(
            stage="vae", steps=200_000, batch_clips=64, clip_latents=5, learning_rate=1e-4, compile=True
        ),
        "decoder": StageSettings(
            stage="decoder", steps=50_000, batch_clips=64, clip_latents=5, learning_rate=1e-4, compile=True
        ),
        "diffusion": replace(flow, stage="diffusion"),
        "adapt": replace(flow, stage="adapt"),
        "consistency": replace(flow, stage="consistency", steps=5000, precision="fp32"),
        "adversarial": adversarial,
        "long": replace(
            adversarial, stage="long", steps=500, learning_rate=1e-5, segment_latents=60, overlap_latents=6, segments=6
        ),
    }


_SETTINGS = {"tiny": _tiny, "debug": _debug, "8b": _paper}


def settings_for(preset: str, stage: str) -> StageSettings:
    """The preset's settings of one stage. Raises `unknown_preset` or `not_found`."""
    if preset not in _SETTINGS:
        raise NodegraphError(
            "unknown_preset", f"There are no training settings for {preset!r}.", expected=", ".join(_SETTINGS)
        )
    table = _SETTINGS[preset]()
    if stage not in table:
        raise NodegraphError("not_found", f"There is no training stage {stage!r}.", expected=", ".join(STAGES))
    return table[stage]
