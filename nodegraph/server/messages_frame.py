"""The head of a frame: binary messages carry pictures."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class FrameHeader(TypedDict):
    """JSON part of a binary frame: `u32 4 | u32 length | JSON | image`, big-endian.

    One message per video frame: `index` of `count` in its `tick`. `seq` rises by one per frame of a node's preview,
    with gaps where frames were dropped for this client. The `t_` times are the server's clock, epoch milliseconds:
    the tick's latent was there (`t_generated`), its frames were (`t_decoded`), it was encoded, it was packed.
    """

    node_id: str
    prompt_id: str
    run_id: str
    image_type: str
    tick: int
    index: int
    count: int
    seq: int
    width: int
    height: int
    fps: int
    t_generated: float
    t_decoded: NotRequired[float]
    t_encoded: float
    t_sent: float
