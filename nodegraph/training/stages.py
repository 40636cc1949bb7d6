"""One class per stage: what a training step computes. The loop (loop.py) owns no mathematics, these own no loop."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import PLACE_CHANNELS, SPACE_FACTOR
from nodegraph.generator.session import frames_to_video
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.training.data import read_shard, shard_paths
from nodegraph.training.latents import Batch, LatentSet, draw
from nodegraph.training.losses import huber, picture_loss, shifted_time
from nodegraph.training.optim import Ema, Optimizers, rate_at
from nodegraph.training.precision import caster
from nodegraph.training.settings import StageSettings
from nodegraph.training.sharded import fill, shard, whole
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["ConsistencyStage", "FlowStage", "Stage", "VAEStage"]

STATE = "state.safetensors"
"""Everything that a resumed run needs, in a stage's folder."""
_FITTED_CLIPS = 300


class Stage(Protocol):
    """What the loop asks of a stage."""

    weights: Weights
    settings: StageSettings
    networks: dict[str, nn.Module]
    optimizers: dict[str, Optimizers]
    ema: Ema

    def step(self, step: int) -> dict[str, Tensor]:
        """Train once; return what to log."""
        ...


def gaussian(key: tuple[int, str, int], shape: torch.Size | tuple[int, ...], device: str, *, stream: int = 0) -> Tensor:
    """Normal noise that depends on (seed, stage, step, stream) alone."""
    seed = int(draw(key[0], f"{key[1]}/{stream}", key[2]).integers(2**62))
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(device)


class VAEStage:
    """Autoencoder on short windows of rendered video: picture loss and a slight pull of the latent to a normal.

    As stage `decoder` the encoder stands still, so that latents keep their meaning for the trained transformer.
    """

    def __init__(
        self, weights: Weights, settings: StageSettings, source: Path, *, seed: int, device: str, fitted: bool = False
    ) -> None:
        """`fitted`: the linear path stands already, in weights trained before."""
        self.weights, self.settings, self.seed, self.device = weights, settings, seed, device
        self.clips = [clip.video for path in shard_paths(source, "*.npz") for clip in read_shard(path)]
        if settings.stage == "decoder":
            vae = weights.vae
            for part in (vae.enter, vae.encoder, vae.to_latent, *([vae.linear.enter] if vae.linear else [])):
                part.requires_grad_(False)
        elif not fitted:
            self._fit_linear()
        self.forward = caster(weights.vae, settings)
        self.networks: dict[str, nn.Module] = {"vae": weights.vae}
        self.optimizers = {"vae": Optimizers(weights.vae, settings, settings.learning_rate)}
        self.ema = Ema(weights.vae, settings.ema)

    def _fit_linear(self) -> None:
        linear = self.weights.vae.linear
        if linear is None:
            return
        rng = draw(self.seed, "vae/linear", 0)
        picks = [self.clips[int(i)] for i in rng.integers(len(self.clips), size=150)]
        starts = [int(rng.integers(len(video) - FRAMES_PER_TICK)) for video in picks]
        windows = [frames_to_video(v[s : s + FRAMES_PER_TICK + 1]) for v, s in zip(picks, starts, strict=True)]
        linear.fit(linear.cells(torch.cat(windows), False).flatten(0, 3).to(self.device))

    def _cropped(self, video: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        height, width = video.shape[1:3]
        wide, high = self.settings.crop
        if not 0 < wide < width or not 0 < high < height:
            return video
        top, left = int(rng.integers(height - high + 1)), int(rng.integers(width - wide + 1))
        return video[:, top : top + high, left : left + wide]

    def step(self, step: int) -> dict[str, Tensor]:
        """One update on `batch_clips` windows of 1 + 4 (clip_latents - 1) frames."""
        key = (self.seed, self.settings.stage, step)
        rng = draw(*key)
        frames = 1 + FRAMES_PER_TICK * (self.settings.clip_latents - 1)
        windows = []
        for _ in range(self.settings.batch_clips):
            video = self.clips[int(rng.integers(len(self.clips)))]
            at = int(rng.integers(len(video) - frames + 1))
            window = self._cropped(video[at : at + frames], rng)
            windows.append(frames_to_video(window[:, :, ::-1] if rng.random() < 0.5 else window))
        video_BTCHW = torch.cat(windows).to(self.device)
        channels, cells = self.weights.config.vae.latent_channels, SPACE_FACTOR
        shape = (
            len(windows),
            self.settings.clip_latents,
            channels,
            video_BTCHW.shape[3] // cells,
            video_BTCHW.shape[4] // cells,
        )
        made, mean, log_var = self.forward(video_BTCHW, gaussian(key, shape, self.device))
        loss = picture_loss(made.float().flatten(0, 1), video_BTCHW.flatten(0, 1))
        kl = 0.5 * (mean.square() + log_var.exp() - 1 - log_var).mean()
        (loss + 3e-4 * kl).backward()
        norm = self.optimizers["vae"].step(rate_at(step, self.settings), self.settings.gradient_clip)
        mse = (made.detach().float() - video_BTCHW).square().mean() / 4
        return {"loss": loss.detach(), "kl": kl.detach(), "psnr_db": -10 * mse.log10(), "gradient": norm}


class _LatentStage:
    """What the stages on latents share: the data, the compiled forward pass, batches."""

    def __init__(self, weights: Weights, settings: StageSettings, data: LatentSet, *, seed: int, device: str) -> None:
        self.weights, self.settings, self.data, self.seed, self.device = weights, settings, data, seed, device
        self.net = weights.transformer
        if self.net.carry is not None and not bool(self.net.carry.weight.any()):
            _fit_carry(self.net, data)
        shard(self.net, settings)
        self.forward = caster(self.net, settings)
        self.networks: dict[str, nn.Module] = {"transformer": self.net}
        self.optimizers = {"transformer": Optimizers(self.net, settings, settings.learning_rate)}
        self.ema = Ema(self.net, settings.ema)

    def batch(self, step: int) -> Batch:
        """Clips, or on every n-th step first frames alone."""
        s = self.settings
        stills = s.stills_every > 0 and step % s.stills_every == 0
        size = s.batch_stills if stills else s.batch_clips
        batch = self.data.batch((self.seed, s.stage, step), size, s.clip_latents, stills=stills, device=self.device)
        if self.weights.config.transformer.place_rays:
            known = draw(self.seed, s.stage + "/place", step).random(size) >= s.drop_place
            batch.planes[:, :, -PLACE_CHANNELS:] *= torch.tensor(known, device=self.device)[:, None, None, None, None]
        return batch

    def image_given(self, step: int, size: int) -> Tensor:
        """Which clips start from an image [B]."""
        rng = draw(self.seed, self.settings.stage + "/image", step)
        return torch.tensor(rng.random(size) < self.settings.image_start, device=self.device)

    def still_step(self, step: int, batch: Batch) -> dict[str, Tensor]:
        """One update of flow matching on first frames alone, some without their prompt."""
        s = self.settings
        key = (self.seed, s.stage + "/still", step)
        rng = draw(*key)
        b = batch.x0.shape[0]
        t_B = shifted_time(torch.tensor(rng.random(b), dtype=torch.float32), s.stills_shift).to(self.device)
        kept = torch.tensor(rng.random(b) >= s.drop_text, device=self.device)
        tokens = batch.tokens * kept[:, None]
        error = self._flow(key, batch.x0, torch.zeros_like(batch.x0), batch.planes, tokens, t_B, None)
        norm = self.optimizers["transformer"].step(rate_at(step, s), s.gradient_clip)
        return {"loss_still": error, "gradient_still": norm}

    def _flow(
        self,
        key: tuple[int, str, int],
        x0: Tensor,
        recycled: Tensor,
        planes: Tensor,
        tokens: Tensor,
        t_B: Tensor,
        late_BT: Tensor | None,
    ) -> Tensor:
        """Backward pass of the velocity's squared error; return that of x0 for the log."""
        t5 = t_B[:, None, None, None, None]
        z = (1 - t5) * x0 + t5 * gaussian(key, x0.shape, self.device)
        made = self.forward(z, recycled, planes, tokens, t_B, late_BT=late_BT)
        error = ((made.float() - x0) ** 2).flatten(1).mean(1)
        # |v - v'|^2 = |x0 - x0'|^2 / t^2, held where t is small.
        (error / t_B.clamp(min=0.2) ** 2).mean().backward()
        return error.mean().detach()


def _fit_carry(net: APT2Transformer, data: LatentSet) -> None:
    """Set what moves the recycled frame, from clips as they are."""
    assert net.carry is not None
    picks = draw(0, "carry", 0).permutation(len(data))[:_FITTED_CLIPS].tolist()
    net.carry.fit((before, motion, now) for now, before, motion in (data.movements(i) for i in picks))


class FlowStage(_LatentStage):
    """Flow matching on clips: `diffusion` without the recycled frame, `adapt` with it (APT2 section 4.1).

    x_t = (1 - t) x0 + t e, one t for the clip; the recycled input is the clean past frame, slightly disturbed so that
    the model learns to mend what is broken.
    """

    def step(self, step: int) -> dict[str, Tensor]:
        """One update."""
        s = self.settings
        key = (self.seed, s.stage, step)
        batch = self.batch(step)
        b = batch.x0.shape[0]
        if batch.x0.shape[1] == 1:
            return self.still_step(step, batch)
        t_B = shifted_time(torch.tensor(draw(*key).random(b), dtype=torch.float32), s.shift).to(self.device)
        recycled, planes = flow_inputs(s.stage, batch, self.image_given(step, b), s.corrupt, key)
        error = self._flow(key, batch.x0, recycled, planes, batch.tokens, t_B, batch.late)
        norm = self.optimizers["transformer"].step(rate_at(step, s), s.gradient_clip)
        return {"loss_clip": error, "gradient": norm}


def flow_inputs(
    stage: str, batch: Batch, image_given_B: Tensor, corrupt: float, key: tuple[int, str, int]
) -> tuple[Tensor, Tensor]:
    """Recycled frames and planes as flow matching shows them: teacher forcing, or for `diffusion` no frame at all."""
    recycled, planes = teacher_inputs(batch, image_given_B, corrupt, key)
    if stage == "diffusion":
        recycled = torch.zeros_like(recycled)
        planes = batch.remembering(torch.zeros_like(image_given_B))
        planes[:, :, :1] = 0
    return recycled, planes


def teacher_inputs(
    batch: Batch, image_given_B: Tensor, corrupt: float, key: tuple[int, str, int]
) -> tuple[Tensor, Tensor]:
    """Recycled frames of teacher forcing, and planes with the flag of frame 0 set where an image is given.

    Clips get different amounts of noise on their recycled frames, from none to `corrupt`.
    """
    from nodegraph.training.discriminator import recycle

    x0 = batch.x0
    device = str(x0.device)
    given = image_given_B.to(x0)[:, None, None, None]
    level = torch.tensor(
        draw(key[0], key[1] + "/corrupt", key[2]).random(x0.shape[0]), dtype=torch.float32, device=device
    )
    amount = (corrupt * level)[:, None, None, None, None]
    recycled = recycle(x0 + amount * gaussian(key, x0.shape, device, stream=1), first=x0[:, 0])
    recycled = torch.cat([recycled[:, :1] * given[:, None], recycled[:, 1:]], dim=1)
    planes = batch.remembering(image_given_B)
    planes[:, 0, :1] = given
    return recycled, planes


class ConsistencyStage(_LatentStage):
    """Consistency distillation with teacher forcing (APT2 section 4.2): 32 fixed times, no CFG, no EMA target.

    f(x_t) is pulled to f(x_s), s the next smaller time, x_s by one Euler step of the frozen teacher.
    """

    def __init__(self, weights: Weights, settings: StageSettings, data: LatentSet, *, seed: int, device: str) -> None:
        super().__init__(weights, settings, data, seed=seed, device=device)
        self.teacher = Weights(weights.config).transformer.to(device)
        fill(self.teacher, {name: whole(value) for name, value in self.net.state_dict().items()})
        self.teacher.requires_grad_(False)
        self.networks["teacher"] = self.teacher
        self.teach = caster(self.teacher, settings)
        grid = torch.linspace(0, 1, settings.discretization + 1)
        self.times = shifted_time(grid, settings.shift)

    def step(self, step: int) -> dict[str, Tensor]:
        """One update."""
        s = self.settings
        key = (self.seed, s.stage, step)
        batch = self.batch(step)
        if batch.x0.shape[1] == 1:
            return self.still_step(step, batch)
        b = batch.x0.shape[0]
        index = torch.tensor(draw(*key).integers(1, s.discretization + 1, b))
        t, before = self.times[index].to(self.device), self.times[index - 1].to(self.device)
        e = gaussian(key, batch.x0.shape, self.device)
        t5, before5 = t[:, None, None, None, None], before[:, None, None, None, None]
        z = (1 - t5) * batch.x0 + t5 * e
        recycled, planes = teacher_inputs(batch, self.image_given(step, b), s.corrupt, key)
        with torch.no_grad():
            v = self.net.to_velocity(self.teach(z, recycled, planes, batch.tokens, t, late_BT=batch.late).float(), z, t)
            z_before = z - (t5 - before5) * v
            target = self.forward(z_before, recycled, planes, batch.tokens, before, late_BT=batch.late).float()
            # At t = 0 a frame is its own clean self: the boundary of consistency models (2303.01469 section 3).
            target = torch.where(before5 > 0, target, z_before)
        made = self.forward(z, recycled, planes, batch.tokens, t, late_BT=batch.late).float()
        loss = huber(made, target).mean()
        loss.backward()
        norm = self.optimizers["transformer"].step(rate_at(step, s), s.gradient_clip)
        return {"loss": loss.detach(), "gradient": norm}
