"""The search for all faults, a second of audio at a time."""

from __future__ import annotations

from .._analysis import Analysis
from .._layouts import Layout
from ._bits import Bits
from ._cliff import cliff_of
from ._clipping import Clipping
from ._codec import codec_of
from ._collector import Chunk
from ._edges import EndSamples, edges_of
from ._faults import Faults
from ._hum import QuietPassages, hum_of
from ._limits import LIMITS
from ._noise import noise_floor_dbfs
from ._overs import overs_of
from ._spectrum import Spectrum
from ._ticks import Ticks
from ._treble import Treble
from ._upsampled import upsampled_from_hz

__all__ = ["FaultSearch"]


class FaultSearch:
    """The collectors of faults; what each finds is put together at the end."""

    def __init__(self, rate_hz: int, layout: Layout) -> None:
        self.rate_hz = rate_hz
        self.ticks = Ticks(rate_hz, layout)
        self.clipping = Clipping(rate_hz, layout)
        self.ends = EndSamples(rate_hz, layout)
        self.quiet = QuietPassages(rate_hz, layout)
        self.treble = Treble(rate_hz, layout)

    def feed(self, chunk: Chunk, first_frame: int) -> None:
        """Takes the next second."""
        peaks = self.ticks.feed(chunk, first_frame)
        self.clipping.feed(chunk, first_frame, peaks)
        self.quiet.feed(chunk, first_frame, peaks)
        self.ends.feed(chunk, first_frame)
        self.treble.feed(chunk, first_frame)

    def finish(self, analysis: Analysis, spectrum: Spectrum | None, bits: Bits | None) -> Faults:
        """What was found.

        Args:
            analysis: Of the same audio.
            spectrum: Of the same audio; None: nothing passed the gates.
            bits: What was seen of integer samples.
        """
        frames, table = analysis.frames, analysis.table
        levels = self.ticks.finish(frames)
        cliff = None
        if spectrum is not None:
            cliff = cliff_of(spectrum.p90_hz, spectrum.p90_db, self.rate_hz)
        upsampled = upsampled_from_hz(cliff, self.rate_hz)
        return Faults(
            clipping=self.clipping.finish(frames),
            overs=overs_of(table, levels, LIMITS["over_0_dbtp"]),
            overs_1db=overs_of(table, levels, LIMITS["over_1_dbtp"]),
            dc_per_channel=analysis.dc_offset_per_channel or (),
            noise_floor_dbfs=noise_floor_dbfs(levels),
            hum=hum_of(*self.quiet.finish(frames)),
            edges=edges_of(levels, self.ends.finish(frames)),
            codec=codec_of(cliff, self.treble.finish(frames), upsampled is not None),
            bits=bits,
            upsampled_from_hz=upsampled,
        )
