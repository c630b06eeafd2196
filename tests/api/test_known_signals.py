"""Signals whose figures can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis

Signal = NDArray[np.float64]
RATES_HZ = (11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000, 384000)
SINE_DB = 10 * math.log10(2)  # 3.01: peak over RMS of a sine


def sine(
    hz: float = 997.0, seconds: float = 5.0, rate_hz: int = 48000, phase: float = 0.0
) -> Signal:
    """A full-scale sine, shape (frames,)."""
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz + phase)


def noise(channels: int = 2, seconds: float = 20.0, seed: int = 0) -> Signal:
    """White noise at 48 kHz, RMS 0.1."""
    return 0.1 * np.random.default_rng(seed).standard_normal((round(seconds * 48000), channels))


def pink(seconds: float = 60.0) -> Signal:
    """Noise with equal energy in every octave, one channel at 48 kHz."""
    frames = round(seconds * 48000)
    spectrum = np.fft.rfft(np.random.default_rng(3).standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / 48000)
    spectrum[1:] /= np.sqrt(hz[1:])
    spectrum[hz < 10.0] = 0.0
    signal = np.fft.irfft(spectrum, frames)
    return np.asarray(0.1 * signal / signal.std())


def stereo(left: Signal, right: Signal) -> Analysis:
    """The analysis of a pair at 48 kHz."""
    return loudscope.analyze(np.stack([left, right], axis=1), 48000)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("channels", [1, 2])
def test_full_scale_sine_of_997_hz(rate_hz: int, channels: int) -> None:
    """BS.1770-5 Annex 1: -3.01 LKFS in one channel, 0.0 in two; and what else a sine has."""
    tone = sine(rate_hz=rate_hz)[:, None].repeat(channels, axis=1)
    analysis = loudscope.analyze(tone, rate_hz)
    expected = -SINE_DB if channels == 1 else 0.0
    assert analysis.integrated == pytest.approx(expected, abs=0.015)
    assert analysis.momentary_max == pytest.approx(expected, abs=0.02)
    assert analysis.short_term_max == pytest.approx(expected, abs=0.015)
    assert analysis.loudness_range == pytest.approx(0.0, abs=0.001)
    assert analysis.rms == pytest.approx(-SINE_DB, abs=1e-3)
    assert analysis.crest_factor == pytest.approx(SINE_DB, abs=2e-3)
    assert analysis.true_peak == pytest.approx(0.0, abs=0.03)  # it ends without a fade
    for ratio in (analysis.plr, analysis.psr_min, analysis.psr_p10):
        assert ratio == pytest.approx(-expected, abs=0.05)


@pytest.mark.parametrize(("rate_hz", "within"), [(8000, 0.05), (11025, 0.014), (12000, 0.012)])
def test_rates_below_16_khz_are_within_a_tenth_of_a_decibel(rate_hz: int, within: float) -> None:
    """Held to what the matched design reaches, for any tone up to 0.45 of the rate."""
    for hz in (60.0, 500.0, 1500.0, 2500.0, 0.45 * rate_hz):
        low = loudscope.lufs(sine(hz, 2.0, rate_hz), rate_hz)
        full = loudscope.lufs(sine(hz, 2.0, 48000), 48000)
        assert low == pytest.approx(full, abs=within), hz


def test_calibration_of_tech_3341() -> None:
    """2.9: stereo, 1 kHz, peaks at -18 dBFS: -18.0 LUFS, and 0.007 more, which 1 kHz reads high."""
    analysis = stereo(*2 * [10 ** (-18 / 20) * sine(1000.0)])
    assert analysis.integrated == pytest.approx(-18.0 + 0.0067, abs=0.0005)


def test_square_and_constant() -> None:
    """A square wave has no crest; a constant has nothing but its offset."""
    square = loudscope.analyze(0.25 * np.sign(sine(100.0, phase=1e-3)), 48000)
    assert square.crest_factor == pytest.approx(0.0, abs=1e-9)
    assert square.rms == pytest.approx(20 * math.log10(0.25), abs=1e-9)
    constant = loudscope.analyze(np.full((48_000, 2), [0.25, -0.5]), 48000)
    assert constant.dc_offset_per_channel == (0.25, -0.5)
    assert constant.sample_peak_per_channel == (20 * math.log10(0.25), 20 * math.log10(0.5))
    offset = loudscope.analyze(0.5 * sine(1000.0) + 0.125, 48000).dc_offset_per_channel
    assert offset == pytest.approx((0.125,), abs=1e-9)


def test_peaks_have_a_place() -> None:
    """Largest value, when, and in which channel; the first of equals."""
    samples = np.zeros((48_000, 3))
    samples[12_345, 2], samples[40_000, 2], samples[30_000, 0] = -0.5, 0.5, 0.25
    analysis = loudscope.analyze(samples, 48000, layout="3.0")
    assert analysis.sample_peak == pytest.approx(20 * math.log10(0.5))
    assert analysis.sample_peak_at == 12_345 / 48000
    assert analysis.true_peak_channel == "C"
    left, right, center = analysis.sample_peak_per_channel
    assert (left, center) == pytest.approx((20 * math.log10(0.25), 20 * math.log10(0.5)))
    assert right is None
    assert analysis.sample_peak_at_per_channel == (30_000 / 48000, None, 12_345 / 48000)
    assert analysis.true_peak_at == pytest.approx(12_345 / 48000, abs=1 / 48000)


@pytest.mark.parametrize("phase", range(4))
def test_true_peak_between_the_samples(phase: int) -> None:
    """A quarter-rate sine of 1.0 at 45 degrees: samples at -3.01 dBFS, true peak 0 dBTP."""
    tone = sine(12000.0, 1.0, phase=math.pi / 4 + phase * math.pi / 2)
    fade = np.minimum(1.0, np.minimum(np.arange(48000), np.arange(48000)[::-1]) / 4800)
    analysis = loudscope.analyze(tone * fade, 48000)
    assert analysis.sample_peak == pytest.approx(-SINE_DB, abs=1e-5)
    assert analysis.true_peak == pytest.approx(0.0, abs=0.012)


@pytest.mark.parametrize("at", [0, 1, 23_999, 24_000, 47_999])
def test_a_lone_sample_peaks_in_its_tails_too(at: int) -> None:
    """Wherever it stands, the first and the last frame included, it is its own true peak."""
    samples = np.zeros(48_000)
    samples[at] = 0.5
    assert loudscope.true_peak(samples, 48000) == pytest.approx(20 * math.log10(0.5), abs=1e-6)


def test_the_tail_after_the_last_frame_counts() -> None:
    """Two equal samples at the end: 1.27 between them, and 1.27 of what follows a cut."""
    middle = loudscope.true_peak(np.r_[np.zeros(99), 0.5, 0.5, np.zeros(99)], 48000)
    for cut in (np.r_[np.zeros(99), 0.5, 0.5], np.r_[0.5, 0.5, np.zeros(99)], np.array([0.5, 0.5])):
        assert loudscope.true_peak(cut, 48000) == middle
    assert middle == pytest.approx(20 * math.log10(0.5 * 4 / math.pi), abs=0.1)


@pytest.mark.parametrize("frames", [19, 40, 4800, 4801, 9600, 30_000])
def test_peaks_beyond_the_ends_count(frames: int) -> None:
    """Alternating samples swell to 1.44 where they break off: before the first, after the last."""
    alternating = 0.5 * (-1.0) ** np.arange(frames)
    inside = loudscope.true_peak(np.pad(alternating, 4800), 48000)
    assert loudscope.true_peak(alternating, 48000) == inside
    for fade in (np.linspace(0.0, 1.0, frames), np.linspace(1.0, 0.0, frames)):
        one_end = loudscope.true_peak(alternating * fade, 48000)
        assert one_end == loudscope.true_peak(np.pad(alternating * fade, 4800), 48000)
    assert inside == pytest.approx(20 * math.log10(0.5 * 1.44), abs=0.01)


def test_correlation() -> None:
    """1, -1, 0 and what lies between."""
    left, right = noise().T
    assert stereo(left, left).correlation == 1.0
    assert stereo(left, -left).correlation == -1.0
    assert stereo(left, right).correlation == pytest.approx(0.0, abs=0.005)
    assert stereo(left, (left + right) / 2).correlation == pytest.approx(math.sqrt(0.5), abs=0.005)
    quadrature = stereo(sine(), sine(phase=math.pi / 2)).correlation
    assert quadrature == pytest.approx(0.0, abs=1e-3)


def test_mid_and_side() -> None:
    """Energies of (L+R)/2 over (L-R)/2: none, all, equal, and 6 dB."""
    left, right = noise().T
    assert stereo(left, left).mid_side_ratio is None
    assert stereo(left, -left).mid_side_ratio is None
    assert stereo(left, 0 * left).mid_side_ratio == pytest.approx(0.0, abs=1e-12)
    assert stereo(left, right).mid_side_ratio == pytest.approx(0.0, abs=0.05)
    wide = stereo(left + right / 2, left - right / 2).mid_side_ratio
    assert wide == pytest.approx(20 * math.log10(2), abs=0.05)


def test_mono_loss() -> None:
    """0 for dual mono, 3.01 for unrelated channels or one alone, everything for inverted ones."""
    left, right = noise().T
    assert stereo(left, left).mono_loss == pytest.approx(0.0, abs=1e-12)
    assert stereo(left, right).mono_loss == pytest.approx(SINE_DB, abs=0.05)
    assert stereo(left, 0 * left).mono_loss == pytest.approx(SINE_DB, abs=1e-9)
    assert stereo(left, -left).mono_loss is None
    assert stereo(left, 0.5 * left).mono_loss == pytest.approx(10 * math.log10(2.5 / 2.25))


def test_balance() -> None:
    """Positive where left is louder; only what passes the gates counts."""
    left, right = noise().T
    assert stereo(left, left / 2).balance == pytest.approx(20 * math.log10(2), abs=1e-9)
    assert stereo(left / 2, left).balance == pytest.approx(-20 * math.log10(2), abs=1e-9)
    soft = np.concatenate([noise(), np.stack([0 * left, 1e-3 * right], axis=1)])
    loud = loudscope.analyze(noise(), 48000).balance
    assert loudscope.analyze(soft, 48000).balance == pytest.approx(loud, abs=0.01)


def test_white_noise_rises_and_pink_noise_is_flat_per_octave() -> None:
    """Level per octave of width: +3.01 dB an octave, and 0."""
    white = loudscope.band_profile(noise(1, 60.0), 48000)
    centres = [math.sqrt(band.low_hz * band.high_hz) for band in white.bands]
    for band in white.bands:
        width = (band.high_hz - band.low_hz) / 24000
        assert band.share == pytest.approx(width, rel=0.06 if band.name != "Sub" else 0.15)
        expected = -20.0 + 10 * math.log10(width / math.log2(band.high_hz / band.low_hz))
        assert band.per_octave == pytest.approx(expected, abs=0.3 if band.name != "Sub" else 0.7)
    assert centres == sorted(centres)
    levels = [band.per_octave for band in loudscope.band_profile(pink(), 48000).bands]
    assert max(levels) - min(levels) < 0.5  # type: ignore[type-var, operator]


def power_in(band: int, hz: float, edges: tuple[float, ...] = loudscope.DEFAULT_EDGES_HZ) -> float:
    """Share of a tone's power that the tree of fourth-order Butterworth splits lets into a band."""
    if not edges:
        return 1.0
    root = len(edges) // 2
    low, edge = (math.tan(math.pi * f / 48000) for f in (hz, edges[root]))
    below = 1 / (1 + (low / edge) ** 8)
    if band <= root:
        return below * power_in(band, hz, edges[:root])
    return (1 - below) * power_in(band - root - 1, hz, edges[root + 1 :])


@pytest.mark.parametrize(
    ("hz", "band"),
    [(5.0, 0), (36.0, 1), (60.0, 1), (120.0, 2), (354.0, 3), (500.0, 4), (1000.0, 4), (3464.0, 5),
     (6000.0, 6), (11000.0, 6), (22500.0, 7)],
)  # fmt: skip
def test_a_tone_stands_in_its_band(hz: float, band: int) -> None:
    """With the power that the filters let pass: all of it amid a band, half of it at an edge."""
    profile = loudscope.band_profile(
        np.stack([sine(hz, 30.0), 0.5 * sine(hz, 30.0)], axis=1), 48000
    )
    found = (profile.below, *profile.bands, profile.above)[band]
    share, total = power_in(band, hz), 10 * math.log10(0.5 * 1.25 / 2)
    assert found.share == pytest.approx(share, abs=0.003)
    assert found.level == pytest.approx(total + 10 * math.log10(share), abs=0.01)
    assert found.relative == pytest.approx(10 * math.log10(share), abs=0.01)
    left = -SINE_DB + 10 * math.log10(share)
    channels = (left, left - 20 * math.log10(2))
    assert found.level_per_channel == tuple(pytest.approx(level, abs=0.01) for level in channels)
    assert found.correlation == pytest.approx(1.0, abs=1e-9)
    assert profile.total == pytest.approx(total, abs=0.003)
    parts = (profile.below, *profile.bands, profile.above)
    assert sum(part.share or 0.0 for part in parts) == pytest.approx(1.0, abs=1e-12)


def test_a_steady_band_is_steady_over_time() -> None:
    """Levels every 100 ms: where the tone is, and where it is not."""
    tone = np.r_[sine(1000.0, 2.0), np.zeros(96_000)]
    series = loudscope.band_profile(tone, 48000).over_time
    mids = series.values[:, 3]
    np.testing.assert_allclose(mids[2:20], -SINE_DB, atol=0.3)
    assert (mids[25:] < -100.0).all()
    assert (series.values[2:20, 5] < mids[2:20] - 60.0).all()
