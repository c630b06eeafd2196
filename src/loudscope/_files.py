"""Reading audio files: `open_audio` and the `AudioFile` it returns.

libsndfile reads first; what it does not know is left to FFmpeg's libraries where PyAV is installed.
No format is taken from a file's name, and no buffer is sized by what a header declares.
"""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

import numpy as np

from ._decoder import DamagedError, Decoder, NotDecodableError, Samples
from ._errors import FileError, InvalidArgument, MissingExtra, TruncatedFile, UnknownFormat
from ._integrity import Survey, survey
from ._layouts import Layout
from ._stream import BinaryFile, ByteStream, open_stream

__all__ = ["AudioFile", "open_audio"]

PIECE = 1 << 20  # values decoded at a time
INSTALL = "pip install 'loudscope[decode]'"


class AudioFile:
    """An audio file, read frame by frame; a context manager.

    Attributes:
        rate_hz: Sample rate.
        channels: Number of channels.
        frames: Frames per channel that the container promises, None where it does not say. Of
            the formats that need PyAV it is the nominal length: a codec's delay and padding, or
            a longer video track, may make a difference.
        layout: What the channels are, None where the file does not say.
        dtype: int16 (up to 16 bits), int32 (up to 32 bits, left-justified), float64 (double) or
            float32 (float and every lossy codec; values above full scale survive).
        bits: Bits of each integer sample, where the container says so; None otherwise.
        packed: The samples are compressed, so that decoding takes longer than measuring.
        truncated: True once the end came early under ``partial="accept"``.
        name: Last part of the path, or the open file's name.
    """

    def __init__(
        self, stream: ByteStream, decoder: Decoder, shortfall: str | None, accept: bool
    ) -> None:
        self._stream = stream
        self._decoder = decoder
        self._shortfall = shortfall
        self._accept = accept
        self._position = 0
        self._ended = False
        self._closed = False
        self.truncated = False
        self.name = stream.name
        self.rate_hz: int = decoder.rate_hz
        self.channels: int = decoder.channels
        self.frames: int | None = decoder.frames
        self.layout: Layout | None = decoder.layout
        self.dtype: np.dtype[Any] = decoder.dtype
        self.bits: int | None = decoder.bits
        self.packed: bool = decoder.packed

    def read(self, frames: int) -> Samples:
        """Read the next frames.

        Args:
            frames: How many, at least 0.

        Returns:
            Shape (n, channels), C-contiguous, of `dtype`; n < `frames` only at the end.

        Raises:
            InvalidArgument: `frames` is negative.
            TruncatedFile: The audio ends early or cannot be decoded, unless ``partial="accept"``.
            FileError: The file is closed or cannot be read.
        """
        if frames < 0:
            raise InvalidArgument(f"frames: {frames} is negative; give 0 or more")
        if self._closed:
            raise self._stream.error("is closed; open it again")
        pieces: list[Samples] = []
        while frames > 0 and not self._ended:
            piece = self._piece(min(frames, max(1, PIECE // self.channels)))
            if len(piece):
                pieces.append(piece)
                frames -= len(piece)
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces) if pieces else np.empty((0, self.channels), self.dtype)

    def seek(self, frame: int) -> None:
        """Go to a frame, exactly; one past the end is the end.

        Where a codec cannot seek to the sample, the file is decoded up to there.

        Raises:
            InvalidArgument: `frame` is negative.
            TruncatedFile, FileError: As in `read`.
        """
        if frame < 0:
            raise InvalidArgument(f"frame: {frame} is negative; give 0 or more")
        if self._closed:
            raise self._stream.error("is closed; open it again")
        self._ended = False
        try:
            self._position = self._decoder.seek(frame)
        except (DamagedError, NotDecodableError) as error:
            self._end(str(error))
        while self._position < frame and not self._ended:
            self._piece(min(frame - self._position, max(1, PIECE // self.channels)))

    def close(self) -> None:
        """Close the file; an open file that was given stays open for its owner."""
        if not self._closed:
            self._closed = True
            self._decoder.close()
            self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _piece(self, frames: int) -> Samples:
        try:
            data = self._decoder.read(frames)
        except DamagedError as error:
            data = np.empty((0, self.channels), self.dtype)
            self._end(str(error))
        else:
            if not len(data):
                self._end(None)
        self._position += len(data)
        return data

    def _end(self, damage: str | None) -> None:
        """The decoder gives no more: is this the end that the container promises?"""
        self._ended = True
        promised = self._decoder.frames if self._decoder.exact else None
        if promised is not None and self._position >= promised:
            damage = None  # what stands behind the last frame is no matter
        elif damage is None and promised is not None:
            damage = f"{promised} frames are promised"
        damage = damage or self._shortfall
        if damage is None:
            return
        self.truncated = self._accept
        if not self._accept:
            raise _truncated(self._stream, f"ends after {self._position} frames: {damage}")


def open_audio(
    source: str | os.PathLike[str] | BinaryIO | BinaryFile,
    *,
    partial: Literal["raise", "accept"] = "raise",
) -> AudioFile:
    """Open an audio file for reading.

    Args:
        source: Path, or binary file with read, seek and tell. An open file is read from its
            first byte, wherever it stands, and stays open.
        partial: What to do with a file that is cut short or damaged: ``"raise"``, or ``"accept"``
            to read what is there and set `AudioFile.truncated`.

    Raises:
        UnsupportedType: `source` is of another type.
        InvalidArgument: `partial` is neither of the two.
        FileError: The file cannot be opened or read, or it changes rate or channels midway.
        UnknownFormat: It is not audio that the installed decoders know.
        TruncatedFile: It holds less than its container promises.
        MissingExtra: The package soundfile, or the library it brings, cannot be loaded.
    """
    if partial not in ("raise", "accept"):
        raise InvalidArgument(f"partial: {partial!r} is unknown; give 'raise' or 'accept'")
    stream = open_stream(source)
    try:
        return _open(stream, partial == "accept")
    except BaseException:
        stream.close()
        raise


def _open(stream: ByteStream, accept: bool) -> AudioFile:
    if stream.size == 0:
        raise stream.error("is empty; give a file with audio in it", UnknownFormat)
    found = survey(stream)
    if found.change is not None:
        raise stream.error(f"{found.change}; split it and measure the parts")
    if found.shortfall is not None and not accept:
        raise _truncated(stream, found.shortfall)
    reasons: list[str] = []
    shortfall = found.shortfall
    decoders = (_soundfile_decoder, _pyav_decoder) if found.native else (_pyav_decoder,)
    for open_decoder in decoders:
        try:
            return AudioFile(stream, open_decoder(found), found.shortfall, accept)
        except NotDecodableError as error:
            reasons.append(str(error))
        except DamagedError as error:
            shortfall = shortfall or str(error)
    raise _not_opened(stream, found.kind, shortfall, reasons)


def _soundfile_decoder(found: Survey) -> Decoder:
    try:
        from ._pcm import PcmDecoder
        from ._soundfile import SoundFileDecoder
    except (ImportError, OSError) as error:  # OSError: the package without its library
        raise MissingExtra(
            f"soundfile cannot be loaded ({error}); pip install soundfile"
        ) from error
    decoder = SoundFileDecoder(found)
    stream = found.views[0].stream
    if found.wave is not None and PcmDecoder.reads(decoder, stream, found.wave):
        return PcmDecoder(decoder, stream, found.wave)
    return decoder


def _pyav_decoder(found: Survey) -> Decoder:
    try:
        from ._pyav import PyAVDecoder
    except ImportError as error:
        raise NotDecodableError(
            f"m4a, AAC, ALAC, WMA, AC-3, WebM and video need PyAV: {INSTALL}"
        ) from error
    return PyAVDecoder(found.views[0])


def _truncated(stream: ByteStream, reason: str) -> FileError:
    return stream.error(
        f"is cut short or damaged: {reason}; get a whole copy, or pass partial='accept' to measure "
        "what is there",
        TruncatedFile,
    )


def _not_opened(
    stream: ByteStream, kind: str | None, shortfall: str | None, reasons: list[str]
) -> FileError:
    why = f" ({'; '.join(dict.fromkeys(reasons))})" if reasons else ""
    if shortfall is not None:
        return stream.error(
            f"is cut short or damaged: {shortfall}, and nothing of it can be decoded{why}; get a "
            "whole copy",
            TruncatedFile,
        )
    what = f"a {kind} file" if kind else "not a kind of file that is known here"
    return stream.error(
        f"is {what}; it cannot be read as audio{why}; check that it is an audio file",
        UnknownFormat,
    )
