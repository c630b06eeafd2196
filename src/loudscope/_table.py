"""The block table: all that is kept of the audio, as NumPy columns.

Rows are blocks of 100 ms; each holds ten ticks of 10 ms. Block b of a programme begins at frame
round(b * rate / 10), so that no rate drifts. Every figure is a pure function of a table.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ._columns import COLUMNS, TICKS
from ._errors import InvalidArgument, TableError, UnsupportedType
from ._grid import block_start, check_seconds, is_end
from ._layouts import Layout

__all__ = ["BlockTable"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class BlockTable:
    """What one pass over the audio leaves: a value that merges, slices and is kept.

    ``a + b`` puts programmes side by side, as an album: no gating window crosses the seam.
    ``a.then(b)`` joins the parts of one programme that had been cut. Both are associative.
    ``table[2.0:10.0]`` and `between` give a span, in seconds.

    Attributes:
        rate_hz: Sampling rate of the audio.
        layout: The channels.
        edges_hz: Band edges that were asked for; empty if bands were not measured.
        seams: Rows at which programmes begin, int64; the first is 0.
        frames: (B,) uint32, frames in each block; only a programme's last may be incomplete.
        ticks: (B,) uint8, complete ticks in each block.
        tick_frames: (10 B,) uint16, frames in each tick.
        tick_energy: (10 B, C) float64, sum of squares after K-weighting, channels not weighted.
        energy: (B, C) float64, sum of squares.
        total: (B, C) float64, sum of samples.
        cross: (B,) float64, sum of left times right.
        k_cross: (B,) float64, the same after K-weighting.
        band_energy: (B, E, C) float64, sum of squares per band: below, the bands, above.
        band_cross: (B, E) float64, sum of left times right per band.
        sample_peak: (B, C) float32, largest magnitude, linear.
        true_peak: (B, C) float32, largest interpolated magnitude, linear.
        sample_peak_at: (B, C) uint16, frame in the block.
        true_peak_at: (B, C) uint16, frame in the block.
        clips: (B, C, 5) uint32: clipped samples, leading run, trailing run, longest run, and runs
            of three or more that touch neither end of the block.
        zeroed: Samples that were not finite and were taken as zero.
        partial: True if the audio was cut short and what there was of it was accepted.

    Columns that were not asked for are None.
    """

    rate_hz: int
    layout: Layout
    edges_hz: tuple[float, ...]
    seams: NDArray[np.int64]
    frames: NDArray[np.uint32]
    ticks: NDArray[np.uint8]
    tick_frames: NDArray[np.uint16]
    tick_energy: Floats | None = None
    energy: Floats | None = None
    total: Floats | None = None
    cross: Floats | None = None
    k_cross: Floats | None = None
    band_energy: Floats | None = None
    band_cross: Floats | None = None
    sample_peak: NDArray[np.float32] | None = None
    true_peak: NDArray[np.float32] | None = None
    sample_peak_at: NDArray[np.uint16] | None = None
    true_peak_at: NDArray[np.uint16] | None = None
    clips: NDArray[np.uint32] | None = None
    zeroed: int = 0
    partial: bool = False

    def __post_init__(self) -> None:
        for _, column in self.columns():
            column.setflags(write=False)
        self.seams.setflags(write=False)

    def __reduce__(self) -> tuple[type[BlockTable], tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field.name) for field in dataclasses.fields(self))

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Name and array of every column there is."""
        for name in COLUMNS:
            column = getattr(self, name)
            if column is not None:
                yield name, column

    @property
    def blocks(self) -> int:
        """Number of rows."""
        return len(self.frames)

    @property
    def frame_count(self) -> int:
        """Frames of audio in all."""
        return int(self.frames.sum(dtype=np.int64))

    @property
    def duration(self) -> float:
        """Seconds of audio in all."""
        return self.frame_count / self.rate_hz

    @property
    def starts(self) -> NDArray[np.int64]:
        """(B + 1,) first frame of each block, programmes one after the other, and the end."""
        starts = np.zeros(self.blocks + 1, np.int64)
        np.cumsum(self.frames, out=starts[1:])
        return starts

    def __len__(self) -> int:
        return self.blocks

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BlockTable):
            return NotImplemented
        same = (f.name for f in dataclasses.fields(self) if f.name not in COLUMNS)
        plain = all(
            np.array_equal(getattr(self, name), getattr(other, name))
            if name == "seams"
            else getattr(self, name) == getattr(other, name)
            for name in same
        )
        mine, theirs = dict(self.columns()), dict(other.columns())
        return (
            plain
            and mine.keys() == theirs.keys()
            and all(np.array_equal(column, theirs[name]) for name, column in mine.items())
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __add__(self, other: BlockTable) -> BlockTable:
        """Both programmes side by side, as on an album; the seam stays.

        Raises:
            TableError: Rate, layout, band edges or columns differ.
        """
        if not isinstance(other, BlockTable):
            return NotImplemented
        return self._joined(other, np.concatenate([self.seams, other.seams + self.blocks]))

    @staticmethod
    def album(tables: Sequence[BlockTable]) -> BlockTable:
        """All programmes side by side: the sum of the tables, without copying one twice over.

        Raises:
            TableError: Rate, layout, band edges or columns differ.
            InvalidArgument: There are no tables.
        """
        if not tables:
            raise InvalidArgument("tables: there are none; give one at least")
        if len(tables) == 1:
            return tables[0]
        middle = len(tables) // 2  # by halves: a row is copied log2(n) times
        return BlockTable.album(tables[:middle]) + BlockTable.album(tables[middle:])

    def then(self, other: BlockTable) -> BlockTable:
        """One programme out of two parts that follow each other.

        It equals the table of the whole where the second part was measured with what precedes it,
        as ``scan(source, start=...)`` does.

        Raises:
            TableError: Rate, layout, band edges or columns differ, or this part ends within a
                block.
            UnsupportedType: `other` is no table.
        """
        if not isinstance(other, BlockTable):
            raise UnsupportedType(f"then: cannot join {type(other).__name__}; give a BlockTable")
        if self.blocks and int(self.ticks[-1]) != TICKS:
            raise TableError(
                f"then: the first part ends {self.duration:.4f} s in, within a 100 ms block; cut "
                "at a multiple of 100 ms, for example with scan(..., stop=...), or use + "
            )
        later = other.seams[1:] if self.blocks else other.seams
        return self._joined(other, np.concatenate([self.seams, later + self.blocks]))

    def _joined(self, other: BlockTable, seams: NDArray[np.int64]) -> BlockTable:
        for what in ("rate_hz", "layout", "edges_hz"):
            mine, theirs = getattr(self, what), getattr(other, what)
            if mine != theirs:
                raise TableError(
                    f"tables differ in {what}: {mine} and {theirs}; measure both alike"
                )
        mine_columns, their_columns = dict(self.columns()), dict(other.columns())
        if mine_columns.keys() != their_columns.keys():
            missing = mine_columns.keys() ^ their_columns.keys()
            raise TableError(
                f"only one of the tables holds {', '.join(sorted(missing))}; measure both alike"
            )
        joined: dict[str, Any] = {
            name: np.concatenate([column, their_columns[name]])
            for name, column in mine_columns.items()
        }
        return dataclasses.replace(
            self,
            seams=seams,
            zeroed=self.zeroed + other.zeroed,
            partial=self.partial or other.partial,
            **joined,
        )

    def between(self, start: float | None = None, stop: float | None = None) -> BlockTable:
        """The span from `start` to `stop`, snapped to the 100 ms blocks.

        A last block that is not complete counts as if it were; a `stop` at the end, or beyond it,
        takes everything in.

        Args:
            start: Seconds from the table's beginning; None: from there.
            stop: Seconds from the table's beginning; None: to its end.

        Raises:
            InvalidArgument: The span is empty, negative or outside.
        """
        first = 0 if start is None else self._row_at(start, "start")
        last = self.blocks if stop is None else self._row_at(stop, "stop")
        if first >= last:
            raise InvalidArgument(
                f"start={start}, stop={stop}: the span holds no block of 100 ms; this table lasts "
                f"{self.duration:.3f} s"
            )
        return self.rows(first, last)

    def rows(self, first: int, last: int) -> BlockTable:
        """Blocks `first` up to `last`, which is not included."""
        inside = self.seams[(self.seams > first) & (self.seams < last)]
        sliced: dict[str, Any] = {
            name: column[first * TICKS : last * TICKS]
            if COLUMNS[name][1].startswith("T")
            else column[first:last]
            for name, column in self.columns()
        }
        seams = np.concatenate([[0], inside - first]).astype(np.int64)
        return dataclasses.replace(self, seams=seams, **sliced)

    def _row_at(self, seconds: float, name: str) -> int:
        seconds, starts = check_seconds(name, seconds), self.starts
        if is_end(seconds, int(starts[-1]), self.rate_hz):
            return self.blocks
        whole = block_start(self.blocks, self.rate_hz) - block_start(self.blocks - 1, self.rate_hz)
        ends = np.append(starts[1:-1], starts[-2] + whole)
        return int(np.searchsorted((starts[:-1] + ends) / 2, seconds * self.rate_hz, side="right"))

    def __getitem__(self, span: slice) -> BlockTable:
        """``table[start:stop]``, in seconds; see `between`."""
        if not isinstance(span, slice) or span.step is not None:
            raise InvalidArgument(f"index {span!r}: give a span in seconds, as in table[2.0:10.0]")
        return self.between(span.start, span.stop)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the table as an uncompressed NumPy ``.npz`` with a schema number, atomically.

        Raises:
            FileError: The file cannot be written.
        """
        from ._table_io import save_table  # here to keep the table free of files

        save_table(self, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> BlockTable:
        """Reads a table that `save` wrote.

        Raises:
            FileError: The file cannot be read.
            TableError: It is damaged, or not a block table of a known schema.
        """
        from ._table_io import load_table

        return load_table(path)

    def __repr__(self) -> str:
        programmes = f", {len(self.seams)} programmes" if len(self.seams) > 1 else ""
        return (
            f"<BlockTable {self.duration:.3f} s, {self.rate_hz} Hz, {self.layout}"
            f"{programmes}, {self.blocks} blocks>"
        )
