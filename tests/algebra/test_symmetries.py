"""Symmetries: gain, polarity, the order of channels, silence after the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis, BlockTable, Layout

from ..strategies import Audio, audio, close, different_columns, examples

# How a column answers to a gain: by its power. Counts and places do not answer at all.
POWERS = {
    "tick_energy": 2, "energy": 2, "total": 1, "cross": 2, "k_cross": 2, "band_energy": 2,
    "band_cross": 2, "sample_peak": 1, "true_peak": 1,
}  # fmt: skip
REST = 1e-100  # energies of filters all but at rest, whose states snap to zero below 1e-150


def scan(samples: NDArray[np.float64], sound: Audio, layout: Layout | None = None) -> BlockTable:
    return loudscope.scan(samples, sound.rate_hz, layout=layout or sound.layout)


def at_rest(column: NDArray[Any]) -> NDArray[Any]:
    return np.where(np.abs(column) < REST, column.dtype.type(0), column)


@given(sound=audio(most_samples=300_000), doublings=st.integers(-20, 5))
def test_a_power_of_two_is_exact(sound: Audio, doublings: int) -> None:
    """x 2**k: every level times 2**k, every energy times 4**k, nothing else, to the bit."""
    samples = np.where(np.abs(sound.samples) < 1e-12, 0.0, sound.samples)
    table = scan(samples, sound)
    louder = scan(samples * 2.0**doublings, sound)
    for name, column in table.columns():
        power = POWERS.get(name, 0)
        if name == "clips":
            continue
        expected = column * column.dtype.type(2.0 ** (power * doublings)) if power else column
        np.testing.assert_array_equal(
            at_rest(getattr(louder, name)), at_rest(expected), err_msg=name
        )


@given(sound=audio(most_samples=200_000), gain_db=st.floats(-40.0, 20.0))
def test_gain_shifts_every_level_by_itself(sound: Audio, gain_db: float) -> None:
    """+g dB in: +g LU, +g dBTP, +g dBFS out; ratios, ranges and shapes stay."""
    before = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    after = loudscope.analyze(
        sound.samples * 10 ** (gain_db / 20), sound.rate_hz, layout=sound.layout
    )
    for name, within in (
        ("momentary_max", 1e-9),
        ("short_term_max", 1e-9),
        ("rms", 1e-9),
        ("true_peak", 1e-5),  # float32, 36 products
        ("sample_peak", 2e-6),
    ):
        value = getattr(before, name)
        assert close(getattr(after, name), None if value is None else value + gain_db, within), name
    assert close(after.correlation, before.correlation, 1e-9)
    quietest = min((*before.momentary.values, *after.momentary.values), default=0.0)
    if quietest > -50.0 and max(before.mono_loss or 0.0, after.mono_loss or 0.0) < 10.0:
        assert close(after.mono_loss, before.mono_loss, 1e-6)
    if before.gating != after.gating or before.integrated is None:
        return  # the absolute gate stays where it is
    for name in ("integrated", "relative_threshold"):
        assert close(getattr(after, name), getattr(before, name) + gain_db), name
    assert close(after.balance, before.balance)
    if min(before.loudness_range_low or 0.0, after.loudness_range_low or 0.0) > -60.0:
        assert close(after.loudness_range, before.loudness_range)


@given(sound=audio(most_samples=300_000))
def test_polarity_changes_no_level(sound: Audio) -> None:
    """-x: the same table but for the sign of its sums, to the bit."""
    table, flipped = scan(sound.samples, sound), scan(-sound.samples, sound)
    assert different_columns(table, flipped) in ([], ["total"])
    assert table.total is not None
    assert flipped.total is not None
    np.testing.assert_array_equal(flipped.total, -table.total)


@examples(0.7)
@given(sound=audio(channels=(2, 2), most_samples=300_000))
def test_polarity_of_one_channel(sound: Audio) -> None:
    """(L, -R): the same levels; correlation and mid/side ratio change sign."""
    before = loudscope.analyze(sound.samples, sound.rate_hz)
    after = loudscope.analyze(sound.samples * [1.0, -1.0], sound.rate_hz)
    changed = different_columns(before.table, after.table)
    assert set(changed) <= {"total", "cross", "k_cross", "band_cross"}
    for name in ("correlation", "mid_side_ratio"):
        value = getattr(before, name)
        assert close(getattr(after, name), None if value is None else -value), name
    assert after.integrated == before.integrated


@examples(0.7)
@given(sound=audio(channels=(2, 2), most_samples=300_000))
def test_swapped_channels_mirror_the_balance(sound: Audio) -> None:
    """(R, L): the same loudness to the bit, the balance with the other sign."""
    before = loudscope.analyze(sound.samples, sound.rate_hz)
    after = loudscope.analyze(sound.samples[:, ::-1], sound.rate_hz)
    assert after.integrated == before.integrated
    assert after.loudness_range == before.loudness_range
    assert after.true_peak == before.true_peak
    assert after.true_peak_per_channel == before.true_peak_per_channel[::-1]
    assert close(after.balance, None if before.balance is None else -before.balance, 1e-12)
    for name in ("correlation", "mid_side_ratio", "mono_loss"):
        assert getattr(after, name) == getattr(before, name)


@given(sound=audio(channels=(2, 6), most_samples=300_000), data=st.data())
def test_the_order_of_channels_is_only_an_order(sound: Audio, data: st.DataObject) -> None:
    """Channels and labels in another order: the same columns in that order, to the bit."""
    order = data.draw(st.permutations(range(sound.channels)))
    labels = sound.layout.labels
    table = scan(sound.samples, sound)
    moved = scan(
        sound.samples[:, order], sound, Layout.from_labels([labels[index] for index in order])
    )
    for name, column in table.columns():
        per_channel = name not in ("cross", "k_cross", "band_cross") and column.ndim > 1
        axis = 1 if name == "clips" else column.ndim - 1
        expected = np.take(column, order, axis=axis) if per_channel else column
        np.testing.assert_array_equal(getattr(moved, name), expected, err_msg=name)


@examples(0.7)
@given(sound=audio(channels=(6, 6), most_samples=200_000), gain=st.sampled_from([0.0, 0.5, -20.0]))
def test_an_lfe_changes_no_loudness(sound: Audio, gain: float) -> None:
    """BS.1770-5 Annex 1: LFE channels are left out."""
    other = sound.samples * [1.0, 1.0, 1.0, gain, 1.0, 1.0]
    before, after = (
        loudscope.analyze(samples, sound.rate_hz, layout="5.1")
        for samples in (sound.samples, np.clip(other, -90.0, 90.0))
    )
    for name in ("integrated", "loudness_range", "momentary_max", "short_term_max", "rms"):
        assert getattr(after, name) == getattr(before, name), name


@st.composite
def ended(draw: st.DrawFn) -> tuple[Analysis, Analysis]:
    """Audio followed by 3 s of silence, on the 100 ms grid, and by more."""
    sound = draw(audio(rates_hz=(8000, 48000), channels=(1, 2), most_samples=200_000))
    step = sound.rate_hz // 10
    whole = -(-sound.frames // step) * step - sound.frames + 31 * step
    more = draw(st.integers(0, 6 * step))
    one, other = (np.pad(sound.samples, ((0, frames), (0, 0))) for frames in (whole, whole + more))
    return loudscope.analyze(one, sound.rate_hz), loudscope.analyze(other, sound.rate_hz)


@given(pair=ended())
def test_appended_silence_changes_no_gated_figure(pair: tuple[Analysis, Analysis]) -> None:
    """Once a window's length of it has passed: integrated, LRA, maxima, peaks, PSR, balance."""
    before, after = pair
    for name in (
        "integrated", "relative_threshold", "loudness_range", "loudness_range_low",
        "loudness_range_high", "momentary_max", "momentary_max_at", "short_term_max",
        "short_term_max_at", "true_peak", "true_peak_at", "sample_peak", "plr", "psr_min",
        "psr_p10", "balance", "mono_loss", "clipping",
    ):  # fmt: skip
        assert getattr(after, name) == getattr(before, name), name


@examples(0.7)
@given(sound=audio(channels=(1, 1), most_samples=200_000))
def test_dual_mono_is_the_same_channel_twice(sound: Audio) -> None:
    """One channel as dual mono reads what both loudspeakers would: stereo of two equal channels."""
    dual = loudscope.analyze(sound.samples, sound.rate_hz, dual_mono=True)
    twice = loudscope.analyze(np.repeat(sound.samples, 2, axis=1), sound.rate_hz)
    for name in ("integrated", "momentary_max", "short_term_max", "loudness_range", "psr_min"):
        assert close(getattr(dual, name), getattr(twice, name)), name
    assert dual.true_peak == twice.true_peak
    assert dual.gating == twice.gating
