"""Laws of levels: peaks, band energies, clipped runs, mono playback."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import Clipping

from ..strategies import Audio, audio, close, examples

CLIP_LEVEL = np.float32(32767 / 32768)


@given(sound=audio(most_samples=300_000), gain=st.sampled_from([1.0, 1e-3, 1e-30, 15.0]))
def test_true_peak_is_never_below_the_sample_peak(sound: Audio, gain: float) -> None:
    """In every block and channel, without a hair of rounding (the issue's true-peak clause)."""
    table = loudscope.scan(sound.samples * gain, sound.rate_hz, layout=sound.layout)
    assert table.true_peak is not None
    assert table.sample_peak is not None
    assert (table.true_peak >= table.sample_peak).all()
    largest = np.abs(sound.samples * gain).max(axis=0).astype(np.float32)
    np.testing.assert_array_equal(table.sample_peak.max(axis=0), largest)


@given(
    sound=audio(most_samples=200_000),
    edges=st.sampled_from([None, (50.0, 4000.0), (1e3, 2e3, 9e9)]),
)
def test_band_energies_add_up_to_the_total(sound: Audio, edges: tuple[float, ...] | None) -> None:
    """Once the tails have rung out: |LP|**2 + |HP|**2 = 1 at each node of the tree."""
    ringing = np.zeros((3 * sound.rate_hz, sound.channels))
    table = loudscope.scan(
        [sound.samples, ringing], sound.rate_hz, layout=sound.layout, edges=edges
    )
    assert table.band_energy is not None
    assert table.energy is not None
    total = table.energy.sum(axis=0)
    # Float64 poles next to 1 leave 1e-9 at 48 kHz, and a little more above.
    within = 1e-9 if sound.rate_hz <= 48000 else 1e-7
    np.testing.assert_allclose(table.band_energy.sum(axis=(0, 1)), total, rtol=within, atol=1e-250)


@examples(0.7)
@given(sound=audio(channels=(2, 2), most_samples=150_000))
def test_band_products_add_up_to_the_product(sound: Audio) -> None:
    """By the same law, through Parseval: left times right, summed over the bands."""
    table = loudscope.scan([sound.samples, np.zeros((3 * sound.rate_hz, 2))], sound.rate_hz)
    assert table.band_cross is not None
    assert table.cross is not None
    assert table.energy is not None
    scale = float(np.sqrt(table.energy.sum(axis=0).prod()))
    assert abs(table.band_cross.sum() - table.cross.sum()) <= 1e-7 * scale


def runs_of(samples: NDArray[Any]) -> Clipping:
    """Clipping of one channel, counted run by run over the whole of it."""
    clipped = np.abs(samples.astype(np.float32)) >= CLIP_LEVEL
    runs = [len(list(run)) for value, run in groupby(clipped.tolist()) if value]
    return Clipping(sum(runs), sum(run >= 3 for run in runs), max(runs, default=0))


@st.composite
def clipped_samples(draw: st.DrawFn) -> NDArray[np.float64]:
    """Runs of full scale of 1 to 12 000 frames, many of them at a block's start or end."""
    frames = draw(st.integers(1, 40_000))
    samples = np.full(frames, 0.5)
    for _ in range(draw(st.integers(0, 8))):
        block = 800 * draw(st.integers(0, 50))
        start = max(0, block + draw(st.integers(-6, 6)))
        length = draw(st.one_of(st.integers(1, 8), st.integers(790, 810), st.integers(1, 12_000)))
        samples[start : start + length] = draw(st.sampled_from([1.0, -1.0, 32767 / 32768, 3.0]))
    return samples


@examples(2.0)
@given(samples=clipped_samples())
def test_clipped_runs_across_blocks_count_once(samples: NDArray[np.float64]) -> None:
    """Whatever the 100 ms grid does to a run: the same as counted over the whole signal."""
    analysis = loudscope.analyze(samples, 8000)
    assert analysis.clipping == (runs_of(samples),)
    rows = analysis.table.blocks
    first, last = rows // 3, max(rows // 3 + 1, rows - 2)
    part = analysis.between(first / 10, last / 10)
    assert part.clipping == (runs_of(samples[800 * first : 800 * last]),)


@examples(0.5)
@given(
    one=clipped_samples(), other=clipped_samples(), last=st.integers(0, 4), first=st.integers(0, 4)
)
def test_clipped_runs_end_at_a_seam(
    one: NDArray[np.float64], other: NDArray[np.float64], last: int, first: int
) -> None:
    """Two programmes side by side: what ends one and begins the other is no run."""
    one[len(one) - min(last, len(one)) :], other[:first] = 1.0, 1.0
    both = loudscope.Analysis(loudscope.scan(one, 8000) + loudscope.scan(other, 8000))
    a, b = runs_of(one), runs_of(other)
    total = Clipping(a.samples + b.samples, a.runs + b.runs, max(a.longest, b.longest))
    assert both.clipping == (total,)


@pytest.mark.parametrize(("level", "clips"), [(32767 / 32768, 3), (32766.9 / 32768, 0), (-1.0, 3)])
def test_clipping_begins_at_the_largest_16_bit_sample(level: float, clips: int) -> None:
    """|x| >= 32767/32768."""
    clipping = loudscope.analyze(np.array([0.0, level, level, level, 0.0]), 48000).clipping
    assert clipping == (Clipping(clips, clips // 3, clips),)


@examples(0.7)
@given(sound=audio(channels=(2, 2), most_samples=200_000))
def test_mono_loss_is_what_mono_playback_loses(sound: Audio) -> None:
    """LUFS of the pair minus LUFS of (L + R) / 2 on both sides, measured."""
    middle = sound.samples.mean(axis=1, keepdims=True)
    stereo = loudscope.analyze(sound.samples, sound.rate_hz)
    mono = loudscope.lufs(np.repeat(middle, 2, axis=1), sound.rate_hz)
    loss = stereo.mono_loss
    if loss is None:
        assert stereo.integrated is None or mono is None or mono < -69.0
        return
    assert stereo.integrated is not None
    assume(mono is not None and stereo.gating is not None)
    assert mono is not None
    if mono > stereo.integrated - 60.0:  # below, the mono sum is the rounding of its parts
        assert close(loss, stereo.integrated - mono, 1e-6)


@examples(0.5)
@given(sound=audio(channels=(1, 1), most_samples=150_000), gain_db=st.floats(-30.0, 30.0))
def test_balance_is_the_gain_between_the_channels(sound: Audio, gain_db: float) -> None:
    """Left g dB over right: balance is g, correlation 1, and mono loss that of the two gains."""
    gain = 10 ** (gain_db / 20)
    analysis = loudscope.analyze(sound.samples * [gain, 1.0] / max(1.0, gain), sound.rate_hz)
    if analysis.balance is not None:
        assert close(analysis.balance, gain_db, 1e-8)
        assert close(analysis.correlation, 1.0, 1e-12)
        loss = 10 * np.log10(2 * (gain**2 + 1) / (gain + 1) ** 2)
        if analysis.momentary.values.min() > -60.0:  # the mono sum passes the same gates
            assert close(analysis.mono_loss, loss, 1e-7)
