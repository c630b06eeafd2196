"""Decoding with libsndfile, through soundfile."""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
import soundfile

from ._decoder import DamagedError, NotDecodableError, Samples
from ._integrity import Survey
from ._layouts import Layout
from ._ogg import vorbis_order
from ._stream import View

__all__ = ["SoundFileDecoder"]

NO_COUNT: Final = 1 << 62  # libsndfile's SF_COUNT_MAX is 2**63 - 1
INT16 = ("PCM_16", "PCM_S8", "PCM_U8", "ALAC_16")
INT32 = ("PCM_24", "PCM_32", "ALAC_20", "ALAC_24", "ALAC_32")
# Seeking in these lands on the very sample. In MP3 (bit reservoir), Vorbis (up to a page off) and
# Opus (last bits differ) it was measured not to, so they are decoded again from the start.
SEEKABLE = ("PCM_16", "PCM_S8", "PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
PIECE = 8192  # frames; of a lossy file libsndfile may drop a whole read for one error in it
PIECES = 1 << 20
FAILURES = (soundfile.SoundFileError, RuntimeError, OSError, ValueError, TypeError, OverflowError)


class _Handle(soundfile.SoundFile):  # type: ignore[misc]
    """A SoundFile that does not seek to where it stands after every read."""

    def seekable(self) -> bool:
        return False


class SoundFileDecoder:
    """Frames of a file that libsndfile reads; see `Decoder`.

    A chained Ogg file is read link by link.
    """

    def __init__(self, survey: Survey) -> None:
        """Open the file.

        Raises:
            NotDecodableError: libsndfile does not take it.
        """
        self._views = survey.views
        self._handle, self._view = _open(self._views[0]), self._views[0]
        self._next, self._position = 1, 0
        self._at = 0  # frame of the link that is read next
        self._failed: str | None = None
        self.rate_hz = int(self._handle.samplerate)
        self.channels = int(self._handle.channels)
        self.subtype = subtype = str(self._handle.subtype)
        self.frames_there = int(self._handle.frames)  # of the first link
        self._seekable = subtype in SEEKABLE and len(self._views) == 1
        self._at_most = PIECES if subtype in SEEKABLE else PIECE
        self.dtype: np.dtype[Any] = np.dtype(_dtype(subtype))
        self.bits: int | None = _bits(subtype)
        # ALAC, FLAC and all lossy codecs but mu-law and A-law, which are a table.
        self.packed = subtype not in SEEKABLE or str(self._handle.format) == "FLAC"
        counted = self._count() if survey.counted else None
        self.frames = counted if survey.frames is None else survey.frames
        self.exact = True
        self._order, mask = self._channel_order(survey)
        self.layout = Layout.from_wave_mask(mask, self.channels)

    def read(self, frames: int) -> Samples:
        if self._failed is not None:
            raise DamagedError(self._failed)
        data = self._read(frames)
        while not len(data) and self._next < len(self._views):
            self._open_link(self._next)
            data = self._read(frames)
        self._position += len(data)
        return data if self._order is None else np.ascontiguousarray(data[:, self._order])

    def _read(self, frames: int) -> Samples:
        out = np.empty((min(frames, PIECES), self.channels), self.dtype)
        done = 0
        while done < len(out) and self._failed is None:
            wanted = out[done : done + self._at_most]
            got = self._fill(wanted)
            done += got
            if got < len(wanted):
                break
        if self._failed is not None and done == 0:
            raise DamagedError(self._failed)
        return out[:done]

    def _fill(self, out: Samples) -> int:
        """Frames read into `out`; after a failure those before it."""
        try:
            got = int(self._handle.buffer_read_into(out, cast(Any, self.dtype.name)))
        except FAILURES as error:
            self._view.stream.raise_failure()
            self._failed = _reason(error)
            got = int(self._handle.tell()) - self._at
            got = got if 0 < got <= len(out) else 0
        self._view.stream.raise_failure()
        self._at += got
        return got

    def seek(self, frame: int) -> int:
        self._failed = None
        if self._seekable and frame <= self._handle.frames < NO_COUNT:
            try:
                self._position = self._at = int(self._handle.seek(frame))
            except FAILURES:
                self._open_link(0)
        elif frame < self._position:
            self._open_link(0)
        return self._position

    def close(self) -> None:
        self._handle.close()

    def _open_link(self, index: int) -> None:
        self._handle.close()
        self._view = self._views[index]
        try:
            self._handle = _open(self._view)
        except NotDecodableError as error:
            raise DamagedError(f"its Ogg stream number {index + 1} cannot be opened") from error
        self._next, self._at = index + 1, 0
        self._position = 0 if index == 0 else self._position
        if (self._handle.samplerate, self._handle.channels) != (self.rate_hz, self.channels):
            raise self._view.stream.error(
                f"changes from {self.rate_hz} Hz, {self.channels} channels to "
                f"{self._handle.samplerate} Hz, {self._handle.channels} channels midway; split it "
                "and measure the parts"
            )

    def _count(self) -> int | None:
        """Frames of all links together."""
        total = int(self._handle.frames)
        for view in self._views[1:]:
            try:
                handle = _open(view)
            except NotDecodableError:
                return None
            total += int(handle.frames)
            handle.close()
        return total if 0 <= total < NO_COUNT else None

    def _channel_order(self, survey: Survey) -> tuple[list[int] | None, int]:
        if survey.link is None:
            return None, survey.mask
        order, mask = vorbis_order(survey.link, self.channels) or (None, 0)
        return None if order is None else list(order), mask


def _open(view: View) -> _Handle:
    # Reading by itself, libsndfile need not call back into Python for every few kilobytes.
    source = view.source()
    try:
        handle = _Handle(cast(Any, source))
    except FAILURES as error:
        view.stream.raise_failure()
        raise NotDecodableError(_reason(error)) from error
    if handle.channels < 1 or handle.samplerate < 1:
        handle.close()
        raise NotDecodableError("it has no channels or no sample rate")
    return handle


def _dtype(subtype: str) -> str:
    if subtype in INT16:
        return "int16"
    if subtype in INT32:
        return "int32"
    return "float64" if subtype == "DOUBLE" else "float32"


def _bits(subtype: str) -> int | None:
    """The number in "PCM_24", "ALAC_16" or "PCM_S8"."""
    integer = subtype in INT16 or subtype in INT32
    return int(subtype.rpartition("_")[2].lstrip("SU")) if integer else None


def _reason(error: Exception) -> str:
    return str(getattr(error, "error_string", error)).strip().rstrip(".") or type(error).__name__
