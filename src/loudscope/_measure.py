"""One pass over a source: array, file or chunks, into a block table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

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
from ._engine import bad_sample_error, table_of
from ._errors import InvalidArgument, InvalidAudio
from ._grid import block_start, check_seconds, is_end, rows_of
from ._layouts import Layout, resolve_layout
from ._progress import Reporter
from ._request import Request
from ._table import BlockTable

if TYPE_CHECKING:
    from ._files import AudioFile

__all__ = ["Request", "measure"]

CHUNK_FRAMES = 1 << 16
SEGMENT_SECONDS = 3  # the engine's unit of work
WINDOW_STRIPS = 32  # strips of eight segments between two looks at progress and signals
DETAIL = ("band_tick_energy", "band_peak")  # columns that no block table holds
LOOK_AHEAD_FRAMES = 160  # what the true-peak interpolator reads beyond a stop


def measure(source: object, request: Request) -> BlockTable:
    """The block table of `source`, from row to row as asked for.

    Raises:
        LoudscopeError: Any of the tree, as fits.
    """
    request.check()
    if is_file(source):
        return _measure_file(source, request)
    if is_array(source):
        samples = as_samples(source, axis=request.axis)
        rate_hz = check_rate(request.rate_hz)
        if len(samples) == 0:
            raise InvalidAudio("source: the array is empty; give at least one frame")
        layout = resolve_layout(request.layout, samples.shape[1])
        if request.on_nonfinite == "zero" or request.tap is not None:
            cut = (samples[i : i + CHUNK_FRAMES] for i in range(0, len(samples), CHUNK_FRAMES))
            return _Pass(request, rate_hz, layout, len(samples)).run(cut)
        return _measure_array(samples, rate_hz, layout, request)
    rate_hz = check_rate(request.rate_hz)
    first, chunks = peek_chunks(source, request.axis)
    layout = resolve_layout(request.layout, first.shape[1])
    return _Pass(request, rate_hz, layout, None).run(chunks)


def _measure_array(samples: Samples, rate_hz: int, layout: Layout, request: Request) -> BlockTable:
    first_row, stop_row = request.rows(rate_hz)
    check_start(request, first_row, len(samples), rate_hz)
    scan = _core.Scan(request.options(rate_hz, layout), first_row, stop_row)
    frames = total = len(samples)
    if stop_row is not None:
        frames = min(frames, block_start(stop_row, rate_hz))
        total = min(total, block_start(stop_row - 1, rate_hz))
    segments = -(-frames // (SEGMENT_SECONDS * rate_hz))
    step = WINDOW_STRIPS * 8 if request.progress is None else 16
    report = Reporter(request.progress, total / rate_hz)
    for begin in range(first_row // 30, segments, step):
        end = min(begin + step, segments)
        try:
            scan.run(samples, begin, end, request.thread_count)
        except _core.BadSample as bad:
            raise bad_sample_error(bad) from None
        report(min(end * SEGMENT_SECONDS, frames / rate_hz), final=end == segments)
    table = table_of(scan.take(), rate_hz, layout, request.edges_hz)
    return request.within(table, len(samples))


def _measure_file(source: object, request: Request) -> BlockTable:
    # Imported only where a file is opened: soundfile, and what threads need.
    from ._files import open_audio
    from ._prefetch import Prefetch

    with open_audio(binary_file(source), partial=request.partial) as file:
        request.admit(file.rate_hz, file.channels, 0)
        if request.rate_hz is not None and check_rate(request.rate_hz) != file.rate_hz:
            raise InvalidArgument(
                f"rate_hz={request.rate_hz}: the file has {file.rate_hz} Hz; leave rate_hz out"
            )
        rate_hz = check_rate(file.rate_hz)
        layout = resolve_layout(request.layout, file.channels, file.layout)
        work = _Pass(request, rate_hz, layout, file.frames, file.bits, file.packed)
        if work.origin:
            file.seek(work.origin)
        if request.thread_count == 1:
            table = work.run(_chunks(file), seeked=True)
        else:
            chunk_bytes = CHUNK_FRAMES * file.channels * file.dtype.itemsize
            with closing(Prefetch(_chunks(file), work.frames_needed, chunk_bytes)) as ahead:
                table = work.run(ahead, seeked=True)
        if file.truncated:
            work.partial = True
        return work.finished(table)


def _chunks(file: AudioFile) -> Iterator[Samples]:
    while len(chunk := file.read(CHUNK_FRAMES)):
        yield chunk


class _Pass:
    """Chunks into the engine's stream, with progress, from a start to a stop."""

    def __init__(
        self,
        request: Request,
        rate_hz: int,
        layout: Layout,
        frames: int | None,
        bits: int | None = None,
        packed: bool = False,
    ) -> None:
        self.request, self.rate_hz, self.layout = request, rate_hz, layout
        self.first_row, self.stop_row = request.rows(rate_hz)
        # A thread that decodes is one of those asked for, where measuring can wait for it.
        decoding = packed and request.tap is None
        threads = max(1, request.thread_count - decoding)
        self.stream = _core.Stream(
            request.options(rate_hz, layout), self.first_row, self.stop_row, threads
        )
        self.origin: int = self.stream.origin
        self.pushed = self.origin  # frame of the source that comes next
        self.zeroed: Counter[int] = Counter()  # by row
        self.partial = False
        if request.tap is not None:
            request.tap.begin(rate_hz, layout, bits)
        total = frames if self.stop_row is None else self._stop_frame(self.stop_row - 1, frames)
        self.report = Reporter(request.progress, None if total is None else total / rate_hz)

    def _stop_frame(self, row: int, frames: int | None) -> int:
        stop = block_start(row, self.rate_hz)
        return stop if frames is None else min(stop, frames)

    @property
    def frames_needed(self) -> int | None:
        """Frames to read from the origin on; None: all."""
        if self.stop_row is None:
            return None
        return block_start(self.stop_row, self.rate_hz) + LOOK_AHEAD_FRAMES - self.origin

    def run(self, chunks: Iterable[Samples], seeked: bool = False) -> BlockTable:
        skip, received = 0 if seeked else self.origin, self.origin if seeked else 0
        needed = self.frames_needed
        last = None if needed is None else self.origin + needed
        for chunk in chunks:
            wanted = chunk if last is None else chunk[: max(0, last - received)]
            received += len(wanted)
            self.request.admit(self.rate_hz, self.layout.count, received)
            dropped = min(skip, len(wanted))
            skip -= dropped
            self._push(wanted[dropped:])
            self.report(received / self.rate_hz)
            if last is not None and received >= last:
                break
        if received == self.origin and self.first_row > 0:
            raise InvalidArgument(f"start={self.request.start}: the audio ends before it")
        if received == 0:
            raise InvalidAudio("source: there are no frames in it")
        check_start(self.request, self.first_row, received, self.rate_hz)
        try:
            columns = self.stream.finish()
        except _core.BadSample as bad:
            raise bad_sample_error(bad) from None
        self.report(received / self.rate_hz, final=True)
        if self.request.tap is not None:
            self.request.tap.end({name: columns.pop(name) for name in DETAIL})
        table = table_of(columns, self.rate_hz, self.layout, self.request.edges_hz)
        return self.finished(self.request.within(table, received))

    def _push(self, chunk: Samples) -> None:
        if len(chunk) == 0:
            return
        if self.request.on_nonfinite == "zero":
            chunk, frames = without_nonfinite(chunk)
            self.zeroed.update(rows_of(frames + self.pushed, self.rate_hz).tolist())
        self.pushed += len(chunk)
        try:
            self.stream.push(chunk)
        except _core.BadSample as bad:
            raise bad_sample_error(bad) from None
        if self.request.tap is not None:
            self.request.tap.feed(chunk)

    def finished(self, table: BlockTable) -> BlockTable:
        """The table with what was noticed on the way."""
        rows = range(self.first_row, self.first_row + table.blocks)
        zeroed = sum(count for row, count in self.zeroed.items() if row in rows)
        return replace(table, zeroed=zeroed, partial=self.partial)


def check_start(request: Request, first_row: int, frames: int, rate_hz: int) -> None:
    start = 0.0 if request.start is None else check_seconds("start", request.start)
    if block_start(first_row, rate_hz) >= frames or is_end(start, frames, rate_hz):
        raise InvalidArgument(
            f"start={request.start}: the audio ends after {frames / rate_hz:.3f} s"
        )
