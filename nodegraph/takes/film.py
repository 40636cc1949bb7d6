"""The film of a take: H.264 in an MPEG transport stream, written so that a kill loses nothing that was committed.

Every tick begins with a key frame and with the stream's tables, and every packet goes to the file as soon as it is
encoded. So the bytes of a tick play by themselves, a film may be cut at any tick's end, and two films of one size may
be joined by putting one after the other. Time stamps are 90 kHz, frame n at n * 3750.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.media.disk import named_disk_errors
from nodegraph.values import FPS, FRAMES_PER_TICK

__all__ = ["FilmPart", "FilmWriter", "film_name", "frames_of", "join_film"]

TIME_BASE = Fraction(1, 90_000)
FRAME_UNITS = 90_000 // FPS
CRF = 19
"""Looks lossless at this size; the latents and the log give the exact frames again."""

_MUXER = {"mpegts_copyts": "1", "mpegts_flags": "pat_pmt_at_frames", "flush_packets": "1"}
_ENCODER = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "crf": str(CRF),
    # A key frame opens every tick and nothing looks beyond it; mbtree needs frames ahead, which there are none of.
    "x264-params": "keyint=infinite:scenecut=0:mbtree=0:repeat-headers=1:annexb=1",
}
_BT709 = 1
_LIMITED_RANGE = 1


@dataclass(frozen=True)
class FilmPart:
    """Where a tick stands: `segment` counts files, `start` and `end` are bytes in it."""

    segment: int
    start: int
    end: int


def film_name(segment: int) -> str:
    """Return the file name of a segment."""
    return f"video-{segment:03}.ts"


class _Appending(io.RawIOBase):
    """A file for FFmpeg to write to, which knows its length. Not seekable, so nothing written is ever changed.

    An error waits for `check`, because it must not pass through FFmpeg's own code; nothing is written after it.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._error: OSError | None = None
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        try:
            while view and self._error is None:
                written = self._file.write(view)
                self.size += written
                view = view[written:]
        except OSError as error:
            self._error = error
        return len(data)

    def check(self) -> None:
        if self._error is not None:
            raise self._error

    def sync(self) -> None:
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
        super().close()


class FilmWriter:
    """Writes one segment: all frames of one size, tick by tick.

    Args:
        path: overwritten.
        segment: its number, for the parts that `write` returns.
        width, height: of every frame in pixels. An odd side is made even by repeating its last row or column.

    Raises:
        NodegraphError: disk_full, here and from `write`.
    """

    def __init__(self, path: Path, segment: int, *, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._segment = segment
        with named_disk_errors():
            self._file = _Appending(path)
        self._container = av.open(cast(Any, self._file), "w", format="mpegts", options=_MUXER)
        stream = self._container.add_stream("libx264", rate=FPS, options=_ENCODER)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, FPS)
        context.thread_count = 1
        context.max_b_frames = 0
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        self._stream = stream

    def write(self, tick: int, pixels: NDArray[np.uint8]) -> FilmPart:
        """Append a tick's frames, uint8 [T, H, W, 3]; all of it is with the operating system when this returns."""
        start = self._file.size
        first = frame_number(tick, 0, len(pixels))
        height, width = pixels.shape[1:3]
        if height % 2 or width % 2:
            pixels = np.pad(pixels, [(0, 0), (0, height % 2), (0, width % 2), (0, 0)], mode="edge")
        for index, picture in enumerate(pixels):
            rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame = rgb.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
            frame.pts, frame.time_base = first + index, Fraction(1, FPS)
            if index == 0:
                frame.pict_type = av.video.frame.PictureType.I
            self._container.mux(self._stream.encode(frame))
        with named_disk_errors():
            self._file.check()
        return FilmPart(self._segment, start, self._file.size)

    def sync(self) -> None:
        """Put what was written on the disk."""
        with named_disk_errors():
            self._file.sync()

    def close(self) -> None:
        """Finish the segment; the encoder holds nothing back."""
        with named_disk_errors():
            self._container.close()
            self._file.close()


def frame_number(tick: int, index: int, count: int) -> int:
    """Return the number of a tick's frame in the video: tick 0 has video frame 0, tick t ends with frame 4 t."""
    return FRAMES_PER_TICK * tick - count + 1 + index


def frames_of(path: Path, part: FilmPart) -> list[NDArray[np.uint8]]:
    """Return the frames of one tick, each uint8 [H, W, 3].

    Raises:
        NodegraphError: bad_file where the film does not hold them.
    """
    with path.open("rb") as file:
        file.seek(part.start)
        data = file.read(part.end - part.start)
    try:
        with _opened(io.BytesIO(data)) as container:
            return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    except (av.FFmpegError, IndexError) as error:
        raise _torn(path, type(error).__name__) from error


def join_film(sources: Sequence[tuple[Path, int, int]], target: Path, metadata: dict[str, str]) -> int:
    """Write an MP4 from parts of segments without encoding again; return how many frames it has.

    Args:
        sources: (path, first byte, end byte) of equal size in pixels, in order.
        target: overwritten; playable before it is wholly loaded.
        metadata: texts stored in the file's tags.

    Raises:
        NodegraphError: bad_file; disk_full.
    """
    count = 0
    options = {"movflags": "faststart+use_metadata_tags"}
    with named_disk_errors(), av.open(str(target), "w", format="mp4", options=options) as output:
        output.metadata.update(metadata)
        stream: Any = None
        first = 0
        for packet, template in _packets(sources):
            if stream is None:
                stream = output.add_stream_from_template(template)
                first = packet.dts
            packet.pts -= first
            packet.dts -= first
            packet.stream = stream
            output.mux(packet)
            count += 1
    return count


def _packets(sources: Sequence[tuple[Path, int, int]]) -> Iterator[tuple[Any, Any]]:
    for path, start, end in sources:
        with path.open("rb") as file:
            file.seek(start)
            data = io.BytesIO(file.read(end - start))
        try:
            with _opened(data) as container:
                template = container.streams.video[0]
                for packet in container.demux(template):
                    if packet.dts is not None:
                        yield packet, template
        except (av.FFmpegError, IndexError) as error:
            raise _torn(path, type(error).__name__) from error


def _opened(data: io.BytesIO) -> Any:
    return av.open(data, "r", format="mpegts")


def _torn(path: Path, got: str) -> NodegraphError:
    return NodegraphError(
        "bad_file", f"The film {path.name} cannot be read there.", got=got, remedy="Replay the take to make it again."
    )
