"""An analysis as a value, and what its notes say of figures that do not exist."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis, InvalidArgument, Note, NoteCode

from ..strategies import Audio, Rows, audio, examples, rows

# The figure whose note also explains the absence of another.
EXPLAINED_BY = {
    "relative_threshold": ("integrated",),
    "momentary_max_at": ("momentary_max",),
    "short_term_max_at": ("short_term_max",),
    "loudness_range_low": ("loudness_range",),
    "loudness_range_high": ("loudness_range",),
    "true_peak_at": ("true_peak",),
    "true_peak_channel": ("true_peak",),
    "sample_peak_at": ("sample_peak",),
    "plr": ("true_peak", "integrated"),
    "psr_p10": ("psr_min",),
    "crest_factor": ("sample_peak", "rms"),
}
FIGURES = (
    "integrated", "momentary_max", "short_term_max", "loudness_range", "true_peak", "sample_peak",
    "psr_min", "rms", "balance", "correlation", "mid_side_ratio", "mono_loss", *EXPLAINED_BY,
)  # fmt: skip
RNG = np.random.default_rng(1770)
NOISE = RNG.uniform(-0.5, 0.5, (48_000 * 4, 2))


def codes(analysis: Analysis) -> dict[str, NoteCode]:
    """The code of each figure that a note speaks of."""
    return {note.figure: note.code for note in analysis.notes}


@examples(2.0)
@given(sound=audio(most_samples=200_000))
def test_every_absent_figure_is_explained(sound: Audio) -> None:
    """None, and a note with a code; a figure that exists has no note that denies it."""
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    noted = codes(analysis)
    stereo = {"balance", "correlation", "mid_side_ratio", "mono_loss"}
    for name in FIGURES:
        value = getattr(analysis, name)
        assert value is None or isinstance(value, str) or np.isfinite(value), name
        if value is None and not (sound.channels == 1 and name in stereo):
            assert {name, *EXPLAINED_BY.get(name, ())} & noted.keys(), name
    for note in analysis.notes:
        if "does not exist:" in note.message and note.figure in FIGURES:
            assert getattr(analysis, note.figure) is None, note
    assert all(isinstance(note, Note) and note.code in set(NoteCode) for note in analysis.notes)


SOUNDS: dict[str, tuple[Callable[[], NDArray[Any]], dict[str, str]]] = {
    "399 ms": (
        lambda: NOISE[:19_199],
        {"integrated": "too_short", "momentary_max": "too_short", "loudness_range": "too_short",
         "psr_min": "too_short", "balance": "too_short", "mono_loss": "too_short"},
    ),
    "one sample": (
        lambda: NOISE[:1],
        {"integrated": "too_short", "short_term_max": "too_short", "psr_min": "too_short"},
    ),
    "2.99 s": (
        lambda: NOISE[:143_520],
        {"short_term_max": "too_short", "loudness_range": "too_short", "psr_min": "too_short"},
    ),
    "digital silence": (
        lambda: np.zeros((48_000 * 4, 2)),
        {"integrated": "silent", "momentary_max": "silent", "short_term_max": "silent",
         "loudness_range": "silent", "true_peak": "silent", "sample_peak": "silent",
         "rms": "silent", "psr_min": "silent", "correlation": "channel_silent",
         "mid_side_ratio": "silent", "balance": "silent", "mono_loss": "silent"},
    ),
    "below the absolute gate": (
        lambda: 1e-4 * NOISE,
        {"integrated": "gated_out", "loudness_range": "gated_out", "psr_min": "gated_out",
         "balance": "gated_out", "mono_loss": "gated_out"},
    ),
    "identical channels": (
        lambda: NOISE[:, :1].repeat(2, axis=1), {"mid_side_ratio": "identical_channels"},
    ),
    "inverted channels": (
        lambda: NOISE[:, :1] * [1.0, -1.0],
        {"mid_side_ratio": "cancels_in_mono", "mono_loss": "cancels_in_mono"},
    ),
    "one silent channel": (
        lambda: NOISE * [1.0, 0.0], {"correlation": "channel_silent", "balance": "channel_silent"},
    ),
    "four seconds of noise": (lambda: NOISE, {}),
}  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), SOUNDS.values(), ids=SOUNDS)
def test_reasons(make: Callable[[], NDArray[Any]], expected: dict[str, str]) -> None:
    """Which figures a sound does not have, and why: these, and no others."""
    analysis = loudscope.analyze(make(), 48000)
    absent = {
        note.figure: str(note.code) for note in analysis.notes if "does not exist" in note.message
    }
    assert {name: absent.get(name) for name in expected} == expected
    for name in FIGURES:
        reasons = {name, *EXPLAINED_BY.get(name, ())} & absent.keys()
        assert (getattr(analysis, name) is None) == bool(reasons), name


def test_silence_has_figures_too() -> None:
    """What does exist of digital silence: times, counts, an offset of nothing."""
    analysis = loudscope.analyze(np.zeros((48_000, 2)), 48000)
    assert analysis.dc_offset_per_channel == (0.0, 0.0)
    assert analysis.clipping == ((0, 0, 0), (0, 0, 0))
    assert analysis.gating == (7, 7, 0, 0)
    assert analysis.true_peak_per_channel == (None, None)
    assert np.isneginf(analysis.momentary.values).all()
    assert analysis.band_profile is not None
    assert analysis.band_profile.total is None
    assert {band.level for band in analysis.band_profile.bands} == {None}


def test_one_channel_is_mono_as_written_or_dual() -> None:
    """The result says how one channel was treated, and notes that it stood alone."""
    single = loudscope.analyze(NOISE[:, 0], 48000)
    dual = loudscope.analyze(NOISE[:, 0], 48000, dual_mono=True)
    assert (single.mono, dual.mono) == ("single", "dual")
    assert loudscope.analyze(NOISE, 48000).mono == "not mono"
    assert codes(single)["integrated"] == NoteCode.SINGLE_MONO
    assert NoteCode.SINGLE_MONO not in {note.code for note in dual.notes}
    assert single != dual
    assert single.integrated is not None
    assert dual.integrated == pytest.approx(single.integrated + 10 * np.log10(2), abs=1e-9)
    assert loudscope.lufs(NOISE[:, 0], 48000, dual_mono=True) == dual.integrated


def test_a_band_above_what_the_rate_can_hold_is_noted() -> None:
    """8 kHz: Air does not exist, High-mids ends at 3920 Hz."""
    analysis = loudscope.analyze(NOISE[:16_000], 8000)
    above = [note.figure for note in analysis.notes if note.code == NoteCode.ABOVE_NYQUIST]
    assert above == ["band_profile.Air"]
    profile = analysis.band_profile
    assert profile is not None
    air, mids = profile["Air"], profile["High-mids"]
    assert (air.level, air.share, air.per_octave, air.correlation) == (None,) * 4
    assert (mids.low_hz, mids.high_hz) == (2000.0, 3920.0)
    assert np.isneginf(profile.over_time.values[:, 5]).all()
    assert np.isfinite(profile.over_time.values[:, :5]).all()


def test_a_pair_that_is_not_there_is_noted() -> None:
    """Centre and height have no left and right."""
    analysis = loudscope.analyze(NOISE, 48000, layout=[(0, 0), (0, 90)])
    assert codes(analysis)["balance"] == codes(analysis)["mono_loss"] == NoteCode.NO_FRONT_PAIR


def test_a_loudness_range_of_less_than_a_minute_is_noted() -> None:
    """Tech 3343: it means little below 60 s."""
    short = loudscope.analyze(NOISE[:, 0], 48000)
    minute = loudscope.Analysis(loudscope.BlockTable.album([short.table] * 15))
    assert codes(short)["loudness_range"] == NoteCode.UNSTABLE_RANGE
    assert "loudness_range" not in codes(minute)


def test_columns_that_were_not_measured_are_noted() -> None:
    """A table without peaks, weighting or bands has no such figures and says so."""
    table = loudscope.scan(NOISE, 48000)
    bare = dataclasses.replace(
        table, true_peak=None, sample_peak=None, true_peak_at=None, sample_peak_at=None, clips=None,
        tick_energy=None, energy=None, total=None, cross=None, k_cross=None, band_energy=None,
        band_cross=None, edges_hz=(), partial=True,
    )  # fmt: skip
    analysis = Analysis(bare)
    for name in FIGURES:
        assert getattr(analysis, name) is None, name
    for name in ("band_profile", "clipping", "dc_offset_per_channel"):
        assert getattr(analysis, name) is None, name
    not_measured = {name for name, code in codes(analysis).items() if code == "not_measured"}
    assert not_measured >= {"integrated", "true_peak", "rms", "balance", "band_profile"}
    assert NoteCode.TRUNCATED in {note.code for note in analysis.notes}
    assert analysis.to_dict()["bands"] is None
    assert analysis.duration == 4.0


@examples(0.3)
@given(made=rows())
def test_analyses_are_values(made: Rows) -> None:
    """Equal by table and options; pickled, copied, frozen, and not hashable."""
    analysis = Analysis(made.table, name="song.flac")
    assert analysis.to_dict()  # figures that were computed do not enter the value
    for other in (
        pickle.loads(pickle.dumps(analysis)),
        copy.copy(analysis),
        copy.deepcopy(analysis),
    ):
        assert other == analysis
        assert other.to_json() == analysis.to_json()
    assert analysis != Analysis(made.table)
    assert analysis != Analysis(made.table + made.table, name="song.flac")
    assert analysis != made.table
    for name in ("table", "name", "integrated", "other"):
        with pytest.raises(AttributeError):
            setattr(analysis, name, None)
    with pytest.raises(TypeError, match="unhashable"):
        hash(analysis)


def test_series_have_times() -> None:
    """M from 400 ms every 10 ms, S from 3 s every 100 ms: the end of each window, in seconds."""
    analysis = loudscope.analyze(NOISE, 48000)
    np.testing.assert_allclose(analysis.momentary.times, 0.4 + 0.01 * np.arange(361))
    np.testing.assert_allclose(analysis.short_term.times, 3.0 + 0.1 * np.arange(11))
    assert len(analysis.momentary) == len(analysis.momentary.values) == 361
    assert analysis.momentary_max == analysis.momentary.values.max()
    profile = analysis.band_profile
    assert profile is not None
    assert profile.over_time.values.shape == (40, 6)
    np.testing.assert_allclose(profile.over_time.times, 0.1 + 0.1 * np.arange(40))


def test_bands_by_name() -> None:
    """A name that is not there is an error that lists those that are."""
    profile = loudscope.band_profile(NOISE, 48000)
    assert profile.names == ("Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air")
    assert profile["Mids"] is profile.bands[3]
    with pytest.raises(InvalidArgument, match="band 'Treble': there are Sub, Bass"):
        profile["Treble"]
    own = loudscope.band_profile(NOISE, 48000, edges=(100.0, 440.5, 1e4))
    assert own.names == ("100-440.5 Hz", "440.5-10000 Hz")
