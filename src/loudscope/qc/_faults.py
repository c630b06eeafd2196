"""Every fault that was looked for."""

from __future__ import annotations

from dataclasses import dataclass

from ._bits import Bits
from ._clipping import ClippedRuns
from ._codec import Codec
from ._edges import Edges
from ._hum import Hum
from ._overs import Overs

__all__ = ["Faults"]


@dataclass(frozen=True, slots=True)
class Faults:
    """What was found, fault by fault.

    Attributes:
        clipping: Flat tops at the audio's own ceiling.
        overs: Where the true peak exceeds 0 dBTP.
        overs_1db: Where it exceeds -1 dBTP.
        dc_per_channel: Mean of each channel as a fraction of full scale, -1 to 1.
        noise_floor_dbfs: 5th percentile of the RMS of 50 ms outside digital silence, dBFS (a
            full-scale sine: -3.01); None for digital silence.
        hum: Mains hum; None if there is none, or under 2 s to look for it.
        edges: Silence and cuts at both ends.
        codec: A steep upper edge of the spectrum; None if there is none.
        bits: Bits used; None for audio that is no integer PCM.
        upsampled_from_hz: The lower sampling rate that the audio seems to come from; None if there
            is something above its Nyquist frequency.
    """

    clipping: ClippedRuns
    overs: Overs
    overs_1db: Overs
    dc_per_channel: tuple[float, ...]
    noise_floor_dbfs: float | None
    hum: Hum | None
    edges: Edges
    codec: Codec | None
    bits: Bits | None
    upsampled_from_hz: int | None
