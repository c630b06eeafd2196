"""What an album needs of its tracks, and its loudness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from loudscope import Analysis, InvalidArgument

from ._model import AlbumMode

__all__ = ["Track", "album_loudness", "highest"]

ABSOLUTE_LUFS = -70.0
RELATIVE_LU = -10.0
OFFSET = -0.691  # BS.1770-5 eq. 2
HOP = 10  # momentary windows begin every tick, gating blocks every tenth

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """The little of an analysis that gains are made of: 20 kB for four minutes.

    Tracks of different rates and layouts pool, which block tables do not.

    Attributes:
        name: Name of the source, or None.
        integrated: LUFS, or None.
        sample_peak: dBFS, or None for digital silence.
        true_peak: dBTP, or None for digital silence.
        power: (N,) weighted mean squares of the 400 ms gating blocks (BS.1770-5 eq. 3).
    """

    name: str | None
    integrated: float | None
    sample_peak: float | None
    true_peak: float | None
    power: Floats

    @classmethod
    def of(cls, analysis: Analysis) -> Track:
        """What is needed of `analysis`."""
        return cls(
            name=analysis.name,
            integrated=analysis.integrated,
            sample_peak=analysis.sample_peak,
            true_peak=analysis.true_peak,
            power=_gating_power(analysis),
        )


def _gating_power(analysis: Analysis) -> Floats:
    """Of each programme, so that no block crosses a seam."""
    table = analysis.table
    powers = []
    for first, last in pairwise([*table.seams.tolist(), table.blocks]):
        part = Analysis(table.rows(first, last), analysis.dual_mono)
        powers.append(10 ** ((part.momentary.values[::HOP] - OFFSET) / 10))
    return np.concatenate(powers) if powers else np.zeros(0)


def album_loudness(tracks: Sequence[Track | Analysis], mode: AlbumMode = "pooled") -> float | None:
    """Loudness of an album in LUFS.

    Args:
        tracks: Its tracks, at least one.
        mode: "pooled": both gates of BS.1770-5 over the gating blocks of all tracks, which is not
            the mean of their loudnesses. "loudest": the loudest track, as AES77 has it.

    Returns:
        LUFS; None where no track has a loudness.

    Raises:
        InvalidArgument: There are no tracks, or the mode is another one.
    """
    if not tracks:
        raise InvalidArgument("tracks: there are none; give one at least")
    parts = [track if isinstance(track, Track) else Track.of(track) for track in tracks]
    if mode == "loudest":
        return highest(part.integrated for part in parts)
    if mode != "pooled":
        raise InvalidArgument(f"mode={mode!r}: choose 'pooled' or 'loudest'")
    return _gated(np.concatenate([part.power for part in parts]))


def _gated(power: Floats) -> float | None:
    """BS.1770-5 eqs 4 to 7."""
    loud = power[power > 10 ** ((ABSOLUTE_LUFS - OFFSET) / 10)]
    if not len(loud):
        return None
    threshold = loud.mean() * 10 ** (RELATIVE_LU / 10)
    return float(OFFSET + 10 * np.log10(loud[loud > threshold].mean()))


def highest(values: Iterable[float | None]) -> float | None:
    """The largest of the values that exist, or None."""
    there = [value for value in values if value is not None]
    return max(there) if there else None
