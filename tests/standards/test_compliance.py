"""The cases of EBU Tech 3341 and 3342 and ITU-R BS.1770 and BS.2217, at five sampling rates."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest

import loudscope
from loudscope._compliance import Case, cases
from loudscope._selftest import RATES_HZ, check
from loudscope._signals import synthesise
from loudscope.reference import true_peak_ideal

SYNTHESISABLE = [case for case in cases() if case.synthesisable]
TRUE_PEAK = [case for case in SYNTHESISABLE if case.expectations[0].metric == "true_peak"]
DATA = (files("loudscope") / "data" / "compliance.json").read_text("utf-8")
LAYOUTS = json.loads(DATA)["layouts"]


def by_id(case: Case) -> str:
    return case.id


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("case", SYNTHESISABLE, ids=by_id)
def test_case(case: Case, rate_hz: int) -> None:
    """Every reading lies within the tolerance that the case's clause gives."""
    results = check(case, rate_hz)
    assert [result for result in results if not result.passed] == []


@pytest.mark.parametrize("case", TRUE_PEAK, ids=by_id)
def test_true_peak_is_within_5_hundredths_of_the_ideal(case: Case) -> None:
    """Tech 3341 cases 15 to 23: closer than the clause asks, wherever samples fall on the peak."""
    signal = synthesise(case, 48000)
    ideal = 20.0 * math.log10(true_peak_ideal(signal[:, 0], oversample=64)[0])
    measured = loudscope.true_peak(signal, 48000, layout=case.layout)
    assert measured == pytest.approx(ideal, abs=0.05)


def test_silent_lfe_changes_nothing() -> None:
    """Tech 3341 case 6 reads the same as 5.1 with a silent LFE as it does as 5.0."""
    case = next(case for case in SYNTHESISABLE if case.id == "3341-6")
    five = synthesise(case, 48000)
    six = np.insert(five, 3, 0.0, axis=1)
    expected = loudscope.lufs(five, 48000, layout="5.0")
    assert loudscope.lufs(six, 48000, layout="5.1") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", LAYOUTS)
def test_channel_weights(name: str) -> None:
    """BS.1770-5, Annex 3, Table 5: the weight of each channel of each layout of BS.2051."""
    weights = tuple(weight for _, _, _, weight in LAYOUTS[name]["channels"])
    assert loudscope.Layout.named(name).weights == weights
