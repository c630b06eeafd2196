"""Peaks: the envelope is the table's, and each block over the level has its mark."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from loudscope import Analysis, plot

from .artists import labels, line, outline, words
from .conftest import analysis_of, noise


def test_the_envelope_is_the_largest_sample_of_each_block(analysis: Analysis) -> None:
    ax = plot.peaks(analysis)
    assert analysis.table.sample_peak is not None
    middles = ax.get_yticks()
    for channel, middle in enumerate(middles):
        corners = outline(ax, "largest sample", channel)
        upper = {round(float(y - middle), 6) for y in corners[:, 1] if y > middle}
        lower = {round(float(middle - y), 6) for y in corners[:, 1] if y < middle}
        peaks = {round(float(peak), 6) for peak in analysis.table.sample_peak[:, channel]}
        assert upper == lower == peaks


def test_the_rms_lies_within(analysis: Analysis) -> None:
    ax = plot.peaks(analysis)
    assert analysis.table.energy is not None
    corners = outline(ax, "RMS", 0)
    power = analysis.table.energy[:, 0] / analysis.table.frames
    assert corners[:, 1].max() - ax.get_yticks()[0] == pytest.approx(np.sqrt(power.max()))


@pytest.mark.parametrize("level", [0.0, -1.0, -3.0, -6.0])
def test_marks_stand_at_the_true_peaks_over_the_level(analysis: Analysis, level: float) -> None:
    ax, table = plot.peaks(analysis, level_dbtp=level), analysis.table
    assert table.true_peak is not None
    assert table.true_peak_at is not None
    over = 20 * np.log10(table.true_peak) > level
    times = (table.starts[:-1, None] + table.true_peak_at) / table.rate_hz
    marked = [line.get_xdata() for line in ax.get_lines() if line.get_label() == "over"]
    found = np.sort(np.concatenate([[], *marked]))
    assert np.array_equal(found, np.sort(times[over]))
    assert ("over" in labels(ax)) == bool(over.any())
    blocks = int(over.any(axis=1).sum())
    assert (f"in {blocks} block" if blocks else "nothing over") in ax.get_title(loc="left")


def test_the_worst_has_its_value_and_time(analysis: Analysis) -> None:
    ax = plot.peaks(analysis)
    [seconds], [height] = line(ax, "largest")
    assert seconds == analysis.true_peak_at
    label = analysis.true_peak_channel
    lane = ax.get_yticks()[analysis.layout.labels.index(label or "")]
    assert lane < height < lane + 1.3
    assert words(ax) == f"−{-(analysis.true_peak or 0.0):.2f} dBTP at 0:20.72"


def test_each_channel_has_a_lane_of_its_own() -> None:
    ax = plot.peaks(analysis_of(noise(1.0, 6, rms=2.0), "5.1"))
    assert [text.get_text() for text in ax.get_yticklabels()] == ["L", "R", "C", "LFE", "Ls", "Rs"]
    extents = [outline(ax, "largest sample", channel)[:, 1] for channel in range(6)]
    for upper, lower in pairwise(extents):
        assert upper.min() > lower.max()


def test_hours_are_thinned_to_what_can_be_seen(analysis: Analysis) -> None:
    """The largest sample of all is still there."""
    table = analysis.table
    hours = type(table).album([table] * 64)
    ax = plot.peaks(Analysis(hours))
    corners = outline(ax, "largest sample", 1)
    assert len(corners) < 10_000
    assert table.sample_peak is not None
    largest = float(table.sample_peak[:, 1].max())
    assert corners[:, 1].max() - ax.get_yticks()[1] == pytest.approx(largest)


def test_of_too_many_marks_the_highest_of_each_stretch_stay() -> None:
    """A master that is over all the time: marks are few, and the worst is among them."""
    analysis = analysis_of(noise(4.0, rms=2.0))
    hours = Analysis(type(analysis.table).album([analysis.table] * 64))
    ax, table = plot.peaks(hours), hours.table
    marked = [np.asarray(it.get_xdata()) for it in ax.get_lines() if it.get_label() == "over"]
    assert [100 < len(times) <= 1000 for times in marked] == [True, True]
    assert table.true_peak is not None
    assert table.true_peak_at is not None
    for channel, times in enumerate(marked):
        all_times = (table.starts[:-1] + table.true_peak_at[:, channel]) / table.rate_hz
        rows = np.flatnonzero(np.isin(all_times, times))
        assert len(rows) == len(times)
        assert table.true_peak[rows, channel].max() == table.true_peak[:, channel].max()
