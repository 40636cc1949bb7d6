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
        scale = torch.rsqrt(x_BTCHW.square().mean(2, keepdim=True) + 1e-6)
        return x_BTCHW * scale * self.gain[:, None, None]


class _Residual(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = _PixelNorm(channels_in), _PixelNorm(channels_out)
        self.conv_1 = CausalConv(channels_in, channels_out, taps)
        self.conv_2 = CausalConv(channels_out, channels_out, 1)
        self.short = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else None

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        y = self.conv_1(F.silu(self.norm_1(x_BTCHW)), state)
        y = self.conv_2(F.silu(self.norm_2(y)), state)
        if self.short is not None:
            x_BTCHW = self.short(x_BTCHW.flatten(0, 1)).unflatten(0, x_BTCHW.shape[:2])
        return x_BTCHW + y


class _Down(nn.Module):
    """Halve space by folding pixels, and time (where asked) by a strided causal convolution."""

    def __init__(self, channels_in: int, channels_out: int, *, time: bool) -> None:
        super().__init__()
        self.conv = CausalConv(4 * channels_in, channels_out, 3 if time else 1, time_stride=2 if time else 1)

    def forward(self, x_BTCHW: Tensor, state: CausalState) -> Tensor:
        folded = F.pixel_unshuffle(x_BTCHW.flatten(0, 1), 2).unflatten(0, x_BTCHW.shape[:2])
        out: Tensor = self.conv(folded, state)
        return out


class _Up(nn.Module):
    """Double space and (where asked) time: one frame gives two, except that the clip's first gives one."""

    def __init__(self, channels_in: int, channels_out: int, *, time: bool) -> None:
        super().__init__()
        self.time = time
        self.conv = CausalConv(channels_in, 4 * channels_out * (2 if time else 1), 1)

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
        return F.pixel_shuffle(y.flatten(0, 1), 2).unflatten(0, (b, frames))


def _time_stages(stages: int) -> set[int]:
    """Of the steps between stages, counted from the picture inwards, the last two also change time."""
    return set(range(stages - 1)[-2:])


class VAE(nn.Module):
    """Encoder and decoder, with the statistics that bring latents to zero mean and unit deviation."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.config = config
        c, p = config.latent_channels, config.patch
        enc, dec, taps = config.encoder_widths, config.decoder_widths, config.taps
        assert p * 2 ** (len(enc) - 1) == SPACE_FACTOR and len(enc) == len(dec) == len(taps)
        timed = _time_stages(len(enc))
        self.enter = CausalConv(3 * p * p, enc[0], 1)
        self.encoder = nn.ModuleList()
        for i, width in enumerate(enc):
            self.encoder.extend(_Residual(width, width, taps[i]) for _ in range(config.encoder_blocks))
            if i + 1 < len(enc):
                self.encoder.append(_Down(width, enc[i + 1], time=i in timed))
        self.to_latent = CausalConv(enc[-1], 2 * c, 1)
        self.from_latent = CausalConv(c, dec[-1], 1)
        self.decoder = nn.ModuleList()
        for i in reversed(range(len(dec))):
            self.decoder.extend(_Residual(dec[i], dec[i], taps[i]) for _ in range(config.decoder_blocks))
            if i:
                self.decoder.append(_Up(dec[i], dec[i - 1], time=i - 1 in timed))
        self.leave_norm = _PixelNorm(dec[0])
        self.leave = CausalConv(dec[0], 3 * p * p, 1)
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
        state.end()
        return mean, log_var.clamp(-20, 10)

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
        state.end()
        b, t = x.shape[:2]
        return F.pixel_shuffle(x.flatten(0, 1), self.config.patch).unflatten(0, (b, t))

    def decode(self, latent_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Video in about -1..1 from normalised latents; with a state, continues the stream."""
        raw = latent_BTCHW * self.latent_std[:, None, None] + self.latent_mean[:, None, None]
        return self.decode_raw(raw.to(self.leave.conv.weight.dtype), state)
