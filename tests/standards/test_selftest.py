"""The self-test reports what it found, and cannot be fooled."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from loudscope._compliance import cases
from loudscope._selftest import CaseResult, check, format_table, run

RESULT = CaseResult(
    "3341-1", "Tech 3341", "integrated", "LUFS", 48000, -23.0, -23.1, -22.9, -23.05, 1
)
ABSENT = replace(RESULT, expected=None, low=None, high=None, measured=None)


@pytest.mark.parametrize(
    ("measured", "passed"),
    [
        (-23.1, True),
        (-22.9, True),
        (-23.11, False),
        (-22.89, False),
        (None, False),
        (math.nan, False),
        (-math.inf, False),
    ],
)
def test_a_reading_must_lie_within_its_tolerance(measured: float | None, passed: bool) -> None:
    assert replace(RESULT, measured=measured).passed is passed


@pytest.mark.parametrize(("measured", "passed"), [(None, True), (-80.0, False)])
def test_an_absent_figure_must_be_absent(measured: float | None, passed: bool) -> None:
    """BS.2217: LFE alone has no loudness."""
    assert replace(ABSENT, measured=measured).passed is passed


def test_run_measures_each_expectation_of_each_case() -> None:
    ready = [case for case in cases() if case.synthesisable]
    seen: list[tuple[int, int]] = []
    results = run((48000,), progress=lambda done, total: seen.append((done, total)))
    assert [(result.case, result.metric) for result in results] == [
        (case.id, wanted.metric) for case in ready for wanted in case.expectations
    ]
    assert {result.rate_hz for result in results} == {48000}
    assert [result for result in results if not result.passed] == []
    assert seen == [(done, len(ready)) for done in range(1, len(ready) + 1)]


def test_an_error_of_the_progress_callback_ends_the_run() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt, match=r"^1$"):
        run(progress=stop)


@pytest.mark.parametrize(
    ("name", "readings", "values"),
    [("3341-12", 901, (-23.2,)), ("3341-14", 20, (*range(-38, -19), -19.2))],
)
def test_one_reading_out_of_line_fails_its_case(
    name: str, readings: int, values: tuple[float, ...]
) -> None:
    """Tech 3341 cases 12 and 14 ask for many readings, and each of them counts."""
    case = next(case for case in cases() if case.id == name)
    wanted = replace(case.expectations[0], values=values)
    [result] = check(replace(case, expectations=(wanted,)), 48000)
    assert result.readings == readings
    assert result.expected == values[-1]
    assert not result.passed


def test_table_counts_names_failures_and_what_was_left_out() -> None:
    text = format_table([RESULT, replace(RESULT, case="3341-2", measured=-20.0), ABSENT])
    assert "2 of 3 pass" in text
    assert "failed: 3341-2 at 48000 Hz (Tech 3341)" in text
    assert "3341-7, 3341-8, 3342-5, 3342-6" in text
    assert [line.split()[0] for line in text.splitlines()[1:4]] == ["pass", "FAIL", "pass"]
