"""Findings: what a person should look at, with the figure, its limit, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "FindingCode"]


class FindingCode(StrEnum):
    """Machine-readable findings; the values are stable."""

    CLIPPING = "clipping"
    OVER_0_DBTP = "over_0_dbtp"
    OVER_1_DBTP = "over_1_dbtp"
    DC_OFFSET = "dc_offset"
    HUM = "hum"
    HEAD_SILENCE = "head_silence"
    TAIL_SILENCE = "tail_silence"
    ABRUPT_START = "abrupt_start"
    ABRUPT_END = "abrupt_end"
    LOSSY_SOURCE = "lossy_source"
    PADDED_BITS = "padded_bits"
    UPSAMPLED = "upsampled"
    DUAL_MONO = "dual_mono"
    SILENT_CHANNEL = "silent_channel"
    INVERTED_CHANNEL = "inverted_channel"
    DELAYED_CHANNEL = "delayed_channel"
    BALANCE = "balance"
    MONO_LOSS = "mono_loss"
    BAND_OUT_OF_PHASE = "band_out_of_phase"
    BASS_NOT_MONO = "bass_not_mono"
    HEAVY_LIMITING = "heavy_limiting"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that stands out.

    Attributes:
        code: What it is.
        figure: Where in the `Inspection` the figure is, for example "faults.clipping.count";
            for one band of several its name follows, as in "stereo.bands.correlation:Sub".
        message: The same for people, one sentence.
        measured: The figure; None where it is a yes or no.
        limit: What it reached or passed; None where it is a yes or no.
        unit: Of both: "dB", "LU", "dBTP", "s", "Hz", "bit", "ms", "runs", "%", or "" for a ratio.
        where: Spans (start, stop) in seconds; empty where it is all of the audio.
    """

    code: FindingCode
    figure: str
    message: str
    measured: float | None
    limit: float | None
    unit: str
    where: tuple[tuple[float, float], ...]
