"""`loudscope.spectrum`: what an inspection has, to the last bit, without the rest of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import loudscope
from loudscope.qc import Spectrum, inspect

from ..strategies import Audio, audio, examples

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"
RATE = 48000


def same(one: Spectrum | None, other: Spectrum | None) -> bool:
    """Every figure to the last bit."""
    if one is None or other is None:
        return one is other
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in Spectrum.__slots__
    )


def test_of_a_file_it_is_that_of_an_inspection() -> None:
    found = loudscope.spectrum(EXAMPLE)
    assert isinstance(found, loudscope.Spectrum)
    assert same(found, inspect(EXAMPLE).spectrum)


@examples(0.1)
@given(sound=audio(most_seconds=2.0, most_samples=150_000))
def test_of_any_audio_it_is_that_of_an_inspection(sound: Audio) -> None:
    samples = sound.samples.astype(np.float32)
    options: dict[str, Any] = {"layout": sound.layout}
    expected = inspect(samples, sound.rate_hz, **options).spectrum
    assert same(loudscope.spectrum(samples, sound.rate_hz, **options), expected)


def test_axis_dtype_and_chunks_make_no_difference() -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.1, (3 * RATE, 2))
    integers = np.rint(noise * 32767).astype(np.int16)
    whole = loudscope.spectrum(integers, RATE)
    assert same(whole, loudscope.spectrum(integers.T, RATE, axis=-1))
    assert same(whole, loudscope.spectrum((integers / 32768).astype(np.float32), RATE))
    assert same(whole, loudscope.spectrum(np.array_split(integers, 7), RATE))
    assert same(whole, loudscope.spectrum(integers, RATE, threads=1))


def test_a_full_scale_sine_reads_its_level_in_its_third_octave() -> None:
    """IEC 61260-1: all of it lies in the band around 1 kHz; a full-scale sine is -3.01 dBFS."""
    sine = np.sin(2 * np.pi * 1000 * np.arange(5 * RATE) / RATE)
    found = loudscope.spectrum(np.stack([sine, sine], axis=1), RATE)
    assert found is not None
    assert found.frequencies_hz[17] == 1000.0
    assert found.levels_db[17] == pytest.approx(-3.0103, abs=0.01)


def test_what_the_gates_drop_is_not_in_it() -> None:
    """The quiet half has another colour, and leaves no trace."""
    random = np.random.default_rng(4)
    loud = random.normal(0.0, 0.1, (30 * RATE, 2))
    hum = 0.001 * np.sin(2 * np.pi * 50 * np.arange(4 * RATE) / RATE)[:, None] * [1.0, 1.0]
    alone = loudscope.spectrum(loud, RATE)
    both = loudscope.spectrum(np.concatenate([loud, hum]), RATE)
    assert alone is not None
    assert both is not None
    assert both.levels_db[8:28] == pytest.approx(alone.levels_db[8:28], abs=0.1)
    assert both.windows <= alone.windows + 5  # some reach over the seam


@pytest.mark.parametrize(
    "samples", [np.zeros((2 * RATE, 2)), np.full((100, 2), 0.1), np.full((2 * RATE, 2), 1e-7)]
)
def test_where_nothing_passes_the_gates_there_is_none(samples: np.ndarray) -> None:
    assert loudscope.spectrum(samples, RATE) is None


def test_errors_are_those_of_scan() -> None:
    with pytest.raises(loudscope.InvalidArgument, match="rate_hz"):
        loudscope.spectrum(np.zeros(10))
    with pytest.raises(loudscope.NonFiniteSamples):
        loudscope.spectrum(np.full((RATE, 2), np.nan), RATE)
    with pytest.raises(loudscope.FileError):
        loudscope.spectrum("none.wav")


def test_progress_is_told_and_may_cancel() -> None:
    told: list[tuple[float, float | None]] = []
    loudscope.spectrum(EXAMPLE, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == pytest.approx(told[-1][1])
