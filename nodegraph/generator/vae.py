"""Causal video autoencoder: 4x in time, 8x in space, the first frame alone (APT2 section 3.4; MAGVIT-v2 2310.05737).

1 + 4 K video frames become 1 + K latent frames. Every temporal convolution looks only at the past, so both halves
stream: `CausalState` holds the few frames each convolution must remember, and decoding frame by frame gives what
decoding the clip at once gives. Norms act per pixel, never over time.

Shape suffixes: B batch, T frames, C channels, H rows, W columns. Pictures come and go as BTCHW; inside, channels lie
last from the first convolution to the last, so that norms and convolutions read memory in its order.
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

    def forward(self, x_BTHWC: Tensor, state: CausalState) -> Tensor:
        """Return [B, T / time_stride, H, W, C']; the first frame of a clip counts as one group of its own."""
        if self.taps > 1:
            x_BTHWC = self._stacked(x_BTHWC, state)
        return _per_frame(self.conv, x_BTHWC)

    def _stacked(self, x_BTHWC: Tensor, state: CausalState) -> Tensor:
        """Every frame that counts with those before it, in its channels."""
        slot, before = state.slot(), self.taps - 1
        first = self.time_stride - 1 - before if state.started else -before
        if first < 0:
            # Before the clip there is its first frame, repeated.
            past = state.frames.get(slot)
            past = x_BTHWC[:, :1].expand(-1, before, -1, -1, -1) if past is None else past
            x_BTHWC, first = torch.cat([past, x_BTHWC], dim=1), first + before
        state.frames[slot] = x_BTHWC[:, -before:].detach()
        end = x_BTHWC.shape[1] - before
        return torch.cat([x_BTHWC[:, first + i : end + i : self.time_stride] for i in range(self.taps)], dim=-1)


def _per_frame(conv: nn.Conv2d, x_BTHWC: Tensor) -> Tensor:
    """A 2-D convolution of every frame: only the shape is turned, nothing moves."""
    out: Tensor = conv(x_BTHWC.flatten(0, 1).permute(0, 3, 1, 2))
    return out.permute(0, 2, 3, 1).unflatten(0, (x_BTHWC.shape[0], -1))


def _silu(x: Tensor) -> Tensor:
    """SiLU of what nobody else needs: in place where no gradient asks for it."""
    return F.silu(x, inplace=not torch.is_grad_enabled())


class _PixelNorm(nn.Module):
    """RMS over channels at each pixel; causal by construction."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))

    def forward(self, x_BTHWC: Tensor) -> Tensor:
        size = torch.linalg.vector_norm(x_BTHWC, dim=-1, keepdim=True) * x_BTHWC.shape[-1] ** -0.5
        return (x_BTHWC / (size + 1e-4)).mul_(self.gain)


class _Residual(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.norm = _PixelNorm(channels_in)
        self.conv_1 = CausalConv(channels_in, channels_out, taps)
        self.conv_2 = CausalConv(channels_out, channels_out, 1)
        nn.init.zeros_(self.conv_2.conv.weight)  # a block starts as the identity
        self.short = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else None

    def forward(self, x_BTHWC: Tensor, state: CausalState) -> Tensor:
        y: Tensor = self.conv_1(_silu(self.norm(x_BTHWC)), state)
        y = self.conv_2(_silu(y), state)
        return y.add_(x_BTHWC if self.short is None else _per_frame(self.short, x_BTHWC))


class _Down(nn.Module):
    """Halve space by folding pixels and time by a strided causal convolution, each where asked."""

    def __init__(self, channels_in: int, channels_out: int, *, space: bool, time: bool) -> None:
        super().__init__()
        self.fold = 2 if space else 1
        taps, stride = (2, 2) if time else (1, 1)
        self.conv = CausalConv(self.fold**2 * channels_in, channels_out, taps, time_stride=stride)

    def forward(self, x_BTHWC: Tensor, state: CausalState) -> Tensor:
        out: Tensor = self.conv(_folded(x_BTHWC, self.fold), state)
        return out


class _Up(nn.Module):
    """Double space and time, each where asked: one frame gives two, except that the clip's first gives one."""

    def __init__(self, channels_in: int, channels_out: int, *, space: bool, time: bool) -> None:
        super().__init__()
        self.frames, self.fold = 2 if time else 1, 2 if space else 1
        self.conv = CausalConv(channels_in, self.fold**2 * channels_out * self.frames, 1)

    def forward(self, x_BTHWC: Tensor, state: CausalState) -> Tensor:
        y = _unfolded(self.conv(x_BTHWC, state), self.frames, self.fold)
        return y if state.started else y[:, self.frames - 1 :]


def _folded(x_BTHWC: Tensor, side: int) -> Tensor:
    """Squares of pixels into channels: [B, T, H / side, W / side, C side side]."""
    if side == 1:
        return x_BTHWC
    folded = F.pixel_unshuffle(x_BTHWC.flatten(0, 1).permute(0, 3, 1, 2), side)
    return folded.permute(0, 2, 3, 1).unflatten(0, x_BTHWC.shape[:2])


def _unfolded(x_BTHWP: Tensor, frames: int, side: int) -> Tensor:
    """Channels into frames and squares of pixels: [B, T frames, H side, W side, C], P = frames C side side."""
    b, t, h, w = x_BTHWP.shape[:4]
    parts = x_BTHWP.unflatten(4, (frames, -1, side, side)).permute(0, 1, 4, 2, 6, 3, 7, 5)
    return parts.reshape(b, t * frames, h * side, w * side, -1)


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
        parts = video_BTCHW.unflatten(4, (-1, SPACE_FACTOR)).unflatten(3, (-1, SPACE_FACTOR))
        return parts.unflatten(1, (-1, FRAMES_PER_TICK)).permute(0, 1, 4, 6, 2, 3, 5, 7).flatten(4)

    def encode(self, video_BTCHW: Tensor, started: bool) -> Tensor:
        """Latents, channels last."""
        out: Tensor = self.enter(self.cells(video_BTCHW, started))
        return out

    def decode(self, latent_BTHWC: Tensor, started: bool) -> Tensor:
        """Video [B, T, C, H, W]."""
        values = self.leave(latent_BTHWC).unflatten(-1, (FRAMES_PER_TICK, -1, SPACE_FACTOR, SPACE_FACTOR))
        video = values.permute(0, 1, 4, 5, 2, 6, 3, 7).flatten(6).flatten(4, 5).flatten(1, 2)
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
        p = self.config.patch
        patches = video_BTCHW.unflatten(4, (-1, p)).unflatten(3, (-1, p)).permute(0, 1, 3, 5, 2, 4, 6).flatten(4)
        x = self.enter(patches, state)
        for layer in self.encoder:
            x = layer(x, state)
        mean, log_var = self.to_latent(_silu(x), state).float().chunk(2, dim=-1)
        if self.linear is not None:
            mean = mean + self.linear.encode(video_BTCHW, state.started).float()
        state.end()
        return mean.movedim(-1, 2), log_var.clamp(-20, 10).movedim(-1, 2)

    def forward(self, video_BTCHW: Tensor, noise_BTCHW: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Training: reconstruction from a sampled latent, with the latent's mean and log variance."""
        mean, log_var = self.moments(video_BTCHW)
        latent = mean + (0.5 * log_var).exp() * noise_BTCHW
        return self.decode_raw(latent.to(video_BTCHW.dtype)), mean, log_var

    def encode(self, video_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Normalised latents (the mean) [B, 1 + K, C, H/8, W/8] of video in -1..1."""
        mean, _ = self.moments(video_BTCHW, state)
        return (mean - self.latent_mean[:, None, None]) / self.latent_std[:, None, None]

    def decode_raw(self, latent_BTCHW: Tensor, state: CausalState | None = None, *, last_only: bool = False) -> Tensor:
        """Video in about -1..1 from raw latents; with `last_only`, of it the last frame alone."""
        state = CausalState() if state is None else state
        state.begin()
        latent_BTHWC = latent_BTCHW.movedim(2, -1).contiguous()
        x = self.from_latent(latent_BTHWC, state)
        finest = len(self.decoder) - self.config.decoder_blocks
        for index, layer in enumerate(self.decoder):
            # The finest stage is most of the work; where it does not look back, one frame of it will do.
            x = x[:, -1:] if last_only and index == finest and self.config.taps[0] == 1 else x
            x = layer(x, state)
        x = self.leave(_silu(self.leave_norm(x)), state)
        p = self.config.patch
        parts = x.unflatten(4, (-1, p, p)).permute(0, 1, 4, 2, 5, 3, 6)
        video = parts.flatten(5).flatten(3, 4)
        if self.linear is not None:
            video = video.add_(self.linear.decode(latent_BTHWC, state.started)[:, -video.shape[1] :])
        state.end()
        return video[:, -1:] if last_only else video

    def last_frame(self, latent_BTCHW: Tensor) -> Tensor:
        """The last frame [B, 3, H, W] of what `decode` gives, for less."""
        return self.decode_raw(self._raw(latent_BTCHW), last_only=True)[:, 0]

    def decode(self, latent_BTCHW: Tensor, state: CausalState | None = None) -> Tensor:
        """Video in about -1..1 from normalised latents; with a state, continues the stream."""
        return self.decode_raw(self._raw(latent_BTCHW), state)

    def _raw(self, latent_BTCHW: Tensor) -> Tensor:
        raw = latent_BTCHW * self.latent_std[:, None, None] + self.latent_mean[:, None, None]
        return raw.to(self.leave.conv.weight.dtype)
