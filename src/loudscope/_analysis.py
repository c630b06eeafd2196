"""The result of a measurement: every figure, computed from its table when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._bands import BandProfile, profile_of
from ._dynamics import peak_to_short_term
from ._layouts import Layout
from ._levels import Clipping, Levels, Peak, largest
from ._loudness import Gating, Loudness, LoudnessRange, Series, loudness_of
from ._notes import Absent, Note, present
from ._stereo import Stereo
from ._table import BlockTable

__all__ = ["Analysis"]

Floats = NDArray[np.float64]

SINGLE, DUAL, NOT_MONO = "single", "dual", "not mono"


@dataclass(frozen=True)
class Analysis:
    """What was measured. Every figure is a function of `table`; nothing else is stored.

    Values compare by table and options, pickle, and answer for any span with `between`. A figure
    that does not exist is None, and `notes` says why.

    Attributes:
        table: The block table.
        dual_mono: Whether one channel is measured as played on two loudspeakers (+3.01 LU).
        name: Name of the source, for example the file's, or None.
    """

    table: BlockTable
    dual_mono: bool = False
    name: str | None = None

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return {"table": self.table, "dual_mono": self.dual_mono, "name": self.name}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # -- the audio ---------------------------------------------------------------------------

    @property
    def duration(self) -> float:
        """Seconds of audio."""
        return self.table.duration

    @property
    def frames(self) -> int:
        """Frames of audio."""
        return self.table.frame_count

    @property
    def rate_hz(self) -> int:
        """Sampling rate."""
        return self.table.rate_hz

    @property
    def layout(self) -> Layout:
        """The channels."""
        return self.table.layout

    @property
    def mono(self) -> str:
        """How one channel was treated: "single" (BS.1770 as written), "dual", or "not mono"."""
        if self.layout.count != 1:
            return NOT_MONO
        return DUAL if self.dual_mono else SINGLE

    def between(self, start: float | None = None, stop: float | None = None) -> Analysis:
        """The same figures for a span, without the audio.

        Args:
            start: Seconds; snapped to the 100 ms blocks. None: from the beginning.
            stop: Seconds; None: to the end.

        Raises:
            InvalidArgument: The span is empty or outside.
        """
        return replace(self, table=self.table.between(start, stop))

    # -- loudness ----------------------------------------------------------------------------

    @cached_property
    def _loudness(self) -> Loudness:
        return Loudness(self.table, 2.0 if self.mono == DUAL else 1.0)

    @property
    def integrated(self) -> float | None:
        """Integrated loudness in LUFS (BS.1770-5 Annex 1, both gates)."""
        return present(self._loudness.integrated)

    @property
    def relative_threshold(self) -> float | None:
        """The relative gate in LUFS (BS.1770-5 eq. 6)."""
        return present(self._loudness.relative_threshold)

    @property
    def gating(self) -> Gating | None:
        """How many gating blocks there were and how many each gate dropped."""
        gated = present(self._loudness.gated)
        return None if gated is None else gated[0]

    @property
    def momentary(self) -> Series:
        """Momentary loudness, LUFS, 400 ms every 10 ms (Tech 3341 2.2)."""
        return _series(self._loudness.momentary_power)

    @property
    def short_term(self) -> Series:
        """Short-term loudness, LUFS, 3 s every 100 ms (Tech 3341 2.2)."""
        return _series(self._loudness.short_term_power)

    @property
    def momentary_max(self) -> float | None:
        """Largest momentary loudness in LUFS."""
        found = present(self._loudness.momentary_max)
        return None if found is None else found.value

    @property
    def momentary_max_at(self) -> float | None:
        """End of the loudest 400 ms, in seconds."""
        found = present(self._loudness.momentary_max)
        return None if found is None else found.seconds

    @property
    def short_term_max(self) -> float | None:
        """Largest short-term loudness in LUFS, on a 10 ms grid."""
        found = present(self._loudness.short_term_max)
        return None if found is None else found.value

    @property
    def short_term_max_at(self) -> float | None:
        """End of the loudest 3 s, in seconds."""
        found = present(self._loudness.short_term_max)
        return None if found is None else found.seconds

    def lra(self, *, trailing_silence: bool = False) -> LoudnessRange | None:
        """Loudness range (Tech 3342): 10 Hz, nearest rank.

        Args:
            trailing_silence: Follow each programme by 1.5 s of silence, as Tech 3342 advises for
                files. It changes clips of 12 to 30 s by 0.7 to 0.95 LU on average.
        """
        return present(self._loudness.loudness_range(trailing_silence))

    @property
    def loudness_range(self) -> float | None:
        """Loudness range in LU, without trailing silence."""
        found = self.lra()
        return None if found is None else found.value

    @property
    def loudness_range_low(self) -> float | None:
        """10th percentile of the short-term loudness, LUFS."""
        found = self.lra()
        return None if found is None else found.low

    @property
    def loudness_range_high(self) -> float | None:
        """95th percentile of the short-term loudness, LUFS."""
        found = self.lra()
        return None if found is None else found.high

    # -- peaks and levels --------------------------------------------------------------------

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
    def _psr(self) -> Floats | Absent:
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

    # -- stereo and tone ---------------------------------------------------------------------

    @cached_property
    def _stereo(self) -> Stereo:
        return Stereo(self._loudness)

    @property
    def balance(self) -> float | None:
        """Left over right in dB, K-weighted and gated; positive: left is louder."""
        return present(self._stereo.balance)

    @property
    def correlation(self) -> float | None:
        """Correlation of front left and right, -1 to 1."""
        return present(self._stereo.correlation)

    @property
    def mid_side_ratio(self) -> float | None:
        """Energy of (L+R)/2 over (L-R)/2 in dB."""
        return present(self._stereo.mid_side_ratio)

    @property
    def mono_loss(self) -> float | None:
        """What mono playback loses, LU: 0 for dual mono, 3 for unrelated channels."""
        return present(self._stereo.mono_loss)

    @cached_property
    def band_profile(self) -> BandProfile | None:
        """Energy by band, or None where bands were not measured."""
        return profile_of(self.table)

    # -- in words ----------------------------------------------------------------------------

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Why figures do not exist, and what a reader should know of those that do."""
        from ._remarks import remarks_on

        return remarks_on(self)

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain values; see docs/guide.md for the schema. Series are left out."""
        from ._export import as_dict

        return as_dict(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict` as strict JSON: no NaN, no Infinity; a figure that does not exist is null."""
        from ._export import as_json

        return as_json(self, indent)

    def summary(self) -> str:
        """The figures as a few lines of text."""
        from ._export import as_text

        return as_text(self)


def _series(found: tuple[Any, Any] | Absent) -> Series:
    if isinstance(found, Absent):
        return Series(np.zeros(0), np.zeros(0))
    return Series(found[1], loudness_of(found[0]))


def _value(peak: Peak | Absent) -> float | None:
    return None if isinstance(peak, Absent) else peak.value


def _seconds(peak: Peak | Absent) -> float | None:
    return None if isinstance(peak, Absent) else peak.seconds

