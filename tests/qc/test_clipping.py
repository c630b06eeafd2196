"""Clipping: runs of three samples or more within one LSB of the audio's own peak, and flat."""

from __future__ import annotations

import math
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from loudscope import Layout
from loudscope.qc import ClippedRuns, inspect
from loudscope.qc._flat_runs import LEVELS, Ceiling, ChunkOfChannel

from ..strategies import examples
from .sounds import RATE, Signal, coloured, music, pcm16, sine, square

Levels = NDArray[np.int64]


def clipping(signal: NDArray[np.generic], rate_hz: int = RATE) -> ClippedRuns:
    return inspect(signal, rate_hz).faults.clipping


def clipped(ceiling: float = 0.9, seconds: float = 3.0) -> Signal:
    """Music driven 6 dB into a ceiling."""
    return np.clip(music(seconds) * 4.0 * ceiling, -ceiling, ceiling)


def flat_tops(signal: Signal, ceiling: float) -> int:
    """Runs of three or more at the ceiling, counted one by one."""
    return sum(
        1
        for column in signal.T
        for sign in (1.0, -1.0)
        for flat, run in groupby(sign * column >= ceiling)
        if flat and len(list(run)) >= 3
    )


def test_every_flat_top_of_clipped_music_is_counted() -> None:
    signal = clipped(0.9)
    expected = flat_tops(signal, 0.9)
    found = clipping(pcm16(signal))
    assert expected > 50
    assert found.count == pytest.approx(expected, rel=0.03)  # rounding joins and parts a few
    assert found.level_dbfs == pytest.approx(20 * math.log10(0.9), abs=0.001)
    assert found.per_minute == pytest.approx(found.count * 20.0)
    assert not found.stepped


@pytest.mark.parametrize("gain", [1.0, 0.5, 0.1])
def test_lowering_clipped_music_hides_nothing(gain: float) -> None:
    """It is the audio's own peak that counts, not 0 dBFS."""
    found = clipping(pcm16(gain * clipped(1.0)))
    assert found.count > 0.9 * flat_tops(clipped(1.0), 1.0)
    assert found.level_dbfs == pytest.approx(20 * math.log10(gain), abs=0.01)


def test_samples_at_full_scale_are_not_asked_for() -> None:
    assert max(abs(clipped(0.7).ravel())) < 0.71
    assert clipping(clipped(0.7).astype(np.float32)).count > 50


def test_when_and_how_long() -> None:
    """One flat top of 40 samples at 1.25 s, in the right channel, downwards."""
    signal = 0.2 * music(3.0)
    start = round(1.25 * RATE)
    signal[start : start + 40, 1] = -0.4
    found = clipping(signal)
    assert (found.count, found.longest, found.at) == (1, 40, (1.25,))
    assert found.level_dbfs == pytest.approx(20 * math.log10(0.4), abs=0.001)


def test_a_run_over_the_seam_of_two_seconds_is_one() -> None:
    signal = 0.2 * music(3.0)
    signal[2 * RATE - 7 : 2 * RATE + 9, 0] = 0.4
    found = clipping(signal)
    assert (found.count, found.longest, found.at) == (1, 16, ((2 * RATE - 7) / RATE,))


def test_a_run_of_two_is_none() -> None:
    signal = 0.2 * music(3.0)
    signal[RATE : RATE + 2] = 0.4
    assert clipping(signal).count == 0


def test_a_higher_peak_later_takes_all_back() -> None:
    signal = np.concatenate([clipped(0.5), music(1.0)])
    assert clipping(signal).count > 50
    signal[-RATE // 2], signal[-RATE // 3] = 0.9, -0.9
    assert clipping(signal).count == 0


def test_the_peaks_of_a_low_tone_in_16_bits_are_round() -> None:
    """Near its top a sine of 50 Hz stays within one LSB for six samples."""
    for peak in (0.999, 0.3, 0.01):
        for hz in (20.0, 50.0, 440.0):
            assert clipping(pcm16(sine(hz, 2.0, peak))).count == 0


def test_quiet_music_in_16_bits_is_not_clipped() -> None:
    for level in (0.05, 0.005, 0.0005):
        assert clipping(pcm16(level * music(3.0, seed=3))).count == 0


def test_soft_saturation_is_not_clipping() -> None:
    assert clipping(pcm16(0.9 * np.tanh(6.0 * coloured(3.0)))).count < 3


def test_noise_of_one_lsb_is_not_clipping() -> None:
    noise = np.random.default_rng(1).integers(-1, 2, (2 * RATE, 2)).astype(np.int16)
    assert clipping(noise).count == 0


def test_a_square_wave_proves_nothing() -> None:
    found = clipping(pcm16(square(440.0, 2.0)))
    assert (found.count, found.longest, found.at) == (0, 0, ())
    assert found.stepped


def test_chip_music_proves_nothing() -> None:
    """Two pulses and a triangle of 16 steps: flat at the peaks, and flat everywhere else."""
    triangle = np.rint(np.arcsin(sine(110.0, 2.0, 1.0)) / np.pi * 16) / 16
    voices = square(440.0, 2.0, 0.2) + square(660.0, 2.0, 0.15) + 0.2 * triangle
    found = clipping(pcm16(voices))
    assert found.count == 0
    assert found.stepped


def test_a_clipped_sine_is_not_a_square_wave() -> None:
    found = clipping(pcm16(np.clip(sine(997.0, 2.0, 2.0), -0.8, 0.8)))
    assert not found.stepped
    assert found.count == pytest.approx(2 * 2 * 997, abs=2)


def test_silence_and_dc_are_not_clipped() -> None:
    assert clipping(np.zeros((RATE, 2))).count == 0
    assert clipping(np.full((RATE, 2), 0.3)).count == 0


def by_definition(levels: Levels) -> tuple[int, int]:
    """Count and longest run, looking at the whole of one channel at once."""
    if len(levels) == 0 or levels.max() < 1:
        return 0, 0
    near = levels >= levels.max() - 1
    lengths, begin = [], 0
    for flat, run in groupby(near):
        length = len(list(run))
        beside = [
            int(levels.max()) - 1 - int(levels[i])
            for i in (begin - 1, begin + length)
            if 0 <= i < len(levels)
        ]
        if flat and length >= 3 and beside and min(beside) > 2 * (1 + 2 / (length - 1)) ** 2:
            lengths.append(length)
        begin += length
    return len(lengths), max(lengths, default=0)


@examples(1.0)
@given(
    levels=arrays(np.int64, st.integers(1, 60), elements=st.sampled_from((1000, 999, 998, -9))),
    rises=st.lists(st.tuples(st.integers(0, 59), st.integers(1001, 1003)), max_size=2),
    second=st.integers(1, 20),
    sign=st.sampled_from((1.0, -1.0)),
)
def test_the_stream_finds_what_the_whole_has(
    levels: Levels, rises: list[tuple[int, int]], second: int, sign: float
) -> None:
    """However it is cut, and however the peak rises on the way."""
    for place, level in rises:
        levels[min(place, len(levels) - 1)] = level
    samples = (sign * levels / LEVELS).astype(np.float32)
    ceiling, last = Ceiling(second, sign), math.nan
    for first in range(0, len(samples), second):
        chunk = ChunkOfChannel(samples[first : first + second], first, last)
        ceiling.feed(chunk, float((sign * chunk.samples).max()))
        last = float(chunk.samples[-1])
    found = ceiling.finish(len(samples))
    assert (found.count, found.longest) == by_definition(levels)


def test_more_channels_than_two() -> None:
    signal = np.zeros((2 * RATE, 6))
    signal[:, [0, 1]] = signal[:, [4, 5]] = 0.3 * music(2.0)
    signal[RATE : RATE + 10, 4] = 0.6
    found = inspect(signal, RATE, layout=Layout.named("5.1")).faults.clipping
    assert (found.count, found.longest, found.at) == (1, 10, (1.0,))
