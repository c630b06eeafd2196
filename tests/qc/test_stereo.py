"""Left and right: each figure on a pair that has the trait, and on one that has not."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope.qc import StereoFigures
from loudscope.qc._stereo import stereo_figures

from .measuring import RATE_HZ, Samples, band_noise, measured, noise, sine

SECONDS = 6.0
SUB, BASS, LOW_MIDS, MIDS, HIGH_MIDS, AIR = range(6)


def figures(samples: Samples, **options: Any) -> StereoFigures:
    found = measured(samples, **options)
    stereo = stereo_figures(found.analysis, found.sums)
    assert stereo is not None
    return stereo


def mid_side(mid: Samples, side: Samples) -> Samples:
    """(frames, 2) whose (L+R)/2 and (L-R)/2 these are."""
    return np.stack([mid + side, mid - side], axis=1)


def same(seconds: float = SECONDS) -> Samples:
    return np.repeat(noise(seconds, 1), 2, axis=1)


def test_equal_channels() -> None:
    found = figures(same())
    assert found.correlation == found.correlation_p5 == found.correlation_min == 1.0
    assert found.negative_share == found.side_share == found.width_score == 0.0
    assert found.mid_side_ratio is None
    assert found.mono_loss == pytest.approx(0.0, abs=1e-9)
    assert found.balance == 0.0
    assert found.bass_correlation == pytest.approx(1.0)
    assert found.dual_mono
    assert not found.inverted
    assert found.silent_channels == ()


def test_unrelated_channels() -> None:
    found = figures(noise(20.0))
    assert found.correlation == pytest.approx(0.0, abs=0.01)
    assert found.side_share == pytest.approx(0.5, abs=0.01)
    assert found.mid_side_ratio == pytest.approx(0.0, abs=0.05)
    assert found.mono_loss == pytest.approx(3.01, abs=0.05)
    assert found.negative_share == pytest.approx(0.5, abs=0.3)
    assert found.width_score == pytest.approx(98.0, abs=2.0)
    assert found.bass_correlation == pytest.approx(0.0, abs=0.1)
    assert not found.dual_mono


def test_an_inverted_channel() -> None:
    found = figures(same() * [1.0, -1.0])
    assert found.inverted
    assert found.correlation == found.correlation_p5 == found.correlation_min == -1.0
    assert found.negative_share == found.side_share == 1.0
    assert found.width_score == 100.0
    assert found.mid_side_ratio is None
    assert found.mono_loss is None  # nothing is left
    assert all(band.mono_loss is None for band in found.bands)
    assert not figures(noise(SECONDS) + same() * [1.0, -1.0]).inverted  # -0.5 only


def test_percentile_and_minimum_see_what_the_mean_hides() -> None:
    """A tenth of the time right is inverted."""
    time = np.arange(30 * RATE_HZ) / RATE_HZ
    samples = same(30.0)
    samples[:, 1] *= np.where((time > 10.0) & (time < 13.0), -1.0, 1.0)
    found = figures(samples)
    assert found.correlation == pytest.approx(0.8, abs=0.01)
    assert found.correlation_min == found.correlation_p5 == pytest.approx(-1.0, abs=1e-9)
    assert found.negative_share == pytest.approx(0.1, abs=0.01)
    inside = (found.windows.times > 10.4) & (found.windows.times <= 13.0)
    assert np.all(found.windows.values[inside] < -0.99)
    assert np.all(found.windows.values[found.windows.times <= 10.0] > 0.99)


def test_windows_below_the_gates_do_not_set_the_percentile() -> None:
    """A fade into unrelated noise at -70 dBFS: seen in the windows, not in the figures."""
    samples = np.concatenate([same(20.0), 0.003 * noise(10.0)])
    found = figures(samples)
    assert found.windows.values.min() < 0.2
    assert found.correlation_min == pytest.approx(1.0, abs=0.01)


def test_windows_of_digital_silence_have_no_correlation() -> None:
    samples = np.concatenate([same(2.0), np.zeros((2 * RATE_HZ, 2)), same(2.0)])
    found = figures(samples)
    assert np.isfinite(found.windows.values).all()
    silent = (found.windows.times > 2.45) & (found.windows.times < 4.05)
    assert not silent.any()
    assert len(found.windows) == 57 - 17


def test_figures_per_band() -> None:
    """Mid below, side above: a narrow bottom and a top that is all side."""
    samples = mid_side(band_noise(80, 200, SECONDS), band_noise(8000, 12000, SECONDS))
    found = figures(samples)
    bass, air = found.bands[BASS], found.bands[AIR]
    assert (bass.name, bass.low_hz, bass.high_hz) == ("Bass", 60.0, 250.0)
    assert bass.correlation == pytest.approx(1.0, abs=1e-4)
    assert bass.side_share == pytest.approx(0.0, abs=1e-4)
    assert bass.width == pytest.approx(0.0, abs=1e-4)
    assert bass.mono_loss == pytest.approx(0.0, abs=1e-3)
    assert air.correlation == pytest.approx(-1.0, abs=1e-4)
    assert air.side_share == pytest.approx(1.0, abs=1e-4)
    assert air.width == 1.0  # side at least as strong as mid
    assert air.mono_loss is not None and air.mono_loss > 30.0
    assert found.correlation == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("side_db", [-3.0, -10.0, -20.0])
def test_side_share_and_width_of_a_band(side_db: float) -> None:
    """w = 2 min(S, (M+S)/2) / (M+S); the mono loss is the total over mid."""
    gain = 10 ** (side_db / 20)
    samples = mid_side(band_noise(600, 1900, SECONDS), gain * band_noise(600, 1900, SECONDS, 1))
    band = figures(samples).bands[MIDS]
    share = gain**2 / (1 + gain**2)
    assert band.side_share == pytest.approx(share, abs=0.015)
    assert band.width == pytest.approx(2 * share, abs=0.03)
    assert band.mid_side_ratio == pytest.approx(-side_db, abs=0.3)
    assert band.mono_loss == pytest.approx(-10 * math.log10(1 - share), abs=0.1)


@pytest.mark.parametrize(
    ("wide", "score"),
    [(BASS, 4.17), (LOW_MIDS, 10.42), (MIDS, 16.67), (HIGH_MIDS, 29.17), (AIR, 37.5)],
)
def test_width_score_weighs_the_bands(wide: int, score: float) -> None:
    """One band all side: 100 k / 2.4, k .05 .1 .25 .4 .7 .9 from sub to air."""
    edges = (20, 60, 250, 500, 2000, 6000, 20000)
    parts = [
        band_noise(low * 1.3, high / 1.3, SECONDS, seed)
        for seed, (low, high) in enumerate(pairwise(edges))
    ]
    side = parts.pop(wide)
    found = figures(mid_side(np.sum(parts, axis=0), side))
    assert found.width_score == pytest.approx(score, abs=3.0)


def test_other_bands_have_no_width_score() -> None:
    """The weights are those of the six default bands."""
    found = figures(noise(3.0), edges_hz=(100.0, 1000.0, 10000.0))
    assert found.width_score is None
    assert [band.width is None for band in found.bands] == [False, False]


def test_bands_above_half_the_rate_have_no_figures() -> None:
    found = figures(noise(3.0, rate_hz=8000), rate_hz=8000)
    assert found.bands[AIR].correlation is found.bands[AIR].width is None
    assert found.bands[AIR].mono_loss is found.bands[AIR].side_share is None
    assert found.width_score == pytest.approx(95.0, abs=5.0)


@pytest.mark.parametrize("gain_db", [0.0, 2.0, -2.0])
def test_balance_is_left_over_right(gain_db: float) -> None:
    samples = same() * [10 ** (gain_db / 20), 1.0]
    assert figures(samples).balance == pytest.approx(gain_db, abs=1e-6)


def test_bass_correlation_looks_below_120_hz() -> None:
    """A wide bottom under a narrow top, and the reverse."""
    wide_bottom = np.stack([band_noise(25, 110, 20.0, seed) for seed in (0, 1)], axis=1)
    narrow_top = np.repeat(band_noise(150, 1000, 20.0, 2)[:, None], 2, axis=1)
    assert figures(wide_bottom + narrow_top).bass_correlation == pytest.approx(0.0, abs=0.15)
    narrow_bottom = np.repeat(band_noise(25, 110, 20.0)[:, None], 2, axis=1)
    wide_top = np.stack([band_noise(150, 1000, 20.0, seed) for seed in (2, 3)], axis=1)
    assert figures(narrow_bottom + wide_top).bass_correlation == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("side_db", "dual"), [(-61.0, True), (-59.0, False)])
def test_dual_mono_is_side_60_db_under_mid(side_db: float, *, dual: bool) -> None:
    mid = noise(SECONDS, 1)[:, 0]
    side = 10 ** (side_db / 20) * noise(SECONDS, 1, seed=1)[:, 0]
    assert figures(mid_side(mid, side)).dual_mono is dual


@pytest.mark.parametrize(("level_db", "silent"), [(None, True), (-95.0, True), (-85.0, False)])
def test_a_silent_channel(level_db: float | None, *, silent: bool) -> None:
    """Dither is no sound; what lies above -90 dBFS is."""
    gain = 0.0 if level_db is None else 10 ** (level_db / 20) / 0.1
    found = figures(noise(SECONDS) * [1.0, gain])
    assert found.silent_channels == (("R",) if silent else ())
    if level_db is None:
        assert found.correlation is found.balance is found.delay_ms is None
        assert found.mono_loss == pytest.approx(3.01, abs=0.01)
        assert len(found.windows) == 0


def test_a_silent_lfe_is_no_fault() -> None:
    samples = noise(SECONDS, 6) * [1, 1, 1, 0, 1, 0]
    assert figures(samples, layout="5.1").silent_channels == ("Rs",)


@pytest.mark.parametrize("frames", [0, 1, 48, -48, 700])
def test_delay_of_right_after_left(frames: int) -> None:
    sound = noise(SECONDS + 1.0, 1)[:, 0]
    count = round(SECONDS * RATE_HZ)
    samples = np.stack([sound[1000 : 1000 + count], sound[1000 - frames :][:count]], axis=1)
    found = figures(samples)
    assert found.delay_ms == pytest.approx(1000 * frames / RATE_HZ, abs=0.002)
    assert found.delay_confidence == pytest.approx(1.0, abs=0.1)
    inverted = figures(samples * [1.0, -1.0])
    assert inverted.delay_ms == pytest.approx(found.delay_ms, abs=0.002)


def test_delay_between_frames() -> None:
    """Half a frame, by a delay in the spectrum."""
    spectrum = np.fft.rfft(noise(SECONDS, 1)[:, 0])
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(round(SECONDS * RATE_HZ)) * 10.5)
    samples = np.stack([np.fft.irfft(spectrum), np.fft.irfft(spectrum * turn)], axis=1)
    assert figures(samples).delay_ms == pytest.approx(1000 * 10.5 / RATE_HZ, abs=0.002)


def test_a_late_copy_shows_through_other_sounds() -> None:
    """A pair of microphones: half of what right hears comes from left, 1 ms later."""
    sound = noise(SECONDS, 1)
    samples = np.concatenate([sound, np.roll(sound, 48)], axis=1) + noise(SECONDS, seed=1)
    assert figures(samples).delay_ms == pytest.approx(1.0, abs=0.01)


def test_unrelated_channels_have_no_delay() -> None:
    found = figures(noise(20.0))
    assert found.delay_ms is found.delay_confidence is None


def test_mono_is_no_pair() -> None:
    found = measured(noise(3.0, 1))
    assert stereo_figures(found.analysis, found.sums) is None


def test_silence_has_no_figures() -> None:
    found = figures(np.zeros((RATE_HZ, 2)))
    absent = {
        "correlation", "correlation_p5", "correlation_min", "negative_share", "width_score",
        "balance", "side_share", "mid_side_ratio", "mono_loss", "bass_correlation", "delay_ms",
        "delay_confidence",
    }  # fmt: skip
    assert {name for name in absent if getattr(found, name) is not None} == set()
    assert found.silent_channels == ("L", "R")
    assert not found.dual_mono
    assert all(band.width is band.correlation is band.mono_loss is None for band in found.bands)


def test_without_spectra_the_table_says_the_rest() -> None:
    found = stereo_figures(measured(noise(3.0)).analysis)
    assert found is not None
    assert found.bass_correlation is found.delay_ms is None
    assert found.correlation is not None and found.width_score is not None


@given(st.integers(0, 999), st.floats(-1.0, 1.0), st.floats(-6.0, 6.0), st.integers(-40, 40))
@settings(max_examples=15)
def test_swapped_channels_mirror_the_figures(
    seed: int, shared: float, gain_db: float, frames: int
) -> None:
    common = np.roll(noise(2.0, 1, seed), (0, frames), (0, 0))
    samples = noise(2.0, 2, seed + 1) + shared * np.concatenate([common, common], axis=1)
    samples *= [1.0, 10 ** (gain_db / 20)]
    found, mirrored = figures(samples), figures(samples[:, ::-1])
    for name in ("balance", "delay_ms"):
        mine, other = getattr(found, name), getattr(mirrored, name)
        assert (mine is None) == (other is None), name
        assert mine is None or mine == pytest.approx(-other, abs=1e-3), name
    for name in ("correlation", "correlation_p5", "negative_share", "width_score", "mono_loss"):
        assert getattr(found, name) == pytest.approx(getattr(mirrored, name), abs=1e-6), name


def test_a_tone_that_beats_between_the_channels() -> None:
    """997 and 998 Hz: in phase, then not, within a second; the whole is unrelated."""
    samples = np.concatenate([sine(997.0, 8.0, channels=1), sine(998.0, 8.0, channels=1)], axis=1)
    found = figures(0.3 * samples)
    assert found.correlation == pytest.approx(0.0, abs=0.01)
    assert found.correlation_min is not None and found.correlation_min < -0.7
    assert found.negative_share == pytest.approx(0.5, abs=0.1)
