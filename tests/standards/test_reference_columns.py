"""The reference below the gates: grid, sums, bands, peaks (BS.1770-5 Annex 2), clips."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from loudscope import reference

Signal = npt.NDArray[np.float64]
RATES = [8000, 11025, 22050, 44100, 48000, 96000, 384000]


def noise(frames: int, channels: int = 2, seed: int = 1) -> Signal:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (frames, channels))


@pytest.mark.parametrize("rate_hz", [8000, 8001, 11025, 22050, 44100, 47999, 384000])
def test_ticks_begin_at_the_nearest_sample(rate_hz: int) -> None:
    """Tick k begins at k * rate / 100, halves up, and after an hour has not drifted."""
    for tick in [*range(1000), 360_000]:
        exact = Fraction(tick * rate_hz, 100)
        assert reference.tick_start(tick, rate_hz) == math.floor(exact + Fraction(1, 2))
    assert reference.tick_start(360_000, rate_hz) == 3600 * rate_hz


@pytest.mark.parametrize("rate_hz", [8000, 11025, 48000])
@pytest.mark.parametrize("ticks", [0, 1, 9, 10, 11, 20])
@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_rows_cover_every_frame_once(rate_hz: int, ticks: int, beyond: int) -> None:
    frames = max(0, reference.tick_start(ticks, rate_hz) + beyond)
    blocks = reference.block_bounds(frames, rate_hz)
    bounds = reference.tick_bounds(frames, rate_hz)
    assert blocks[0] == bounds[0] == 0
    assert blocks[-1] == bounds[-1] == frames
    assert (np.diff(blocks) > 0).all()
    np.testing.assert_array_equal(bounds[::10], blocks)
    complete = ticks - 1 if beyond < 0 < ticks else ticks
    counts = reference.tick_counts(frames, rate_hz)
    assert counts.sum() == complete
    assert (counts[:-1] == 10).all()


def test_integers_are_scaled_to_full_scale_one() -> None:
    for dtype in (np.int16, np.int32):
        lowest = np.iinfo(dtype).min
        scaled = reference.samples(np.array([lowest, 0, -(lowest // 2)], dtype=dtype))
        np.testing.assert_array_equal(scaled, [[-1.0], [0.0], [0.5]])
    for wrong in (np.zeros(3, dtype=np.int8), np.zeros((1, 2, 3)), np.float64(0)):
        with pytest.raises(ValueError, match="x must"):
            reference.samples(wrong)


def test_table_has_every_column_in_its_shape() -> None:
    """1.234 s of 22 050 Hz: 13 blocks, the last of them short."""
    signal = noise(27210).astype(np.float32)
    columns = reference.table(signal, 22050, pair=(0, 1), taps=np.eye(1, 36, 17))
    shapes = {name: column.shape for name, column in columns.items()}
    assert shapes == {
        **{"frames": (13,), "ticks": (13,), "tick_frames": (130,), "tick_energy": (130, 2)},
        **{"energy": (13, 2), "total": (13, 2), "cross": (13,), "k_cross": (13,)},
        **{"sample_peak": (13, 2), "sample_peak_at": (13, 2)},
        **{"true_peak": (13, 2), "true_peak_at": (13, 2)},
        **{"band_energy": (13, 8, 2), "band_cross": (13, 8), "clips": (13, 2, 5)},
    }
    assert columns["frames"].sum() == columns["tick_frames"].sum() == 27210
    assert columns["ticks"].tolist() == [10] * 12 + [3]
    assert columns["tick_energy"][124:].tolist() == [[0.0, 0.0]] * 6
    np.testing.assert_array_equal(columns["true_peak"], columns["sample_peak"])
    np.testing.assert_array_equal(columns["true_peak_at"], columns["sample_peak_at"])


def test_table_of_nothing() -> None:
    columns = reference.table(np.zeros((0, 2)), 48000, pair=(0, 1), taps=np.ones((32, 36)))
    assert {len(column) for column in columns.values()} == {0}
    assert columns["band_energy"].shape == (0, 8, 2)
    assert reference.table(noise(4800), 48000, edges=())["band_energy"].shape == (1, 0, 2)


def test_sums_of_a_block_are_those_of_its_samples() -> None:
    signal = noise(6000)
    columns = reference.table(signal, 48000, pair=(0, 1))
    second = signal[4800:]
    np.testing.assert_allclose(columns["energy"][1], np.einsum("fc,fc->c", second, second))
    np.testing.assert_allclose(columns["total"][1], second.sum(axis=0))
    np.testing.assert_allclose(columns["cross"][1], second[:, 0] @ second[:, 1])
    weighted = reference.k_weight(signal, 48000)
    ticks = columns["tick_energy"].reshape(2, 10, 2).sum(axis=1)
    np.testing.assert_allclose(ticks[0], (weighted[:4800] ** 2).sum(axis=0))
    np.testing.assert_allclose(columns["k_cross"][1], weighted[4800:, 0] @ weighted[4800:, 1])


def test_products_of_equal_and_of_inverted_channels_are_their_energies() -> None:
    left = noise(9600, 1)
    for sign in (1.0, -1.0):
        columns = reference.table(np.concatenate([left, sign * left], axis=1), 48000, pair=(0, 1))
        np.testing.assert_array_equal(columns["cross"], sign * columns["energy"][:, 0])
        np.testing.assert_array_equal(columns["band_cross"], sign * columns["band_energy"][..., 0])


@pytest.mark.parametrize("rate_hz", RATES)
def test_band_energies_add_up_to_the_total(rate_hz: int) -> None:
    """Power-complementary splits part the energy, once their tails have rung out."""
    burst = noise(rate_hz // 5)
    signal = np.concatenate([burst, np.zeros((2 * rate_hz, 2))])
    columns = reference.table(signal, rate_hz)
    parts = columns["band_energy"].sum(axis=(0, 1))
    np.testing.assert_allclose(parts, columns["energy"].sum(axis=0), rtol=1e-9)


@pytest.mark.parametrize("rate_hz", [8000, 48000])
def test_band_tree_is_power_complementary_and_halves_at_its_edges(rate_hz: int) -> None:
    """At every frequency the powers of the leaves add up to 1; at an edge two of them are equal."""
    edges = reference.used_edges(reference.DEFAULT_EDGES_HZ, rate_hz)
    impulse = np.zeros((4 * rate_hz, 1))
    impulse[0] = 1.0
    signals = reference.band_signals(impulse, rate_hz, edges)
    powers = [np.abs(np.fft.rfft(signal[:, 0])) ** 2 for signal in signals]
    np.testing.assert_allclose(np.sum(powers, axis=0), 1.0, atol=1e-9)
    for band, edge in enumerate(edges):
        if float(edge * 4).is_integer():
            below, above = (powers[band + side][round(edge * 4)] for side in (0, 1))
            assert below + above == pytest.approx(1.0, abs=0.02)
            assert below == pytest.approx(above, rel=0.02)


def test_a_split_is_a_butterworth_of_fourth_order() -> None:
    """24 dB per octave: |LP|**2 = 1 / (1 + (w / w0)**8) with w = tan(pi f / rate)."""
    impulse = np.zeros((48000, 1))
    impulse[0] = 1.0
    low, high = reference.band_signals(impulse, 48000, (1000.0,))
    ratio = (np.tan(np.pi * np.arange(1, 24000) / 48000) / math.tan(math.pi / 48)) ** 8
    for signal, power in ((low, 1 / (1 + ratio)), (high, ratio / (1 + ratio))):
        measured = np.abs(np.fft.rfft(signal[:, 0]))[1:24000] ** 2
        np.testing.assert_allclose(measured, power, atol=1e-9)


def test_a_tone_stands_in_its_band() -> None:
    time = np.arange(48000) / 48000
    for band, hz in enumerate([5.0, 35.0, 120.0, 354.0, 1000.0, 3464.0, 11000.0]):
        energy = reference.band_energies(
            np.sin(2 * np.pi * hz * time), 48000, reference.DEFAULT_EDGES_HZ
        )
        assert energy[5:].sum(axis=(0, 2)).argmax() == band


@pytest.mark.parametrize(
    ("rate_hz", "expected"),
    [
        (48000, (20, 60, 250, 500, 2000, 6000, 20000)),
        (44100, (20, 60, 250, 500, 2000, 6000, 20000)),
        (32000, (20, 60, 250, 500, 2000, 6000, 15680)),
        (8000, (20, 60, 250, 500, 2000, 3920)),
    ],
)
def test_used_edges_end_below_nyquist(rate_hz: int, expected: tuple[float, ...]) -> None:
    assert reference.used_edges(reference.DEFAULT_EDGES_HZ, rate_hz) == pytest.approx(expected)


def faded_sine(period: int, amplitude: float, degrees: float) -> Signal:
    """3.2 s of a sine at 48 kHz with fades of 0.1 s, as in EBU Tech 3341 cases 15 to 19."""
    frames = 153600
    sine = amplitude * np.sin(2 * np.pi * np.arange(frames) / period + math.radians(degrees))
    ramp = np.minimum(1.0, np.arange(frames) / 4800)
    return np.asarray(sine * ramp * ramp[::-1], dtype=np.float64)


PEAK_CASES = {
    15: (4, 10**-0.3, 0.0, -6.0, -6.198),
    16: (4, 10**-0.3, 45.0, -6.0, -5.956),
    17: (6, 10**-0.3, 60.0, -6.0, -6.295),
    18: (8, 10**-0.3, 67.5, -6.0, -6.007),
    19: (4, 1.41412, 45.0, 3.01, 3.054),
}


@pytest.mark.parametrize("case", PEAK_CASES)
def test_tech_3341_true_peaks(case: int) -> None:
    """EBU Tech 3341 cases 15 to 19: what the sine is, and what the table of Annex 2 reads."""
    period, amplitude, degrees, truth, itu = PEAK_CASES[case]
    sine = faded_sine(period, amplitude, degrees)
    ideal = reference.amplitude_db(reference.true_peak_ideal(sine)[0])
    assert ideal == pytest.approx(truth, abs=0.001)
    assert reference.amplitude_db(reference.true_peak_itu(sine)[0]) == pytest.approx(itu, abs=0.002)


@pytest.mark.parametrize("offset", [-0.375, -0.125, 0.125, 0.375])
def test_every_phase_of_the_annex_2_table_is_applied(offset: float) -> None:
    """A pulse up to 0.375 of the rate, its peak at one of the four points, reads 1 within 0.1 dB.

    The next point is a quarter of a sample away and reads 0.943.
    """
    pulse = np.sinc(0.75 * (np.arange(-200, 201) - offset))
    reading = reference.amplitude_db(reference.true_peak_itu(pulse)[0])
    assert reading == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("place", [0, 7, 63])
def test_peaks_outside_the_signal_count(place: int) -> None:
    """A signal that stops at full level swings on: its tail is interpolated against zeros."""
    signal = np.zeros((64, 2))
    signal[place, 0] = -1.0
    signal[:, 1] = np.where(np.arange(64) % 2, 1.0, -1.0)
    shifted = np.eye(1, 36, 35) + np.eye(1, 36, 0)
    np.testing.assert_array_equal(reference.true_peak_fir(signal, shifted)[0], 1.0)
    assert reference.true_peak_itu(signal)[0] == pytest.approx(0.97216796875)
    assert reference.true_peak_ideal(signal)[0] == 1.0
    assert reference.true_peak_ideal(signal)[1] > 1.1


def test_interpolator_convention() -> None:
    """The point of a row at frame n is the sum of taps[k] * x[n - (taps / 2 - 1) + k]."""
    signal = np.zeros(9600)
    signal[4800:4802] = (3.0, 1.0)
    assert reference.true_peak_fir(signal, [[1.0, 2.0]])[0] == 6.0
    peaks, at = reference.peak_columns(signal, 48000, [[1.0, 2.0]])
    assert peaks.tolist() == [[6.0], [5.0]]
    assert at.tolist() == [[4799], [0]]
    long = np.zeros((1, 36))
    long[0, 17:19] = (1.0, 2.0)
    np.testing.assert_array_equal(reference.peak_columns(signal, 48000, long)[0], peaks)


def test_true_peaks_at_the_ends_stand_at_the_end_frames() -> None:
    ahead, behind = np.eye(1, 36, 35), np.eye(1, 36, 0)
    signal = np.zeros(4900)
    signal[0] = 0.5
    assert [a.tolist() for a in reference.peak_columns(signal, 48000, 2 * ahead)] == [
        [[1.0], [0.0]],
        [[0], [0]],
    ]
    signal[[0, -1]] = (0.0, 0.5)
    peaks, at = reference.peak_columns(signal, 48000, 2 * behind)
    assert (peaks[1, 0], at[1, 0]) == (1.0, 99)


def test_peaks_are_those_of_float32_samples() -> None:
    """0.1 is no float32; the peak is what float32 makes of it."""
    signal = np.array([0.0, -0.1, 0.1])
    assert reference.sample_peak(signal)[0] == np.float32(0.1)
    peaks, at = reference.peak_columns(signal, 48000)
    assert (peaks[0, 0], at[0, 0]) == (np.float32(0.1), 1)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("........", [0, 0, 0, 0, 0]),
        ("########", [8, 8, 8, 8, 0]),
        ("##.###.#", [6, 2, 1, 3, 1]),
        (".##.###.", [5, 0, 0, 3, 1]),
        ("....####", [4, 0, 4, 4, 0]),
    ],
)
def test_clip_columns(pattern: str, expected: list[int]) -> None:
    """Clipped, leading, trailing, longest, inner runs of 3; -32767 / 32768 clips, 32766 not."""
    codes = [-32767 if mark == "#" else 32766 for mark in pattern]
    columns = reference.clip_columns(np.array(codes, dtype=np.int16), 8000)
    assert columns.tolist() == [[expected]]


def test_clip_runs_are_cut_at_blocks() -> None:
    signal = np.zeros(1600)
    signal[797:803] = 1.0
    expected = [[[3, 0, 3, 3, 0]], [[3, 3, 0, 3, 0]]]
    assert reference.clip_columns(signal, 8000).tolist() == expected
