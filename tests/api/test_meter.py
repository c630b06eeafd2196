"""The live meter: what it takes, what it shows, what it keeps."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import loudscope
from loudscope import InvalidArgument, InvalidAudio, Layout, Meter, Reading

NOISE = np.random.default_rng(9).uniform(-0.5, 0.5, (48_000 * 5, 2)).astype(np.float32)


def pushed(*chunks: Any, **options: Any) -> Meter:
    """A stereo meter at 48 kHz that was given the chunks."""
    meter = Meter(48000, **options)
    for chunk in chunks:
        meter.push(chunk)
    return meter


def test_a_meter_that_was_given_nothing() -> None:
    """Shows nothing, and has no table yet."""
    meter = Meter(48000)
    nothing = Reading(0.0, None, None, None, None, None, None, (None, None), (None, None))
    assert meter.reading() == nothing
    meter.push(NOISE[:0])
    assert meter.reading() == nothing
    for ask in (meter.table, meter.analysis):
        with pytest.raises(InvalidAudio, match="nothing was pushed yet"):
            ask()


@pytest.mark.parametrize(
    ("frames", "there"),
    [
        (1, set()),
        (19_199, set()),
        (19_200, {"momentary", "momentary_max", "integrated"}),
        (143_999, {"momentary", "momentary_max", "integrated"}),
        (144_000, {"momentary", "momentary_max", "integrated", "short_term", "short_term_max",
                   "loudness_range"}),
    ],
)  # fmt: skip
def test_figures_appear_when_their_window_is_full(frames: int, there: set[str]) -> None:
    """Tech 3341 2.1: M after 400 ms, S after 3 s; not a frame before."""
    reading = pushed(NOISE[:frames]).reading()
    figures = {
        "momentary", "short_term", "integrated", "loudness_range", "momentary_max", "short_term_max"
    }  # fmt: skip
    assert {name for name in figures if getattr(reading, name) is not None} == there
    assert reading.seconds == frames / 48000


def test_silence_shows_nothing() -> None:
    """No figure of digital silence; M and S are gone again when sound has left their windows."""
    meter = pushed(np.zeros((48_000 * 4, 2), np.float32))
    silent = meter.reading()
    assert (silent.momentary, silent.short_term, silent.integrated) == (None, None, None)
    assert silent.true_peak is silent.sample_peak is None
    meter.push(NOISE)
    loud = meter.reading()
    meter.push(np.zeros((48_000 * 20, 2), np.float32))
    after = meter.reading()
    assert after.momentary is after.short_term is None
    assert loud.integrated is not None
    assert after.integrated == pytest.approx(loud.integrated, abs=0.2)  # the end of it counts less
    assert after.momentary_max == loud.momentary_max
    assert after.seconds == 29.0


def test_momentary_and_short_term_follow_the_sound() -> None:
    """The last 400 ms and the last 3 s, on a 10 ms grid; their maxima stay."""
    meter = pushed(NOISE, 0.1 * NOISE[:24_000])
    reading = meter.reading()
    table = loudscope.analyze(np.concatenate([NOISE, 0.1 * NOISE[:24_000]]), 48000)
    assert reading.momentary == pytest.approx(table.momentary.values[-1], abs=1e-9)
    assert reading.short_term == pytest.approx(table.short_term.values[-1], abs=1e-9)
    assert reading.momentary_max == pytest.approx(table.momentary_max, abs=1e-9)
    assert reading.momentary is not None
    assert reading.momentary_max is not None
    assert reading.momentary < reading.momentary_max - 19.0


def test_chunks_of_any_dtype() -> None:
    """One after another in one meter: each reads as its float image."""
    parts: list[NDArray[np.float32]] = np.split(NOISE, 5)
    integers = (np.round(parts[1] * 32767)).astype(np.int16)
    meter = pushed(parts[0], integers, parts[2].astype(np.float64), parts[3][::1])
    whole = np.concatenate([parts[0], integers / 32768, parts[2], parts[3]], dtype=np.float64)
    assert meter.table() == loudscope.scan(whole, 48000)


def test_one_channel_may_be_flat() -> None:
    """(frames,) and (frames, 1) for a mono meter."""
    meter = Meter(48000, "mono")
    meter.push(NOISE[:1000, 0])
    meter.push(NOISE[1000:9000, :1])
    assert meter.table() == loudscope.scan(NOISE[:9000, 0], 48000)


@pytest.mark.parametrize("layout", ["5.1", Layout.named("5.1"), ["L", "R", "C", "LFE", "Ls", "Rs"]])
def test_a_layout_says_how_many_channels_there_are(layout: Any) -> None:
    """By name, Layout or labels."""
    meter = Meter(48000, layout)
    meter.push(np.repeat(NOISE[:9600], 3, axis=1))
    assert meter.table() == loudscope.scan(np.repeat(NOISE[:9600], 3, axis=1), 48000, layout="5.1")
    assert len(meter.reading().true_peak_per_channel) == 6
    with pytest.raises(InvalidAudio, match=r"chunk: 2 channels, but this meter is for 6 \(5\.1\)"):
        meter.push(NOISE)


def test_chunks_that_are_refused_leave_the_meter_as_it_was() -> None:
    """Shape, dtype, NaN and far too loud: the chunk before and the one after are all it has."""
    meter = pushed(NOISE[:10_000])
    broken = NOISE[:5000].copy()
    broken[4999, 1] = np.nan
    bad_chunks = (NOISE[:10, :1], NOISE.astype(complex), broken, 1000 * NOISE, "x", None, [1.0])
    before = meter.reading()
    for chunk in bad_chunks:
        with pytest.raises(loudscope.LoudscopeError, match="chunk|source"):
            meter.push(chunk)  # type: ignore[arg-type]
        assert meter.reading() == before
    meter.push(NOISE[10_000:20_000])
    assert meter.table() == loudscope.scan(NOISE[:20_000], 48000)


def test_own_edges() -> None:
    """The table has the bands that were asked for."""
    meter = pushed(NOISE, edges=(100.0, 5000.0))
    assert meter.table() == loudscope.scan(NOISE, 48000, edges=(100.0, 5000.0))


def test_without_a_table() -> None:
    """Readings as ever; table and analysis are refused with the remedy."""
    meter = pushed(NOISE, keep_table=False)
    assert meter.reading() == pushed(NOISE, bands=False).reading()
    for ask in (meter.table, meter.analysis):
        with pytest.raises(InvalidArgument, match="keep_table=False.*read `reading"):
            ask()


def test_bands_and_correlation_are_of_the_last_3_s() -> None:
    """Noise and then 3 s of a tone at 1 kHz, on both sides alike: the noise is forgotten."""
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(3 * 48_000) / 48_000)
    reading = pushed(NOISE, np.stack([tone, tone], axis=1), bands=True).reading()
    assert reading.correlation == pytest.approx(1.0, abs=1e-3)
    assert reading.band_profile is not None
    assert reading.band_profile.total == pytest.approx(-9.03, abs=0.01)
    assert reading.band_profile["Mids"].share == pytest.approx(1.0, abs=0.01)
    assert reading.band_profile["Sub"].level is not None
    before = pushed(NOISE).reading()
    assert before.correlation == pytest.approx(0.0, abs=0.01)
    assert hash(before) == hash(pushed(NOISE, bands=False).reading())


def test_bands_are_shown_where_they_are_measured() -> None:
    """With the table, or when asked for; correlation is always there."""
    for options, shown in (
        ({}, True),
        ({"bands": True, "keep_table": False}, True),
        ({"bands": False}, False),
        ({"keep_table": False}, False),
    ):
        meter = pushed(NOISE, **options)
        assert (meter.reading().band_profile is not None) == shown
        assert meter.reading().correlation is not None
    assert pushed(NOISE, bands=False).analysis().band_profile is None
    own = pushed(NOISE, bands=True, keep_table=False, edges=(100.0, 5000.0)).reading()
    assert own.band_profile is not None
    assert own.band_profile.names == ("100-5000 Hz",)


def test_a_correlation_that_does_not_exist_has_a_reason() -> None:
    """In the words that an analysis has for it."""
    one_side = NOISE * np.array([1.0, 0.0], np.float32)
    no_pair = Meter(48000, ["C", "LFE"])
    no_pair.push(NOISE)
    for meter, code in ((pushed(one_side), "channel_silent"), (no_pair, "no_front_pair")):
        reading = meter.reading()
        assert reading.correlation is None
        assert reading.latest is not None
        assert code in {note.code for note in reading.latest.notes if note.figure == "correlation"}


@pytest.mark.parametrize("silenced", [slice(0, 2), slice(1, 2)], ids=["both", "right"])
def test_filters_that_ring_out_in_digital_silence_are_no_channel(silenced: slice) -> None:
    """3 s after the last sound only the tails of filters are left, down to 1e-320: no ratios."""
    meter, correlations = Meter(48000, "stereo", bands=True), []
    meter.push(NOISE)
    for _ in range(70):
        chunk = NOISE[:4800].copy()
        chunk[:, silenced] = 0.0
        meter.push(chunk)
        reading = meter.reading()
        profile, latest = reading.band_profile, reading.latest
        assert profile is not None and latest is not None
        correlations.append([band.correlation for band in profile.bands])
        assert latest.balance is None or latest.balance < 1000.0
    assert all(value is None or -1.0 <= value <= 1.0 for row in correlations for value in row)
    assert None not in correlations[0]
    assert set(correlations[-1]) == {None}


def test_taken_tables_are_finished_values() -> None:
    """A table that was taken does not grow with the meter."""
    meter = pushed(NOISE[:50_001])
    table = meter.table()
    meter.push(NOISE[50_001:])
    assert table == loudscope.scan(NOISE[:50_001], 48000)
    assert meter.analysis() == loudscope.analyze(NOISE, 48000)


MEMORY = """
import resource, sys
import numpy as np
import loudscope

meter = loudscope.Meter(8000, "mono", keep_table=False)
chunk = np.random.default_rng(0).uniform(-1, 1, 8000 * 60)
def grown(minutes):
    for minute in range(minutes):
        meter.push(chunk * 10 ** (-(minute % 40) / 20))
    meter.reading()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
first = grown(10)
print(grown(170) - first)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is POSIX")
def test_memory_without_a_table_is_bounded() -> None:
    """Three hours of it: what the pools of gating blocks need, 0.8 MB an hour, and no rows."""
    found = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, timeout=300
    )
    assert float(found.stdout) < 6.0  # megabytes; the rows would be 25
