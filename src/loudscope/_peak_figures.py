"""The peak, dynamics and level figures of an analysis."""

from __future__ import annotations

from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ._dynamics import peak_to_short_term
from ._layouts import Layout
from ._levels import Clipping, Levels, Peak, largest
from ._loudness import Loudness
from ._notes import Absent, present
from ._table import BlockTable

__all__ = ["PeakFigures"]

SINGLE: Final = "single"
DUAL: Final = "dual"
NOT_MONO: Final = "not mono"


class PeakFigures:
    """What `Analysis` says of the channels, of peaks, dynamics and levels."""

    table: BlockTable
    dual_mono: bool

    @property
    def layout(self) -> Layout:
        """The channels."""
        return self.table.layout

    @property
    def mono(self) -> Literal["single", "dual", "not mono"]:
        """How one channel was treated: "single" (BS.1770 as written), "dual", or "not mono"."""
        if self.layout.count != 1:
            return NOT_MONO
        return DUAL if self.dual_mono else SINGLE

    @cached_property
    def _loudness(self) -> Loudness:
        return Loudness(self.table, 2.0 if self.mono == DUAL else 1.0)

    @property
    def integrated(self) -> float | None:
        """Integrated loudness in LUFS (BS.1770-5 Annex 1, both gates)."""
        return present(self._loudness.integrated)

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.table)

    @property
    def true_peak(self) -> float | None:
        """Largest true peak over the channels in dBTP (BS.1770-5 Annex 2, 32 x)."""
        return _value(largest(self._levels.true_peaks)[0])

    @property
    def true_peak_at(self) -> float | None:
        """When, in seconds."""
        return _seconds(largest(self._levels.true_peaks)[0])

    @property
    def true_peak_channel(self) -> str | None:
        """Label of the channel with the largest true peak."""
        peak, channel = largest(self._levels.true_peaks)
        return None if isinstance(peak, Absent) else self.layout.labels[channel]

    @property
    def true_peak_per_channel(self) -> tuple[float | None, ...]:
        """True peak of each channel in dBTP."""
        return tuple(_value(peak) for peak in self._levels.true_peaks)

    @property
    def true_peak_at_per_channel(self) -> tuple[float | None, ...]:
        """When each channel peaks, in seconds."""
        return tuple(_seconds(peak) for peak in self._levels.true_peaks)

    @property
    def sample_peak(self) -> float | None:
        """Largest sample peak over the channels in dBFS."""
        return _value(largest(self._levels.sample_peaks)[0])

    @property
    def sample_peak_at(self) -> float | None:
        """When, in seconds."""
        return _seconds(largest(self._levels.sample_peaks)[0])

    @property
    def sample_peak_per_channel(self) -> tuple[float | None, ...]:
        """Sample peak of each channel in dBFS."""
        return tuple(_value(peak) for peak in self._levels.sample_peaks)

    @property
    def sample_peak_at_per_channel(self) -> tuple[float | None, ...]:
        """When each channel peaks, in seconds."""
        return tuple(_seconds(peak) for peak in self._levels.sample_peaks)

    @property
    def plr(self) -> float | None:
        """Peak to loudness ratio: true peak minus integrated loudness, dB (Tech 3343)."""
        peak, integrated = self.true_peak, self.integrated
        return None if peak is None or integrated is None else peak - integrated

    @cached_property
    def _psr(self) -> NDArray[np.float64] | Absent:
        return peak_to_short_term(self._loudness)

    @property
    def psr_min(self) -> float | None:
        """Smallest peak to short-term ratio over the gated windows, dB."""
        found = present(self._psr)
        return None if found is None else float(found[0])

    @property
    def psr_p10(self) -> float | None:
        """10th percentile (nearest rank) of the peak to short-term ratio, dB."""
        found = present(self._psr)
        return None if found is None else float(found[int((len(found) - 1) * 0.1 + 0.5)])

    @property
    def crest_factor(self) -> float | None:
        """Largest crest factor of the channels: sample peak minus RMS, dB; a sine reads 3.01."""
        there = [crest for crest in self.crest_factor_per_channel if crest is not None]
        return max(there) if there else None

    @property
    def crest_factor_per_channel(self) -> tuple[float | None, ...]:
        """Crest factor of each channel, dB."""
        return tuple(present(crest) for crest in self._levels.crest_per_channel)

    @property
    def rms(self) -> float | None:
        """RMS over the channels but LFE, dBFS; a full-scale sine reads -3.01."""
        return present(self._levels.rms)

    @property
    def rms_per_channel(self) -> tuple[float | None, ...]:
        """RMS of each channel, dBFS."""
        return tuple(present(rms) for rms in self._levels.rms_per_channel)

    @property
    def dc_offset_per_channel(self) -> tuple[float, ...] | None:
        """Mean of each channel as a fraction of full scale, -1 to 1."""
        return present(self._levels.dc_offset_per_channel)

    @property
    def clipping(self) -> tuple[Clipping, ...] | None:
        """Clipped samples of each channel, how many runs of three or more, the longest."""
        return present(self._levels.clipping)


def _value(peak: Peak | Absent) -> float | None:
    return None if isinstance(peak, Absent) else peak.value


def _seconds(peak: Peak | Absent) -> float | None:
    return None if isinstance(peak, Absent) else peak.seconds
