"""Engine and reference agree on every loudness figure, of generated audio and generated tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

import loudscope
from loudscope import Analysis, BlockTable, reference

from ..strategies import LU, Audio, Rows, audio, close, examples, lu_close, rows

# Half of the audio is long enough to have windows of 3 s.
LONG = audio(rates_hz=(8000, 11025, 48000), channels=(1, 2), least_seconds=3.0)


def ticks_of(table: BlockTable) -> reference.Ticks:
    """The reference's view of an engine's table."""
    assert table.tick_energy is not None
    return reference.Ticks(table.tick_energy, table.tick_frames, table.ticks, table.seams.tolist())


def audio_ticks(sound: Audio) -> reference.Ticks:
    """The reference's own ticks of generated audio."""
    return reference.Ticks(
        reference.tick_energies(sound.samples, sound.rate_hz),
        np.diff(reference.tick_bounds(sound.frames, sound.rate_hz)),
        reference.tick_counts(sound.frames, sound.rate_hz),
    )


def quietest(sound: Audio) -> float:
    """LUFS: 40 dB under the loudest the audio is without weighting, and the absolute gate at least.

    Below, the rounding of the weighting filters, DC and what rings out included, exceeds 1e-9 LU.
    """
    energy = float((sound.samples**2).max(initial=1e-30))
    return max(-70.0, 10 * math.log10(energy) - 40.0)


def alike(value: float | None, expected: float | None, floor: float) -> bool:
    """Whether two loudnesses agree to 1e-9 LU, or below the floor to 1e-6 LU."""
    exact = expected is None or expected > floor
    return close(value, expected, LU if exact else 1e-6)


def assert_integrated(
    analysis: Analysis, ticks: reference.Ticks, weights: Sequence[float], floor: float = -70.0
) -> None:
    expected = reference.integrated(ticks, weights)
    assert alike(analysis.integrated, expected.loudness, floor)
    if expected.loudness is not None:
        assert alike(analysis.relative_threshold, expected.relative_threshold, floor)
    assert analysis.gating is not None
    assert tuple(analysis.gating) == expected[2:]


def assert_series(
    analysis: Analysis, ticks: reference.Ticks, weights: Sequence[float], floor: float = -70.0
) -> None:
    for mine, expected in (
        (analysis.momentary, reference.momentary(ticks, weights)),
        (analysis.short_term, reference.short_term(ticks, weights)),
    ):
        assert lu_close(mine.values, expected.loudness, floor)
        np.testing.assert_allclose(mine.times * analysis.rate_hz, expected.end_frame, rtol=1e-14)


def assert_maxima(
    analysis: Analysis, ticks: reference.Ticks, weights: Sequence[float], floor: float = -70.0
) -> None:
    """The same value, and a time at which the reference's series has it."""
    for name, series in (
        ("momentary_max", reference.momentary(ticks, weights)),
        ("short_term_max", reference.short_term(ticks, weights, hop=1)),
    ):
        value, at = getattr(analysis, name), getattr(analysis, f"{name}_at")
        largest = reference.maximum(series)
        if value is None or at is None or largest is None:
            assert (value, at, largest) == (None, None, None)
        elif largest.loudness > -70.0:
            assert alike(value, largest.loudness, floor)
            index = np.flatnonzero(series.end_frame == round(at * analysis.rate_hz))
            assert alike(float(series.loudness[index[0]]), largest.loudness, floor)


def assert_range(
    analysis: Analysis, ticks: reference.Ticks, weights: Sequence[float], floor: float = -70.0
) -> None:
    for silence in (False, True):
        mine = analysis.lra(trailing_silence=silence)
        expected = reference.loudness_range(
            ticks, weights, trailing_silence_rate_hz=analysis.rate_hz if silence else None
        )
        if mine is None or expected is None:
            assert (mine, expected) == (None, None)
        else:
            assert alike(mine.low, expected.low, floor)
            assert alike(mine.high, expected.high, floor)
            assert close(mine.value, expected.value, LU if expected.low > floor else 1e-6)


@given(sound=st.one_of(LONG, audio(most_samples=400_000)))
def test_loudness_of_generated_audio(sound: Audio) -> None:
    """Integrated loudness, gates, M, S, their maxima and the loudness range to 1e-9 LU."""
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    ticks, weights, floor = audio_ticks(sound), sound.layout.weights, quietest(sound)
    assert_integrated(analysis, ticks, weights, floor)
    assert_series(analysis, ticks, weights, floor)
    assert_maxima(analysis, ticks, weights, floor)
    assert_range(analysis, ticks, weights, floor)


@examples(2.0)
@given(made=rows(), dual=st.booleans())
def test_loudness_of_generated_tables(made: Rows, dual: bool) -> None:
    """The same of rows without audio: one programme or several, any seam, any last block."""
    assume(not dual or made.channels == 1)
    analysis = Analysis(made.table, dual_mono=dual)
    weights = [weight * (1 + dual) for weight in made.table.layout.weights]
    ticks = ticks_of(made.table)
    assert_integrated(analysis, ticks, weights)
    assert_series(analysis, ticks, weights)
    assert_maxima(analysis, ticks, weights)
    assert_range(analysis, ticks, weights)


@given(made=rows())
def test_peak_to_short_term_ratio(made: Rows) -> None:
    """Minimum and 10th percentile over the windows that pass the gates."""
    table = made.table
    analysis = Analysis(table)
    assert table.true_peak is not None
    expected = reference.psr(ticks_of(table), table.true_peak, table.layout.weights)
    if expected is None:
        assert analysis.psr_min is analysis.psr_p10 is None
    else:
        assert close(analysis.psr_min, expected.minimum)
        assert close(analysis.psr_p10, expected.p10)


@given(made=rows())
def test_figures_of_one_formula(made: Rows) -> None:
    """RMS, crest factor, PLR, DC offset of generated tables."""
    table, analysis = made.table, Analysis(made.table)
    assert table.energy is not None
    assert table.sample_peak is not None
    assert table.total is not None
    energy, frames = table.energy.sum(axis=0), table.frame_count
    peaks = table.sample_peak.max(axis=0)
    for channel in range(made.channels):
        rms = reference.rms(energy[channel], frames)
        crest = reference.crest_factor(float(peaks[channel]), energy[channel], frames)
        assert close(analysis.rms_per_channel[channel], rms)
        assert close(analysis.crest_factor_per_channel[channel], crest)
        assert analysis.dc_offset_per_channel is not None
        offset = table.total[:, channel].sum() / frames
        assert close(analysis.dc_offset_per_channel[channel], offset, 1e-12)
    assert close(analysis.plr, reference.plr(analysis.true_peak, analysis.integrated))


@given(sound=audio(channels=(2, 6), most_samples=100_000))
def test_stereo_figures(sound: Audio) -> None:
    """Correlation and mid/side ratio of the front pair, whole and in each band."""
    pair = sound.layout.front_pair
    assert pair is not None
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    left, right = (sound.samples[:, channel] for channel in pair)
    sums = float(left @ left), float(right @ right), float(left @ right)
    correlation = reference.correlation(*sums)
    assert close(analysis.correlation, correlation, 1e-9)
    mid, side = (float(((left + sign * right) ** 2).sum()) for sign in (1, -1))
    ratio = analysis.mid_side_ratio
    if mid == 0.0 or side == 0.0:
        assert ratio is None
    elif abs(reference.power_db(mid / side) or 0.0) < 60.0:
        assert close(ratio, reference.power_db(mid / side), 1e-7)


@examples(0.7)
@given(sound=audio(channels=(2, 3), most_samples=100_000))
def test_stereo_figures_of_bands(sound: Audio) -> None:
    """Each band's level, correlation and mid/side ratio from the reference's band signals."""
    profile = loudscope.band_profile(sound.samples, sound.rate_hz, layout=sound.layout)
    used = reference.used_edges(loudscope.DEFAULT_EDGES_HZ, sound.rate_hz)
    signals = reference.band_signals(sound.samples, sound.rate_hz, used)
    total = float((sound.samples**2).sum())
    there = [profile.below, *profile.bands[: len(used) - 1], profile.above]
    for band, signal in zip(there, signals, strict=True):
        energy = (signal**2).sum(axis=0)
        if energy.sum() <= 1e-6 * total:
            continue  # rounding of either side
        level = reference.power_db(float(energy.sum()) / signal.size)
        assert close(band.level, level, 1e-6)
        if energy[:2].min() > 1e-6 * total:
            sums = energy[0], energy[1], float(signal[:, 0] @ signal[:, 1])
            assert close(band.correlation, reference.correlation(*sums), 1e-6)
            ratio = reference.mid_side_ratio(*sums)
            if ratio is not None and abs(ratio) < 60.0:
                assert close(band.mid_side_ratio, ratio, 1e-3)
