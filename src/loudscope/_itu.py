"""The reading of BS.1770-5 Annex 2's own interpolator, for those who must match it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np

from . import _core
from ._audio import Samples, as_samples, binary_file, check_rate, is_array, is_file, peek_chunks
from ._errors import InvalidArgument, InvalidAudio
from ._layouts import resolve_layout
from ._levels import decibels
from ._measure import CHUNK_FRAMES, Request, bad_sample_error, block_start, without_nonfinite

__all__ = ["itu_true_peak"]

MEMORY = 11  # inputs that the 12-tap phases look back on


def itu_true_peak(source: object, request: Request) -> float | None:
    """Largest reading over the channels in dBTP, or None for digital silence."""
    request.check()
    with ExitStack() as opened:
        rate_hz, chunks = _chunks_of(source, request, opened)
        first_row, stop_row = request.rows(rate_hz)
        begin = block_start(first_row, rate_hz)
        end = None if stop_row is None else block_start(stop_row, rate_hz)
        peak = _peak(_span(chunks, begin, end), request, begin)
    return decibels(peak) if peak > 0.0 else None


def _chunks_of(
    source: object, request: Request, opened: ExitStack
) -> tuple[int, Iterator[Samples]]:
    if is_file(source):
        from ._files import open_audio

        file = opened.enter_context(open_audio(binary_file(source), partial=request.partial))
        if request.rate_hz is not None and check_rate(request.rate_hz) != file.rate_hz:
            raise InvalidArgument(
                f"rate_hz={request.rate_hz}: the file has {file.rate_hz} Hz; leave rate_hz out"
            )
        resolve_layout(request.layout, file.channels, file.layout)
        return check_rate(file.rate_hz), iter(lambda: file.read(CHUNK_FRAMES), None)
    rate_hz = check_rate(request.rate_hz)
    if is_array(source):
        samples = as_samples(source)
        resolve_layout(request.layout, samples.shape[1])
        return rate_hz, iter([samples])
    first, chunks = peek_chunks(source)
    resolve_layout(request.layout, first.shape[1])
    return rate_hz, chunks


def _span(chunks: Iterator[Samples], begin: int, end: int | None) -> Iterator[Samples]:
    at = 0
    for chunk in chunks:
        if len(chunk) == 0 or (end is not None and at >= end):
            return
        stop = len(chunk) if end is None else max(0, end - at)
        wanted = chunk[max(0, begin - at) : stop]
        at += len(chunk)
        if len(wanted):
            yield wanted


def _peak(chunks: Iterator[Samples], request: Request, begin: int) -> float:
    peak, at = 0.0, begin
    carried: Samples | None = None
    for given in chunks:
        chunk, _ = without_nonfinite(given) if request.on_nonfinite == "zero" else (given, 0)
        skip = 0 if carried is None else len(carried)
        joined = chunk if carried is None else np.concatenate([carried, chunk])
        try:
            peak = max(peak, *_core.itu_peaks(joined, skip, False))
        except _core.BadSample as bad:
            bad.args = (bad.args[0] + at - skip, *bad.args[1:])
            raise bad_sample_error(bad) from None
        at += len(chunk)
        carried = joined[-MEMORY:]
    if carried is None:
        raise InvalidAudio("source: there are no frames in it")
    return max(peak, *_core.itu_peaks(carried, len(carried), True))
