"""The live meter reads, at any moment, what an analysis of all that it was given reads."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis, BlockTable, Meter, Reading

from ..strategies import Audio, audio, close, examples

QUIET = -120.0  # LUFS: below, a window holds the rounding of filters that ring out


def heard(lufs: float | None) -> float:
    """A momentary or short-term figure, with silence and what lies below `QUIET` alike."""
    return QUIET if lufs is None else max(lufs, QUIET)


def last(series: loudscope.Series) -> float | None:
    """The last value of a series; None where there is none or it is silence."""
    return float(series.values[-1]) if len(series) and math.isfinite(series.values[-1]) else None


def latest_short_term(sound: Audio, frames: int) -> float | None:
    """Short-term loudness over the last 300 whole ticks, which need not end with a block."""
    table = loudscope.scan(sound.samples[:frames], sound.rate_hz, layout=sound.layout)
    ticks = int(table.ticks.sum())
    assert table.tick_energy is not None
    if ticks < 300:
        return None
    rows = slice(ticks - 300, ticks)
    energy = table.tick_energy[rows].sum(axis=0)
    power = sum(w * e for w, e in zip(table.layout.weights, energy, strict=True))
    power /= int(table.tick_frames[rows].sum(dtype=np.int64))
    return -0.691 + 10 * math.log10(power) if power > 0.0 else None


def assert_exact(reading: Reading, exact: Analysis) -> None:
    """Integrated loudness and range are asked to 0.001 LU; they are exact to 1e-9."""
    assert close(reading.seconds, exact.duration)
    assert close(reading.integrated, exact.integrated)
    assert close(reading.loudness_range, exact.loudness_range)
    assert close(heard(reading.momentary_max), heard(exact.momentary_max))
    assert close(heard(reading.short_term_max), heard(exact.short_term_max))
    assert close(heard(reading.momentary), heard(last(exact.momentary)))


def assert_peaks(reading: Reading, exact: Analysis, whole_blocks: Analysis | None) -> None:
    """Peaks lag by a block at most, and are never more than there is."""
    for name in ("sample_peak", "true_peak"):
        mine: tuple[float | None, ...] = getattr(reading, f"{name}_per_channel")
        there = [value for value in mine if value is not None]
        assert getattr(reading, name) == max(there, default=None)
        most = getattr(exact, f"{name}_per_channel")
        for channel, value in enumerate(mine):
            if value is not None:
                assert value <= most[channel] + 1e-12
            if whole_blocks is not None:
                least = getattr(whole_blocks, f"{name}_per_channel")[channel]
                assert least is None or (value is not None and value >= least - 1e-12)


@given(
    sound=audio(rates_hz=(8000, 11025, 44100, 48000, 96000), most_samples=300_000),
    places=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4).map(sorted),
    keep_table=st.booleans(),
)
def test_readings_are_exact(sound: Audio, places: list[float], keep_table: bool) -> None:
    """At any frame: I, LRA, M, S and their maxima as `analyze` of the same frames has them."""
    meter, pushed = Meter(sound.rate_hz, sound.layout, keep_table=keep_table), 0
    for place in places:
        frames = max(1, round(place * sound.frames))
        meter.push(sound.samples[pushed:frames])
        pushed = frames
        exact = loudscope.analyze(sound.samples[:frames], sound.rate_hz, layout=sound.layout)
        reading = meter.reading()
        assert_exact(reading, exact)
        assert close(heard(reading.short_term), heard(latest_short_term(sound, frames)))
        whole = exact.table.blocks - 2
        blocks = Analysis(exact.table.rows(0, whole)) if whole > 0 else None
        assert_peaks(reading, exact, blocks)


@examples(0.5)
@given(sound=audio(most_samples=300_000), size=st.sampled_from([480, 4801, 50_000]))
def test_a_meter_without_a_table_reads_the_same(sound: Audio, size: int) -> None:
    """keep_table=False forgets rows, not figures: every reading is equal, to the bit."""
    meters = [
        Meter(sound.rate_hz, sound.layout, keep_table=keep, bands=True) for keep in (True, False)
    ]
    size = max(size, sound.frames // 100)
    for start in range(0, sound.frames, size):
        for meter in meters:
            meter.push(sound.samples[start : start + size])
        assert meters[0].reading() == meters[1].reading()


def without_peaks(table: BlockTable) -> BlockTable:
    """What a reading has of a table."""
    names = ("sample_peak", "true_peak", "sample_peak_at", "true_peak_at", "clips")
    none: dict[str, Any] = dict.fromkeys(names)
    return dataclasses.replace(table, **none)


@given(
    sound=audio(most_samples=300_000),
    places=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=3).map(sorted),
    keep_table=st.booleans(),
)
def test_the_latest_blocks_are_those_of_an_analysis_of_these_times(
    sound: Audio, places: list[float], keep_table: bool
) -> None:
    """The last 30 whole blocks of all that was pushed, so bands and correlation: to the bit."""
    meter, pushed = Meter(sound.rate_hz, sound.layout, keep_table=keep_table, bands=True), 0
    for place in places:
        frames = max(1, round(place * sound.frames))
        meter.push(sound.samples[pushed:frames])
        pushed, reading = frames, meter.reading()
        table = loudscope.scan(sound.samples[:frames], sound.rate_hz, layout=sound.layout)
        whole = table.blocks - (int(table.ticks[-1]) < 10)
        if whole == 0:
            assert reading.latest is None and reading.correlation is None
            continue
        exact = Analysis(table.rows(max(0, whole - 30), whole))
        assert reading.latest == Analysis(without_peaks(exact.table))
        assert reading.correlation == exact.correlation
        one, other = reading.band_profile, exact.band_profile
        assert one is not None and other is not None
        assert (one.bands, one.below, one.above, one.total) == (
            other.bands, other.below, other.above, other.total
        )  # fmt: skip


@examples(0.5)
@given(sound=audio(channels=(1, 1), most_samples=300_000))
def test_a_dual_mono_meter(sound: Audio) -> None:
    """+3.01 LU in every loudness of the reading."""
    meter = Meter(sound.rate_hz, "mono", dual_mono=True)
    meter.push(sound.samples)
    assert_exact(meter.reading(), loudscope.analyze(sound.samples, sound.rate_hz, dual_mono=True))
    assert meter.analysis() == loudscope.analyze(sound.samples, sound.rate_hz, dual_mono=True)


@examples(0.3)
@given(seed=st.integers(0, 99), step=st.floats(0.0, 20.0), seconds=st.integers(60, 200))
def test_minutes_of_steps_are_read_exactly(seed: int, step: float, seconds: int) -> None:
    """Programmes whose gates and percentiles cut many bins of the meter's pool."""
    rng = np.random.default_rng(seed)
    levels = -40.0 + np.cumsum(rng.uniform(-step, step, seconds)).clip(-35.0, 34.0)
    samples: NDArray[Any] = np.repeat(10 ** (levels / 20), 8000)
    samples *= rng.uniform(-1, 1, len(samples))
    meter = Meter(8000, "mono", keep_table=False)
    for chunk in np.array_split(samples, 13):
        meter.push(chunk)
    assert_exact(meter.reading(), loudscope.analyze(samples, 8000))
