"""Bits used: what the low bits of integer samples hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._audio import Samples

__all__ = ["Bits", "BitsUsed"]

COMMON_DEPTHS = (8, 12, 16, 20, 24)


@dataclass(frozen=True, slots=True)
class Bits:
    """Bits of integer PCM; exact.

    Attributes:
        container: Bits of each sample as the file has it. Where it does not say, as an array does
            not, 32-bit samples whose lowest eight bits are never set count as 24.
        used: Bits down to the lowest that is ever set; 0 for digital silence.
        padded_from: The common depth (8, 12, 16, 20 or 24) that the audio fits into, where that is
            less than `container`: 16 for 16-bit audio in a 24-bit file. None otherwise.
    """

    container: int
    used: int
    padded_from: int | None


class BitsUsed:
    """Collects the bits of integer samples; it takes them as the decoder gives them."""

    def __init__(self, bits: int | None) -> None:
        self.declared = bits
        self.width = 0  # of the samples in memory; 0: they are no integers
        self.seen = 0

    def feed(self, samples: Samples) -> None:
        """Takes samples as they are, of any shape."""
        if samples.dtype.kind != "i" or samples.size == 0:
            return
        self.width = 8 * samples.itemsize
        if not self._lowest_seen():
            self.seen |= int(np.bitwise_or.reduce(samples, axis=None))

    def _lowest_seen(self) -> bool:
        lowest = self.width - (self.declared or self.width)
        return bool(self.seen & ((2 << lowest) - 1))

    def finish(self) -> Bits | None:
        """What was seen; None if the samples are no integers."""
        if self.width == 0:
            return None
        used = 0 if self.seen == 0 else self.width - ((self.seen & -self.seen).bit_length() - 1)
        container = self.declared or (24 if self.width == 32 and used <= 24 else self.width)
        fitting = next((depth for depth in COMMON_DEPTHS if used <= depth), container)
        return Bits(container, used, fitting if used > 0 and fitting < container else None)
