"""Decoding with FFmpeg's libraries, through PyAV (the extra ``loudscope[decode]``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from ._decoder import DamagedError, NotDecodableError, Samples
from ._errors import LayoutError
from ._layouts import Layout
from ._stream import View

__all__ = ["PyAVDecoder"]

# No playlist, no concat script, no image sequence: nothing that makes FFmpeg open another file.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dtshd,eac3,flac,flv,loas,matroska,mlp,mov,mp3,mpc,"
    "mpc8,mpeg,mpegts,ogg,oma,rm,tak,truehd,tta,w64,wav,webm,wv"
)
# "none" is no protocol: the bytes come from the open file and from nowhere else.
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
# Text in a file that is no UTF-8 is no reason to refuse it; from PyAV 19 on it never is.
LENIENT: dict[str, Any] = (
    {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "ignore"}
)
# The samples as they were coded: neither the dynamic range control of AC-3 nor its dialnorm.
CODEC_OPTIONS = {"ac3": {"drc_scale": "0"}, "eac3": {"drc_scale": "0"}}
FAILURES = (
    FFmpegError, OSError, ValueError, TypeError, RuntimeError, LookupError, OverflowError,
    EOFError, MemoryError, NotImplementedError,
)  # fmt: skip
DTYPES = {"u8": "int16", "s16": "int16", "s32": "int32", "flt": "float32",
          "dbl": "float64"}  # fmt: skip
LOSSLESS = ("ape", "flac", "tak", "tta", "wavpack")
COUNTED = ("ape", "ogg", "tak", "tta", "wv")  # containers that tell the number of sample frames
GUESSED = (
    "aac",
    "ac3",
    "amr",
    "dts",
    "dtshd",
    "eac3",
    "loas",
    "mlp",
    "mp3",
    "mpeg",
    "mpegts",
    "truehd",
)
# FFmpeg's names of the channels in the order of the bits of WAVE's dwChannelMask.
MASK_NAMES = (
    "FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR",
    "TC", "TFL", "TFC", "TFR", "TBL", "TBC", "TBR",
)  # fmt: skip


@cache
def _audio_codecs() -> str:
    """All decoders of audio: FFmpeg shall not try those of video, which are large, on any file."""
    found: set[str] = set()
    for name in av.codecs_available:
        with suppress(ValueError):  # there is an encoder alone
            codec = av.Codec(name, "r")
            if codec.type == "audio":
                found.add(codec.name)
    return ",".join(sorted(found))


class PyAVDecoder:
    """Frames of the default audio stream of a file; see `Decoder`.

    Time stamps are left alone: what is measured are the samples, one after the other.
    """

    def __init__(self, view: View) -> None:
        """Open the file and decode its first frame, which alone tells the true rate and type.

        Raises:
            NotDecodableError: FFmpeg does not know the format or finds no audio in it.
            DamagedError: Not even one frame can be decoded.
        """
        self._view = view
        self._start()
        first = self._next_frame()
        if first is None:
            raise NotDecodableError("its audio stream is empty or cannot be decoded")
        self.rate_hz = first.sample_rate
        self.channels = first.layout.nb_channels
        self._format = first.format.packed.name
        if self._format not in DTYPES or self.channels < 1 or self.rate_hz < 1:
            raise NotDecodableError(f"its samples of type {self._format!r} cannot be used")
        self.dtype: np.dtype[Any] = np.dtype(DTYPES[self._format])
        self.packed = True
        self.bits: int | None = None  # FFmpeg tells those of its buffers, not of the file
        self.layout = _layout(first)
        self.frames = _declared_frames(self._container, self._stream, self.rate_hz)
        lossless = self._stream.codec_context.name in LOSSLESS
        # The edit lists of MP4 may leave frames out, and the boxes of MP4 are checked already.
        self.exact = lossless and self._container.format.name in COUNTED
        self._left = self._samples(first)

    def read(self, frames: int) -> Samples:
        while not len(self._left):
            frame = self._next_frame()
            if frame is None:
                break
            self._left = self._samples(frame)
        data, self._left = self._left[:frames], self._left[frames:]
        self._position += len(data)
        return data

    def seek(self, frame: int) -> int:
        if frame < self._position:
            self.close()
            self._start()
            self._left = self._empty()
        return self._position

    def close(self) -> None:
        self._container.close()

    def _start(self) -> None:
        self._view.seek(0)
        options = {**OPTIONS, "codec_whitelist": _audio_codecs()}
        try:
            self._container: InputContainer = av.open(self._view, "r", options=options, **LENIENT)
        except FAILURES as error:
            self._view.stream.raise_failure()
            raise NotDecodableError(_reason(error)) from error
        self._stream = self._choose()
        name = self._stream.codec_context.name
        self._stream.codec_context.options = CODEC_OPTIONS.get(name, {})
        self._frames = self._decode()
        self._position = 0

    def _choose(self) -> AudioStream:
        streams = self._container.streams.audio
        best = self._container.streams.best("audio")
        if not isinstance(best, AudioStream):
            raise NotDecodableError("it holds no audio stream")
        if any(getattr(stream, "codec_context", None) is None for stream in streams):
            raise NotDecodableError("the codec of an audio stream is not known to FFmpeg")
        if len(streams) > 1 and all(stream.channels == 1 for stream in streams):
            raise NotDecodableError(
                f"it holds {len(streams)} mono streams and does not say how they belong together; "
                "join them into one stream first"
            )
        return best

    def _decode(self) -> Iterator[AudioFrame]:
        for packet in self._container.demux(self._stream):
            if packet.is_corrupt:
                raise DamagedError("a packet of audio is cut off or corrupt")
            yield from packet.decode()

    def _next_frame(self) -> AudioFrame | None:
        try:
            frame = next(self._frames, None)
            while frame is not None and frame.samples < 1:
                frame = next(self._frames, None)
        except (DamagedError, *FAILURES) as error:
            self._view.stream.raise_failure()
            raise DamagedError(_reason(error)) from error
        self._view.stream.raise_failure()
        return frame

    def _samples(self, frame: AudioFrame) -> Samples:
        """The frame as (frames, channels), C-contiguous, in the dtype of the file."""
        found = (frame.sample_rate, frame.layout.nb_channels, frame.format.packed.name)
        if found != (self.rate_hz, self.channels, self._format):
            raise self._view.stream.error(
                f"changes from {self.rate_hz} Hz, {self.channels} channels, {self._format} to "
                f"{found[0]} Hz, {found[1]} channels, {found[2]} midway; split it and measure the "
                "parts"
            )
        data = frame.to_ndarray()
        data = data.T if frame.format.is_planar else data.reshape(-1, self.channels)
        if self._format == "u8":
            data = (data.astype(np.int16) - 128) << 8
        return np.ascontiguousarray(data, self.dtype)

    def _empty(self) -> Samples:
        return np.empty((0, self.channels), self.dtype)


def _declared_frames(container: InputContainer, stream: AudioStream, rate_hz: int) -> int | None:
    """Length by the header, None where FFmpeg would guess it from the bit rate.

    The stream's own length, else the container's; the decoder may add its delay and padding.
    """
    if container.format.name in GUESSED:
        return None
    if stream.duration and stream.time_base:
        return max(0, round(stream.duration * stream.time_base * rate_hz))
    return max(0, round(container.duration / 1e6 * rate_hz)) if container.duration else None


def _layout(frame: AudioFrame) -> Layout | None:
    names = [channel.name for channel in frame.layout.channels]
    bits = [MASK_NAMES.index(name) for name in names if name in MASK_NAMES]
    if len(bits) != len(names) or bits != sorted(set(bits)):
        return None  # FFmpeg's other positions have no place in a WAVE mask
    try:
        return Layout.from_wave_mask(sum(1 << bit for bit in bits), len(names))
    except LayoutError:
        return None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
