"""Ranges from few values: the formulas, and that they keep what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from loudscope.genres import spread

VALUES = st.lists(st.floats(-100.0, 100.0), min_size=1, max_size=30)


@given(values=VALUES, data=st.data())
def test_the_order_of_the_values_changes_no_bit(values: list[float], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(values))
    assert spread(shuffled, 3.0) == spread(values, 3.0)


@given(values=st.lists(st.floats(-100.0, 100.0), min_size=5, max_size=30))
def test_it_is_numpys_and_scipys(values: list[float]) -> None:
    found, n = spread(values), len(values)
    sd = float(np.std(values, ddof=1))
    half = float(stats.t.ppf(0.9, n - 1)) * sd * math.sqrt(1.0 + 1.0 / n)
    mean = float(np.mean(values))
    expected = {
        "mean": mean,
        "sd": sd,
        "low": mean - half,
        "high": mean + half,
        "n": n,
        "median": float(np.median(values)),
        "mad": float(stats.median_abs_deviation(values)),
        "p10": float(np.percentile(values, 10)),
        "p90": float(np.percentile(values, 90)),
    }
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(values=VALUES, prior=st.floats(0.1, 20.0))
def test_a_prior_counts_as_eight_degrees_of_freedom(values: list[float], prior: float) -> None:
    n = len(values)
    square = float(np.sum((np.array(values) - np.mean(values)) ** 2))
    expected = math.sqrt((8 * prior**2 + square) / (8 + n - 1))
    assert spread(values, prior)["sd"] == pytest.approx(expected)


@given(values=VALUES, at=st.integers(0, 30))
def test_missing_values_do_not_count(values: list[float], at: int) -> None:
    assert spread([*values[:at], None, *values[at:]]) == spread(values)


def test_fewer_than_five_have_no_range() -> None:
    four = spread([1.0, 2.0, 3.0, 4.0], 5.0)
    assert (four["low"], four["high"], four["n"]) == (None, None, 4)
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0], 5.0)["high"] is not None
    assert spread([])["mean"] is None
    assert spread([2.0])["sd"] is None


@pytest.mark.parametrize("n", [5, 8, 20])
def test_eight_of_ten_further_values_lie_in_the_range(n: int) -> None:
    """t(.9, n - 1) · s · √(1 + 1/n) on both sides holds 80 % of what the same normal yields."""
    random = np.random.default_rng(n)
    within = 0
    for _ in range(4000):
        *known, new = random.normal(-6.0, 4.0, n + 1).tolist()
        found = spread(known)
        assert found["low"] is not None and found["high"] is not None
        within += found["low"] <= new <= found["high"]
    assert within / 4000 == pytest.approx(0.8, abs=0.02)  # three times the deviation of a share
