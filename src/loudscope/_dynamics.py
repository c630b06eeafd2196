"""Peak to short-term loudness ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._columns import TICKS
from ._loudness import SHORT_TERM_TICKS, Loudness, loudness_of
from ._notes import Absent, NoteCode

__all__ = ["peak_to_short_term"]


def peak_to_short_term(loudness: Loudness) -> NDArray[np.float64] | Absent:
    """Sorted PSR in dB: true peak of the last 3 s minus short-term loudness, every 100 ms.

    Only windows that pass the gates of the integrated loudness count (Shepherd et al., AES 143,
    2017, propose the ratio; the gate keeps fades and pauses from setting the maximum).
    """
    power, gate = loudness.short_term_power, loudness.relative_threshold
    peaks = loudness.table.true_peak
    if isinstance(power, Absent):
        return power
    if isinstance(gate, Absent):
        return gate
    if peaks is None:
        return Absent(NoteCode.NOT_MEASURED, "peaks were not measured in this table")
    if len(power[0]) == 0:
        return Absent(NoteCode.TOO_SHORT, "the audio holds no whole window of 3 s")
    rows = SHORT_TERM_TICKS // TICKS
    frames = np.rint(power[1] * loudness.table.rate_hz).astype(np.int64)
    first = np.searchsorted(loudness.table.starts, frames) - rows
    highest = np.lib.stride_tricks.sliding_window_view(peaks.max(axis=1), rows).max(axis=1)
    values = loudness_of(power[0])
    kept = values > max(gate, -70.0)
    if not kept.any():
        return Absent(NoteCode.GATED_OUT, "no short-term value passes the gates")
    return np.sort(20.0 * np.log10(highest[first[kept]].astype(np.float64)) - values[kept])
