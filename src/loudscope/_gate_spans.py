"""Where the gates of the integrated loudness leave audio out (BS.1770-5 Annex 1)."""

from __future__ import annotations

import numpy as np

from ._columns import TICKS
from ._loudness import MOMENTARY_TICKS, Loudness
from ._notes import Absent

__all__ = ["dropped_spans"]

ABSOLUTE_GATE_LUFS = -70.0
GATING_ROWS = MOMENTARY_TICKS // TICKS


def dropped_spans(loudness: Loudness) -> tuple[tuple[float, float], ...]:
    """(start, stop) in seconds, whole blocks of 100 ms of which no gating block passes both gates.

    There are none where there is no gating block at all.
    """
    power, threshold = loudness.gating_power, loudness.relative_threshold
    if isinstance(power, Absent) or len(power[0]) == 0:
        return ()
    table = loudness.table
    starts = table.starts
    passes = np.zeros(len(power[0]), bool)
    if not isinstance(threshold, Absent):
        passes = power[0] > 10.0 ** ((max(threshold, ABSOLUTE_GATE_LUFS) + 0.691) / 10.0)
    ends = np.searchsorted(starts, np.rint(power[1][passes] * table.rate_hz).astype(np.int64))
    counts = np.zeros(table.blocks, bool)
    for before in range(1, GATING_ROWS + 1):
        counts[ends - before] = True
    edges = np.flatnonzero(np.diff(counts.astype(np.int8), prepend=1, append=1))
    seconds = (starts[edges] / table.rate_hz).tolist()
    return tuple(zip(seconds[::2], seconds[1::2], strict=True))
