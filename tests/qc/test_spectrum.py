"""The long-term spectrum: IEC 61260-1 third octaves, gates, percentiles, any cut into chunks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope import Layout
from loudscope.qc import Spectrum
from loudscope.qc._level_counts import LevelCounts, percentile
from loudscope.qc._ltas import LtasSums, window_size
from loudscope.qc._spectrum import spectrum_of
from loudscope.qc._third_octaves import CENTRES_HZ, third_octaves

from .measuring import RATE_HZ, Samples, noise, sine, spectra

SINE_DBFS = -10 * math.log10(2)
UNGATED = -100.0
NOMINAL_HZ = {
    20: 0, 25: 1, 31.5: 2, 50: 4, 100: 7, 125: 8, 1000: 17, 1250: 18, 4000: 23, 16000: 29,
    20000: 30,
}  # fmt: skip


def sums_of(samples: Samples, rate_hz: int = RATE_HZ, layout: str = "stereo") -> LtasSums:
    held = np.ascontiguousarray(samples, np.float32)
    return spectra(held, rate_hz, Layout.named(layout))


def spectrum(samples: Samples, rate_hz: int = RATE_HZ, layout: str = "stereo") -> Spectrum:
    found = spectrum_of(sums_of(samples, rate_hz, layout), UNGATED)
    assert found is not None
    return found


def levels(found: Spectrum) -> NDArray[np.float64]:
    """Levels in dBFS, -inf where there is none."""
    return np.array([-np.inf if level is None else level for level in found.levels_db])


def pink(seconds: float, channels: int = 2) -> Samples:
    frames = round(seconds * RATE_HZ)
    spectra = np.fft.rfft(np.random.default_rng(1).standard_normal((frames, channels)), axis=0)
    hz = np.fft.rfftfreq(frames, 1 / RATE_HZ)
    spectra[1:] /= np.sqrt(hz[1:, None])
    made = np.fft.irfft(spectra, frames, axis=0)
    return np.asarray(0.1 * made / made.std())


def test_centres_are_those_of_iec_61260() -> None:
    """5.2.1: 1000 · 10^(x/10), named by the nominal frequency that lies near."""
    assert len(CENTRES_HZ) == 31
    for nominal, index in NOMINAL_HZ.items():
        assert CENTRES_HZ[index] == pytest.approx(nominal, rel=0.01)


@pytest.mark.parametrize("hz", [hz for hz in CENTRES_HZ if hz > 150.0])
def test_a_sine_at_a_centre_lies_in_its_band(hz: float) -> None:
    found = levels(spectrum(sine(hz, 2.0)))
    band = CENTRES_HZ.index(hz)
    assert found[band] == pytest.approx(SINE_DBFS, abs=0.02)
    assert np.delete(found, band).max() < -30.0


@pytest.mark.parametrize("hz", [hz for hz in CENTRES_HZ if hz < 150.0])
def test_a_low_sine_spreads_over_the_window_s_width(hz: float) -> None:
    """Four bins, 23 Hz: wider than the bands below 100 Hz, which share what one should have."""
    found = levels(spectrum(sine(hz, 2.0)))
    assert found.argmax() == CENTRES_HZ.index(hz)
    near = np.abs(np.array(CENTRES_HZ) - hz) < 25.0
    lost_below_20_hz = 1.8 if hz < 30.0 else 0.2
    together = 10 * np.log10(np.sum(10 ** (found[near] / 10)))
    assert SINE_DBFS - lost_below_20_hz < together < SINE_DBFS + 0.01


def test_white_noise_follows_the_bandwidth() -> None:
    """Edges are exact, parts of bins count: each band has its share of 24 kHz."""
    found = levels(spectrum(noise(60.0)))
    centres = np.array(CENTRES_HZ)
    expected = -20.0 + 10 * np.log10(centres * (10**0.05 - 10**-0.05) / 24000)
    bandwidth = 10 ** (expected / 10)
    # Of the mean of so many independent values: 3 standard deviations.
    spread = 3 * 4.34 / np.sqrt(bandwidth / bandwidth.sum() * 24000 * 60.0 * 2)
    assert np.all(np.abs(found - expected) < spread + 0.02)


def test_pink_noise_is_flat() -> None:
    found = levels(spectrum(pink(60.0)))
    assert np.ptp(found[CENTRES_HZ.index(1000.0) - 7 :]) < 0.3  # from 200 Hz
    assert np.ptp(found[4:]) < 1.0  # from 50 Hz
    assert np.ptp(levels(spectrum(noise(60.0)))) > 25.0


@given(st.integers(0, 2**32 - 1), st.sampled_from([5.859375, 5.383, 3.7]))
@settings(max_examples=20)
def test_bands_part_the_power_between_them(seed: int, step_hz: float) -> None:
    """What a bin that an edge cuts gives to one band, it takes from the other."""
    power = np.random.default_rng(seed).random(4097)
    bands = third_octaves(power, step_hz)
    there = ~np.isnan(bands)
    top = np.array(CENTRES_HZ)[there][-1] * 10**0.05 / step_hz
    bottom = CENTRES_HZ[0] / 10**0.05 / step_hz
    spread = np.repeat(power, 100)[50:]  # a hundredth of a bin each, from bin 0 on
    inner = spread[round(100 * bottom) : round(100 * top)].sum() / 100
    assert bands[there].sum() == pytest.approx(inner, abs=0.03)


def test_bands_over_half_the_rate_do_not_exist() -> None:
    found = spectrum(noise(3.0, rate_hz=8000), 8000)
    for hz, level in zip(found.frequencies_hz, found.levels_db, strict=True):
        assert (level is not None) == (hz * 10**0.05 <= 4000)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 192000])
def test_power_adds_up_to_the_mean_square_at_any_rate(rate_hz: int) -> None:
    found = spectrum(0.5 * sine(997.0, 3.0, rate_hz), rate_hz)
    assert found.power.sum() == pytest.approx(0.125, rel=1e-4)
    assert found.levels_db[17] == pytest.approx(SINE_DBFS - 6.02, abs=0.02)
    assert found.bins_hz[-1] == rate_hz / 2
    assert 0.1 < window_size(rate_hz) / rate_hz < 0.3


def plain_power(samples: Samples) -> NDArray[np.float64]:
    """Mean square by bin, two real transforms in double precision, every window."""
    starts = range(0, len(samples) - 8191, 4096)
    hann = np.hanning(8193)[:-1]
    windows = np.stack([samples[start : start + 8192].T * hann for start in starts])
    power = 2 * np.abs(np.fft.rfft(windows)) ** 2 / (8192 * np.sum(hann**2))
    power[..., [0, -1]] /= 2
    return np.asarray(power.mean(axis=1))


def test_one_complex_transform_equals_two_real_ones() -> None:
    samples = noise(5.0) * [1.0, 0.3] + sine(3000.0, 5.0) * [0.0, 0.5]
    found, expected = spectrum(samples).power, plain_power(samples).mean(axis=0)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-12)


def test_windows_that_fail_the_gates_do_not_count() -> None:
    """Half of it lies 20 dB lower, below the relative gate: the level is that of the loud half."""
    loud = noise(20.0)
    samples = np.concatenate([loud, noise(20.0, seed=1) * 0.1])
    gate = -20.0 - 0.691 + 3.0 - 3.0 - 10.0
    gated, ungated = spectrum_of(sums_of(samples), gate), spectrum(samples)
    assert gated is not None
    assert gated.power.sum() == pytest.approx(0.01, rel=0.02)
    assert ungated.power.sum() == pytest.approx(0.00505, rel=0.02)
    assert gated.windows == pytest.approx(ungated.windows / 2, abs=5)


def test_pauses_between_beats_count_as_in_gating_blocks() -> None:
    """A burst of 50 ms every 300 ms: every block of 400 ms holds one."""
    time = np.arange(20 * RATE_HZ) / RATE_HZ
    samples = noise(20.0) * (time % 0.3 < 0.05)[:, None]
    found = spectrum_of(sums_of(samples), -40.0)
    assert found is not None
    assert found.power.sum() == pytest.approx(np.mean(samples**2), rel=0.02)


def test_the_gate_parts_what_lies_a_decibel_apart() -> None:
    """The steps in which loudness is known are finer than the gate needs."""
    samples = np.concatenate([noise(20.0), 10 ** (-1.5 / 20) * noise(20.0, seed=1)])
    sums = sums_of(samples)
    middle = float(np.average(sums.loudness, weights=sums.windows))
    found = spectrum_of(sums, middle)
    assert found is not None
    assert found.windows == pytest.approx(sums.windows.sum() / 2, abs=8)
    assert found.power.sum() == pytest.approx(0.01, rel=0.03)


def test_a_short_burst_counts_with_the_windows_of_its_block() -> None:
    """Seven windows are in one of the four blocks of four that hold a burst within one window."""
    samples = np.zeros((20 * RATE_HZ, 2))
    for second in range(1, 19):
        samples[second * RATE_HZ :][:480] = noise(0.01, seed=second)
    found = spectrum_of(sums_of(samples), -60.0)
    assert found is not None
    assert 7 * 18 <= found.windows <= 8 * 18


@pytest.mark.parametrize("gate_lufs", [None, UNGATED])
def test_silence_has_no_spectrum(gate_lufs: float | None) -> None:
    assert spectrum_of(sums_of(np.zeros((RATE_HZ, 2))), gate_lufs) is None


def test_less_than_a_window_has_no_spectrum() -> None:
    assert spectrum_of(sums_of(noise(0.1)), UNGATED) is None


def test_gain_shifts_every_level() -> None:
    low, high = (levels(spectrum(gain * pink(5.0))) for gain in (0.05, 0.5))
    assert high - low == pytest.approx(20.0, abs=1e-4)


def test_mean_of_the_channels_without_lfe() -> None:
    """Three of five channels sound, LFE does not count."""
    samples = np.zeros((2 * RATE_HZ, 6))
    samples[:, [0, 2, 4]] = sine(1000.0, 2.0, channels=3)
    samples[:, 3] = 0.9 * sine(63.0, 2.0, channels=1)[:, 0]
    found = levels(spectrum(samples, layout="5.1"))
    assert found[17] == pytest.approx(SINE_DBFS + 10 * math.log10(3 / 5), abs=0.02)
    assert found[5] < -90.0


def test_mono_equals_the_same_on_two_channels() -> None:
    one = noise(3.0, channels=1)
    mono, dual = spectrum(one, layout="mono"), spectrum(np.repeat(one, 2, axis=1))
    assert mono.power == pytest.approx(dual.power, rel=1e-4)


def test_p90_is_the_percentile_of_the_windows() -> None:
    """A tenth of the time a tone sounds: it is in the mean, not in the 90th percentile."""
    time = np.arange(30 * RATE_HZ) / RATE_HZ
    for share, stands_out in ((0.05, False), (0.2, True)):
        samples = 0.01 * noise(30.0) + sine(5000.0, 30.0) * (time % 10.0 < 10 * share)[:, None]
        found = spectrum(samples)
        at = int(np.abs(found.p90_hz - 5000.0).argmin())
        floor = float(np.median(found.p90_db))
        assert bool(found.p90_db[at] > floor + 40.0) is stands_out
        assert levels(found)[24] > -20.0


def test_p90_equals_numpy_on_the_windows() -> None:
    samples = noise(20.0)
    grouped = plain_power(samples)[:, :4096].reshape(-1, 512, 8).mean(axis=2)
    expected = 10 * np.log10(np.percentile(grouped, 90.0, axis=0))
    assert spectrum(samples).p90_db == pytest.approx(expected, abs=0.5)
    assert np.mean(spectrum(samples).p90_db - expected) == pytest.approx(0.0, abs=0.05)


def test_percentile_of_counts() -> None:
    counts = LevelCounts(1)
    counts.add(np.repeat(np.array([1e-20, 1e-10, 1e-5, 1.0], np.float32), 8).reshape(4, 8))
    taken = counts.taken()
    assert taken.sum() == 4
    assert percentile(taken, 0.5) == pytest.approx(-99.5, abs=0.01)
    assert percentile(taken, 0.25) == pytest.approx(-160.0)  # what lies below counts as this
    assert percentile(taken, 1.0) == pytest.approx(0.5, abs=0.01)


@given(st.lists(st.integers(0, 3 * RATE_HZ), max_size=6), st.integers(1, 3 * RATE_HZ))
@settings(max_examples=20)
def test_any_cut_into_chunks_gives_the_same_bits(cuts: list[int], frames: int) -> None:
    samples = np.ascontiguousarray(noise(3.0)[:frames], np.float32)
    layout = Layout.named("stereo")
    inside = tuple(sorted(cut for cut in cuts if cut < frames))
    whole, cut = spectra(samples, RATE_HZ, layout), spectra(samples, RATE_HZ, layout, inside)
    for name in LtasSums.__slots__:
        assert np.array_equal(getattr(whole, name), getattr(cut, name)), name


def test_memory_does_not_grow_with_length() -> None:
    """One step of loudness more or less, whatever the length."""
    short, long = (sums_of(noise(seconds)) for seconds in (5.0, 50.0))
    assert len(short.loudness) <= len(long.loudness) <= len(short.loudness) + 2
    assert short.counts.shape == long.counts.shape
    assert long.windows.sum() == 584
