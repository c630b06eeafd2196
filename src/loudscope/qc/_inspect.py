"""One decode of a source: the engine and all collectors side by side."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from numpy.typing import NDArray

from .._analysis import Analysis
from .._audio import Samples, name_of
from .._bands import DEFAULT_EDGES_HZ
from .._errors import InvalidArgument
from .._layouts import Layout
from .._measure import measure
from .._request import Guard, Request
from ..typing import LayoutLike, Progress, Source
from ._bits import BitsUsed
from ._collector import Chunk
from ._dr14 import DrCollector
from ._dynamics import dynamics_figures
from ._fault_search import FaultSearch
from ._inspection import Inspection
from ._ltas import Ltas
from ._single import EachSecond
from ._spectrum import spectrum_of
from ._stereo import stereo_figures
from ._transients import transient_figures

__all__ = ["inspect"]


def inspect(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    dual_mono: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
    guard: Guard | None = None,
) -> Inspection:
    """Measures everything that `loudscope.analyze` does and looks for faults, in one pass.

    Args:
        source: As in `loudscope.scan`.
        rate_hz: As in `loudscope.scan`.
        axis: As in `loudscope.scan`.
        layout: As in `loudscope.scan`.
        dual_mono: As in `loudscope.analyze`.
        threads: Threads of the engine, as in `loudscope.scan`; the rest runs on one.
        progress: As in `loudscope.scan`.
        on_nonfinite: As in `loudscope.scan`.
        partial: As in `loudscope.scan`.
        guard: Called with (sampling rate in Hz, channels, frames decoded so far) once a file is
            open, and after each piece is decoded, before it is measured. It goes by what is
            really there, whatever a header says. What it raises cancels the measurement and is
            passed on.

    Raises:
        LoudscopeError: As in `loudscope.analyze`.
    """
    tap = _Listener()
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        threads=threads,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        edges_hz=DEFAULT_EDGES_HZ,
        tap=tap,
        guard=guard,
    )
    table = measure(source, request)
    if dual_mono and table.layout.count != 1:
        raise InvalidArgument(
            f"dual_mono=True: the audio has {table.layout.count} channels; it is for one channel"
        )
    return tap.inspection(Analysis(table, dual_mono, name_of(source)))


class _Listener(EachSecond):
    """Passes the audio on to the collectors and puts together what they found."""

    def __init__(self) -> None:
        self.detail: dict[str, NDArray[Any] | None] = {}

    def begin(self, rate_hz: int, layout: Layout, bits: int | None) -> None:
        super().begin(rate_hz, layout, bits)
        self.bits = BitsUsed(bits)
        self.pcm = hashlib.sha256(f"{rate_hz} {layout.count}".encode())
        self.faults = FaultSearch(rate_hz, layout)
        self.ltas = Ltas(rate_hz, layout)
        self.dr14 = DrCollector(rate_hz, layout)

    def feed(self, chunk: Samples) -> None:
        self.bits.feed(chunk)
        super().feed(chunk)

    def end(self, detail: dict[str, NDArray[Any] | None]) -> None:
        super().end(detail)
        self.detail = detail

    def take(self, second: Chunk, first_frame: int) -> None:
        for channel in second.T:  # each lies in one piece
            self.pcm.update(channel)
        self.faults.feed(second, first_frame)
        self.ltas.feed(second, first_frame)
        self.dr14.feed(second, first_frame)

    def inspection(self, analysis: Analysis) -> Inspection:
        """Everything, of audio whose analysis this is."""
        frames = self.seconds.frames
        band_peak, band_ticks = self.detail["band_peak"], self.detail["band_tick_energy"]
        assert band_ticks is not None  # bands are measured
        sums = self.ltas.finish(frames)
        # The spectrum is of one channel as it is, so its gate is, too.
        single = Analysis(analysis.table) if analysis.dual_mono else analysis
        spectrum = spectrum_of(sums, single.relative_threshold)
        return Inspection(
            analysis=analysis,
            stereo=stereo_figures(analysis, sums),
            dynamics=dynamics_figures(
                analysis, band_peak=band_peak, dr_blocks=self.dr14.finish(frames)
            ),
            transients=transient_figures(analysis, band_ticks),
            spectrum=spectrum,
            faults=self.faults.finish(analysis, spectrum, self.bits.finish()),
            pcm_sha256=self.pcm.hexdigest(),
        )
