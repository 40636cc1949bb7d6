"""Adversarial post-training with student forcing (APT2 section 4.3): short clips, then long videos by segments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights, load_weights
from nodegraph.training.discriminator import Discriminator, approximate_penalty
from nodegraph.training.latents import Batch, LatentSet, draw
from nodegraph.training.losses import damaged, near, relativistic_d, relativistic_g
from nodegraph.training.optim import Optimizers, rate_at
from nodegraph.training.precision import Student, caster
from nodegraph.training.rollout import Rollout, replay, rollout
from nodegraph.training.settings import StageSettings
from nodegraph.training.sharded import fill, shard
from nodegraph.training.stages import STATE, _LatentStage, gaussian

__all__ = ["AdversarialStage", "LongStage"]


class AdversarialStage(_LatentStage):
    """The student makes the clip as it would live; the discriminator compares it with a real one, pair by pair."""

    def __init__(
        self, weights: Weights, settings: StageSettings, data: LatentSet, *, adapted: Path, seed: int, device: str
    ) -> None:
        super().__init__(weights, settings, data, seed=seed, device=device)
        if not (adapted / "model.safetensors").exists():
            raise NodegraphError(
                "not_found",
                "The discriminator starts from the adapted weights, which are missing.",
                expected=f"{adapted.name}/model.safetensors",
                remedy="Train the stage `adapt` first.",
            )
        source = load_weights(adapted).transformer.to(device)
        judge = Discriminator(source, kind=settings.discriminator, blocks=settings.discriminator_blocks).to(device)
        shard(judge, settings)
        self.judge = judge
        self.judged = caster(judge, settings)
        self.student = Student(self.net, settings)
        self.networks["discriminator"] = judge
        self.optimizers["discriminator"] = Optimizers(judge, settings, settings.discriminator_rate)

    def take_judge(self, folder: Path) -> None:
        """Go on with the discriminator of an earlier adversarial stage, where its folder holds one."""
        path, prefix = folder / STATE, "net/discriminator/"
        if path.exists():
            values = {name.removeprefix(prefix): x for name, x in load_file(path).items() if name.startswith(prefix)}
            fill(self.judge, values)

    def step(self, step: int) -> dict[str, Tensor]:
        """One update of the generator, then one of the discriminator on the same clips."""
        s = self.settings
        key = (self.seed, s.stage, step)
        batch = self.batch(step)
        if batch.x0.shape[1] == 1:
            return self.still_step(step, batch)
        size = batch.x0.shape[0]
        given = self.image_given(step, size)
        z = gaussian(key, batch.x0.shape, self.device)
        made = self._taught(batch, z, given, key) or self._rolled(batch, z, given, key)
        fake = replay(self.forward, made, batch.tokens, late_BT=batch.late).float()
        logs = self._update_generator(step, fake, batch, given.to(fake))
        if s.adversarial:
            logs |= self._update_discriminator(step, fake.detach(), batch.x0, batch, key)
        logs["error"] = (fake.detach() - batch.x0).square().mean()
        if made.outputs is batch.x0:
            logs = {("taught_" + key if key in ("anchor", "error") else key): value for key, value in logs.items()}
        motion = (made.outputs[:, 1:] - made.outputs[:, :-1]).abs().mean()
        real_motion = (batch.x0[:, 1:] - batch.x0[:, :-1]).abs().mean()
        return {**logs, "motion": motion.float(), "real_motion": real_motion}

    def _rolled(self, batch: Batch, z: Tensor, given_B: Tensor, key: tuple[int, str, int]) -> Rollout:
        """Student forcing: the clip as it would be made live."""
        student = self.student.current()
        first = self._damaged(batch.x0[:, 0], key)
        return rollout(
            student,
            z,
            batch.remembering(given_B),
            batch.tokens,
            student.make_cache(len(z)),
            first=first,
            image_given_B=given_B,
            late_BT=batch.late,
        )

    def _taught(self, batch: Batch, z: Tensor, given_B: Tensor, key: tuple[int, str, int]) -> Rollout | None:
        """Teacher forcing, in its share of the steps: each frame follows the true one, in places damaged."""
        if draw(key[0], key[1] + "/forcing", key[2]).random() >= self.settings.teacher_forcing:
            return None
        given = given_B.to(z)[:, None, None, None]
        before = self._damaged(torch.cat([batch.x0[:, :1], batch.x0[:, :-1]], dim=1).flatten(0, 1), key)
        recycled = before.view_as(batch.x0)
        planes = batch.remembering(given_B)
        recycled[:, 0] *= given
        planes[:, 0, :1] = given
        return Rollout(z=z, recycled=recycled, planes=planes, outputs=batch.x0)

    def _damaged(self, x_FCRQ: Tensor, key: tuple[int, str, int]) -> Tensor:
        """Frames as a long stream may leave them, in the stage's share."""
        rng = draw(key[0], key[1] + "/damage", key[2])
        level = rng.random(len(x_FCRQ)) * (rng.random(len(x_FCRQ)) < self.settings.damage)
        return damaged(x_FCRQ, torch.tensor(level), gaussian(key, x_FCRQ.shape, self.device, stream=4))

    def _weight(self, planes: Tensor) -> Tensor | None:
        """What counts more in the anchor [B, T, 1, R, Q]: where the body is or was, what the memory does not know."""
        config, more = self.weights.config, self.settings.body_weight
        body = planes[:, :, config.motion_planes][:, :, -2:]
        if not more or not body.shape[2]:
            return None
        unknown = 1 - planes[:, :, config.memory_planes].amax(2, keepdim=True)
        return 1 + more * torch.maximum(body.amax(2, keepdim=True), self.settings.unknown_weight / more * unknown)

    def _times(self, key: tuple[int, str, int], size: int) -> Tensor:
        return torch.tensor(draw(key[0], key[1] + "/t", key[2]).random(size), dtype=torch.float32, device=self.device)

    def _update_generator(self, step: int, fake: Tensor, batch: Batch, anchored_B: Tensor) -> dict[str, Tensor]:
        s = self.settings
        size = fake.shape[0]
        adversarial, led = fake.new_zeros(()), self._led(step)
        if led:
            self.judge.freeze()
            t_B = self._times((self.seed, s.stage + "/g", step), size)
            real_logits = self.judged(batch.x0, batch.planes, batch.tokens, t_B, late_BT=batch.late)
            fake_logits = self.judged(fake, batch.planes, batch.tokens, t_B, late_BT=batch.late)
            adversarial = relativistic_g(real_logits, fake_logits)
        # Only a clip that starts from the true first frame has a true continuation to be near to.
        apart = near(fake, batch.x0[:, : fake.shape[1]], self._weight(batch.planes[:, : fake.shape[1]]))
        distance = (apart * anchored_B).sum() / anchored_B.sum().clamp(min=1)
        (led * adversarial + s.anchor * distance).backward()
        norm = self.optimizers["transformer"].step(rate_at(step, s), s.gradient_clip)
        if led:
            self.judge.unfreeze()
        return {"g_loss": adversarial.detach(), "anchor": distance.detach(), "g_gradient": norm}

    def _led(self, step: int) -> float:
        """Weight of the adversarial loss at a step."""
        return self.settings.adversarial if step >= self.settings.discriminator_lead else 0.0

    def _update_discriminator(
        self, step: int, fake: Tensor, real: Tensor, batch: Batch, key: tuple[int, str, int]
    ) -> dict[str, Tensor]:
        s = self.settings
        t_B = self._times(key, fake.shape[0])
        n_real = s.r_sigma * gaussian(key, real.shape, self.device, stream=2)
        n_fake = s.r_sigma * gaussian(key, fake.shape, self.device, stream=3)
        # One pass over the four sets: clean and disturbed, real and made.
        shown = torch.cat([real, fake, real + n_real, fake + n_fake])
        late = None if batch.late is None else batch.late.repeat(4, 1)
        tokens = torch.cat([batch.tokens] * 4)
        logits = self.judged(shown, batch.planes.repeat(4, 1, 1, 1, 1), tokens, t_B.repeat(4), late_BT=late)
        real_l, fake_l, real_n, fake_n = logits.chunk(4)
        loss = relativistic_d(real_l, fake_l)
        penalty = approximate_penalty(real_l, real_n) + approximate_penalty(fake_l, fake_n)
        (loss + s.r_weight * penalty).backward()
        norm = self.optimizers["discriminator"].step(rate_at(step, s), s.gradient_clip)
        return {"d_loss": loss.detach(), "penalty": penalty.detach(), "d_gradient": norm}


class LongStage(AdversarialStage):
    """Video longer than any clip, made segment by segment; the discriminator sees one segment at a time against
    ordinary short clips. Each segment reuses the detached cache of those before, overlaps the last by
    `overlap_latents`, and has its own backward pass (APT2 section 4.3, long video)."""

    def step(self, step: int) -> dict[str, Tensor]:
        """Updates of generator and discriminator on every segment of one long rollout."""
        s = self.settings
        key = (self.seed, s.stage, step)
        fresh = s.segment_latents - s.overlap_latents
        total = s.segment_latents + fresh * (s.segments - 1)
        long = self.data.long_planes(key, s.batch_clips, total, self.device)
        real = self.data.batch(
            (self.seed, s.stage + "/real", step), s.batch_clips, s.segment_latents, stills=False, device=self.device
        )
        # Nothing but the frames may tell real from made: long controls have no key frame.
        real = replace(real, planes=real.remembering(torch.zeros(s.batch_clips, device=self.device)))
        z = gaussian(key, (s.batch_clips, total, *long.x0.shape[2:]), self.device)
        given = self.image_given(step, s.batch_clips)
        student = self.student.current()
        cache = student.make_cache(s.batch_clips)
        logs: dict[str, Tensor] = {}
        previous: Tensor | None = None
        tail: Tensor | None = None
        start = 0
        for segment in range(s.segments):
            end = s.segment_latents + fresh * segment
            past = cache.copy()
            made = rollout(
                student,
                z[:, start:end],
                long.planes[:, start:end],
                long.tokens,
                cache,
                first=long.x0[:, 0] if previous is None else previous,
                image_given_B=given if previous is None else None,
            )
            new = replay(self.forward, made, long.tokens, past if past.frames else None).float()
            # The judge sees the overlap too, so that the joint between segments is judged.
            shown = new if tail is None else torch.cat([tail, new], dim=1)
            begin = end - shown.shape[1]
            planes = long.planes[:, begin:end].clone()
            planes[:, 0, :1] = 0  # as in a clip, whose first frame has none before it
            view = Batch(x0=real.x0, planes=planes, tokens=long.tokens, captions=long.captions)
            # Until the controls turn back at the clip's end, the true frames are known.
            truth = long.x0[:, begin:end] if end <= long.x0.shape[1] and bool(given.all()) else None
            logs = self._segment(step, segment, shown, view, real, truth)
            previous = made.outputs[:, -1]
            tail = made.outputs[:, -s.overlap_latents :].float()
            start = end
            student = self.student.current()
        return logs

    def _segment(
        self, step: int, segment: int, shown: Tensor, view: Batch, real: Batch, truth: Tensor | None
    ) -> dict[str, Tensor]:
        s = self.settings
        size = shown.shape[0]
        t_B = self._times((self.seed, f"{s.stage}/{segment}", step), size)
        norm, losses = shown.new_zeros(()), list[Tensor]()
        if truth is not None and s.anchor:
            losses.append(s.anchor * near(shown, truth).mean())
        if led := self._led(step):
            self.judge.freeze()
            real_logits = self.judged(real.x0, real.planes, real.tokens, t_B, late_BT=real.late)
            fake_logits = self.judged(shown, view.planes, view.tokens, t_B, late_BT=view.late)
            losses.append(led * relativistic_g(real_logits, fake_logits))
        if losses:
            torch.stack(losses).sum().backward()
            norm = self.optimizers["transformer"].step(rate_at(step, s), s.gradient_clip)
        if led:
            self.judge.unfreeze()
        fake = shown.detach().float()
        key = (self.seed, f"{s.stage}/d{segment}", step)
        logits = [
            self.judged(x + noise, b.planes, b.tokens, t_B, late_BT=b.late)
            for x, b in ((real.x0, real), (fake, view))
            for noise in (torch.zeros(()), s.r_sigma * gaussian(key, x.shape, self.device, stream=2))
        ]
        real_l, real_n, fake_l, fake_n = logits
        loss = relativistic_d(real_l, fake_l)
        penalty = approximate_penalty(real_l, real_n) + approximate_penalty(fake_l, fake_n)
        (loss + s.r_weight * penalty).backward()
        self.optimizers["discriminator"].step(rate_at(step, s), s.gradient_clip)
        return {
            "g_gradient": norm,
            "d_loss": loss.detach(),
            "penalty": penalty.detach(),
            "spread": shown.std().detach().float(),
        }
