"""Preview frames as binary messages: encoded once, packed once, sent to every viewer.

With metadata: `u32 4 | u32 length | JSON (FrameHeader) | image`. Without: ComfyUI's older `u32 1 | u32 format | image`.
All integers are big-endian.
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass, field

from nodegraph.media.images import encode_image
from nodegraph.server.answers import compact
from nodegraph.server.messages import FrameHeader
from nodegraph.values import Frames

EVENT_PREVIEW = 1
EVENT_PREVIEW_WITH_METADATA = 4
LEGACY_FORMATS = {"jpeg": 1, "png": 2}
"""ComfyUI numbers only these two; its clients look at the bytes, so WebP goes under the first."""

StreamKey = tuple[str, str]
"""Run id and node id: one preview node of one run."""


def epoch_ms() -> float:
    """Return the time as epoch milliseconds with fractions."""
    return time.time_ns() / 1e6


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Frames that a node showed, not yet encoded."""

    frames: Frames
    format: str
    quality: int
    t_generated: float
    t_decoded: float


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """An offer's images, one per video frame; `encode_ms` is the time they took together."""

    offer: Offer
    images: tuple[bytes, ...]
    t_encoded: float
    encode_ms: float


def encode(offer: Offer) -> Encoded:
    """Encode every frame of an offer; blocking, for a worker thread.

    Raises:
        NodegraphError: out_of_range for an unknown format or quality.
    """
    start = time.perf_counter()
    images = tuple(encode_image(pixels, offer.format, offer.quality) for pixels in offer.frames.pixels)
    encode_ms = (time.perf_counter() - start) * 1000
    return Encoded(offer=offer, images=images, t_encoded=epoch_ms(), encode_ms=encode_ms)


@dataclass(frozen=True)
class Stamps:
    """When the stages of a tick's picture were done, and when its frame went to a client's socket."""

    tick: int
    t_generated: float
    t_decoded: float
    t_encoded: float
    t_sent: float


@dataclass(kw_only=True)
class Tick:
    """The messages of one tick, ready to send; made when the first client needs them."""

    key: StreamKey
    seqs: range
    encoded: Encoded
    _with_metadata: tuple[bytes, ...] = field(default=(), repr=False)
    _plain: tuple[bytes, ...] = field(default=(), repr=False)

    def messages(self, *, metadata: bool) -> tuple[bytes, ...]:
        """Return one binary message per video frame."""
        if metadata:
            self._with_metadata = self._with_metadata or self._pack_with_metadata()
            return self._with_metadata
        self._plain = self._plain or self._pack_plain()
        return self._plain

    def stamps(self, t_sent: float) -> Stamps:
        """Return the stamps of a frame that goes to a socket now."""
        offer = self.encoded.offer
        return Stamps(offer.frames.tick, offer.t_generated, offer.t_decoded, self.encoded.t_encoded, t_sent)

    def _pack_plain(self) -> tuple[bytes, ...]:
        prefix = struct.pack(">II", EVENT_PREVIEW, LEGACY_FORMATS.get(self.encoded.offer.format, 1))
        return tuple(prefix + image for image in self.encoded.images)

    def _pack_with_metadata(self) -> tuple[bytes, ...]:
        run_id, node_id = self.key
        offer, frames = self.encoded.offer, self.encoded.offer.frames
        count, height, width = frames.pixels.shape[:3]
        packed = []
        for index, (seq, image) in enumerate(zip(self.seqs, self.encoded.images, strict=True)):
            header = FrameHeader(
                node_id=node_id,
                prompt_id=run_id,
                run_id=run_id,
                image_type=f"image/{offer.format}",
                tick=frames.tick,
                index=index,
                count=count,
                seq=seq,
                width=width,
                height=height,
                fps=frames.fps,
                t_generated=offer.t_generated,
                t_decoded=offer.t_decoded,
                t_encoded=self.encoded.t_encoded,
                t_sent=epoch_ms(),
            )
            text = compact(header).encode()
            packed.append(struct.pack(">II", EVENT_PREVIEW_WITH_METADATA, len(text)) + text + image)
        return tuple(packed)
