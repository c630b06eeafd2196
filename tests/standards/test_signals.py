"""The synthesised signals are those that the clauses describe."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from loudscope import InvalidArgument
from loudscope._compliance import Case, cases
from loudscope._selftest import RATES_HZ
from loudscope._signals import synthesise

BY_ID = {case.id: case for case in cases()}


def peak_dbfs(case: Case, rate_hz: int) -> float:
    return 20.0 * float(np.log10(np.max(np.abs(synthesise(case, rate_hz)))))


def test_every_case_of_the_two_tables_is_listed() -> None:
    """Tech 3341 Table 1 has cases 1 to 23, 10 and 13 as 20 files each; Tech 3342 Table 1 has 6."""
    single = {f"3341-{number}" for number in range(1, 24) if number not in (10, 13)}
    files = {f"3341-{number}-{part}" for number in (10, 13) for part in range(1, 21)}
    assert single | files | {f"3342-{number}" for number in range(1, 7)} <= BY_ID.keys()


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_segments_have_their_lengths_and_levels(rate_hz: int) -> None:
    """Tech 3341 case 5: 20 s at -26, 20.1 s at -20 and 20 s at -26 dBFS, alike in both channels."""
    signal = synthesise(BY_ID["3341-5"], rate_hz)
    edges = [0, 20 * rate_hz, round(40.1 * rate_hz), round(60.1 * rate_hz)]
    parts = [signal[start:stop] for start, stop in pairwise(edges)]
    levels = [10.0 * np.log10(2.0 * np.mean(np.square(part), axis=0)) for part in parts]
    assert signal.shape == (edges[-1], 2)
    assert levels == [pytest.approx(level, abs=1e-3) for level in (-26.0, -20.0, -26.0)]


def test_phase_runs_on_through_a_case() -> None:
    """A change of level or a pause puts no jump of phase into the tone (Tech 3341 case 9)."""
    signal = synthesise(BY_ID["3341-9"], 48000)[:, 0]
    frames = np.arange(len(signal))
    amplitude = np.where(frames % 144000 < 64320, 0.1, 10.0**-1.5)
    assert np.max(np.abs(signal - amplitude * np.sin(2.0 * np.pi * frames / 48.0))) < 1e-9


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize(
    ("number", "level"), [(20, -0.130), (21, -0.464), (22, -2.507), (23, -0.464)]
)
def test_bursts_peak_where_the_published_files_do(number: int, level: float, rate_hz: int) -> None:
    """Tech 3341 cases 20 to 23: sample peaks of the EBU's own files, test set v05."""
    assert peak_dbfs(BY_ID[f"3341-{number}"], rate_hz) == pytest.approx(level, abs=2e-3)


@pytest.mark.parametrize(
    ("number", "level"), [(15, -6.021), (16, -9.031), (17, -7.270), (18, -6.708), (19, -0.026)]
)
def test_sine_samples_fall_beside_the_peak(number: int, level: float) -> None:
    """Tech 3341 cases 15 to 19: the start phase keeps the samples off the crests."""
    assert peak_dbfs(BY_ID[f"3341-{number}"], 48000) == pytest.approx(level, abs=1e-3)


def test_channels_that_are_not_named_are_silent() -> None:
    """BS.2217 channel check: one channel of 5.1 is driven, here Ls, the fifth."""
    signal = synthesise(BY_ID["2217-channel-23-Ls-synth"], 44100)
    assert np.flatnonzero(np.any(signal, axis=0)).tolist() == [4]


def test_float32_is_the_float64_signal_rounded() -> None:
    case = BY_ID["3341-6"]
    wide = synthesise(case, 44100)
    narrow = synthesise(case, 44100, np.float32)
    assert narrow.dtype == np.float32
    assert np.array_equal(narrow, wide.astype(np.float32))


def test_a_programme_of_the_ebus_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="3341-7"):
        synthesise(BY_ID["3341-7"], 48000)
