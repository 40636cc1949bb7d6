"""Optimisers by name, the learning-rate curve, the moving average, and their state as plain tensors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from nodegraph.training.settings import StageSettings
from nodegraph.training.sharded import placed, whole

__all__ = ["Ema", "Optimizers", "rate_at"]


def rate_at(step: int, settings: StageSettings) -> float:
    """Factor on the learning rate: linear warm-up, a plateau, linear fall to zero."""
    up = min(1.0, (step + 1) / max(settings.warmup_steps, 1))
    tail = max(int(settings.steps * settings.cooldown), 1)
    down = min(1.0, (settings.steps - step) / tail)
    return max(0.0, min(up, down))


def _is_hidden(name: str, p: nn.Parameter) -> bool:
    return p.ndim == 2 and "blocks." in name and "modulation" not in name and not isinstance(p, DTensor)


class Optimizers:
    """Torch optimisers over a network: Muon takes the hidden matrices where asked, AdamW the rest.

    Muon needs whole matrices; weights that are spread over devices all go to AdamW.
    """

    def __init__(self, net: nn.Module, settings: StageSettings, rate: float) -> None:
        self.rate = rate
        named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
        self.parameters = [p for _, p in named]
        if settings.optimizer == "rmsprop":
            # APT2 section 4.3: RMSProp with alpha 0.9, which is Adam without momentum.
            self.all: list[torch.optim.Optimizer] = [torch.optim.RMSprop(self.parameters, lr=rate, alpha=0.9, eps=1e-8)]
            self.scale = [1.0]
            return
        hidden = [
            p
            for n, p in named
            if settings.optimizer == "muon"
            and not isinstance(p, DTensor)
            and p.ndim == 2
            and "blocks." in n
            and "modulation" not in n
        ]
        ids = {id(p) for p in hidden}
        rest = [p for p in self.parameters if id(p) not in ids]
        # Convolutions around the tokens see every cell of every frame: at the blocks' rate they overshoot.
        local = {id(p) for n, p in named if n.startswith("pyramid.")} if settings.optimizer == "muon" else set()
        groups = [[p for p in rest if id(p) not in local], [p for p in rest if id(p) in local]]
        self.all, self.scale = [], []
        for group, scale in zip(groups, (1.0, settings.pyramid_rate), strict=True):
            if group:
                self.all.append(
                    torch.optim.AdamW(group, lr=rate, betas=(0.9, 0.99), weight_decay=settings.weight_decay)
                )
                self.scale.append(scale)
        if hidden:
            self.all.append(
                torch.optim.Muon(hidden, lr=rate, weight_decay=settings.weight_decay, adjust_lr_fn="match_rms_adamw")
            )
            self.scale.append(1.0)

    def step(self, factor: float, clip: float) -> Tensor:
        """Clip, update and clear; return the gradient's norm before clipping."""
        norm = nn.utils.clip_grad_norm_(self.parameters, clip)
        for optimizer, scale in zip(self.all, self.scale, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = self.rate * factor * scale
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return whole(norm)

    def state(self) -> dict[str, Tensor]:
        """Flat tensors, `index.parameter.name`."""
        flat: dict[str, Tensor] = {}
        for index, optimizer in enumerate(self.all):
            for key, values in optimizer.state_dict()["state"].items():
                flat.update({f"{index}.{key}.{name}": whole(torch.as_tensor(value)) for name, value in values.items()})
        return flat

    def load(self, flat: dict[str, Tensor]) -> None:
        """Take back `state`."""
        for index, optimizer in enumerate(self.all):
            states: dict[int, dict[str, Any]] = {}
            members = [p for group in optimizer.param_groups for p in group["params"]]
            for key, value in flat.items():
                owner, parameter, name = key.split(".", 2)
                if int(owner) == index:
                    states.setdefault(int(parameter), {})[name] = placed(value, members[int(parameter)])
            optimizer.load_state_dict({**optimizer.state_dict(), "state": states})


class Ema:
    """Exponential moving average of a network's parameters."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {name: p.detach().clone() for name, p in net.named_parameters()}

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        """Move towards the network; early steps move faster."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, p in net.named_parameters():
            self.values[name].lerp_(p.detach(), 1 - decay)
