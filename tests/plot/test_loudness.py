"""Loudness over time: the curves are the series, and what is shaded is what the gates dropped."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from loudscope import Analysis, Series, plot
from loudscope.plot._thin import MOST_POINTS, thinned
from loudscope.targets import check

from .artists import labels, line, spans
from .conftest import analysis_of, noise


@pytest.fixture(scope="module")
def drawn(analysis: Analysis) -> Axes:
    return plot.loudness(analysis)


@pytest.mark.parametrize("name", ["momentary", "short_term"])
def test_curves_are_the_series(analysis: Analysis, drawn: Axes, name: str) -> None:
    times, values = line(drawn, name.replace("_", "-"))
    series = getattr(analysis, name)
    assert np.array_equal(times, series.times)
    assert np.array_equal(values, series.values)


def test_the_dashed_line_is_the_integrated_loudness(analysis: Analysis, drawn: Axes) -> None:
    assert set(line(drawn, "integrated")[1]) == {analysis.integrated}
    assert f"integrated −{-(analysis.integrated or 0.0):.1f} LUFS" in labels(drawn)


def test_shaded_is_what_the_gates_drop(analysis: Analysis, drawn: Axes) -> None:
    [bars] = [it for it in drawn.collections if str(it.get_label()).startswith("left out")]
    found = [(path.get_extents().x0, path.get_extents().x1) for path in bars.get_paths()]
    assert np.array(found) == pytest.approx(np.array(analysis.dropped_spans))
    assert "left out by the gates" in labels(drawn)


def test_units_and_the_whole_time(analysis: Analysis, drawn: Axes) -> None:
    assert drawn.get_ylabel() == "LUFS"
    assert drawn.get_xlabel() == "time, m:ss"
    assert drawn.get_xlim() == (0.0, analysis.duration)
    assert drawn.get_title(loc="left") == "Loudness"


def test_the_loudest_and_the_integrated_are_in_sight(analysis: Analysis, drawn: Axes) -> None:
    low, high = drawn.get_ylim()
    assert analysis.momentary_max is not None
    assert analysis.integrated is not None
    assert low < analysis.integrated < analysis.momentary_max < high


@pytest.mark.parametrize("target", ["r128", "a85"])
def test_the_band_is_what_the_target_asks_for(analysis: Analysis, target: str) -> None:
    [rule] = [rule for rule in check(analysis, target).rules if rule.figure == "integrated"][:1]
    title = check(analysis, target).target.title
    [(_, _, bottom, top)] = spans(plot.loudness(analysis, target=target), title)
    assert (bottom, top) == pytest.approx(rule.required)


def test_a_platform_is_drawn_where_it_plays(analysis: Analysis) -> None:
    """Its band is thin: it says where the loudness goes, and asks for nothing."""
    found = check(analysis, "spotify")
    ax = plot.loudness(analysis, target=found)
    [(_, _, bottom, top)] = spans(ax, found.target.title)
    assert (bottom + top) / 2 == pytest.approx(found.target.reference_lufs)
    assert top - bottom < 0.2


def test_beside_it_lies_the_distribution_on_the_same_scale(drawn: Axes) -> None:
    [side] = drawn.child_axes
    assert side.get_ylim() == drawn.get_ylim()
    assert side.get_xlabel() == "% of the time"
    assert not plot.loudness(analysis_of(noise(4.0)), beside=False).child_axes


def test_narrow_axes_keep_their_room_to_themselves(analysis: Analysis) -> None:
    from matplotlib.figure import Figure

    for inches, beside in ((3.5, 0), (8.0, 1)):
        ax = Figure(figsize=(inches, 3.0)).subplots()
        assert len(plot.loudness(analysis, ax=ax).child_axes) == beside
        ax = Figure(figsize=(inches, 3.0)).subplots()
        assert len(plot.stereo(analysis, ax=ax).child_axes) == beside


def test_the_distribution_is_that_of_short_term_loudness(analysis: Analysis) -> None:
    """Shares of classes of 0.5 LU, 100 % together, whose mean is within a class of the series'."""
    ax = plot.distribution(analysis)
    bars = [(bar.get_y() + 0.25, bar.get_width()) for bar in ax.patches]  # type: ignore[attr-defined]
    middles, shares = np.array(bars).T
    assert shares.sum() == pytest.approx(100.0)
    mean = float(np.mean(analysis.short_term.values))
    assert np.average(middles, weights=shares) == pytest.approx(mean, abs=0.25)
    assert set(line(ax, "10 %")[1]) == {analysis.loudness_range_low}
    assert set(line(ax, "95 %")[1]) == {analysis.loudness_range_high}


def test_gaps_are_digital_silence() -> None:
    """Before the first sound; after it, a filter's tail is never quite silent."""
    samples = noise(8.0)
    samples[: 2 * 48000] = 0.0
    times, values = line(plot.loudness(analysis_of(samples)), "momentary")
    assert np.isnan(values[times < 1.995]).all()
    assert not np.isnan(values[times > 2.005]).any()


@pytest.mark.parametrize("length", [MOST_POINTS, 10 * MOST_POINTS + 7, 36000 * 100])
def test_a_long_series_keeps_its_extremes_and_no_point_is_made_up(length: int) -> None:
    random = np.random.default_rng(length)
    series = Series(np.arange(length) / 100, random.standard_normal(length))
    times, values = thinned(series)
    assert len(times) <= 1.01 * MOST_POINTS
    assert (values.max(), values.min()) == (series.values.max(), series.values.min())
    assert np.array_equal(values, series.values[np.rint(100 * times).astype(int)])
    assert np.all(np.diff(times) > 0)
