"""Noise floor, hum and DC offset."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loudscope import Layout
from loudscope.qc import Faults, inspect
from loudscope.qc._hum import hum_of

from .sounds import RATE, Signal, fade, music, sine


def faults(signal: Signal, rate_hz: int = RATE, layout: str | None = None) -> Faults:
    named = None if layout is None else Layout.named(layout)
    return inspect(signal, rate_hz, layout=named).faults


def noise(seconds: float, rms_dbfs: float, rate_hz: int = RATE, seed: int = 9) -> Signal:
    count = round(seconds * rate_hz)
    values = np.random.default_rng(seed).standard_normal((count, 2))
    return np.asarray(10 ** (rms_dbfs / 20) * values)


def gapped(seconds: float = 12.0) -> Signal:
    """Music with a pause of 3 s in the midst of every 6."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(music(seconds) * (time % 6.0 < 3.0)[:, np.newaxis])


@pytest.mark.parametrize("rate_hz", [48000, 44100, 22050, 11025])
def test_the_floor_is_the_noise_between_the_notes(rate_hz: int) -> None:
    signal = noise(8.0, -72.0, rate_hz)
    signal[: 4 * rate_hz] += music(4.0, rate_hz)
    assert faults(signal, rate_hz).noise_floor_dbfs == pytest.approx(-72.0, abs=0.5)


def test_digital_silence_is_no_floor() -> None:
    """9 of 12 s are zeros; the floor is that of the rest."""
    signal = np.zeros((12 * RATE, 2))
    signal[5 * RATE : 8 * RATE] = noise(3.0, -50.0)
    assert faults(signal).noise_floor_dbfs == pytest.approx(-50.0, abs=0.5)
    assert faults(np.zeros((RATE, 2))).noise_floor_dbfs is None


def test_the_floor_of_a_sine_is_its_level() -> None:
    """A full-scale sine has -3.01 dBFS RMS, in all channels alike and in one alone."""
    assert faults(sine(1000.0, 2.0, 1.0)).noise_floor_dbfs == pytest.approx(-3.01, abs=0.01)
    one = np.stack([sine(1000.0, 2.0, 1.0), np.zeros(2 * RATE)], axis=1)
    assert faults(one).noise_floor_dbfs == pytest.approx(-6.02, abs=0.01)


def test_the_floor_is_that_of_the_channels_but_lfe() -> None:
    signal = np.zeros((2 * RATE, 6))
    signal[:, [0, 1, 2, 4, 5]] = sine(1000.0, 2.0, 0.001)[:, np.newaxis]
    signal[:, 3] = sine(40.0, 2.0, 0.5)
    assert faults(signal, layout="5.1").noise_floor_dbfs == pytest.approx(-63.01, abs=0.01)


def test_the_5th_percentile() -> None:
    """20 windows of 50 ms, the quietest of which is nearest to rank 0.95, the second."""
    levels = 10.0 ** (-np.arange(20.0, 40.0) / 20.0)
    signal = np.repeat(levels, RATE // 20)
    assert faults(signal).noise_floor_dbfs == pytest.approx(-38.0, abs=0.001)


def test_a_window_that_is_part_silence_is_left_out() -> None:
    """Its RMS would be neither that of the sound nor of the silence."""
    tone = sine(1000.0, 1.0, 1.0)
    for window in (3, 8, 15):
        begin = window * RATE // 20
        tone[begin : begin + RATE // 50] = 0.0
    assert faults(tone).noise_floor_dbfs == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize(("lacking", "there"), [(0, True), (2, True), (3, False)])
def test_three_quarters_of_the_passages_must_hum(lacking: int, there: bool) -> None:
    quiet = [noise(2.0, -70.0, 4000, seed).T for seed in range(8)]
    lines = sum(sine(50.0 * order, 2.0, 0.003, 4000) for order in (1, 2, 3))
    passages = [
        np.asarray(one + (place >= lacking) * lines, np.float32) for place, one in enumerate(quiet)
    ]
    assert (hum_of(4000.0, passages) is not None) == there


def hum(mains_hz: float, seconds: float, levels_dbfs: tuple[float, ...]) -> Signal:
    """The mains and its harmonics at those RMS levels."""
    lines = [
        sine(mains_hz * order, seconds, math.sqrt(2.0) * 10 ** (level / 20))
        for order, level in enumerate(levels_dbfs, 1)
    ]
    return np.asarray(np.sum(lines, axis=0)[:, np.newaxis])


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
@pytest.mark.parametrize("off", [0.998, 1.0, 1.002])
def test_hum_is_found_in_the_pauses(mains_hz: float, off: float) -> None:
    """Even a little off, as a tape or a generator makes it, and under a noise floor."""
    signal = gapped() + noise(12.0, -75.0) + hum(off * mains_hz, 12.0, (-66.0, -62.0, -70.0))
    found = faults(signal).hum
    assert found is not None
    assert found.fundamental_hz == mains_hz
    assert found.harmonics_hz == (2 * mains_hz, 3 * mains_hz)
    assert found.level_dbfs == pytest.approx(-62.0, abs=1.0)
    assert found.above_neighbours_db > 15.0


def test_hum_in_one_channel_is_found() -> None:
    signal = gapped() + noise(12.0, -75.0)
    signal[:, :1] += hum(50.0, 12.0, (-60.0, -60.0, -66.0))
    assert faults(signal).hum is not None


def test_no_hum_where_there_is_none() -> None:
    assert faults(gapped() + noise(12.0, -75.0)).hum is None
    assert faults(music(12.0)).hum is None
    assert faults(np.zeros((12 * RATE, 2))).hum is None


def test_a_line_alone_is_no_hum() -> None:
    """The fundamental without its harmonics, and harmonics without one of the three."""
    signal = gapped() + noise(12.0, -75.0)
    assert faults(signal + hum(50.0, 12.0, (-50.0,))).hum is None
    assert faults(signal + hum(50.0, 12.0, (-50.0, -50.0))).hum is None
    assert faults(signal + hum(50.0, 12.0, (-50.0, -120.0, -50.0))).hum is None


@pytest.mark.parametrize("note_hz", [48.9994, 51.9131, 58.2705, 61.7354])
def test_a_bass_note_next_to_the_mains_is_no_hum(note_hz: float) -> None:
    """G1, G#1, Bb1 and B1, held for 12 s with all their harmonics."""
    note = hum(note_hz, 12.0, (-40.0, -44.0, -48.0, -50.0))
    assert faults(note + noise(12.0, -75.0)).hum is None


def test_a_bass_note_at_50_hz_now_and_then_is_no_hum() -> None:
    time = np.arange(16 * RATE) / RATE
    note = hum(50.0, 16.0, (-40.0, -44.0, -48.0)) * (time % 4.0 < 2.0)[:, np.newaxis]
    assert faults(note + noise(16.0, -60.0)).hum is None


def test_under_2_s_nothing_is_said_of_hum() -> None:
    assert faults(hum(50.0, 1.9, (-20.0, -20.0, -20.0))).hum is None
    assert faults(hum(50.0, 2.1, (-20.0, -20.0, -20.0)) + 1e-5).hum is not None


def test_dc_offset_per_channel() -> None:
    signal = music(2.0) + np.array([0.002, -0.01])
    means = np.mean(signal, axis=0)
    assert faults(signal).dc_per_channel == pytest.approx(means.tolist(), abs=1e-6)
    assert faults(signal).dc_per_channel == pytest.approx((0.002, -0.01), abs=2e-3)
    ends = music(2.0) * fade(2 * RATE)[:, np.newaxis]
    assert np.abs(faults(ends - ends.mean(axis=0)).dc_per_channel).max() < 1e-6
