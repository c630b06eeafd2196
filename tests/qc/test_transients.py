"""Transients: onsets where they were put, attack times that were made, none where it is steady."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loudscope.qc import TransientFigures
from loudscope.qc._transients import transient_figures

from .measuring import RATE_HZ, Samples, band_noise, measured, noise, sine


def figures(samples: Samples, **options: Any) -> TransientFigures:
    found = measured(samples, **options)
    transients = transient_figures(found.analysis, found.band_ticks)
    assert transients is not None
    return transients


def hits(times: list[float], seconds: float, decay: float = 0.03, rise: float = 0.0) -> Samples:
    """Bursts of noise that begin at those times, rise linearly, then decay."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    envelope = np.zeros(len(time))
    for begin in times:
        since = time - begin
        up = np.clip(since / rise, 0.0, 1.0) if rise else (since >= 0.0)
        envelope += up * np.exp(-np.maximum(since - rise, 0.0) / decay) * (since >= 0.0)
    return 3.0 * noise(seconds) * envelope[:, None]


def test_onsets_where_the_hits_are() -> None:
    times = [0.5, 1.0, 1.75, 2.1, 3.333, 5.0, 5.5]
    found = figures(hits(times, 7.0))
    assert found.onsets == pytest.approx(times, abs=0.011)
    assert found.onsets_per_second == pytest.approx(1.0, abs=0.001)


@given(st.lists(st.integers(3, 48), min_size=1, max_size=10, unique=True), st.integers(0, 20))
@settings(max_examples=12)
def test_every_hit_over_a_bed_is_found_once(tenths: list[int], quieter_db: int) -> None:
    """Hits a tenth of a second apart or more, 12 to 32 dB above what goes on."""
    times = [tenth / 10 for tenth in sorted(tenths)]
    bed = 0.2 * noise(5.5, seed=1) * 10 ** (-quieter_db / 20)
    found = figures(hits(times, 5.5, decay=0.012) + bed)
    assert found.onsets == pytest.approx(times, abs=0.011)


@pytest.mark.parametrize("rate_hz", [11025, 22050, 44100, 96000])
def test_onsets_at_other_rates(rate_hz: int) -> None:
    samples = np.zeros((4 * rate_hz, 2))
    for second in (1, 2, 3):
        samples[second * rate_hz :][: rate_hz // 50] = noise(0.02, rate_hz=rate_hz)
    assert figures(samples, rate_hz=rate_hz).onsets == pytest.approx([1.0, 2.0, 3.0], abs=0.011)


STEADY = {
    "white noise": noise(10.0),
    "low noise": np.repeat(band_noise(30, 150, 10.0)[:, None], 2, axis=1),
    "sine at 1 kHz": 0.3 * sine(1000.0, 10.0),
    "sine at 40 Hz": 0.3 * sine(40.0, 10.0),
    "tremolo": 0.3 * sine(1000.0, 10.0) * (1.0 + 0.3 * sine(3.0, 10.0)),
    "swell": noise(10.0) * (1.01 + np.sin(np.linspace(0.0, 20.0, 10 * RATE_HZ)))[:, None],
}


@pytest.mark.parametrize("kind", STEADY)
def test_steady_sounds_have_no_onset(kind: str) -> None:
    """Also at their beginning, where nothing comes before."""
    found = figures(STEADY[kind])
    assert found.onsets == ()
    assert found.onsets_per_second == 0.0
    assert found.attack_ms is found.ratio is None
    assert all(band.ratio is None for band in found.ratio_per_band)


def test_silence_has_no_onset() -> None:
    found = figures(np.zeros((RATE_HZ, 2)))
    assert found.onsets == ()
    assert found.ratio is None


def test_what_the_gates_drop_has_no_onset() -> None:
    """Soft knocks 40 dB below the music."""
    time = np.arange(20 * RATE_HZ) / RATE_HZ
    samples = noise(20.0) * (time < 10.0)[:, None] + 0.01 * hits([12.0, 14.0], 20.0)
    assert [when for when in figures(samples).onsets if when > 10.5] == []


def test_a_click_after_silence() -> None:
    """10 log10(20) is all that 10 ms can stand over the 200 ms that end with them; 8 ms is the
    shortest rise that ticks of 10 ms can show."""
    samples = np.zeros((6 * RATE_HZ, 2))
    samples[RATE_HZ // 2 + 100 :: RATE_HZ] = 0.9
    found = figures(samples)
    assert found.ratio == pytest.approx(13.01, abs=0.05)
    assert found.attack_ms == pytest.approx(8.0, abs=0.5)
    assert [band.ratio for band in found.ratio_per_band][3:] == pytest.approx([13.0] * 3, abs=0.1)


@pytest.mark.parametrize("rise_ms", [30.0, 60.0, 90.0])
def test_attack_time_of_a_linear_rise(rise_ms: float) -> None:
    """Four fifths of the rise, and what averaging over 10 ms adds or takes."""
    found = figures(hits([1.0, 2.0, 3.0, 4.0, 5.0], 6.0, decay=0.2, rise=rise_ms / 1000))
    assert found.attack_ms == pytest.approx(0.8 * rise_ms, abs=7.0)


def test_ratio_falls_with_the_bed_below() -> None:
    """p of power over a bed of 1: (p+1) over (p+20)/20 at the first tick."""
    for over in (9.0, 99.0):
        time = np.arange(8 * RATE_HZ) / RATE_HZ
        gain = np.where((time % 1.0 >= 0.5) & (time % 1.0 < 0.52), np.sqrt(over + 1.0), 1.0)
        found = figures(0.3 * noise(8.0) * gain[:, None])
        expected = 10 * np.log10((over + 1.0) / ((over + 20.0) / 20.0))
        assert found.ratio == pytest.approx(expected, abs=0.8)


@pytest.mark.parametrize(("step_db", "found"), [(4.0, True), (1.5, False)])
def test_a_step_of_2_5_db_over_the_200_ms_is_an_onset(step_db: float, *, found: bool) -> None:
    """s over (s + 19) / 20: 3.7 dB for a step of 4 dB, 1.4 dB for one of 1.5 dB."""
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    gain = np.where((time % 1.0 >= 0.5) & (time % 1.0 < 0.6), 10 ** (step_db / 20), 1.0)
    onsets = figures(noise(8.0) * gain[:, None]).onsets
    assert onsets == pytest.approx([n + 0.5 for n in range(8)] if found else [], abs=0.06)


def test_ratio_is_the_95th_percentile() -> None:
    """Two of twenty hits stand out further; the nearest rank is the nineteenth."""
    bed = 0.05 * noise(12.0, seed=1)
    weak = 0.1 * hits([0.5 + 0.5 * n for n in range(20)], 12.0, decay=0.02)
    strong = hits([2.5, 7.5], 12.0, decay=0.02)
    with_two, without = figures(bed + weak + strong), figures(bed + weak)
    assert with_two.ratio is not None and without.ratio is not None
    assert with_two.ratio > without.ratio + 1.0


@pytest.mark.parametrize(("level_db", "count"), [(-15.0, 8), (-50.0, 0)])
def test_what_other_bands_mask_is_no_onset(level_db: float, count: int) -> None:
    """Ticks of treble over a loud bass tone."""
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    treble = np.repeat(band_noise(2500, 15000, 8.0)[:, None], 2, axis=1)
    ticks = 10 ** (level_db / 20) * treble * ((time % 1.0 >= 0.5) & (time % 1.0 < 0.53))[:, None]
    assert len(figures(0.5 * sine(100.0, 8.0) + 3.0 * ticks).onsets) == count


def test_ratio_per_band_tells_where_the_attack_is() -> None:
    """Hits of treble over a steady bass."""
    time = np.arange(8 * RATE_HZ) / RATE_HZ
    treble = np.repeat(band_noise(7000, 15000, 8.0)[:, None], 2, axis=1)
    gate = np.exp(-((2.0 * time) % 1.0) * 20.0)[:, None]
    found = figures(2.0 * treble * gate + 0.2 * sine(125.0, 8.0))
    ratios = {band.name: band.ratio for band in found.ratio_per_band}
    assert found.onsets_per_second == pytest.approx(2.0, abs=0.2)
    assert ratios["Air"] is not None and ratios["Air"] > 9.0
    assert ratios["Bass"] is not None and ratios["Bass"] < 1.5


def test_a_band_above_half_the_rate_has_no_ratio() -> None:
    samples = np.zeros((3 * 8000, 2))
    samples[8000::4000] = 0.9
    found = figures(samples, rate_hz=8000)
    assert [band.ratio is None for band in found.ratio_per_band] == [False] * 5 + [True]


def test_lfe_does_not_count() -> None:
    samples = np.zeros((4 * RATE_HZ, 6))
    samples[:, :2] = noise(4.0)
    samples[:, 3] = 0.9 * (np.arange(len(samples)) % 24000 < 50)
    assert figures(samples, layout="5.1").onsets == ()


@given(st.integers(0, 99), st.integers(-40, 0))
@settings(max_examples=10)
def test_gain_changes_nothing(seed: int, gain_db: int) -> None:
    samples = hits([0.5, 1.0, 1.6], 2.5) + 0.1 * noise(2.5, seed=seed)
    loud, soft = figures(samples), figures(samples * 10 ** (gain_db / 20))
    assert loud.onsets == soft.onsets
    assert loud.ratio == pytest.approx(soft.ratio, abs=0.05)
