"""True peak: engine and reference, shortcut and exhaustive search."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import BlockTable, reference
from loudscope._measure import Request, measure

from ..strategies import Audio, audio, different_columns, examples
from . import interpolator

DB = 1e-5 * np.log(10) / 20  # 1e-5 dB as a share of an amplitude


def scan(samples: NDArray[np.float64], rate_hz: int, **search: Any) -> BlockTable:
    """Peaks and nothing else."""
    layout = [(float(channel), 0.0) for channel in range(samples.shape[1])]
    return measure(samples, Request(rate_hz=rate_hz, layout=layout, weighting=False, **search))


def assert_shortcut_is_exact(samples: NDArray[np.float64], rate_hz: int = 48000) -> None:
    """Of each block; and of the whole, where blocks that cannot exceed it are left alone."""
    short, long = scan(samples, rate_hz), scan(samples, rate_hz, exhaustive=True)
    assert different_columns(short, long) == []
    largest = scan(samples, rate_hz, largest_only=True)
    assert largest.true_peak is not None and long.true_peak is not None
    assert largest.true_peak.max() == long.true_peak.max()
    assert bool(np.all(largest.true_peak <= long.true_peak))


def test_table_of_the_engine() -> None:
    """32 phases: the first is the sample itself, 32 - p mirrors p, none changes DC by 0.13 %."""
    table = interpolator.table()
    assert table.shape == (32, 36)
    assert table[0].tolist() == [0.0] * 17 + [1.0] + [0.0] * 18
    np.testing.assert_array_equal(table[1:], table[:0:-1, ::-1])
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1.3e-3)


@examples(0.7)
@given(sound=audio(channels=(1, 2), most_samples=40_000))
def test_every_block_against_the_reference(sound: Audio) -> None:
    """To 1e-5 dB, and 1e-6 of what the filter reaches beside a block that is quieter."""
    table = scan(sound.samples, sound.rate_hz)
    peaks, _ = reference.peak_columns(sound.samples, sound.rate_hz, interpolator.table())
    assert table.true_peak is not None
    assert table.sample_peak is not None
    padded = np.pad(table.sample_peak, ((1, 1), (0, 0)))
    beside = np.maximum(padded[:-2], padded[2:])
    allowed = DB * peaks + 1e-6 * beside
    assert (np.abs(table.true_peak.astype(np.float64) - peaks) <= allowed).all()
    whole = reference.true_peak_fir(sound.samples, interpolator.table())
    np.testing.assert_allclose(table.true_peak.max(axis=0), whole, rtol=DB, atol=1e-45)


@examples(0.7)
@given(sound=audio(channels=(1, 2), most_samples=40_000))
def test_the_peak_stands_where_the_table_says(sound: Audio) -> None:
    """The frame that each block names holds its peak, up to float32's rounding."""
    table = scan(sound.samples, sound.rate_hz)
    assert table.true_peak is not None
    assert table.true_peak_at is not None
    starts = table.starts[:-1, None] + table.true_peak_at
    tall = np.repeat(interpolator.table(), 1, axis=0)
    envelope = envelope_of(sound.samples, tall)
    at = np.take_along_axis(envelope, starts, axis=0)
    allowed = DB * table.true_peak + 1e-6 * np.abs(sound.samples).max(initial=0.0)
    assert (np.abs(at - table.true_peak) <= allowed).all()


def envelope_of(samples: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest magnitude from each frame up to the next, the tails at the first and last."""
    padded = np.pad(samples, ((36, 36), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 36, axis=0)
    points = np.abs(windows @ table.T).max(axis=2)  # point i belongs to frame i - 19
    inside: NDArray[np.float64] = np.maximum(points[19 : 19 + len(samples)], np.abs(samples))
    inside[0] = np.maximum(inside[0], points[:19].max(axis=0))
    inside[-1] = np.maximum(inside[-1], points[19 + len(samples) :].max(axis=0))
    return inside


@given(sound=audio(most_samples=100_000))
def test_shortcut_on_generated_audio(sound: Audio) -> None:
    """The search that skips finds the same peak at the same frame, bit for bit."""
    assert_shortcut_is_exact(sound.samples, sound.rate_hz)


# What is known before a point is looked at: samples and halves, quarters, eighths; and halves that
# bend by no more than a little.
KNOWLEDGE: list[tuple[int, float | None]] = [
    (0, None), (1, None), (2, None), (0, 0.01), (0, 0.1), (0, 0.3), (0, 0.7), (0, 1.2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "most"),
    list(
        zip(KNOWLEDGE, [1.3008, 1.0716, 1.0178, 1.002, 1.0184, 1.0548, 1.1274, 1.2174], strict=True)
    ),
)
def test_hidden_peaks_stand_out(known: tuple[int, float | None], most: float) -> None:
    """The adversary below is one: its peak exceeds what was known by as much as it may."""
    worst = max(value for _, value in _adversaries(*known))
    assert worst == pytest.approx(most, abs=0.001)


def _adversaries(tier: int, bend: float | None) -> list[tuple[NDArray[np.float64], float]]:
    phases = set(range(1, 17)) - set(interpolator.TIERS[tier])
    return [interpolator.hidden_peak(phase, tier, bend) for phase in sorted(phases)]


def with_rival(piece: NDArray[np.float64], at: int, rival: float) -> NDArray[np.float64]:
    """A block with a hidden peak after frame `at`, and a plain one of its own far off."""
    samples = np.zeros((4800, 1))
    around = slice(at - interpolator.REACH, min(4800, at + interpolator.REACH + 1))
    samples[around, 0] = piece[: around.stop - around.start]
    samples[500 if at > 2400 else 4300, 0] = rival
    return samples


@pytest.mark.parametrize("known", KNOWLEDGE)
def test_shortcut_on_the_best_hidden_peaks(known: tuple[int, float | None]) -> None:
    """A rival that is nearly as large tempts the search to skip; at every place in a vector."""
    strongest = sorted(_adversaries(*known), key=lambda found: -found[1])[:2]
    for piece, value in strongest:
        for share in (0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999):
            for at in range(2000, 2016):
                assert_shortcut_is_exact(with_rival(piece[:: (-1) ** at], at, share * value))


@examples(2.0)
@given(
    known=st.sampled_from(KNOWLEDGE),
    pick=st.integers(0, 14),
    at=st.integers(60, 4700),
    share=st.one_of(st.floats(0.95, 1.0), st.floats(0.5, 1.1)),
    level=st.sampled_from([1.0, 0.37, 1e-3, 1e-30, 50.0]),
)
def test_shortcut_on_hidden_peaks(
    known: tuple[int, float | None], pick: int, at: int, share: float, level: float
) -> None:
    """The same of every phase, anywhere in a block, at any level."""
    adversaries = _adversaries(*known)
    piece, value = adversaries[pick % len(adversaries)]
    assert_shortcut_is_exact(level * with_rival(piece, at, share * value))


@examples(0.5)
@given(
    seed=st.integers(0, 9999),
    period=st.sampled_from([2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 96]),
    kind=st.sampled_from(["square", "sine", "alternating noise", "swell"]),
)
def test_shortcut_on_full_scale_patterns(seed: int, period: int, kind: str) -> None:
    """Many equal peaks, signs that sum up in a phase, and peaks that grow towards the end."""
    rng = np.random.default_rng(seed)
    frame = np.arange(rng.integers(50, 9700))
    sine = np.sin(2 * np.pi * frame / period + 2 * np.pi * rng.random())
    samples = {
        "square": np.sign(sine),
        "sine": sine,
        "alternating noise": np.sign(rng.standard_normal(len(frame))) * (-1.0) ** frame,
        "swell": sine * frame / len(frame),
    }[kind]
    assert_shortcut_is_exact(samples[:, None])


@examples(0.7)
@given(sound=audio(channels=(1, 2), most_samples=50_000))
def test_itu_method_against_the_reference(sound: Audio) -> None:
    """BS.1770-5 Annex 2: the 48-tap table's own reading, to float32's rounding."""
    peak = reference.true_peak_itu(sound.samples).max()
    reading = loudscope.true_peak(sound.samples, sound.rate_hz, layout=sound.layout, method="itu")
    assert (reading is None) == (peak == 0.0)
    if reading is not None and peak > 1e-30:
        assert reading == pytest.approx(20 * np.log10(peak), abs=2e-6)


def test_itu_method_of_one_channel() -> None:
    """A 1-D array; 20 samples, so that the tail after the last counts."""
    samples = np.zeros(20)
    samples[-1] = 1.0
    reading = loudscope.true_peak(samples, 44100, method="itu")
    assert reading == pytest.approx(20 * np.log10(0.9721679687500), abs=1e-6)
    assert reading == pytest.approx(20 * np.log10(reference.true_peak_itu(samples)[0]), abs=1e-6)


@examples(0.5)
@given(sound=audio(channels=(1, 2), most_samples=50_000), cut=st.floats(0.0, 1.0))
def test_itu_method_of_chunks(sound: Audio, cut: float) -> None:
    """Wherever the chunks part, and with empty ones among them, the reading is the same."""
    at = round(cut * sound.frames)
    chunks = [sound.samples[:0], sound.samples[:at], sound.samples[:0], sound.samples[at:]]
    whole = loudscope.true_peak(sound.samples, sound.rate_hz, layout=sound.layout, method="itu")
    parts = loudscope.true_peak(chunks, sound.rate_hz, layout=sound.layout, method="itu")
    assert whole == parts
