"""What the reading of audio files asks of a decoder."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._layouts import Layout

__all__ = ["DamagedError", "Decoder", "NotDecodableError", "Samples"]

Samples: TypeAlias = NDArray[Any]  # int16, int32, float32 or float64


class DamagedError(Exception):
    """The audio cannot be decoded any further."""


class NotDecodableError(Exception):
    """The decoder does not know the format, or finds no audio that it can decode."""


class Decoder(Protocol):
    """A source of frames, read from the start on.

    Attributes:
        rate_hz: Sample rate.
        channels: Number of channels.
        frames: Frames per channel, None where unknown.
        exact: Fewer frames than `frames` are a defect.
        layout: What the channels are, None where the file does not say.
        dtype: Type of the samples.
        bits: Bits of each integer sample, None where unknown or for floats.
        packed: Decoding takes a core for longer than measuring does: samples are compressed.
    """

    rate_hz: int
    channels: int
    frames: int | None
    exact: bool
    layout: Layout | None
    dtype: np.dtype[Any]
    bits: int | None
    packed: bool

    def read(self, frames: int) -> Samples:
        """Next frames, shape (n, channels) with n <= `frames`; n == 0 only at the end.

        Raises:
            DamagedError: No more can be decoded, though this is not the end.
        """
        ...

    def seek(self, frame: int) -> int:
        """Go to `frame`, or to a frame before it.

        Returns:
            The frame that the next read begins with.
        """
        ...

    def close(self) -> None:
        """Let go of the decoder; the file stays open."""
        ...
