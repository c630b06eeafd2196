"""`dropped_spans`: what counts for nothing in the integrated loudness (BS.1770-5 Annex 1)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from loudscope import Analysis, BlockTable, scan

from ..strategies import Audio, audio, examples

RATE = 48000
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"


def noise(*rms_and_seconds: tuple[float, float]) -> Analysis:
    """Stretches of noise one after the other."""
    random = np.random.default_rng(0)
    parts = [random.normal(0.0, rms, (round(s * RATE), 2)) for rms, s in rms_and_seconds]
    return Analysis(scan(np.concatenate(parts), RATE))


def test_a_steady_sound_drops_nothing() -> None:
    assert noise((0.1, 4.0)).dropped_spans == ()


def test_a_pause_is_dropped_but_for_the_windows_that_reach_into_it() -> None:
    """A gating block lasts 400 ms: 300 ms of the pause are in one with 100 ms of sound."""
    [(start, stop)] = noise((0.1, 3.0), (0.0001, 4.0), (0.1, 3.0)).dropped_spans
    assert start == pytest.approx(3.3)
    assert stop == pytest.approx(6.7)


def test_silence_is_dropped_whole_and_a_click_is_no_gating_block() -> None:
    assert Analysis(scan(np.zeros((2 * RATE, 2)), RATE)).dropped_spans == ((0.0, 2.0),)
    assert Analysis(scan(np.ones((100, 2)), RATE)).dropped_spans == ()


@examples(0.2)
@given(sound=audio(most_seconds=3.0, most_samples=150_000))
def test_kept_windows_lie_outside_and_all_else_is_inside(sound: Audio) -> None:
    """Every block that no kept gating block covers, and no other, is in a span."""
    analysis = Analysis(scan(sound.samples, sound.rate_hz, layout=sound.layout))
    gating, table = analysis.gating, analysis.table
    if gating is None or gating.blocks == 0:
        assert analysis.dropped_spans == ()
        return
    starts = table.starts / table.rate_hz
    inside = np.zeros(table.blocks, bool)
    for start, stop in analysis.dropped_spans:
        inside |= (starts[:-1] >= start - 1e-9) & (starts[1:] <= stop + 1e-9)
    threshold = analysis.relative_threshold
    ends = np.isin(analysis.momentary.times, starts[1:])
    loud = analysis.momentary.values[ends] > (np.inf if threshold is None else max(threshold, -70))
    assert loud.sum() == gating.kept
    covered = np.zeros(table.blocks, bool)
    for row in np.flatnonzero(loud):
        covered[row : row + 4] = True
    assert np.array_equal(inside, ~covered)


def test_spans_do_not_cross_the_seam_of_an_album_unless_both_sides_are_dropped() -> None:
    table = scan(EXAMPLE)
    spans = Analysis(BlockTable.album([table, table])).dropped_spans
    alone = Analysis(table).dropped_spans
    shifted = [(start + 24.1, stop + 24.1) for start, stop in alone]
    assert spans[0] == alone[0]
    assert spans[-1] == pytest.approx(shifted[-1])
    assert spans[1] == pytest.approx((alone[-1][0], shifted[0][1]))


def test_a_table_without_loudness_has_none() -> None:
    import dataclasses

    table = dataclasses.replace(scan(EXAMPLE), tick_energy=None, k_cross=None)
    assert Analysis(table).dropped_spans == ()
