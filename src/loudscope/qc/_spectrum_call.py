"""The long-term spectrum on its own: what `inspect` has of it, and nothing else."""

from __future__ import annotations

from typing import Literal

from .._analysis import Analysis
from .._measure import measure
from .._request import Request
from ..typing import LayoutLike, Progress, Source
from ._ltas import Ltas, LtasSums
from ._single import Single
from ._spectrum import Spectrum, spectrum_of

__all__ = ["spectrum"]


def spectrum(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    threads: int | None = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> Spectrum | None:
    """Long-term average spectrum in third octaves (IEC 61260-1), and nothing else.

    The power mean of Hann windows, half overlapped: 8192 frames at 44.1 and 48 kHz, about as long
    at other rates. Windows below the gates of the integrated loudness (BS.1770-5) are left out. It
    is the same to the last bit as `loudscope.qc.inspect` has beside the analysis.

    Args:
        source: As in `scan`.
        rate_hz: As in `scan`.
        axis: As in `scan`.
        layout: As in `scan`.
        threads: As in `scan`; the transforms run on one.
        progress: As in `scan`.
        on_nonfinite: As in `scan`.
        partial: As in `scan`.

    Returns:
        The spectrum; None where nothing passes the gates: silence, or too short.

    Raises:
        LoudscopeError: As in `scan`.
    """
    tap: Single[LtasSums] = Single(Ltas)
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        threads=threads,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        peaks=False,
        tap=tap,
    )
    gate_lufs = Analysis(measure(source, request)).relative_threshold
    return spectrum_of(tap.finish(), gate_lufs)
