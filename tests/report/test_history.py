"""Series for charts: thinned, and no extreme lost."""

from __future__ import annotations

import numpy as np
import pytest

from loudscope.qc import Inspection, inspect
from loudscope.report._history import MOST_BUCKETS, distribution_of, history_of


@pytest.fixture(scope="module")
def long() -> Inspection:
    """Seven minutes at 8 kHz with one loud second and one click: more blocks than buckets."""
    random = np.random.default_rng(3)
    samples = random.standard_normal((420 * 8000, 2)) * 0.02
    samples[8000 * 100 : 8000 * 101] *= 10.0
    samples[8000 * 300, 1] = 0.9
    return inspect(samples.astype(np.float32), 8000)


def test_a_short_track_keeps_its_blocks(inspection: Inspection) -> None:
    found = history_of(inspection.analysis, inspection.stereo)
    assert found["step"] == pytest.approx(0.1)
    assert found["count"] == inspection.analysis.table.blocks


@pytest.mark.parametrize("name", ["inspection", "long"])
def test_the_largest_stays_the_largest(name: str, request: pytest.FixtureRequest) -> None:
    """Series are of 10 ms, maxima too; a thinned one has the maximum of the whole."""
    measured: Inspection = request.getfixturevalue(name)
    analysis = measured.analysis
    found = history_of(analysis, measured.stereo)
    assert found["count"] <= MOST_BUCKETS
    assert largest(found["momentary"]) == round(10 * _there(analysis.momentary_max))
    assert largest(found["short_term"]) == round(10 * float(np.max(analysis.short_term.values)))
    for channel, peak in zip(found["true_peak"], analysis.true_peak_per_channel, strict=True):
        assert largest(channel) == round(10 * _there(peak))
    assert measured.stereo is not None
    least = float(np.min(measured.stereo.windows.values))
    assert min(v for v in found["correlation"] if v is not None) == round(100 * least)


def largest(values: list[int | None]) -> int:
    return max(value for value in values if value is not None)


def _there(value: float | None) -> float:
    assert value is not None
    return value


def test_every_series_is_as_long_as_the_axis(long: Inspection) -> None:
    found = history_of(long.analysis, long.stereo)
    series = [found[name] for name in ("momentary", "short_term", "envelope", "rms", "correlation")]
    assert {len(values) for values in (*series, *found["true_peak"])} == {found["count"]}
    assert found["count"] * found["step"] >= long.analysis.duration


def test_a_peak_stays_at_its_time(long: Inspection) -> None:
    found = history_of(long.analysis, long.stereo)
    at = int(np.argmax([v or -999 for v in found["true_peak"][1]]))
    assert at * found["step"] <= 300.0 <= (at + 1) * found["step"]


def test_the_rms_of_a_sine_is_3_db_under_its_peak() -> None:
    """Full-scale sine: RMS is 0.707."""
    sine = np.sin(2 * np.pi * 1000 * np.arange(48000) / 48000)
    found = history_of(inspect(np.column_stack([sine, sine]), 48000).analysis, None)
    assert found["rms"] == [707] * 10
    assert found["envelope"] == [1000] * 10


def test_silence_has_no_level() -> None:
    found = history_of(inspect(np.zeros((48000, 2)), 48000).analysis, None)
    assert set(found["true_peak"][0]) == {None}
    assert set(found["momentary"]) == {None}


def test_the_distribution_counts_every_short_term_value_above_the_gate(long: Inspection) -> None:
    found = distribution_of(long.analysis)
    values = np.asarray(long.analysis.short_term.values)
    assert sum(found["counts"]) == int((values >= -70.0).sum())
    assert found["low"] <= values.min() < found["low"] + found["step"]
