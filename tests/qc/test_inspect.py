"""One pass: the same analysis, however the source is cut, and values that travel."""

from __future__ import annotations

import itertools
import json
import pickle
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope.qc import Finding, Inspection, inspect

from ..strategies import Audio, audio, examples
from .sounds import RATE, Signal, encoded, mp3, music, pcm16

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"


def cut_up(samples: NDArray[Any], lengths: list[int]) -> Iterator[NDArray[Any]]:
    """The samples in chunks of those lengths, again and again."""
    begin = 0
    for length in itertools.cycle(lengths):
        if begin >= len(samples):
            return
        yield samples[begin : begin + length]
        begin += length


def same(one: Inspection, other: Inspection) -> bool:
    """Every figure to the last bit."""
    return one.analysis == other.analysis and repr(one.to_dict()) == repr(other.to_dict())


@examples(0.2)
@given(
    sound=audio(most_seconds=3.6, most_samples=200_000),
    lengths=st.lists(st.integers(1, 70_000), min_size=1, max_size=4),
)
def test_any_cut_gives_the_same_and_the_analysis_is_that_of_analyze(
    sound: Audio, lengths: list[int]
) -> None:
    lengths = [max(length, sound.frames // 50) for length in lengths]
    samples, options = sound.samples.astype(np.float32), {"layout": sound.layout}
    whole = inspect(samples, sound.rate_hz, **options)  # type: ignore[arg-type]
    cut = inspect(cut_up(samples, lengths), sound.rate_hz, **options)  # type: ignore[arg-type]
    assert same(whole, cut)
    assert whole.analysis == loudscope.analyze(samples, sound.rate_hz, layout=sound.layout)
    assert json.loads(json.dumps(whole.to_dict(), allow_nan=False)) == whole.to_dict()


@pytest.mark.parametrize(("kind", "subtype"), [("WAV", "PCM_24"), ("OGG", "VORBIS")])
def test_the_analysis_of_a_file_is_that_of_analyze(kind: str, subtype: str) -> None:
    file = encoded(music(4.2), RATE, kind, subtype)
    assert inspect(file).analysis == loudscope.analyze(file)


@pytest.mark.parametrize("dtype", [np.float64, np.int16, np.int32])
def test_dtype_and_strides_make_no_difference(dtype: type[Any]) -> None:
    """As 16-bit samples, in memory of other orders, the figures are those of floats."""
    integers = pcm16(music(3.3))
    floats = integers / 32768.0
    scale = {np.float64: 1.0, np.int16: 32768, np.int32: 2**31}[dtype]
    samples = (floats * scale).astype(dtype)
    one = inspect(np.asfortranarray(samples), RATE).to_dict()
    other = inspect(floats.astype(np.float32), RATE).to_dict()
    assert (one["faults"].pop("bits") is None) == (dtype is np.float64)
    assert other["faults"].pop("bits") is None
    assert one.pop("findings")[: len(other["findings"])] == other.pop("findings")
    assert one == other


def test_threads_make_no_difference() -> None:
    signal = music(7.0)
    assert same(inspect(signal, RATE, threads=1), inspect(signal, RATE, threads=3))


def test_an_inspection_is_a_value() -> None:
    inspection = inspect(EXAMPLE)
    assert same(pickle.loads(pickle.dumps(inspection)), inspection)
    assert inspection.analysis.name == "night_drive.flac"
    assert all(isinstance(finding, Finding) for finding in inspection.findings)


def test_mono_has_no_stereo_figures() -> None:
    inspection = inspect(music(2.0)[:, 0], RATE, dual_mono=True)
    assert inspection.stereo is None
    assert inspection.analysis.mono == "dual"
    with pytest.raises(loudscope.InvalidArgument, match="dual_mono"):
        inspect(music(2.0), RATE, dual_mono=True)


@pytest.mark.parametrize("frames", [1, 2, 100, 4799, 4800, 48001])
def test_audio_of_any_length(frames: int) -> None:
    inspection = inspect(np.full((frames, 2), 0.25), RATE)
    assert inspection.analysis.frames == frames
    json.dumps(inspection.to_dict(), allow_nan=False)


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(loudscope.InvalidAudio, match="empty"):
        inspect(np.zeros((0, 2)), RATE)
    with pytest.raises(loudscope.InvalidArgument, match="rate_hz"):
        inspect(np.zeros((10, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 32768.0])
@pytest.mark.parametrize("frame", [10, 3 * RATE + 5])
def test_samples_that_analyze_refuses_are_refused_alike(bad: float, frame: int) -> None:
    signal = music(4.0)
    signal[frame, 1] = bad
    with pytest.raises(loudscope.InvalidAudio) as ours:
        inspect(signal, RATE)
    with pytest.raises(loudscope.InvalidAudio) as theirs:
        loudscope.analyze(signal, RATE)
    assert str(ours.value) == str(theirs.value)


def test_samples_read_as_zero_are_zero_everywhere() -> None:
    signal, zeroed = music(2.0), music(2.0)
    signal[1000, 1], zeroed[1000, 1] = np.nan, 0.0
    found = inspect(signal, RATE, on_nonfinite="zero")
    assert found.analysis == loudscope.analyze(signal, RATE, on_nonfinite="zero")
    assert found.to_dict()["faults"] == inspect(zeroed, RATE).to_dict()["faults"]


def test_a_truncated_file_is_refused_or_noted() -> None:
    file = encoded(music(3.0), RATE, "WAV", "PCM_16")
    file.truncate(300_000)
    with pytest.raises(loudscope.TruncatedFile):
        inspect(file)
    inspection = inspect(file, partial="accept")
    assert inspection.analysis.table.partial
    assert inspection.analysis == loudscope.analyze(file, partial="accept")


def test_progress_comes_and_cancels() -> None:
    class Enough(Exception):
        pass

    def stop(done: float, total: float | None) -> None:
        assert total == 5.0
        raise Enough

    with pytest.raises(Enough):
        inspect(music(5.0), RATE, progress=stop)


def test_memory_hardly_grows_with_length() -> None:
    """Of each second more, about a tenth of its samples, the figures' own work included."""

    def most(seconds: int) -> int:
        chunk = music(1.0).astype(np.float32)
        tracemalloc.start()
        inspect((chunk for _ in range(seconds)), RATE)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    short, long = most(20), most(80)
    assert long - short < 0.12 * 60 * RATE * 2 * 4


def test_rates_whose_ticks_differ_in_length() -> None:
    for rate_hz in (11025, 22050, 44101, 12345):
        signal = music(2.5, rate_hz)
        assert inspect(signal, rate_hz).analysis == loudscope.analyze(signal, rate_hz)


def test_lossy_files_are_inspected_to_the_end() -> None:
    signal: Signal = music(3.0, 44100)
    file = mp3(signal, 44100, 0.65)
    assert inspect(file).analysis.frames == loudscope.analyze(file).frames == len(signal)
