"""Causal video autoencoder: 4x in time, 8x in space, the first frame alone (APT2 section 3.4; MAGVIT-v2 2310.05737).

1 + 4 K video frames become 1 + K latent frames. Every temporal convolution looks only at the past, so both halves
stream: `CausalState` holds the few frames each convolution must remember, and decoding frame by frame gives what
decoding the clip at once gives. Norms act per pixel, never over time.

Shape suffixes: B batch, T frames, C channels, H rows, W columns. Inside, frames are folded into the batch.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.config import SPACE_FACTOR, VAEConfig
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["VAE", "CausalState"]


class CausalState:
    """What each temporal convolution remembers between calls, by the order in which they run."""

    def __init__(self) -> None:
        self.frames: dict[int, Tensor] = {}
        self.started = False
        self._next = 0

    def begin(self) -> None:
        """Start a pass through the network."""
        self._next = 0

    def end(self) -> None:
        """Finish a pass: what follows is not the clip's first frame."""
        self.started = True

    def slot(self) -> int:
        """Number of the convolution that asks."""
        self._next += 1
        return self._next

    def snapshot(self) -> dict[str, object]:
        """Exact copy."""
        return {"frames": {key: value.clone() for key, value in self.frames.items()}, "started": self.started}

    def restore(self, state: dict[str, object]) -> None:
        """Take back a `snapshot`."""
        frames, started = state["frames"], state["started"]
        assert isinstance(frames, dict) and isinstance(started, bool)
        self.frames = {key: value.clone() for key, value in frames.items()}
        self.started = started


class CausalConv(nn.Module):
    """Convolution over `taps` frames, of which the last is the present one, and a 3x3 square.

    The taps are stacked in the channels of a 2-D convolution: the same sums as a 3-D one, faster on CPUs.
    """

    def __init__(self, channels_in: int, channels_out: int, taps: int, *, time_stride: int = 1) -> None:
        super().__init__()
        self.taps, self.time_stride = taps, time_stride
        self.conv = nn.Conv2d(taps * channels_in, channels_out, 3, padding=1)
        # Start as a little noise around passing channels through, so that pictures get through all layers at once.
        identity = torch.zeros_like(self.conv.weight)
        nn.init.dirac_(identity[:, (taps - 1) * channels_in :])
        self.conv.weight.data.mul_(0.5).add_(identity)
        assert self.conv.bias is not None
        nn.init.zeros_(self.conv.bias)

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        """Return [B, T / time_stride, C', H, W]; the first frame of a clip counts as one group of its own."""
        b, frames = x_BTCHW.shape[:2]
        if self.taps > 1:
            slot = state.slot()
            # Before the clip there is its first frame, repeated.
            past = state.frames.get(slot)
            if past is None:
                past = x_BTCHW[:, :1].expand(-1, self.taps - 1, -1, -1, -1)
            x_BTCHW = torch.cat([past, x_BTCHW], dim=1)
            state.frames[slot] = x_BTCHW[:, x_BTCHW.shape[1] - self.taps + 1 :].detach()
            start = self.time_stride - 1 if state.started else 0
            picks = range(start, frames, self.time_stride)
            stacked = torch.stack(
                [torch.cat([x_BTCHW[:, p + tap] for tap in range(self.taps)], dim=1) for p in picks], dim=1
            )
        else:
            stacked = x_BTCHW
        out: Tensor = self.conv(stacked.flatten(0, 1).contiguous(memory_format=torch.channels_last))
        return out.unflatten(0, (b, -1))


class _PixelNorm(nn.Module):
    """RMS over channels at each pixel; causal by construction."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))

    def forward(self, x_BTCHW: Tensor) -> Tensor:
        size = torch.linalg.vector_norm(x_BTCHW, dim=2, keepdim=True) * x_BTCHW.shape[2] ** -0.5
        return x_BTCHW * (self.gain[:, None, None] / (size + 1e-4))


class _Residual(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.norm = _PixelNorm(channels_in)
        self.conv_1 = CausalConv(channels_in, channels_out, taps)
        self.conv_2 = CausalConv(channels_out, channels_out, 1)
        nn.init.zeros_(self.conv_2.conv.weight)  # a block starts as the identity
        self.short = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else None

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        y = self.conv_1(F.silu(self.norm(x_BTCHW)), state)
        y = self.conv_2(F.silu(y), state)
        if self.short is not None:
            x_BTCHW = self.short(x_BTCHW.flatten(0, 1)).unflatten(0, x_BTCHW.shape[:2])
        return x_BTCHW + y


class _Down(nn.Module):
    """Halve space by folding pixels and time by a strided causal convolution, each where asked."""

    def __init__(self, channels_in: int, channels_out: int, *, space: bool, time: bool) -> None:
        super().__init__()
        self.fold = 2 if space else 1
        taps, stride = (2, 2) if time else (1, 1)
        self.conv = CausalConv(self.fold**2 * channels_in, channels_out, taps, time_stride=stride)

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        folded = F.pixel_unshuffle(x_BTCHW.flatten(0, 1), self.fold).unflatten(0, x_BTCHW.shape[:2])
        out: Tensor = self.conv(folded, state)
        return out


class _Up(nn.Module):
    """Double space and time, each where asked: one frame gives two, except that the clip's first gives one."""

    def __init__(self, channels_in: int, channels_out: int, *, space: bool, time: bool) -> None:
        super().__init__()
        self.time, self.fold = time, 2 if space else 1
        self.conv = CausalConv(channels_in, self.fold**2 * channels_out * (2 if time else 1), 1)

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        b, frames = x_BTCHW.shape[:2]
        y = self.conv(x_BTCHW, state)
        if self.time:
            y = y.unflatten(2, (2, -1)).flatten(1, 2)
            if not state.started:
                y = y[:, 1:]
                frames = 2 * frames - 1
            else:
                frames = 2 * frames
        return F.pixel_shuffle(y.flatten(0, 1), self.fold).unflatten(0, (b, frames))


def _time_stages(stages: int) -> set[int]:
    """Of the steps between stages, counted from the picture inwards, the last two also change time."""
    return set(range(stages - 1)[-2:])


class _LinearPath(nn.Module):
    """A linear autoencoder of cells of 4 frames by 8x8 pixels, beside the convolutions.

    Fitted in closed form (principal components) before training, it gives small models their first 20 dB for nothing.
    The clip's first frame stands for a cell of four equal frames.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        values = FRAMES_PER_TICK * 3 * SPACE_FACTOR**2
        self.enter = nn.Linear(values, channels)
        self.leave = nn.Linear(channels, values)

    @staticmethod
    def cells(video_BTCHW: Tensor, started: bool) -> Tensor:
        """[B, 1 + K, H/8, W/8, 768] from 1 + 4 K frames (or K and 4 K where the clip has started)."""
        if not started:
            repeated = video_BTCHW[:, :1].expand(-1, FRAMES_PER_TICK - 1, -1, -1, -1)
            video_BTCHW = torch.cat([repeated, video_BTCHW], dim=1)
        folded = F.pixel_unshuffle(video_BTCHW.flatten(0, 1), SPACE_FACTOR).unflatten(0, video_BTCHW.shape[:2])
        return folded.unflatten(1, (-1, FRAMES_PER_TICK)).flatten(2, 3).permute(0, 1, 3, 4, 2)

    def encode(self, video_BTCHW: Tensor, started: bool) -> Tensor:
        out: Tensor = self.enter(self.cells(video_BTCHW, started))
        return out.permute(0, 1, 4, 2, 3)

    def decode(self, latent_BTCHW: Tensor, started: bool) -> Tensor:
        values = self.leave(latent_BTCHW.permute(0, 1, 3, 4, 2)).permute(0, 1, 4, 2, 3)
        frames = values.unflatten(2, (FRAMES_PER_TICK, -1)).flatten(1, 2)
        video = F.pixel_shuffle(frames.flatten(0, 1), SPACE_FACTOR).unflatten(0, frames.shape[:2])
        return video if started else video[:, FRAMES_PER_TICK - 1 :]

    @torch.no_grad()
    def fit(self, cells_XV: Tensor) -> None:
        """Principal components of sample cells [X, 768], each scaled to unit deviation."""
        centre = cells_XV.mean(0)
        covariance = (cells_XV - centre).T @ (cells_XV - centre) / len(cells_XV)
        values, vectors = torch.linalg.eigh(covariance.double())
        count = self.enter.out_features
        basis, spread = vectors[:, -count:].flip(1).float(), values[-count:].flip(0).clamp(min=1e-6).sqrt().float()
        self.enter.weight.copy_((basis / spread).T)
        self.enter.bias.copy_(-(centre @ basis) / spread)
        self.leave.weight.copy_(basis * spread)
        self.leave.bias.copy_(centre)


class VAE(nn.Module):
    """Encoder and decoder, with the statistics that bring latents to zero mean and unit deviation."""

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.config = config
        c, p = config.latent_channels, config.patch
        enc, dec, taps = config.encoder_widths, config.decoder_widths, config.taps
        assert len(enc) == len(dec) == len(taps)
        timed = _time_stages(len(enc))
        halvings = (SPACE_FACTOR // p).bit_length() - 1  # what the patch has not folded already
        self.enter = CausalConv(3 * p * p, enc[0], 1)
        self.encoder = nn.ModuleList()
        for i, width in enumerate(enc):
            self.encoder.extend(_Residual(width, width, taps[i]) for _ in range(config.encoder_blocks))
            if i + 1 < len(enc):
                self.encoder.append(_Down(width, enc[i + 1], space=i < halvings, time=i in timed))
        self.to_latent = CausalConv(enc[-1], 2 * c, 1)
        # Start nearly without latent noise, else the decoder first learns to ignore the latent.
        assert self.to_latent.conv.bias is not None
        nn.init.constant_(self.to_latent.conv.bias[c:], -6.0)
        self.to_latent.conv.weight.data[c:] *= 0.0
        self.from_latent = CausalConv(c, dec[-1], 1)
        self.decoder = nn.ModuleList()
        for i in reversed(range(len(dec))):
            self.decoder.extend(_Residual(dec[i], dec[i], taps[i]) for _ in range(config.decoder_blocks))
            if i:
                self.decoder.append(_Up(dec[i], dec[i - 1], space=i - 1 < halvings, time=i - 1 in timed))
        self.leave_norm = _PixelNorm(dec[0])
        self.leave = CausalConv(dec[0], 3 * p * p, 1)
        self.linear = _LinearPath(c) if config.linear_path else None
        if self.linear is not None:
            # The networks start as corrections of nothing to what the linear path gives.
            nn.init.zeros_(self.leave.conv.weight)
            nn.init.zeros_(self.to_latent.conv.weight)
        self.register_buffer("latent_mean", torch.zeros(c))
        self.register_buffer("latent_std", torch.ones(c))

    def moments(self, video_BTCHW: Tensor, state: CausalState | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the raw latent, each [B, 1 + K, C, H/8, W/8]; `video` in -1..1."""
        state = CausalState() if state is None else state
        state.begin()
        b, t = video_BTCHW.shape[:2]
        x = F.pixel_unshuffle(video_BTCHW.flatten(0, 1), self.config.patch).unflatten(0, (b, t))
        x = self.enter(x, state)
        for layer in self.encoder:
            x = layer(x, state)
        mean, log_var = self.to_latent(F.silu(x), state).float().chunk(2, dim=2)
        if self.linear is not None:
            mean = mean + self.linear.encode(video_BTCHW, state.started).float()
        state.end()
        return mean, log_var.clamp(-20, 10)

    def forward(self, video_BTCHW: Tensor, noise_BTCHW: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Training: reconstruction from a sampled latent, with the latent's mean and log variance."""
        mean, log_var = self.moments(video_BTCHW)
        latent = mean + (0.5 * log_var).exp() * noise_BTCHW
        return self.decode_raw(latent.to(video_BTCHW.dtype)), mean, log_var

    def encode(self, video_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Normalised latents (the mean) [B, 1 + K, C, H/8, W/8] of video in -1..1."""
        mean, _ = self.moments(video_BTCHW, state)
        return (mean - self.latent_mean[:, None, None]) / self.latent_std[:, None, None]

    def decode_raw(self, latent_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Video in about -1..1 from raw latents."""
        state = CausalState() if state is None else state
        state.begin()
        x = self.from_latent(latent_BTCHW, state)
        for layer in self.decoder:
            x = layer(x, state)
        x = self.leave(F.silu(self.leave_norm(x)), state)
        video = F.pixel_shuffle(x.flatten(0, 1), self.config.patch).unflatten(0, x.shape[:2])
        if self.linear is not None:
            video = video + self.linear.decode(latent_BTCHW, state.started)
        state.end()
        return video

    def decode(self, latent_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Video in about -1..1 from normalised latents; with a state, continues the stream."""
        raw = latent_BTCHW * self.latent_std[:, None, None] + self.latent_mean[:, None, None]
        return self.decode_raw(raw.to(self.leave.conv.weight.dtype), state)
