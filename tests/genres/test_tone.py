"""Gated levels of the bands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import loudscope
from loudscope.genres import band_levels

from .made import CENTRES_HZ, RATE_HZ, noise, tones


def levels(samples: NDArray[Any]) -> list[float]:
    found = band_levels(loudscope.analyze(samples, RATE_HZ))
    return [band.level for band in found if band.level is not None]


def test_a_sine_in_each_band_reads_its_own_level() -> None:
    asked = [-20.0, -22.0, -24.0, -21.0, -30.0, -25.0]
    found = levels(tones(asked))  # an octave between fourth-order edges loses half a decibel
    assert found == pytest.approx(asked, abs=0.6)


@pytest.mark.parametrize("gain", [-30.0, -6.0, 12.0])
def test_a_gain_moves_every_level_by_itself(gain: float) -> None:
    samples = noise(3.0)
    moved = levels(samples * np.float32(10.0 ** (gain / 20.0)))
    assert moved == pytest.approx([level + gain for level in levels(samples)], abs=1e-4)


def test_silence_and_what_lies_below_the_gate_count_for_nothing() -> None:
    """Appended: each gating block across the seam is left out or counts a little of the new."""
    samples, quiet = noise(10.0), noise(10.0, seed=1)[:, ::-1] * np.float32(1e-3)
    whole = levels(samples)
    silence = np.zeros_like(samples)
    assert levels(np.concatenate([samples, silence])) == pytest.approx(whole, abs=0.2)
    assert levels(np.concatenate([samples, quiet])) == pytest.approx(
        levels(np.concatenate([samples, silence])), abs=1e-4
    )
    ungated = loudscope.band_profile(np.concatenate([samples, silence]), RATE_HZ)
    assert whole[3] - (ungated.bands[3].level or 0.0) == pytest.approx(3.01, abs=0.1)


def test_steady_noise_reads_as_the_ungated_profile() -> None:
    analysis = loudscope.analyze(noise(8.0), RATE_HZ)
    assert analysis.band_profile is not None
    ungated = [band.level for band in analysis.band_profile.bands]
    assert [band.level for band in band_levels(analysis)] == pytest.approx(ungated, abs=0.2)


def test_the_channels_are_averaged_and_the_low_frequency_channel_left_out() -> None:
    one = tones([-20.0] * 6)
    six = np.stack([one, one, one, 4.0 * one, one, one], axis=1)
    found = band_levels(loudscope.analyze(six, RATE_HZ, layout="5.1"))
    assert [band.level for band in found] == pytest.approx(levels(one), abs=1e-6)


def test_bands_above_half_the_rate_have_no_level() -> None:
    time = np.arange(5 * 8000) / 8000
    low = 0.1 * np.sin(2 * np.pi * np.outer(time, CENTRES_HZ[:5])).sum(axis=1)
    found = band_levels(loudscope.analyze(low, 8000))
    assert [band.level is None for band in found] == [False] * 5 + [True]
    assert found[5].low_hz == 6000.0


@pytest.mark.parametrize("samples", [np.zeros(48000), np.zeros(9600), 1e-5 * noise(2.0)])
def test_without_loudness_there_is_no_level(samples: NDArray[Any]) -> None:
    found = band_levels(loudscope.analyze(samples, RATE_HZ))
    assert [band.level for band in found] == [None] * 6


def test_other_edges_are_refused() -> None:
    analysis = loudscope.analyze(noise(1.0), RATE_HZ, edges=(100.0, 1000.0))
    with pytest.raises(loudscope.InvalidArgument, match="edges"):
        band_levels(analysis)


def test_levels_are_worked_out_once_and_forgotten_with_their_track() -> None:
    """Sixty judgements of a report share them; another track at the same address does not."""
    import gc

    from loudscope.genres import _once

    asked: list[int] = []

    @_once.once
    def figure(track: frozenset[int]) -> int:
        asked.append(len(track))
        return len(track)

    one = frozenset(range(5))
    assert (figure(one), figure(one), asked) == (5, 5, [5])
    del one
    gc.collect()
    for size in range(3):
        assert figure(frozenset(range(size))) == size
    assert len(asked) == 4
