"""Where left and right are at the same time: a histogram of side against mid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .._layouts import Layout
from .._measure import measure
from .._request import Request
from ..typing import LayoutLike, Progress, Source
from ._collector import Chunk
from ._single import Single

__all__ = ["Goniometer", "goniometer"]

BINS = 256  # a side; the sound spans more than half of them
SMALLEST = 2.0**-20  # half a side of the first grid: below the last place of 16 bits


@dataclass(frozen=True, eq=False, slots=True)
class Goniometer:
    """How often front left and right stood where, as a goniometer shows it.

    Attributes:
        counts: (256, 256) samples by mid, from low to high, and side, from left to right.
        extent: Half a side of the square that `counts` covers, full scale 1.0: mid and side run
            from `-extent` to it.
        samples: Pairs of samples in all; those at exact digital silence are not in `counts`.
    """

    counts: NDArray[np.int64]
    extent: float
    samples: int


class _Density:
    """A collector of the histogram. Its grid doubles when the sound outgrows it.

    Four bins become one then, so the counts are those of the last grid from the start.
    """

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        del rate_hz
        self.pair = layout.front_pair
        self.extent = SMALLEST
        self.counts = np.zeros((BINS, BINS), np.int64)

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next frames."""
        del first_frame
        if self.pair is None:
            return
        left, right = (chunk[:, channel].astype(np.float64) for channel in self.pair)
        sounding = (left != 0.0) | (right != 0.0)
        left, right = left[sounding], right[sounding]
        mid, side = (left + right) * np.sqrt(0.5), (right - left) * np.sqrt(0.5)
        largest = max(np.abs(mid).max(initial=0.0), np.abs(side).max(initial=0.0))
        while largest >= self.extent:
            self._widen()
        rows, columns = (self._bins(values) for values in (mid, side))
        found = np.bincount(rows * BINS + columns, minlength=BINS * BINS)
        self.counts += found.reshape(BINS, BINS)

    def _bins(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.floor((values / self.extent + 1.0) * (BINS // 2)).astype(np.int64)

    def _widen(self) -> None:
        half = BINS // 2
        within = slice(half // 2, half // 2 + half)
        merged = self.counts.reshape(half, 2, half, 2).sum(axis=(1, 3))
        self.counts = np.zeros_like(self.counts)
        self.counts[within, within] = merged
        self.extent *= 2.0

    def finish(self, frames: int) -> Goniometer | None:
        """The histogram; None without a front pair."""
        return None if self.pair is None else Goniometer(self.counts, self.extent, frames)


def goniometer(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> Goniometer | None:
    """How often front left and right stood where, in one pass and constant memory.

    Mid is (L+R)/√2, upwards; side is (R-L)/√2, to the right. So left alone lies along the diagonal
    to the upper left, right alone to the upper right, and a mono signal on the vertical.

    Args:
        source: As in `loudscope.scan`. An analysis keeps no samples, so it is the audio itself.
        rate_hz: As in `loudscope.scan`.
        axis: As in `loudscope.scan`.
        layout: As in `loudscope.scan`.
        progress: As in `loudscope.scan`.
        on_nonfinite: As in `loudscope.scan`.
        partial: As in `loudscope.scan`.

    Returns:
        The histogram; None for a layout without front left and right.

    Raises:
        LoudscopeError: As in `loudscope.scan`.
    """
    tap: Single[Goniometer | None] = Single(_Density)
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        threads=1,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        weighting=False,
        peaks=False,
        tap=tap,
    )
    measure(source, request)
    return tap.finish()
