"""What a type checker says of the public calls. It is read, not run."""

from __future__ import annotations

import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import loudscope
from loudscope import (
    Analysis,
    Band,
    BandProfile,
    BlockTable,
    Channel,
    Clipping,
    Gating,
    Layout,
    LoudnessRange,
    Meter,
    Note,
    NoteCode,
    Reading,
    Series,
)
from loudscope.qc import Finding, Inspection, inspect
from loudscope.targets import Check, check
from loudscope.typing import Array, Clips, LayoutLike, Progress, Source

samples = np.zeros((48000, 2), np.float32)


def sources(path: Path, text: str, floats: NDArray[np.float64], view: memoryview) -> None:
    for source in (path, text, floats, view, array.array("f")):
        assert_type(loudscope.lufs(source, 48000), float | None)
    with open(path, "rb") as file:
        assert_type(loudscope.analyze(file), Analysis)
    assert_type(loudscope.scan([floats, samples], 48000), BlockTable)
    assert_type(loudscope.scan(chunks(), 48000, axis=-1), BlockTable)


def chunks() -> Iterator[NDArray[np.int16]]:
    yield np.zeros((100, 2), np.int16)


def calls(source: Source, layout: LayoutLike, progress: Progress, clips: Clips) -> None:
    analysis = loudscope.analyze(source, layout=layout, progress=progress)
    assert_type(analysis, Analysis)
    assert_type(loudscope.lufs(source, layout=layout), float | None)
    assert_type(loudscope.true_peak(source, method="itu"), float | None)
    assert_type(loudscope.band_profile(source, edges=[20, 200, 2000]), BandProfile)
    assert_type(loudscope.lufs_batch(clips, 48000), list[float | None])
    assert_type(loudscope.true_peak_batch(clips, 48000, axis=-1), list[float | None])
    assert_type(loudscope.layout_names(), tuple[str, ...])
    assert_type(inspect(source, layout=layout, progress=progress), Inspection)
    assert_type(inspect(source).findings, tuple[Finding, ...])
    assert_type(check(analysis, "r128"), Check)


def figures(analysis: Analysis) -> None:
    assert_type(analysis.table, BlockTable)
    assert_type(analysis.integrated, float | None)
    assert_type(analysis.gating, Gating | None)
    assert_type(analysis.lra(trailing_silence=True), LoudnessRange | None)
    assert_type(analysis.momentary, Series)
    assert_type(analysis.true_peak_channel, str | None)
    assert_type(analysis.true_peak_per_channel, tuple[float | None, ...])
    assert_type(analysis.clipping, tuple[Clipping, ...] | None)
    assert_type(analysis.notes, tuple[Note, ...])
    assert_type(analysis.notes[0].code, NoteCode)
    assert_type(analysis.between(1.0, 2.0), Analysis)
    assert_type(analysis.to_dict(), dict[str, Any])
    assert_type(analysis.to_json(), str)


def values(table: BlockTable, profile: BandProfile, layout: Layout) -> None:
    assert_type(table + table, BlockTable)
    assert_type(table.then(table), BlockTable)
    assert_type(table[1.0:2.0], BlockTable)
    assert_type(table.energy, NDArray[np.float64] | None)
    assert_type(table.seams, NDArray[np.int64])
    assert_type(profile["Sub"], Band)
    assert_type(profile["Sub"].level, float | None)
    assert_type(layout.channels, tuple[Channel, ...])
    assert_type(layout.front_pair, tuple[int, int] | None)


def live(chunk: Array) -> None:
    meter = Meter(48000, "5.1", keep_table=False)
    meter.push(chunk, axis=-1)
    assert_type(meter.reading(), Reading)
    assert_type(meter.reading().momentary, float | None)
    assert_type(meter.analysis(), Analysis)


def rows(analyses: Mapping[str, Analysis]) -> None:
    assert_type(loudscope.to_rows(analyses.values()), list[dict[str, str | int | float | None]])
    assert_type(loudscope.ROW_COLUMNS, tuple[str, ...])


def errors(error: loudscope.NonFiniteSamples, file: loudscope.TruncatedFile) -> None:
    assert_type(error.frame, int)
    assert_type(file.path, str | None)


def progress(done: float, total: float | None) -> None:
    """Fits `Progress`; so does anything it returns."""


loudscope.scan(samples, 48000, progress=progress)
loudscope.scan(samples, 48000, progress=lambda done, total: print(done, total))
