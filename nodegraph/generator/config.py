"""Shapes of a generator. One keyword-only dataclass per component; presets are functions.

Main source: APT2, arXiv 2506.09350v2, section 3. What the paper leaves open (width, heads, patch, latent channels) is
chosen here so that the parameter count fits the 8 B it states.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nodegraph.errors import NodegraphError
from nodegraph.generator.presets import PRESETS
from nodegraph.values import KEYPOINTS

__all__ = ["GeneratorConfig", "TextConfig", "TransformerConfig", "VAEConfig", "preset"]

CAMERA_CHANNELS = 9
"""Ray origin, ray direction, and the direction's change since the previous frame: 3 each."""
MOTION_CHANNELS = 5
"""Columns and rows to where a cell's content was, whether that lay in the picture, whether the body covers the cell now
and whether it covered the content then."""
MEMORY_CHANNELS = 2
"""How surely the scene memory knows what is behind the character, and how far its character covers the cell."""
PLACE_CHANNELS = 22
"""Ray origin and direction in the world, for models that know places, 3 each; then waves over the direction's azimuth
and elevation (12) and over where it meets the ground (4)."""
POSE_CHANNELS = len(KEYPOINTS)
SPACE_FACTOR = 8
"""Pixels per latent cell along each side."""


@dataclass(frozen=True, kw_only=True)
class VAEConfig:
    """A causal video autoencoder: 4x in time, 8x in space, the first frame alone."""

    latent_channels: int = 16
    patch: int = 1
    """Pixels folded into channels before the first convolution; each doubling replaces one stage of down-sampling."""
    encoder_widths: tuple[int, ...] = (128, 256, 512, 512)
    decoder_widths: tuple[int, ...] = (64, 128, 256, 512)
    """From the picture inwards. The decoder's are slimmed as in the paper (section 3.4)."""
    encoder_blocks: int = 2
    decoder_blocks: int = 2
    taps: tuple[int, ...] = (3, 3, 3, 3)
    """Frames each residual convolution sees, per stage from the picture inwards."""
    linear_path: bool = False
    """Adds a linear autoencoder fitted in closed form, around which the convolutions learn what it misses."""


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """The prompt's tokens: a vocabulary of words; words outside it are left out."""

    max_tokens: int = 32
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TransformerConfig:
    """MMDiT-like latent video transformer with separate text and video weights in every block."""

    width: int = 3072
    heads: int = 24
    blocks: int = 36
    text_width: int = 3072
    mlp_ratio: int = 4
    patch: int = 2
    """Latent cells along each side of a token."""
    pyramid: tuple[int, ...] = ()
    """Channels of convolutions around the tokens, from the latent inwards, each level half as fine as the one before;
    empty, as in the paper, for one linear layer. See `nodegraph.generator.pyramid`."""
    pyramid_blocks: int = 2
    window: int = 30
    """Past latent frames a frame attends to, besides the first frame, which is always kept as a sink."""
    prediction: Literal["v", "x0"] = "v"
    """What the network's output layer gives. "v" is the paper's; "x0" gives v = (z - x0) / t, easier at small width."""
    first_frame_steps: int = 0
    """Euler steps that sample the first frame where no image is given; 0 makes it in one pass like every other."""
    first_frame_shift: float = 3.0
    first_frame_guidance: float = 1.5
    place_rays: bool = False
    """Adds the camera's rays in world coordinates to those relative to the previous frame. A small model trained on
    known places then finds its way back to a view that it has left; without them only what the window holds counts."""
    carry: bool = False
    """Moves the recycled frame along the commanded camera and pose before the network sees it, by planes of
    `nodegraph.generator.motion`, and shows the network what the scene memory knows (`nodegraph.generator.memory`). Not
    in the paper: a small model need not learn to resample, only to mend; and what is resampled once, from a remembered
    view, does not blur as what is resampled at every tick."""
    recycle_noise: float = 0.0
    """Deviation of noise added to the recycled frame while streaming. A model trained on disturbed history mends what
    it is given; without disturbance a small one repeats and amplifies its own texture until it covers the picture."""
    input_skip: bool = False
    """Adds a learned linear path from the input patch to the output, which shortens the training of small models."""


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """Everything needed to build a generator. `width` and `height` are in pixels."""

    name: str
    width: int = 736
    height: int = 416
    vae: VAEConfig = field(default_factory=VAEConfig)
    text: TextConfig = field(default_factory=TextConfig)
    transformer: TransformerConfig = field(default_factory=TransformerConfig)
    depth_widths: tuple[int, ...] = ()
    """Channels of the network that says how far away everything in a remembered view is, from the picture inwards; for
    models with `carry`."""

    def __post_init__(self) -> None:
        cell = SPACE_FACTOR * self.transformer.patch
        if self.width % cell or self.height % cell:
            raise NodegraphError(
                "out_of_range",
                f"The size {self.width}x{self.height} does not divide into patches.",
                expected=f"width and height in multiples of {cell}",
                remedy=f"Try {max(self.width // cell, 1) * cell}x{max(self.height // cell, 1) * cell}.",
            )

    @property
    def condition_channels(self) -> int:
        """Planes of one frame's condition: whether the recycled frame is given, camera rays, keypoint heat maps, then
        movement, memory and rays in the world for models that have them."""
        return self.memory_latent.stop + PLACE_CHANNELS * self.transformer.place_rays

    @property
    def motion_planes(self) -> slice:
        """Which planes of the condition say how the picture moves; empty for models without `carry`."""
        start = 1 + CAMERA_CHANNELS + POSE_CHANNELS
        return slice(start, start + MOTION_CHANNELS * self.transformer.carry)

    @property
    def memory_planes(self) -> slice:
        """Which planes say how much the scene memory knows of each cell; zero where it knows nothing."""
        start = self.motion_planes.stop
        return slice(start, start + MEMORY_CHANNELS * self.transformer.carry)

    @property
    def memory_latent(self) -> slice:
        """Which planes hold the latent of what it shows."""
        start = self.memory_planes.stop
        return slice(start, start + self.vae.latent_channels * self.transformer.carry)

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Channels, rows and columns of one latent frame."""
        return self.vae.latent_channels, self.height // SPACE_FACTOR, self.width // SPACE_FACTOR

    @property
    def tokens(self) -> int:
        """Video tokens of one latent frame."""
        _, rows, columns = self.latent_shape
        return rows * columns // self.transformer.patch**2

    def as_dict(self) -> dict[str, Any]:
        """JSON form, saved beside the weights."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> GeneratorConfig:
        """Rebuild from `as_dict`. Raises TypeError on unknown keys."""
        vae: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data["vae"].items()}
        shape = {**data["transformer"], "pyramid": tuple(data["transformer"].get("pyramid", ()))}
        text = {**data["text"], "vocabulary": tuple(data["text"]["vocabulary"])}
        return cls(
            name=data["name"],
            width=data["width"],
            height=data["height"],
            vae=VAEConfig(**vae),
            text=TextConfig(**text),
            transformer=TransformerConfig(**shape),
            depth_widths=tuple(data.get("depth_widths", ())),
        )


def debug() -> GeneratorConfig:
    """Seconds on a CPU; for tests. Weights are seeded noise unless trained."""
    return GeneratorConfig(
        name="debug",
        width=64,
        height=48,
        vae=VAEConfig(
            latent_channels=8,
            patch=4,
            encoder_widths=(16, 24, 32),
            decoder_widths=(16, 24, 32),
            encoder_blocks=1,
            decoder_blocks=1,
            taps=(1, 2, 2),
            linear_path=True,
        ),
        text=TextConfig(max_tokens=16),
        transformer=TransformerConfig(
            width=64,
            heads=2,
            blocks=2,
            text_width=32,
            patch=2,
            pyramid=(24,),
            pyramid_blocks=1,
            window=3,
            prediction="x0",
            input_skip=True,
            first_frame_steps=2,
            place_rays=True,
            carry=True,
        ),
        depth_widths=(16, 24),
    )


def tiny() -> GeneratorConfig:
    """The shipped model: real time on two CPU cores. Tokens of 32 pixels with convolutions around them."""
    return GeneratorConfig(
        name="tiny",
        width=256,
        height=160,
        vae=VAEConfig(
            patch=4,
            encoder_widths=(64, 80, 112),
            decoder_widths=(80, 112, 128),
            encoder_blocks=1,
            decoder_blocks=1,
            taps=(1, 2, 2),
            linear_path=True,
        ),
        text=TextConfig(max_tokens=32),
        transformer=TransformerConfig(
            width=320,
            heads=5,
            blocks=8,
            text_width=128,
            patch=4,
            pyramid=(64, 128),
            pyramid_blocks=2,
            window=6,
            prediction="x0",
            input_skip=True,
            first_frame_steps=20,
            place_rays=True,
            carry=True,
        ),
        depth_widths=(48, 72, 96),
    )


def eight_b() -> GeneratorConfig:
    """The paper's shape: 36 blocks, 8.2 B parameters, 736x416, a window of 30 latent frames (5 s)."""
    return GeneratorConfig(name="8b", text=TextConfig(max_tokens=256))


_PRESETS = {"tiny": tiny, "debug": debug, "8b": eight_b}


def preset(name: str) -> GeneratorConfig:
    """Return the named configuration. Raises `unknown_preset`."""
    if name not in _PRESETS:
        raise NodegraphError(
            "unknown_preset",
            f"There is no model preset {name!r}.",
            got=name,
            expected="one of " + ", ".join(PRESETS),
            remedy="Choose one of the presets in the node's list.",
        )
    return _PRESETS[name]()
