"""Quantiles of Student's t against SciPy's, tables and the distribution's own laws."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from loudscope import InvalidArgument
from loudscope.genres import student_quantile

PROBABILITIES = st.floats(0.5001, 0.9999)


@pytest.mark.parametrize("p", [0.55, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999])
def test_it_is_scipys(p: float) -> None:
    for freedom in (*range(1, 230), 500, 1000, 10_000, 1_000_000):
        expected = float(stats.t.ppf(p, freedom))
        assert student_quantile(p, freedom) == pytest.approx(expected, rel=1e-9), freedom


@given(p=PROBABILITIES, freedom=st.integers(1, 400))
def test_the_distribution_of_the_quantile_is_the_probability(p: float, freedom: int) -> None:
    assert float(stats.t.cdf(student_quantile(p, freedom), freedom)) == pytest.approx(p, abs=1e-10)


@given(p=PROBABILITIES, freedom=st.integers(1, 400))
def test_it_is_symmetric_and_narrows_with_more_degrees_of_freedom(p: float, freedom: int) -> None:
    found = student_quantile(p, freedom)
    assert student_quantile(1.0 - p, freedom) == pytest.approx(-found, rel=1e-9)
    assert found > student_quantile(p, freedom + 1) > NormalDist().inv_cdf(p)


def test_the_printed_tables() -> None:
    """t(.9) of 4 and 9 degrees of freedom, and Cauchy's 1 at three quarters."""
    assert round(student_quantile(0.9, 4), 4) == 1.5332
    assert round(student_quantile(0.9, 9), 4) == 1.3830
    assert student_quantile(0.75, 1) == pytest.approx(1.0, rel=1e-12)
    assert student_quantile(0.5, 7) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("p", "freedom"), [(0.0, 5), (1.0, 5), (float("nan"), 5), (0.9, 0)])
def test_what_has_no_quantile_is_refused(p: float, freedom: int) -> None:
    with pytest.raises(InvalidArgument):
        student_quantile(p, freedom)
