"""The reference's small formulas, and the gates that only made-up columns reach."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from loudscope import reference

MONO = (1.0,)


def steps(*levels: float, seconds: float) -> reference.Ticks:
    """One channel at 48 kHz whose loudness stands at each level for a while."""
    energy = np.repeat(
        [480 * 10 ** ((level + 0.691) / 10) for level in levels], round(100 * seconds)
    )
    blocks = len(energy) // 10
    return reference.Ticks(energy[:, np.newaxis], np.full(10 * blocks, 480), np.full(blocks, 10))


@pytest.mark.parametrize(("soft", "kept"), [(-42.7, True), (-43.3, False)])
def test_tech_3342_relative_gate_is_20_lu_below(soft: float, kept: bool) -> None:
    """Half at -20 LUFS, half far below: the mean is -23.0, the gate -43.0 LUFS."""
    result = reference.loudness_range(steps(-20.0, soft, seconds=20.0), MONO)
    assert result is not None
    assert (result.low == pytest.approx(soft, abs=1e-6)) is kept


def test_an_incomplete_tick_is_filled_up_by_trailing_silence() -> None:
    """A burst in the last 5 ms counts as soon as silence follows it, in windows that end there."""
    ticks = steps(-40.0, seconds=12.0)
    burst = np.zeros((10, 1))
    burst[0] = 2400.0
    longer = reference.Ticks(
        np.concatenate([ticks.energy, burst]),
        np.concatenate([ticks.frames, [240], np.zeros(9, dtype=np.int64)]),
        np.append(ticks.complete, 0),
    )
    assert reference.loudness_range(longer, MONO) == reference.loudness_range(ticks, MONO)
    result = reference.loudness_range(longer, MONO, trailing_silence_rate_hz=48000)
    assert result is not None
    assert result.low == pytest.approx(-40.0, abs=1e-6)
    assert result.high == pytest.approx(-0.691 + 10 * math.log10(2400 / 144000), abs=0.04)


def test_psr_pairs_each_window_with_its_own_peak_and_leaves_out_the_gated() -> None:
    """10 s at -20 LUFS under a falling peak, then 10 s that the relative gate takes out."""
    ticks = steps(-20.0, -45.0, seconds=10.0)
    peak = 0.5 * 0.99 ** np.arange(200)
    peak[100:] = 1e-4
    result = reference.psr(ticks, peak[:, np.newaxis], MONO)
    assert result is not None
    assert result.minimum == pytest.approx(20 * math.log10(peak[70]) + 20, abs=1e-9)
    assert result.minimum < result.p10 < result.minimum + 1.0


@pytest.mark.parametrize("percent", [0, 10, 50, 95, 100])
def test_nearest_rank_rounds_halves_up(percent: int) -> None:
    """EBU Tech 3342, listing: 1-based rank round((n - 1) * p / 100 + 1), halves away from zero."""
    for n in range(1, 60):
        rank = math.floor(Fraction((n - 1) * percent, 100) + 1 + Fraction(1, 2))
        assert reference.nearest_rank(np.arange(1.0, n + 1), percent) == rank


def test_stereo_figures() -> None:
    """Equal, uncorrelated and inverted channels of energy 1; and left twice right in amplitude."""
    assert reference.mono_loss(1.0, 1.0, 1.0) == 0.0
    assert reference.mono_loss(1.0, 1.0, 0.0) == pytest.approx(3.0103, abs=1e-4)
    assert reference.mono_loss(1.0, 1.0, -1.0) == math.inf
    assert reference.mono_loss(0.0, 0.0, 0.0) is None
    assert reference.correlation(4.0, 1.0, 2.0) == 1.0
    assert reference.correlation(4.0, 1.0, -2.0) == -1.0
    assert reference.correlation(1.0, 0.0, 0.0) is None
    assert reference.balance(4.0, 1.0) == pytest.approx(6.0206, abs=1e-4)
    assert reference.balance(1.0, 0.0) is reference.balance(0.0, 1.0) is None
    assert reference.mid_side_ratio(4.0, 1.0, 2.0) == pytest.approx(9.5424, abs=1e-4)
    assert reference.mid_side_ratio(1.0, 1.0, 1.0) is None


def test_ratios_of_a_sine() -> None:
    """Crest factor 3.01 dB; a full-scale stereo 997 Hz sine reads 0 LUFS, so PLR and PSR are 0."""
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * 48000) / 48000)
    columns = reference.table(np.stack([sine, sine], axis=1), 48000, taps=np.eye(1, 36, 17))
    ticks = reference.Ticks(columns["tick_energy"], columns["tick_frames"], columns["ticks"])
    loudness = reference.integrated(ticks, (1.0, 1.0)).loudness
    energy = float(columns["energy"][:, 0].sum())
    assert reference.rms(energy, len(sine)) == pytest.approx(-3.0103, abs=1e-3)
    assert reference.crest_factor(1.0, energy, len(sine)) == pytest.approx(3.0103, abs=1e-3)
    assert reference.plr(0.0, loudness) == pytest.approx(0.0, abs=1e-3)
    assert reference.plr(None, loudness) is reference.plr(0.0, None) is None
    assert reference.psr(ticks, columns["true_peak"], (1.0, 1.0)) == pytest.approx((0, 0), abs=1e-3)
    assert reference.rms(0.0, 10) is reference.rms(0.0, 0) is None
    assert reference.crest_factor(0.0, 0.0, 10) is None
