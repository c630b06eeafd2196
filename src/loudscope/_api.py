"""The public calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ._analysis import Analysis
from ._audio import name_of
from ._bands import BandProfile, check_edges, profile_of
from ._errors import InvalidArgument
from ._measure import measure
from ._request import Request
from ._table import BlockTable
from .typing import LayoutLike, Progress, Source

__all__ = ["analyze", "band_profile", "lufs", "scan", "true_peak"]


def scan(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    start: float | None = None,
    stop: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    edges: Sequence[float] | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> BlockTable:
    """Reads the audio once and returns its block table.

    Args:
        source: A path, an open binary file, an array of shape (frames,) or (frames, channels) in
            float32, float64, int16 or int32, or an iterable of such arrays. Full scale is 1.0 for
            floats, 2**15 and 2**31 for integers. Whatever has `__array__`,
            `__array_interface__`, DLPack or the buffer protocol is an array.
        rate_hz: Sampling rate, 8000 to 384000. Required for arrays; files know theirs.
        axis: Axis of the frames in arrays: -1 for (channels, frames), as librosa and torchaudio
            have it. Nothing is copied for it; files have none.
        layout: Name ("stereo", "5.1", "22.2", ...), `Layout`, labels, or (azimuth, elevation)
            pairs. May be left out where the channel count or the file says it.
        start: Seconds; snapped to the 100 ms blocks. None: the beginning.
        stop: Seconds; None: the end.
        threads: Threads to use; None: one for each core. The figures do not depend on it.
        progress: Called a few times a second with (seconds done, seconds in all or None). What it
            raises cancels the measurement and is passed on.
        edges: Band edges in Hz, ascending; None: 20, 60, 250, 500, 2000, 6000, 20000.
        on_nonfinite: "raise" refuses NaN and infinity; "zero" reads them as zero and counts them.
        partial: "accept" measures what there is of a truncated file and notes it.

    Raises:
        InvalidArgument: An argument does not fit; LayoutError where it is the layout.
        UnsupportedType: The source or its dtype cannot be measured.
        InvalidAudio: Empty, wrongly shaped or wrongly scaled; NonFiniteSamples for NaN.
        FileError: The file cannot be read; UnknownFormat, TruncatedFile.
    """
    return measure(
        source,
        Request(
            rate_hz=rate_hz,
            axis=axis,
            layout=layout,
            start=start,
            stop=stop,
            threads=threads,
            progress=progress,
            on_nonfinite=on_nonfinite,
            partial=partial,
            edges_hz=check_edges(edges),
        ),
    )


def analyze(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    dual_mono: bool = False,
    start: float | None = None,
    stop: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    edges: Sequence[float] | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> Analysis:
    """Measures everything in one pass: loudness, peaks, dynamics, stereo and bands.

    Args:
        source: As in `scan`.
        rate_hz: As in `scan`.
        axis: As in `scan`.
        layout: As in `scan`.
        dual_mono: Measure one channel as played on two loudspeakers: +3.01 LU. BS.1770 itself
            has one channel count once.
        start: As in `scan`.
        stop: As in `scan`.
        threads: As in `scan`.
        progress: As in `scan`.
        edges: As in `scan`.
        on_nonfinite: As in `scan`.
        partial: As in `scan`.

    Raises:
        LoudscopeError: As in `scan`; InvalidArgument for `dual_mono` with several channels.
    """
    table = scan(
        source,
        rate_hz,
        axis=axis,
        layout=layout,
        start=start,
        stop=stop,
        threads=threads,
        progress=progress,
        edges=edges,
        on_nonfinite=on_nonfinite,
        partial=partial,
    )
    _check_dual_mono(dual_mono, table)
    return Analysis(table, dual_mono, name_of(source))


def lufs(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    dual_mono: bool = False,
    start: float | None = None,
    stop: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> float | None:
    """Integrated loudness in LUFS (BS.1770-5 Annex 1), and nothing else.

    Args:
        source: As in `scan`.
        rate_hz: As in `scan`.
        axis: As in `scan`.
        layout: As in `scan`.
        dual_mono: As in `analyze`.
        start: As in `scan`.
        stop: As in `scan`.
        threads: As in `scan`.
        progress: As in `scan`.
        on_nonfinite: As in `scan`.
        partial: As in `scan`.

    Returns:
        LUFS; None where it does not exist: under 400 ms, silence, or nothing passes the gates.

    Raises:
        LoudscopeError: As in `analyze`.
    """
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        start=start,
        stop=stop,
        threads=threads,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        peaks=False,
        levels=False,
    )
    table = measure(source, request)
    _check_dual_mono(dual_mono, table)
    return Analysis(table, dual_mono).integrated


def true_peak(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    layout: LayoutLike = None,
    start: float | None = None,
    stop: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
    method: Literal["oversampled", "itu"] = "oversampled",
) -> float | None:
    """True peak in dBTP, the largest of the channels, and nothing else (BS.1770-5 Annex 2).

    Args:
        source: As in `scan`.
        rate_hz: As in `scan`.
        axis: As in `scan`.
        layout: As in `scan`.
        start: As in `scan`.
        stop: As in `scan`.
        threads: As in `scan`.
        progress: As in `scan`.
        on_nonfinite: As in `scan`.
        partial: As in `scan`.
        method: "oversampled": 32 times, within 0.05 dB up to 0.45 of the rate, never below the
            sample peak. "itu": the reading of Annex 2's own 48-tap table, four times, for those
            who must match it; it may lie below the sample peak.

    Returns:
        dBTP; None for digital silence.

    Raises:
        LoudscopeError: As in `scan`.
    """
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        start=start,
        stop=stop,
        threads=threads,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        weighting=False,
        largest_only=True,
    )
    if method == "itu":
        from ._itu import itu_true_peak

        return itu_true_peak(source, request)
    if method != "oversampled":
        raise InvalidArgument(f"method={method!r}: choose 'oversampled' or 'itu'")
    return Analysis(measure(source, request)).true_peak


def band_profile(
    source: Source,
    rate_hz: float | None = None,
    *,
    axis: int = 0,
    edges: Sequence[float] | None = None,
    layout: LayoutLike = None,
    start: float | None = None,
    stop: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    on_nonfinite: Literal["raise", "zero"] = "raise",
    partial: Literal["raise", "accept"] = "raise",
) -> BandProfile:
    """Energy by band, and nothing else.

    Args:
        source: As in `scan`.
        rate_hz: As in `scan`.
        axis: As in `scan`.
        edges: As in `scan`.
        layout: As in `scan`.
        start: As in `scan`.
        stop: As in `scan`.
        threads: As in `scan`.
        progress: As in `scan`.
        on_nonfinite: As in `scan`.
        partial: As in `scan`.

    Raises:
        LoudscopeError: As in `scan`.
    """
    request = Request(
        rate_hz=rate_hz,
        axis=axis,
        layout=layout,
        start=start,
        stop=stop,
        threads=threads,
        progress=progress,
        on_nonfinite=on_nonfinite,
        partial=partial,
        edges_hz=check_edges(edges),
        weighting=False,
        peaks=False,
    )
    profile = profile_of(measure(source, request))
    assert profile is not None  # bands were asked for
    return profile


def _check_dual_mono(dual_mono: bool, table: BlockTable) -> None:
    if dual_mono and table.layout.count != 1:
        raise InvalidArgument(
            f"dual_mono=True: the audio has {table.layout.count} channels; it is for one channel"
        )
