"""The compliance cases, synthesised and measured: what ``loudscope selftest`` reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import loudscope

from ._compliance import Case, Expectation, cases
from ._signals import synthesise

__all__ = ["RATES_HZ", "CaseResult", "check", "format_table", "run"]

RATES_HZ = (44100, 48000, 88200, 96000, 192000)
"""Sampling rates at which the cases are meant to hold."""

TICK_SECONDS = 0.01  # the finest step of a series; half of it is the slack in comparing times
ROW = "{:4}  {:25}  {:>6}  {:14}  {:>8}  {}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One expectation of one case at one rate, and what was read.

    Where a case wants several readings, the one furthest from what it wants stands for all.

    Attributes:
        case: The case, for example ``"3341-13-7"``.
        source: The clause it comes from.
        metric: Name of the figure, as `loudscope.Analysis` has it.
        unit: LUFS, LU or dBTP.
        rate_hz: Sampling rate.
        expected: The reading wanted; None if the figure must not exist.
        low: Least reading that passes; None if the figure must not exist.
        high: Largest reading that passes; None if the figure must not exist.
        measured: What was read; None where the figure did not exist.
        readings: How many readings `measured` stands for.
    """

    case: str
    source: str
    metric: str
    unit: str
    rate_hz: int
    expected: float | None
    low: float | None
    high: float | None
    measured: float | None
    readings: int

    @property
    def passed(self) -> bool:
        """True if the reading lies within the tolerance, or is absent as it must be."""
        if self.low is None or self.high is None or self.measured is None:
            return self.expected is None and self.measured is None
        return self.low <= self.measured <= self.high


def run(
    rates: Sequence[int] = RATES_HZ, progress: Callable[[int, int], None] | None = None
) -> list[CaseResult]:
    """Synthesise every case that can be, measure it, and compare.

    Args:
        rates: Sampling rates in hertz, 44100 or more.
        progress: Called with (measured, total) after each signal; an exception it raises ends
            the run and propagates.

    Returns:
        One result for each expectation of each case at each rate, in that order of rates.
    """
    todo = [(rate_hz, case) for rate_hz in rates for case in cases() if case.synthesisable]
    results: list[CaseResult] = []
    for done, (rate_hz, case) in enumerate(todo, start=1):
        results.extend(check(case, rate_hz))
        if progress is not None:
            progress(done, len(todo))
    return results


def check(case: Case, rate_hz: int) -> list[CaseResult]:
    """Synthesise one case, measure it once, and compare each of its expectations.

    Args:
        case: A case that can be synthesised.
        rate_hz: Sampling rate, 44100 or more.

    Raises:
        InvalidArgument: The case needs a programme that only the EBU has.
    """
    signal = synthesise(case, rate_hz, np.float32)
    analysis = loudscope.analyze(signal, rate_hz, layout=case.layout)
    return [_result(case, rate_hz, wanted, analysis) for wanted in case.expectations]


def format_table(results: Sequence[CaseResult]) -> str:
    """The results as plain text: one line each, then a count and what was left out."""
    lines = [ROW.format("", "case", "rate", "figure", "read", "wanted")]
    lines += [_row(result) for result in results]
    failed = [result for result in results if not result.passed]
    lines += ["", f"{len(results) - len(failed)} of {len(results)} pass"]
    lines += [f"failed: {it.case} at {it.rate_hz} Hz ({it.source})" for it in failed]
    missing = ", ".join(case.id for case in cases() if not case.synthesisable)
    lines.append(f"not run, for want of the EBU's own programmes: {missing}")
    return "\n".join(lines) + "\n"


def _row(result: CaseResult) -> str:
    read = "none" if result.measured is None else f"{result.measured:.3f}"
    wanted = "none"
    if result.expected is not None:
        wanted = f"{result.low:g} to {result.high:g} {result.unit}"
    verdict = "pass" if result.passed else "FAIL"
    return ROW.format(verdict, result.case, result.rate_hz, result.metric, read, wanted)


def _result(
    case: Case, rate_hz: int, wanted: Expectation, analysis: loudscope.Analysis
) -> CaseResult:
    expected, measured, readings = _reading(wanted, analysis)
    return CaseResult(
        case=case.id,
        source=case.source,
        metric=wanted.metric,
        unit=wanted.unit,
        rate_hz=rate_hz,
        expected=expected,
        low=None if expected is None else expected - wanted.below,
        high=None if expected is None else expected + wanted.above,
        measured=measured,
        readings=readings,
    )


def _reading(
    wanted: Expectation, analysis: loudscope.Analysis
) -> tuple[float | None, float | None, int]:
    """The reading wanted, the one taken, and how many it stands for."""
    figure = getattr(analysis, wanted.metric)
    if wanted.values is None:
        return None, figure, 1
    if wanted.from_seconds is not None:
        taken = figure.values[figure.times > wanted.from_seconds - TICK_SECONDS / 2]
    elif wanted.span_seconds is not None:
        taken = _span_maxima(figure, wanted.span_seconds, len(wanted.values))
    else:
        return wanted.values[0], figure, 1
    if not len(taken):
        return wanted.values[0], None, 0
    expected = np.broadcast_to(wanted.values, taken.shape)
    worst = int(np.argmax(np.abs(taken - expected)))  # argmax takes a NaN for the largest
    return float(expected[worst]), float(taken[worst]), len(taken)


def _span_maxima(series: loudscope.Series, seconds: float, count: int) -> NDArray[np.float64]:
    """The largest value within each of `count` successive spans; -inf where there is none."""
    span = np.ceil((series.times - TICK_SECONDS / 2) / seconds) - 1
    return np.array([np.max(series.values[span == k], initial=-np.inf) for k in range(count)])
