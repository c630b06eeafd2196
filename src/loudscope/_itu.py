"""The reading of BS.1770-5 Annex 2's own interpolator, for those who must match it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from . import _core
from ._audio import (
    Samples,
    as_samples,
    binary_file,
    check_rate,
    is_array,
    is_file,
    peek_chunks,
    without_nonfinite,
)
from ._engine import bad_sample_error
from ._errors import InvalidArgument, InvalidAudio
from ._grid import block_start, is_end
from ._layouts import resolve_layout
from ._levels import decibels
from ._measure import CHUNK_FRAMES, check_start
from ._request import Request

if TYPE_CHECKING:
    from ._files import AudioFile

__all__ = ["itu_true_peak"]

MEMORY = 11  # inputs that the 12-tap phases look back on


def itu_true_peak(source: object, request: Request) -> float | None:
    """Largest reading over the channels in dBTP, or None for digital silence."""
    request.check()
    with ExitStack() as opened:
        rate_hz, chunks = _chunks_of(source, request, opened)
        peak = _peak(_span(chunks, request, rate_hz), request, rate_hz)
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
        return check_rate(file.rate_hz), _chunks(file)
    rate_hz = check_rate(request.rate_hz)
    if is_array(source):
        samples = as_samples(source, axis=request.axis)
        resolve_layout(request.layout, samples.shape[1])
        if len(samples) == 0:
            raise InvalidAudio("source: the array is empty; give at least one frame")
        return rate_hz, iter([samples])
    first, chunks = peek_chunks(source, request.axis)
    resolve_layout(request.layout, first.shape[1])
    return rate_hz, chunks


def _chunks(file: AudioFile) -> Iterator[Samples]:
    while len(chunk := file.read(CHUNK_FRAMES)):
        yield chunk


def _span(chunks: Iterator[Samples], request: Request, rate_hz: int) -> Iterator[Samples]:
    """From start to stop; what is left up to `stop` counts where the audio ends there."""
    first_row, past_row = request.rows(rate_hz)
    begin, end, at = block_start(first_row, rate_hz), math.inf, 0
    if request.stop is not None and past_row is not None:
        end = block_start(past_row - 1, rate_hz)
    left: list[Samples] = []
    for chunk in chunks:
        stop = int(min(len(chunk), max(0, end - at)))
        yield chunk[max(0, begin - at) : stop]
        left.append(chunk[stop:])
        at += len(chunk)
        if at > end and not is_end(request.stop or 0.0, at, rate_hz):
            return
    check_start(request, first_row, at, rate_hz)
    yield from left


def _peak(chunks: Iterator[Samples], request: Request, rate_hz: int) -> float:
    peak, at = 0.0, block_start(request.rows(rate_hz)[0], rate_hz)
    carried: Samples | None = None
    for given in chunks:
        if len(given) == 0:
            continue
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
        raise InvalidArgument(
            f"start={request.start}, stop={request.stop}: the span holds no block of 100 ms"
        )
    return max(peak, *_core.itu_peaks(carried, len(carried), True))
