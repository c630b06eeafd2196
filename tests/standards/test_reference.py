"""The reference against BS.1770-5, EBU Tech 3341 and 3342: weighting, gates, windows, range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from loudscope import reference

Signal = npt.NDArray[np.float64]
Segment = tuple[float | None, float]
RATES = (44100, 48000, 96000)
STEREO = (1.0, 1.0)


def tones(
    *segments: Segment, rate_hz: int = 48000, hz: float = 1000.0, channels: int = 2
) -> Signal:
    """Segments (dBFS or None for silence, seconds) of one sine that keeps its phase throughout."""
    parts = [
        np.full(round(seconds * rate_hz), 0.0 if dbfs is None else 10 ** (dbfs / 20))
        for dbfs, seconds in segments
    ]
    amplitude = np.concatenate(parts)
    sine = amplitude * np.sin(2 * np.pi * hz * np.arange(len(amplitude)) / rate_hz)
    return np.repeat(sine[:, np.newaxis], channels, axis=1)


def ticks_of(signal: Signal, rate_hz: int = 48000) -> reference.Ticks:
    """The three columns that every gated figure is made of."""
    frames = len(signal)
    tick_frames = np.diff(reference.tick_bounds(frames, rate_hz))
    energy = reference.tick_energies(signal, rate_hz)
    return reference.Ticks(energy, tick_frames, reference.tick_counts(frames, rate_hz))


def side_by_side(*programmes: reference.Ticks) -> reference.Ticks:
    """Several programmes as one, with a seam at each."""
    blocks = [len(programme.complete) for programme in programmes]
    return reference.Ticks(
        np.concatenate([programme.energy for programme in programmes]),
        np.concatenate([programme.frames for programme in programmes]),
        np.concatenate([programme.complete for programme in programmes]),
        [sum(blocks[:i]) for i in range(len(blocks))],
    )


def lufs(signal: Signal, rate_hz: int = 48000) -> float | None:
    weights = (1.0,) * signal.shape[1]
    return reference.integrated(ticks_of(signal, rate_hz), weights).loudness


def response_db(rate_hz: int, hz: Signal) -> Signal:
    z = np.exp(-2j * np.pi * hz / rate_hz)
    total = np.ones(len(hz), dtype=complex)
    for b0, b1, b2, a0, a1, a2 in reference.k_coefficients(rate_hz):
        total *= (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)
    return np.asarray(20 * np.log10(np.abs(total)), dtype=np.float64)


def test_bs1770_tables_1_and_2_are_the_coefficients_at_48_khz() -> None:
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285]
    shelf += [1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(
        reference.k_coefficients(48000), [shelf, high_pass], rtol=0, atol=1e-14
    )


@pytest.mark.parametrize(
    ("rate_hz", "bound_db"),
    [
        (8000, 0.046),
        (11025, 0.0135),
        (16000, 0.0045),
        (22050, 0.0020),
        (32000, 0.0003),
        (44100, 0.0003),
        (47999, 1e-6),
        (48001, 1e-6),
        (88200, 0.0060),
        (96000, 0.0063),
        (192000, 0.0079),
        (384000, 0.0083),
    ],
)
def test_other_rates_have_the_same_frequency_response(rate_hz: int, bound_db: float) -> None:
    """BS.1770-5 Annex 1: "the same frequency response" as at 48 kHz, up to 0.49 of either rate."""
    hz = np.geomspace(10, 0.49 * min(rate_hz, 48000), 5000)
    assert np.abs(response_db(rate_hz, hz) - response_db(48000, hz)).max() < bound_db


def test_gain_at_997_hz_cancels_the_offset() -> None:
    """BS.1770-5 Annex 1: -0.691 takes back the K-weighting of a 997 Hz tone."""
    assert response_db(48000, np.array([997.0]))[0] == pytest.approx(0.691, abs=2e-5)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 22050, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize(("channels", "expected"), [(1, -3.01), (2, 0.0)])
def test_full_scale_997_hz_anchor(rate_hz: int, channels: int, expected: float) -> None:
    """BS.1770-5 Annex 1: 0 dBFS at 997 Hz in one front channel reads -3.01 LKFS."""
    tone = tones((0.0, 5.0), rate_hz=rate_hz, hz=997.0, channels=channels)
    assert lufs(tone, rate_hz) == pytest.approx(expected, abs=0.008)


LOUDNESS_CASES = {
    "1": (-23.0, [(-23.0, 20.0)]),
    "2": (-33.0, [(-33.0, 20.0)]),
    "3": (-23.0, [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]),
    "4": (-23.0, [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)]),
    "5": (-23.0, [(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]),
}


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", LOUDNESS_CASES)
def test_tech_3341_integrated(case: str, rate_hz: int) -> None:
    """EBU Tech 3341 Table 1, cases 1 to 5, to 0.03 LU of the 0.1 allowed."""
    expected, segments = LOUDNESS_CASES[case]
    assert lufs(tones(*segments, rate_hz=rate_hz), rate_hz) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize(("lfe", "surround"), [((), 3), ((None,), 4)])
def test_tech_3341_case_6_weights_surround(lfe: tuple[None, ...], surround: int) -> None:
    """EBU Tech 3341 case 6: 5.0 with surrounds at 1.41, and the same as 5.1 with any LFE."""
    levels = [-28.0, -28.0, -24.0, *(0.0 for _ in lfe), -30.0, -30.0]
    signal = np.concatenate([tones((level, 20.0), channels=1) for level in levels], axis=1)
    weights = [1.0, 1.0, 1.0, *(0.0 for _ in lfe), 1.41, 1.41]
    assert weights.index(1.41) == surround
    reading = reference.integrated(ticks_of(signal), weights).loudness
    assert reading == pytest.approx(-23.0, abs=0.02)


def test_bs2217_absolute_gate() -> None:
    """Bursts at -69.5 dBFS over a tone of one 16-bit step: the -70 LUFS gate parts the two."""
    quiet, burst = -90.30899869919436, -69.5
    pattern = [(quiet, 0.8), (burst, 0.5), (quiet, 0.5), (burst, 0.5), (quiet, 0.5), (burst, 0.5)]
    assert lufs(tones(*pattern, (quiet, 0.7))) == pytest.approx(-69.5, abs=0.1)


def test_bs2217_relative_gate() -> None:
    """Tones around the gate 10 LU below the absolute-gated loudness."""
    quiet, soft, loud = -90.30899869919436, -19.9, -7.1
    pattern = [(quiet, 0.5), (soft, 0.9), (loud, 1.3), (soft, 0.8), (quiet, 0.5)]
    assert lufs(tones(*pattern)) == pytest.approx(-10.0, abs=0.1)


def test_gating_counts_of_tech_3341_case_4() -> None:
    """Of 997 blocks, those all at -72 fall to one gate; those of -36 without -23 to the other."""
    result = reference.integrated(ticks_of(tones(*LOUDNESS_CASES["4"][1])), STEREO)
    assert result.blocks == 997 == result.below_absolute + result.below_relative + result.kept
    assert result.below_absolute == 2 * 97
    assert result.below_relative == 2 * 100
    assert result.relative_threshold == pytest.approx(-34.2, abs=0.05)


def constant_ticks(*levels: float, seconds: float = 1.0) -> reference.Ticks:
    """Mono columns at 48 kHz whose loudness stands at each level for a while."""
    blocks = round(10 * seconds) * len(levels)
    energy = [480 * 10 ** ((level + 0.691) / 10) for level in levels]
    rows = np.repeat(energy, 10 * blocks // len(levels))[:, np.newaxis]
    return reference.Ticks(rows, np.full(10 * blocks, 480), np.full(blocks, 10))


def test_a_block_at_exactly_minus_70_is_gated_out() -> None:
    """BS.1770-5 Annex 1 eq. 4: l_j > -70, not >=."""
    ticks = constant_ticks(-70.0)
    assert reference.momentary(ticks, (1.0,)).loudness[0] == -70.0
    assert reference.integrated(ticks, (1.0,)).below_absolute == 7
    assert reference.integrated(ticks._replace(energy=ticks.energy * 1.0001), (1.0,)).kept == 7


def test_tech_3342_keeps_exactly_minus_70() -> None:
    """EBU Tech 3342: the absolute gate of the loudness range is >= -70."""
    ticks = constant_ticks(-70.0, seconds=5.0)
    assert reference.short_term(ticks, (1.0,)).loudness[0] == -70.0
    assert reference.loudness_range(ticks, (1.0,)) == (0.0, -70.0, -70.0)
    assert reference.loudness_range(ticks._replace(energy=ticks.energy * 0.9999), (1.0,)) is None


@pytest.mark.parametrize("rate_hz", [11025, 44100, 48000])
def test_measurement_begins_at_400_ms(rate_hz: int) -> None:
    """BS.1770-5 Annex 1: an incomplete gating block is not used; before the first, no figure."""
    enough = reference.tick_start(40, rate_hz)
    tone = tones((-20.0, 0.6), rate_hz=rate_hz)
    none = reference.integrated(ticks_of(tone[: enough - 1], rate_hz), STEREO)
    assert none == (None, None, 0, 0, 0, 0)
    assert reference.integrated(ticks_of(tone[:enough], rate_hz), STEREO).blocks == 1
    last = reference.tick_start(50, rate_hz) - 1
    assert reference.integrated(ticks_of(tone[:last], rate_hz), STEREO).blocks == 1


def test_nothing_has_no_figures() -> None:
    """No frame and digital silence: no loudness, no maximum, no range, no ratio."""
    for silence, blocks in ((np.zeros((0, 2)), 0), (np.zeros((240000, 2)), 47)):
        columns = ticks_of(silence)
        result = reference.integrated(columns, STEREO)
        assert result == (None, None, blocks, blocks, 0, 0)
        assert reference.maximum(reference.momentary(columns, STEREO)) is None
        assert reference.maximum(reference.short_term(columns, STEREO)) is None
        assert reference.loudness_range(columns, STEREO) is None
        assert reference.loudness_range(columns, STEREO, trailing_silence_rate_hz=48000) is None
        assert reference.psr(columns, np.zeros((len(columns.complete), 2)), STEREO) is None


def test_no_window_crosses_a_seam() -> None:
    """Programmes of 3.505, 0.35 and 0.5 s: the windows of each alone, the second has none."""
    first, second, third = (ticks_of(tones((-20.0, seconds))) for seconds in (3.505, 0.35, 0.5))
    joined = side_by_side(first, second, third)
    assert joined.seams == [0, 36, 40]
    alone, last = reference.momentary(first, STEREO), reference.momentary(third, STEREO)
    together = reference.momentary(joined, STEREO)
    np.testing.assert_array_equal(
        together.loudness, np.concatenate([alone.loudness, last.loudness])
    )
    later = last.end_frame + round(3.855 * 48000)
    np.testing.assert_array_equal(together.end_frame, np.concatenate([alone.end_frame, later]))
    pooled = reference.integrated(joined, STEREO)
    assert pooled.blocks == 32 + 0 + 2
    levels = reference.short_term(joined, STEREO).loudness
    np.testing.assert_array_equal(levels, reference.short_term(first, STEREO).loudness)


def test_programmes_are_gated_together() -> None:
    """An album of a loud and a soft half is no mean of two figures: the soft one is gated out."""
    loud, soft = ticks_of(tones((-10.0, 5.0))), ticks_of(tones((-30.0, 5.0)))
    joined = side_by_side(loud, soft)
    pooled = reference.integrated(joined, STEREO)
    assert pooled.loudness == pytest.approx(reference.integrated(loud, STEREO).loudness, abs=1e-9)
    assert (pooled.blocks, pooled.below_relative, pooled.kept) == (94, 47, 47)


def test_tech_3341_case_9_every_short_term_reading() -> None:
    """EBU Tech 3341 case 9: (1.34 s, 1.66 s) at -20 and -30 dBFS reads -23 from 3 s on."""
    columns = ticks_of(tones(*[(-20.0, 1.34), (-30.0, 1.66)] * 5))
    readings = reference.short_term(columns, STEREO)
    assert readings.end_frame[0] == 3 * 48000
    assert np.abs(readings.loudness + 23.0).max() < 0.1


@pytest.mark.parametrize("offset", range(20))
def test_tech_3341_cases_10_and_13_maxima(offset: int) -> None:
    """EBU Tech 3341: a 3 s or 0.4 s burst reads -23.0 whatever silence comes before it."""
    burst = ticks_of(tones((None, 0.15 * offset), (-23.0, 3.0), (None, 1.0)))
    short_term = reference.maximum(reference.short_term(burst, STEREO, hop=1))
    assert short_term is not None
    assert short_term.loudness == pytest.approx(-23.0, abs=0.02)
    assert short_term.end_frame == pytest.approx((3 + 0.15 * offset) * 48000, abs=480)
    burst = ticks_of(tones((None, 0.02 * offset), (-23.0, 0.4), (None, 1.0)))
    momentary = reference.maximum(reference.momentary(burst, STEREO))
    assert momentary is not None
    assert momentary.loudness == pytest.approx(-23.0, abs=0.02)


def test_tech_3341_case_12_every_momentary_reading() -> None:
    """EBU Tech 3341 case 12: (0.18 s, 0.22 s) at -20 and -30 dBFS reads -23 from 1 s on."""
    readings = reference.momentary(ticks_of(tones(*[(-20.0, 0.18), (-30.0, 0.22)] * 25)), STEREO)
    assert np.abs(readings.loudness[60:] + 23.0).max() < 0.1


RANGE_CASES = {
    "1": (10.0, [-20.0, -30.0]),
    "2": (5.0, [-20.0, -15.0]),
    "3": (20.0, [-40.0, -20.0]),
    "4": (15.0, [-50.0, -35.0, -20.0, -35.0, -50.0]),
}


@pytest.mark.parametrize("rate_hz", [44100, 48000])
@pytest.mark.parametrize("case", RANGE_CASES)
def test_tech_3342_loudness_range(case: str, rate_hz: int) -> None:
    """EBU Tech 3342 Table 1, cases 1 to 4: 20 s tones; the tolerance is 1 LU."""
    expected, levels = RANGE_CASES[case]
    columns = ticks_of(tones(*((level, 20.0) for level in levels), rate_hz=rate_hz), rate_hz)
    reading = reference.loudness_range(columns, STEREO)
    assert reading is not None
    assert reading.value == pytest.approx(expected, abs=0.01)
    assert reading.value == reading.high - reading.low


@pytest.mark.parametrize("rate_hz", [11025, 48000])
@pytest.mark.parametrize("extra", [0, 1, 150, 4000])
def test_trailing_silence_is_the_programme_followed_by_silence(rate_hz: int, extra: int) -> None:
    """EBU Tech 3342, listing: 1.5 s of silence after a file. The faint end hardly rings."""
    rng = np.random.default_rng(3)
    signal = rng.standard_normal((12 * rate_hz + extra, 2)) * 0.1
    signal *= np.linspace(1, 0.03, len(signal))[:, np.newaxis]
    longer = np.concatenate([signal, np.zeros((rate_hz * 3 // 2, 2))])
    columns = ticks_of(signal, rate_hz)
    expected = reference.loudness_range(ticks_of(longer, rate_hz), STEREO)
    reading = reference.loudness_range(columns, STEREO, trailing_silence_rate_hz=rate_hz)
    assert expected is not None
    assert reading == pytest.approx(expected, abs=1e-3)
    assert reading != pytest.approx(reference.loudness_range(columns, STEREO), abs=1e-3)
