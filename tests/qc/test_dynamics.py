"""Dynamics: DR against open meters and a plain one, PSR, crest factor per band."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope import Layout
from loudscope.qc import DynamicsFigures
from loudscope.qc._dr14 import DrCollector, block_frames
from loudscope.qc._dynamics import dynamics_figures

from .dr_signals import SIGNALS
from .measuring import RATE_HZ, Samples, measured, noise, sine

# What dr14meter 1.1.5 (the fork of DR14 T.meter) and drmeter 0.4.9 say before they round:
# `python tests/qc/dr_signals.py` where both are installed.
OPEN_METERS = {
    "sine": (0.000, 0.000),
    "beats": (13.323, 13.320),
    "beats at 48 kHz": (13.318, 13.318),
    "beats at 96 kHz": (13.339, 13.339),
    "limited": (6.251, 6.269),
    "loud and soft": (1.753, 1.751),
    "growing": (0.661, 0.953),
    "normal noise": (10.796, 10.796),
}


def figures(samples: Samples, rate_hz: int = RATE_HZ, layout: str | None = None) -> DynamicsFigures:
    found = measured(samples, rate_hz, layout)
    return dynamics_figures(found.analysis, found.band_peak, found.dr_blocks)


def beats(seconds: float) -> Samples:
    """Two decays a second."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return noise(seconds) * 3.0 * np.exp(-((2.0 * time) % 1.0) * 8.0)[:, None]


@pytest.mark.parametrize("name", SIGNALS)
def test_dr14_agrees_with_two_open_meters(name: str) -> None:
    """Within 0.5 of both, and equal to the one that keeps the published block length."""
    signal = SIGNALS[name]
    samples = signal.render()
    collector = DrCollector(
        signal.rate_hz, Layout.named({1: "mono", 2: "stereo"}[samples.shape[1]])
    )
    collector.feed(samples, 0)
    found = np.mean([dr or 0.0 for dr in collector.finish(len(samples)).per_channel()])
    for expected in OPEN_METERS[name]:
        assert found == pytest.approx(expected, abs=0.5)
    assert found == pytest.approx(OPEN_METERS[name][0], abs=0.001)


def test_dr14_is_the_mean_of_the_channels_and_is_printed_whole() -> None:
    found = figures(beats(10.0) * [1.0, 0.5])
    assert found.dr14_exact == pytest.approx(np.mean([dr or 0.0 for dr in found.dr14_per_channel]))
    assert found.dr14_exact is not None
    assert found.dr14 == round(found.dr14_exact)


def plain_dr(samples: Samples, rate_hz: int) -> NDArray[np.float64]:
    """DR of each channel from the samples, as the published text has it."""
    edges = [*range(0, len(samples), block_frames(rate_hz)), len(samples)]
    blocks = [samples[begin:end] for begin, end in pairwise(edges)]
    power = np.sort([2 * np.mean(block**2, axis=0) for block in blocks], axis=0)
    peaks = np.sort([np.abs(block).max(axis=0) for block in blocks], axis=0)
    loudest = power[-max(1, len(blocks) // 5) :].mean(axis=0)
    return np.asarray(20 * np.log10(peaks[-2] / np.sqrt(loudest)))


@given(
    st.integers(0, 999),
    st.floats(6.1, 40.0),
    st.sampled_from([8000, 11025, 44100]),
    st.lists(st.integers(1, 300_000), max_size=5),
)
@settings(max_examples=20)
def test_dr14_in_chunks_equals_that_of_the_whole(
    seed: int, seconds: float, rate_hz: int, cuts: list[int]
) -> None:
    """Also where the level jumps at 3 s, which at 44.1 kHz is within a block."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate_hz)
    levels = np.repeat(rng.uniform(0.05, 0.9, frames // rate_hz + 1), rate_hz)[:frames]
    samples = (rng.uniform(-1.0, 1.0, (frames, 2)) * levels[:, None]).astype(np.float32)
    collector = DrCollector(rate_hz, Layout.named("stereo"))
    inside = sorted(cut for cut in cuts if cut < frames)
    for begin, end in pairwise([0, *inside, frames]):
        collector.feed(samples[begin:end], begin)
    found = collector.finish(frames).per_channel()
    assert found == pytest.approx(plain_dr(samples.astype(np.float64), rate_hz).tolist(), abs=1e-4)


def test_dr14_counts_the_last_partial_block() -> None:
    """Seven seconds are three blocks; the loudest of them is the short one."""
    samples = noise(7.0, 1) * np.where(np.arange(7 * RATE_HZ) < 6 * RATE_HZ, 0.1, 1.0)[:, None]
    found = figures(samples).dr14_exact
    assert found == pytest.approx(plain_dr(samples, RATE_HZ)[0], abs=1e-4)
    assert found is not None and found < -5.0  # its peak is the largest, the second is 20 dB lower


def test_less_than_three_blocks_have_no_dr14() -> None:
    found = figures(noise(6.0))
    assert found.dr14 is found.dr14_exact is None
    assert found.dr14_per_channel == (None, None)
    assert figures(noise(6.1)).dr14 is not None


def test_a_silent_channel_has_no_dr14() -> None:
    """The mean is over those that sound."""
    found = figures(noise(10.0) * [1.0, 0.0])
    assert found.dr14_per_channel[1] is None
    assert found.dr14_exact == found.dr14_per_channel[0]


def test_silence_has_no_dynamics() -> None:
    found = figures(np.zeros((10 * RATE_HZ, 2)))
    assert found.psr_min is found.psr_p5 is found.psr_median is None
    assert found.dr14 is found.plr is found.loudness_range is None
    assert found.crest_per_band is not None
    assert all(band.crest is None for band in found.crest_per_band)


def test_psr_of_a_sine() -> None:
    """0 dBTP over 0.0 LUFS in both channels of a full-scale sine at 997 Hz, and steady."""
    found = figures(sine(997.0, 8.0))
    for figure in (found.psr_min, found.psr_p5, found.psr_median, found.plr):
        assert figure == pytest.approx(0.0, abs=0.06)


def test_limiting_lowers_psr_dr_and_plr() -> None:
    open_, limited = figures(beats(12.0)), figures(np.clip(6.0 * beats(12.0), -0.9, 0.9))
    for name in ("psr_min", "psr_p5", "psr_median", "dr14_exact", "plr"):
        assert getattr(limited, name) < getattr(open_, name) - 4.0, name


def test_psr_percentiles_see_where_it_is_limited() -> None:
    """A third of it is limited: the smallest and the 5th percentile tell, the median does not."""
    open_ = beats(20.0)
    limited = np.clip(6.0 * beats(10.0), -0.5, 0.5)
    found, open_only = figures(np.concatenate([open_, limited])), figures(open_)
    assert found.psr_min is not None and found.psr_p5 is not None
    assert open_only.psr_min is not None and found.psr_median is not None
    assert found.psr_min <= found.psr_p5 < open_only.psr_min - 3.0
    assert found.psr_median > open_only.psr_min - 0.5


def test_psr_p5_is_the_nearest_rank() -> None:
    analysis = measured(beats(12.0)).analysis
    found = dynamics_figures(analysis)
    assert found.psr_min == analysis.psr_min
    assert analysis.psr_p10 is not None and found.psr_p5 is not None
    assert analysis.psr_min is not None
    assert analysis.psr_min <= found.psr_p5 <= analysis.psr_p10


def test_crest_of_a_sine_in_its_band() -> None:
    fade = np.minimum(1.0, np.arange(20 * RATE_HZ) / (0.1 * RATE_HZ))[:, None]
    found = figures(fade * sine(1000.0, 20.0))
    assert found.crest_per_band is not None
    assert [band.name for band in found.crest_per_band][3] == "Mids"
    assert found.crest_per_band[3].crest == pytest.approx(3.01, abs=0.05)


def test_crest_tells_the_band_with_the_peaks() -> None:
    """A steady bass tone under sparse bursts of treble."""
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    burst = 0.3 * sine(9000.0, 8.0) * (time % 0.5 < 0.01)[:, None]
    fade = np.minimum(1.0, time / 0.2)[:, None]
    found = figures(0.3 * fade * sine(120.0, 8.0) + burst).crest_per_band
    assert found is not None
    crests = {band.name: band.crest for band in found}
    assert crests["Bass"] == pytest.approx(3.0, abs=0.5)
    assert crests["Air"] is not None
    assert crests["Air"] == pytest.approx(3.01 + 10 * np.log10(50), abs=1.5)


def test_crest_is_that_of_the_channel_with_most() -> None:
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    gate = np.stack([np.ones(len(time)), time % 0.5 < 0.05], axis=1)
    found = figures(0.3 * sine(1000.0, 8.0) * gate).crest_per_band
    assert found is not None
    assert found[3].crest == pytest.approx(13.0, abs=1.0)


def test_a_band_above_half_the_rate_has_no_crest() -> None:
    found = figures(noise(3.0, rate_hz=8000), 8000).crest_per_band
    assert found is not None
    assert [band.crest is None for band in found] == [False] * 5 + [True]


def test_without_the_engine_s_detail_there_is_no_crest_per_band() -> None:
    found = measured(noise(10.0))
    assert dynamics_figures(found.analysis, None, found.dr_blocks).crest_per_band is None
    assert dynamics_figures(found.analysis).dr14 is None
