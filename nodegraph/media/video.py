"""Films to and from files through FFmpeg's libraries. Arrays are uint8 [T, H, W, 3], sRGB, 24 frames a second.

Files are H.264 in MP4, or VP9 or AV1 in WebM: 8-bit 4:2:0 in BT.709, which every browser plays. The thread count
is fixed, because encoders may cut a picture by threads: equal frames in give equal frames out, run after run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.media.disk import named_disk_errors
from nodegraph.values import FPS

__all__ = ["VIDEO_FORMATS", "VideoFormat", "VideoWriter", "read_frames", "read_video_metadata"]

os.environ.setdefault("SVT_LOG", "1")  # errors only: the AV1 encoder otherwise writes a page to the terminal per film

_ENCODER_THREADS = 2
_BT709 = 1
_LIMITED_RANGE = 1


@dataclass(frozen=True, kw_only=True)
class VideoFormat:
    """One way to write films: file suffix, HTTP type, FFmpeg's muxer and encoder, and their options."""

    suffix: str
    media_type: str
    muxer: str
    muxer_options: dict[str, str]
    codec: str
    codec_options: dict[str, str]
    default_crf: int


VIDEO_FORMATS: dict[str, VideoFormat] = {
    "mp4": VideoFormat(
        suffix=".mp4",
        media_type="video/mp4",
        muxer="mp4",
        # faststart: playable before it is wholly loaded; use_metadata_tags: keep our own keys
        muxer_options={"movflags": "faststart+use_metadata_tags"},
        codec="libx264",
        # x264's macroblock tree reads memory it never wrote: with it, equal frames gave 17 different films in 25 runs
        # at 160x96, without it one
        codec_options={"preset": "medium", "x264-params": "mbtree=0"},
        default_crf=18,
    ),
    "webm_vp9": VideoFormat(
        suffix=".webm",
        media_type="video/webm",
        muxer="webm",
        muxer_options={},
        codec="libvpx-vp9",
        codec_options={"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"},
        default_crf=28,
    ),
    "webm_av1": VideoFormat(
        suffix=".webm",
        media_type="video/webm",
        muxer="webm",
        muxer_options={},
        codec="libsvtav1",
        codec_options={"preset": "8", "svtav1-params": f"lp={_ENCODER_THREADS}"},
        default_crf=30,
    ),
}


class VideoWriter:
    """Writes one film, frame by frame; memory does not grow with its length.

    Use as a context manager: leaving it, also by an error, finishes the file with the frames written so far.

    Args:
        path: file to write; it is overwritten.
        format: a key of `VIDEO_FORMATS`.
        width, height: of every frame, pixels. An odd side is made even by repeating its last row or column.
        crf: constant quality, 0 (best) to 63 (51 for mp4); None for the format's default.
        metadata: texts stored in the file's tags, such as "workflow".

    Raises:
        NodegraphError: disk_full when the disk has no room, here or from `write` and `close`.
    """

    def __init__(
        self,
        path: Path,
        *,
        format: str,
        width: int,
        height: int,
        crf: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        kind = VIDEO_FORMATS[format]
        self.frames = 0
        self._shape = (height, width, 3)
        self._closed = False
        with named_disk_errors():
            self._container = av.open(str(path), "w", format=kind.muxer, options=kind.muxer_options)
        self._container.metadata.update(dict(metadata or {}))
        quality = str(kind.default_crf if crf is None else crf)
        stream = self._container.add_stream(kind.codec, rate=FPS, options={**kind.codec_options, "crf": quality})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, FPS)
        context.thread_count = _ENCODER_THREADS
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        self._stream = stream

    def write(self, pixels: NDArray[np.uint8]) -> None:
        """Append frames, uint8 [T, H, W, 3] of the film's size."""
        assert pixels.shape[1:] == self._shape, (pixels.shape, self._shape)
        pad = [(0, 0), (0, pixels.shape[1] % 2), (0, pixels.shape[2] % 2), (0, 0)]
        for picture in np.pad(pixels, pad, mode="edge") if pixels.shape[1] % 2 or pixels.shape[2] % 2 else pixels:
            rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame = rgb.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
            frame.pts, frame.time_base = self.frames, Fraction(1, FPS)
            self._mux(frame)
            self.frames += 1

    def close(self) -> None:
        """Flush the encoder and finish the file; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._mux(None)
        finally:
            with named_disk_errors():
                self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        with named_disk_errors():
            self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


def read_frames(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Yield a film's frames in order, each uint8 [H, W, 3].

    Raises:
        NodegraphError: bad_file when the file is no MP4 or WebM, or breaks off.
    """
    with _opened(path) as container:
        try:
            for frame in container.decode(video=0):
                yield frame.to_ndarray(format="rgb24")
        except (av.FFmpegError, IndexError) as error:
            raise _not_a_film(type(error).__name__) from error


def read_frames_at(path: Path, fps: float) -> Iterator[NDArray[np.uint8]]:
    """Yield a film's picture at every 1 / fps seconds from its first on, each uint8 [H, W, 3].

    A picture that stays longer comes again; those between two moments are left out.

    Raises:
        NodegraphError: bad_file when the file is no MP4 or WebM, or breaks off.
    """
    with _opened(path) as container:
        given = container.streams.video[0].average_rate if container.streams.video else None
    step = fps / float(given) if given else 1.0
    due = 0
    for index, picture in enumerate(read_frames(path)):
        while due < (index + 1) * step - 1e-6:
            yield picture
            due += 1


def read_video_metadata(path: Path) -> dict[str, str]:
    """Return the texts in a film's tags by lower-case key (WebM spells them in capitals).

    Raises:
        NodegraphError: bad_file when the file is no MP4 or WebM.
    """
    with _opened(path) as container:
        return {key.lower(): value for key, value in container.metadata.items()}


def _opened(path: Path) -> Any:
    """Open by the file's own first bytes: FFmpeg's guessing would follow playlists to other files."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        muxer = "mp4"
    elif head[:4] == b"\x1a\x45\xdf\xa3":
        muxer = "matroska"
    else:
        raise _not_a_film(repr(head[:8]))
    try:
        return av.open(str(path), format=muxer)
    except av.FFmpegError as error:
        raise _not_a_film(type(error).__name__) from error


def _not_a_film(got: str) -> NodegraphError:
    return NodegraphError(
        "bad_file",
        "The file is not a film that can be read.",
        got=got,
        expected="MP4 or WebM",
        remedy="Render it again.",
    )
