"""The APT2 generator network: one latent frame per forward pass (arXiv 2506.09350v2, section 3).

Two faces over the same weights: `step` makes the next frame with a KV cache (inference), `forward` makes all frames of
a clip in one block-causal pass (training). A test holds them equal.

Shape suffixes: B batch, T latent frames, N tokens of a frame, L text tokens, D width, H heads, K head width,
C latent channels, U condition channels, R rows and Q columns of the latent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.carry import Carry
from nodegraph.generator.config import GeneratorConfig
from nodegraph.generator.kv_cache import KVCache
from nodegraph.generator.layers import TextBlock, TimeEmbedding, VideoBlock, modulate
from nodegraph.generator.pyramid import Pyramid
from nodegraph.generator.rope import Rotation, rotate, space_time_rotation

__all__ = ["APT2Transformer", "TextState"]

_SMALLEST_T = 0.02


@dataclass(frozen=True, kw_only=True)
class TextState:
    """A prompt's keys and values per block, each [B, L, H, K], and which tokens count [B, L].

    In training a clip may change its prompt: then both prompts stand side by side (2 L) and the mask says which of
    their tokens each frame reads [B, T, 2 L].
    """

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    mask: Tensor


@dataclass(frozen=True)
class _Entered:
    """Inputs as patches [B, X, .] or, with a pyramid, as frames [F, ., R, Q] beside the features of its levels."""

    inputs: Tensor
    levels: list[Tensor] = field(default_factory=list)


def _per_frame(shared_B6D: Tensor, frames: int) -> Tensor:
    """The time embedding [F, D] of every frame of the batch."""
    return shared_B6D[:, 0].repeat_interleave(frames, dim=0)


class APT2Transformer(nn.Module):
    """Block-causal latent video transformer with separate text and video weights."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        shape = config.transformer
        channels, self.rows, self.columns = config.latent_shape
        self.grid = (self.rows // shape.patch, self.columns // shape.patch)
        self.head_dim = shape.width // shape.heads
        entering = 2 * channels + config.condition_channels
        self.carry = Carry(channels) if shape.carry else None
        self.word = nn.Embedding(len(config.text.vocabulary) + 1, shape.text_width)
        self.word_position = nn.Parameter(torch.randn(config.text.max_tokens, shape.text_width) * 0.02)
        # The condition's projection starts random, not zero: zero init leaves camera control unlearned (section 3.3).
        self.pyramid = (
            Pyramid(
                entering=entering,
                leaving=channels,
                widths=shape.pyramid,
                blocks=shape.pyramid_blocks,
                width=shape.width,
                memory=2 * channels + config.memory_planes.start if shape.carry else None,
            )
            if shape.pyramid
            else None
        )
        self.fold = shape.patch >> max(len(shape.pyramid) - 1, 0)
        """Side of the square of cells, or of the pyramid's last level, that becomes one token."""
        inner = shape.pyramid[-1] if shape.pyramid else entering
        outer = shape.pyramid[-1] if shape.pyramid else channels
        self.embed = nn.Linear(inner * self.fold**2, shape.width)
        self.time = TimeEmbedding(shape.width)
        self.text_blocks = nn.ModuleList(TextBlock(shape) for _ in range(shape.blocks))
        self.blocks = nn.ModuleList(VideoBlock(shape) for _ in range(shape.blocks))
        self.last_modulation = nn.Parameter(torch.zeros(2, shape.width))
        self.head = nn.Linear(shape.width, outer * self.fold**2)
        self.skip = (
            nn.Linear(entering * self.fold**2, channels * self.fold**2, bias=False)
            if shape.input_skip and self.pyramid is None
            else None
        )
        self._init_weights()

    def _init_weights(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.word.weight, std=0.3)
        for module in self.time.mlp:
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.02)
        for block in self.blocks:
            assert isinstance(block, VideoBlock)
            nn.init.constant_(block.modulation[2], 0.2)  # gates: start as a shallow residual network
            nn.init.constant_(block.modulation[5], 0.2)
        nn.init.zeros_(self.head.weight)
        if self.pyramid is not None:
            self.pyramid.start()
        if self.skip is not None:
            nn.init.zeros_(self.skip.weight)

    # Text: once per prompt.

    def encode_text(self, tokens_BL: Tensor) -> TextState:
        """Keys and values of a prompt. `tokens_BL` int64 [B, L], 0 = no token; a prompt may be empty."""
        mask = tokens_BL > 0
        mask = torch.cat([torch.ones_like(mask[:, :1]), mask[:, 1:]], dim=1)  # an empty prompt still has one key
        x = self.word(tokens_BL) + self.word_position[: tokens_BL.shape[1]]
        keys, values = [], []
        for block in self.text_blocks:
            x, k, v = block(x, mask)
            keys.append(k)
            values.append(v)
        return TextState(keys=tuple(keys), values=tuple(values), mask=mask)

    def encode_change(self, tokens_B2L: Tensor, late_BT: Tensor) -> TextState:
        """Keys and values of a clip's first and second prompt; `late_BT` marks the frames that read the second."""
        both = self.encode_text(tokens_B2L.flatten(0, 1))
        pairs = [
            tuple(part.unflatten(0, (-1, 2)).flatten(1, 2) for part in parts) for parts in (both.keys, both.values)
        ]
        first, second = both.mask.unflatten(0, (-1, 2)).unbind(1)
        late = late_BT[:, :, None]
        mask = torch.cat([first[:, None] & ~late, second[:, None] & late], dim=2)
        return TextState(keys=pairs[0], values=pairs[1], mask=mask)

    # Into tokens and out of them.

    def _fold(self, x_BTCRQ: Tensor) -> Tensor:
        p = self.fold
        b, t, c, r, q = x_BTCRQ.shape
        x = x_BTCRQ.reshape(b, t, c, r // p, p, q // p, p).permute(0, 1, 3, 5, 2, 4, 6)
        return x.reshape(b, t * (r // p) * (q // p), c * p * p)

    def _unfold(self, x_BXP: Tensor, frames: int) -> Tensor:
        p, (rows, columns) = self.fold, self.grid
        x = x_BXP.reshape(x_BXP.shape[0], frames, rows, columns, -1, p, p).permute(0, 1, 4, 2, 5, 3, 6)
        return x.reshape(x_BXP.shape[0], frames, -1, rows * p, columns * p)

    def enter(self, z: Tensor, recycled: Tensor, condition: Tensor, shared_B6D: Tensor) -> tuple[Tensor, _Entered]:
        """Tokens [B, X, D] of the inputs [B, T, ., R, Q], and what `leave` needs of them."""
        if self.carry is not None:
            recycled = self._carried(recycled, condition)
        inputs = torch.cat([z, recycled, condition.to(z.dtype)], dim=2)
        if self.pyramid is None:
            patches = self._fold(inputs)
            return self.embed(patches), _Entered(patches)
        frames = inputs.flatten(0, 1)
        time = _per_frame(shared_B6D, inputs.shape[1])
        features, levels = self.pyramid.down(frames, time)
        return self.embed(self._fold(features.unflatten(0, inputs.shape[:2]))), _Entered(frames, levels)

    def _carried(self, recycled: Tensor, condition: Tensor) -> Tensor:
        """The recycled frame, moved to where camera and pose are now."""
        assert self.carry is not None
        motion = condition[:, :, self.config.motion_planes].flatten(0, 1)
        return self.carry(recycled.flatten(0, 1), motion).unflatten(0, recycled.shape[:2])

    def leave(self, x_BXD: Tensor, entered: _Entered, shared_B6D: Tensor, frames: int) -> Tensor:
        """The network's output [B, T, C, R, Q] from the last hidden state."""
        shift, scale = (shared_B6D[:, :2] + self.last_modulation).unbind(1)
        out: Tensor = self.head(modulate(x_BXD, shift, scale))
        if self.skip is not None:
            out = out + self.skip(entered.inputs)
        cells = self._unfold(out, frames)
        if self.pyramid is None:
            return cells
        time = _per_frame(shared_B6D, frames)
        made = self.pyramid.up(cells.flatten(0, 1), entered.levels, entered.inputs, time)
        return made.unflatten(0, cells.shape[:2])

    def to_x0(self, out: Tensor, z: Tensor, t_B: Tensor) -> Tensor:
        """The clean latent the network's output stands for: x0 = z - t v (at t = 1: x0 = z - v, section 3.2)."""
        if self.config.transformer.prediction == "x0":
            return out
        return z - t_B.to(z.dtype)[:, None, None, None, None] * out

    def to_velocity(self, x0: Tensor, z: Tensor, t_B: Tensor) -> Tensor:
        """Flow-matching velocity v = e - x0 = (z - x0) / t."""
        return (z - x0) / t_B.to(z.dtype).clamp(min=_SMALLEST_T)[:, None, None, None, None]

    # Training: a whole clip in one pass.

    def forward(
        self,
        z_BTCRQ: Tensor,
        recycled_BTCRQ: Tensor,
        condition_BTURQ: Tensor,
        tokens_BL: Tensor,
        t_B: Tensor,
        *,
        late_BT: Tensor | None = None,
        past: KVCache | None = None,
        causal: bool = True,
        features: bool = False,
    ) -> Tensor:
        """Return x0 of every frame [B, T, C, R, Q]; with `features`, the last hidden state [B, T, N, D] instead.

        Args:
            z_BTCRQ: noised latents at flow time t_B (pure noise at t = 1).
            recycled_BTCRQ: the previous frame's latent; zeros where there is none.
            condition_BTURQ: condition planes, see `nodegraph.generator.control.condition_planes`.
            tokens_BL: prompt tokens, 0 = none; with `late_BT`, two prompts [B, 2, L].
            t_B: flow time of the clip, 0..1.
            late_BT: frames under the second prompt, bool.
            past: a cache of frames before this clip; attended to without gradient (section 4.3, long videos).
            causal: False lets every frame see the whole clip (bidirectional pre-training and discriminator).
            features: for the discriminator.
        """
        frames = z_BTCRQ.shape[1]
        text = self.encode_text(tokens_BL) if late_BT is None else self.encode_change(tokens_BL, late_BT)
        shared = self.time(t_B)
        x, entered = self.enter(z_BTCRQ, recycled_BTCRQ, condition_BTURQ, shared)
        plan = _BandPlan(self, frames, past, causal, z_BTCRQ.device)
        for index, block in enumerate(self.blocks):
            assert isinstance(block, VideoBlock)
            roles = block.roles(shared)
            q, k, v = block.project(x, roles[0], roles[1])
            mixed = plan.attend(index, q, k, v, text)
            x = block.finish(x, mixed, roles)
        if features:
            return x.unflatten(1, (frames, -1))
        return self.to_x0(self.leave(x, entered, shared, frames), z_BTCRQ, t_B)

    # Inference: the next frame.

    def make_cache(self, batch: int = 1) -> KVCache:
        """An empty cache on this model's device and in its precision."""
        shape, weight = self.config.transformer, self.embed.weight
        return KVCache(
            blocks=shape.blocks,
            batch=batch,
            window=shape.window,
            tokens=self.config.tokens,
            heads=shape.heads,
            head_dim=self.head_dim,
            device=str(weight.device),
            dtype=weight.dtype,
        )

    def step(
        self,
        z_BCRQ: Tensor,
        recycled_BCRQ: Tensor,
        condition_BURQ: Tensor,
        text: TextState,
        cache: KVCache,
        *,
        t: float = 1.0,
        commit: bool = True,
    ) -> Tensor:
        """Make the next latent frame x0 [B, C, R, Q] in one pass and keep this pass's keys and values.

        Nothing is recomputed: the cache takes the pass that made the frame (section 3.1). `commit=False` leaves the
        cache as it was, for samplers that take several passes.
        """
        t_B = torch.full((z_BCRQ.shape[0],), t, device=z_BCRQ.device)
        shared = self.time(t_B)
        x, entered = self.enter(z_BCRQ[:, None], recycled_BCRQ[:, None], condition_BURQ[:, None], shared)
        own = self.rotation([0], x.device)
        held = self.rotation(cache.relative_times(), x.device) if cache.held() else None
        mask = self._step_mask(text, cache, x.shape[1])
        for index, block in enumerate(self.blocks):
            assert isinstance(block, VideoBlock)
            roles = block.roles(shared)
            q, k, v = block.project(x, roles[0], roles[1])
            keys, values = [text.keys[index], rotate(k, own)], [text.values[index], v]
            if held is not None:
                past_k, past_v = cache.view(index)
                keys.append(rotate(past_k, held))
                values.append(past_v)
            mixed = F.scaled_dot_product_attention(
                rotate(q, own).transpose(1, 2),
                torch.cat(keys, dim=1).transpose(1, 2),
                torch.cat(values, dim=1).transpose(1, 2),
                attn_mask=mask,
            )
            if commit:
                cache.update(index, k, v)
            x = block.finish(x, mixed.transpose(1, 2), roles)
        if commit:
            cache.advance()
        return self.to_x0(self.leave(x, entered, shared, 1), z_BCRQ[:, None], t_B)[:, 0]

    def rotation(self, times: list[int], device: torch.device) -> Rotation:
        """Rotation of whole frames at the given relative times."""
        return space_time_rotation(torch.tensor(times, device=device), *self.grid, self.head_dim)

    @staticmethod
    def _step_mask(text: TextState, cache: KVCache, tokens: int) -> Tensor | None:
        if bool(text.mask.all()):
            return None
        video = torch.ones(text.mask.shape[0], tokens * (1 + cache.held()), dtype=torch.bool, device=text.mask.device)
        return torch.cat([text.mask, video], dim=1)[:, None, None]


class _BandPlan:
    """Block-causal windowed attention of a whole clip: every query frame meets its sink, its window and itself.

    The band is cut out of the keys by shifted slices, so that the product is dense and nothing is scattered backwards.
    Keys are rotated by absolute frame number, which inside the window equals the relative times of `step`; the sink is
    rotated once per query frame, since its distance stops growing at the window's edge.
    """

    def __init__(
        self, model: APT2Transformer, frames: int, past: KVCache | None, causal: bool, device: torch.device
    ) -> None:
        self.frames, self.past, self.causal = frames, past, causal
        self.window = window = model.config.transformer.window
        self.before = past.frames if past is not None else 0
        rows, columns = model.grid
        now = torch.arange(self.before, self.before + frames, device=device)
        self.query_rotation: Rotation = space_time_rotation(now, rows, columns, model.head_dim)
        self.sink_rotation = space_time_rotation((now - window - 1).clamp(min=0), rows, columns, model.head_dim)
        # Text stands at the query's own time, whenever that is.
        cos, sin = space_time_rotation(now, 1, 1, model.head_dim)
        self.text_rotation: Rotation = (cos[:, None], sin[:, None])
        held = torch.arange(self.before - window, self.before, device=device)
        self.held_rotation = space_time_rotation(held, rows, columns, model.head_dim)
        self.tokens = rows * columns
        # Which of [sink | window | itself] exist: frame 0 is the sink and never also part of the window.
        source = now[:, None] + torch.arange(-window, 1, device=device)
        exists = torch.cat([now[:, None] > 0, (source > 0) | (source == now[:, None])], dim=1)
        self.exists = exists if causal else torch.ones(frames, frames, dtype=torch.bool, device=device)

    def attend(self, index: int, q_BXHK: Tensor, k_BXHK: Tensor, v_BXHK: Tensor, text: TextState) -> Tensor:
        """Return mixed values [B, X, H, K], X = frames * tokens."""
        b, frames = q_BXHK.shape[0], self.frames
        q = rotate(q_BXHK, self.query_rotation).unflatten(1, (frames, -1))
        turned = rotate(k_BXHK, self.query_rotation).unflatten(1, (frames, -1))
        own_k, own_v = k_BXHK.unflatten(1, (frames, -1)), v_BXHK.unflatten(1, (frames, -1))
        if self.causal:
            k, v = self._band(index, own_k, turned, own_v)
        else:
            k = turned.flatten(1, 2)[:, None].expand(-1, frames, -1, -1, -1)
            v = v_BXHK[:, None].expand(-1, frames, -1, -1, -1)
        text_k = rotate(text.keys[index][:, None].expand(-1, frames, -1, -1, -1), self.text_rotation).to(k.dtype)
        text_v = text.values[index][:, None].expand(-1, frames, -1, -1, -1).to(v.dtype)
        k, v = torch.cat([text_k, k], dim=2), torch.cat([text_v, v], dim=2)
        video = self.exists.repeat_interleave(self.tokens, dim=1)[None].expand(b, -1, -1)
        text_mask = text.mask if text.mask.ndim == 3 else text.mask[:, None].expand(-1, frames, -1)
        seen = torch.cat([text_mask, video], dim=2)
        bias = torch.zeros((), dtype=q.dtype, device=q.device).masked_fill(~seen[:, :, None, None], float("-inf"))
        scores = torch.matmul(q.transpose(2, 3) * q.shape[-1] ** -0.5, k.permute(0, 1, 3, 4, 2)) + bias
        mixed = torch.matmul(scores.softmax(-1), v.transpose(2, 3))
        return mixed.transpose(2, 3).flatten(1, 2)

    def _band(self, index: int, own_k: Tensor, turned: Tensor, own_v: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values each query frame sees, [B, T, S, H, K] in the order sink, window, itself."""
        window, frames = self.window, self.frames
        if self.before:
            assert self.past is not None
            past_k, past_v = (part.to(own_k.dtype).unflatten(1, (-1, self.tokens)) for part in self.past.view(index))
            sink_k, sink_v = past_k[:, 0], past_v[:, 0]
            slots = [self.past.slot(max(f, 0)) for f in range(self.before - window, self.before)]
            lead_k = rotate(past_k[:, slots].flatten(1, 2), self.held_rotation).unflatten(1, (window, -1))
            lead_v = past_v[:, slots]
        else:
            sink_k, sink_v = own_k[:, 0], own_v[:, 0]
            lead_k = lead_v = own_k.new_zeros(own_k.shape[0], window, *own_k.shape[2:])
        k, v = torch.cat([lead_k, turned], dim=1), torch.cat([lead_v, own_v], dim=1)
        sink = sink_k[:, None].expand(-1, frames, -1, -1, -1).flatten(1, 2)
        sink = rotate(sink, self.sink_rotation).unflatten(1, (frames, -1))
        keys = [sink, *(k[:, j : j + frames] for j in range(window + 1))]
        values = [sink_v[:, None].expand(-1, frames, -1, -1, -1), *(v[:, j : j + frames] for j in range(window + 1))]
        return torch.cat(keys, dim=2), torch.cat(values, dim=2)
