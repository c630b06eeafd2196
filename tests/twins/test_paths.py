"""One table, whichever way the audio takes: threads, chunks, streams, meters, dtypes, strides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import BlockTable, Meter

from ..strategies import Audio, audio, different_columns, examples

CHUNK_FRAMES = (1, 7, 64, 480, 4799, 4800, 4801, 65536, 144000, 400_000)


def scan(samples: Any, sound: Audio, **options: Any) -> BlockTable:
    return loudscope.scan(samples, sound.rate_hz, layout=sound.layout, **options)


def assert_same(one: BlockTable, other: BlockTable) -> None:
    assert different_columns(one, other) == []
    assert one == other


@st.composite
def chunkings(draw: st.DrawFn, /, **options: Any) -> tuple[Audio, list[NDArray[np.float64]]]:
    """Audio, and the same in chunks: of one size, at a few cuts, or one frame at a time."""
    sound = draw(audio(**options))
    if draw(st.booleans()):
        size = draw(st.sampled_from(CHUNK_FRAMES))
        size = max(size, sound.frames // 500)  # no more chunks than an example has time for
        cuts = list(range(size, sound.frames, size))
    else:
        cuts = sorted(draw(st.lists(st.integers(0, sound.frames), max_size=6)))
    return sound, np.split(sound.samples, cuts)


@examples(0.6)
@given(sound=audio(), threads=st.sampled_from([2, 3, 8, 64]))
def test_threads_change_no_bit(sound: Audio, threads: int) -> None:
    """One thread, two, three, eight, and more than there is work for."""
    assert_same(scan(sound.samples, sound, threads=1), scan(sound.samples, sound, threads=threads))


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_on_minutes_of_audio(threads: int) -> None:
    """Long enough that every thread has lanes of its own to fill."""
    samples = np.random.default_rng(7).uniform(-1, 1, (8000 * 200 + 77, 2)).astype(np.float32)
    one = loudscope.scan(samples, 8000, threads=1)
    assert_same(one, loudscope.scan(samples, 8000, threads=threads))
    assert_same(one, loudscope.scan([samples[:99], samples[99:]], 8000, threads=threads))


@given(given_chunks=chunkings())
def test_chunks_of_an_iterable_change_no_bit(
    given_chunks: tuple[Audio, list[NDArray[np.float64]]],
) -> None:
    """Empty chunks and chunks of one frame included."""
    sound, chunks = given_chunks
    assert_same(scan(iter(chunks), sound), scan(sound.samples, sound))


@given(given_chunks=chunkings(most_samples=400_000))
def test_chunks_of_a_meter_change_no_bit(
    given_chunks: tuple[Audio, list[NDArray[np.float64]]],
) -> None:
    """The live meter's table is the whole-file scan's, bit for bit."""
    sound, chunks = given_chunks
    meter = Meter(sound.rate_hz, sound.layout)
    for chunk in chunks:
        meter.push(chunk)
    assert_same(meter.table(), scan(sound.samples, sound))


@examples(0.5)
@given(given_chunks=chunkings(most_samples=200_000))
def test_a_meter_that_is_read_goes_on(
    given_chunks: tuple[Audio, list[NDArray[np.float64]]],
) -> None:
    """Taking table and reading between pushes changes nothing of what follows."""
    sound, chunks = given_chunks
    meter, taken = Meter(sound.rate_hz, sound.layout), 0
    for chunk in chunks[:40]:
        meter.push(chunk)
        taken += len(chunk)
        meter.reading()
        if taken:
            assert_same(meter.table(), scan(sound.samples[:taken], sound))


@examples(0.6)
@given(sound=audio(most_samples=300_000), threads=st.integers(1, 3), size=st.integers(1, 90_000))
def test_single_figure_calls_compute_the_same_columns(
    sound: Audio, threads: int, size: int
) -> None:
    """Peaks alone, loudness alone and bands alone are what they are among all."""
    whole = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    size = max(size, sound.frames // 100)

    def chunks() -> Iterator[NDArray[np.float64]]:
        return (sound.samples[at : at + size] for at in range(0, sound.frames, size))

    options: Any = {"rate_hz": sound.rate_hz, "layout": sound.layout, "threads": threads}
    for take in (lambda: sound.samples, chunks):
        assert loudscope.lufs(take(), **options) == whole.integrated
        assert loudscope.true_peak(take(), **options) == whole.true_peak
        profile = loudscope.band_profile(take(), **options)
        assert whole.band_profile is not None
        for part in ("bands", "below", "above", "total"):
            assert getattr(profile, part) == getattr(whole.band_profile, part)


# Every view below holds the same samples as the C-ordered array it is made of.
VIEWS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "read-only": lambda x: _frozen(x),
    "Fortran order": np.asfortranarray,
    "every other frame of more": lambda x: np.repeat(x, 2, axis=0)[::2],
    "every third channel of more": lambda x: np.repeat(x, 3, axis=1)[:, ::3],
    "backwards twice": lambda x: np.ascontiguousarray(x[::-1])[::-1],
    "channels backwards twice": lambda x: np.ascontiguousarray(x[:, ::-1])[:, ::-1],
    "transpose of channels": lambda x: np.ascontiguousarray(x.T).T,
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder("S")),
    "odd address": lambda x: _unaligned(x),
    "field of records": lambda x: _field(x),
    "subclass": lambda x: x.view(np.recarray),
    "memory map": lambda x: np.asarray(np.ascontiguousarray(x).data),
}


def _frozen(x: NDArray[Any]) -> NDArray[Any]:
    frozen = x.copy()
    frozen.setflags(write=False)
    return frozen


def _unaligned(x: NDArray[Any]) -> NDArray[Any]:
    return np.frombuffer(b"\0" + x.tobytes(), x.dtype, offset=1).reshape(x.shape)


def _field(x: NDArray[Any]) -> NDArray[Any]:
    records = np.zeros(x.shape, [("mark", np.uint8), ("sample", x.dtype)])
    records["sample"] = x
    return records["sample"]


@pytest.mark.parametrize("view", VIEWS)
@examples(0.3)
@given(
    sound=audio(channels=(1, 3), most_samples=60_000),
    dtype=st.sampled_from(["f4", "f8", "i2", "i4"]),
)
def test_memory_layouts_change_no_bit(view: str, sound: Audio, dtype: str) -> None:
    """Strides, byte orders and addresses, of every dtype, as array, chunks and push."""
    samples = as_dtype(sound, dtype)
    seen = VIEWS[view](samples)
    whole = scan(samples, sound)
    np.testing.assert_array_equal(np.asarray(seen), samples)
    assert_same(scan(seen, sound), whole)
    assert_same(scan([seen[:100], seen[100:]], sound), whole)
    meter = Meter(sound.rate_hz, sound.layout)
    meter.push(seen)
    assert_same(meter.table(), whole)


FULL_SCALE = {"f4": 1.0, "f8": 1.0, "i2": 2.0**15, "i4": 2.0**31}


def as_dtype(sound: Audio, dtype: str) -> NDArray[Any]:
    """The samples rounded to a dtype; integers clip at the ends of their range."""
    if FULL_SCALE[dtype] == 1.0:
        return sound.samples.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(sound.samples * FULL_SCALE[dtype], limits.min, limits.max).astype(dtype)


@examples(0.7)
@given(sound=audio(most_samples=200_000), dtype=st.sampled_from(["f4", "i2", "i4"]))
def test_every_dtype_equals_its_float64_image(sound: Audio, dtype: str) -> None:
    """int16 / 2**15, int32 / 2**31 and float32 are exact as float64."""
    samples = as_dtype(sound, dtype)
    image = samples.astype(np.float64) / FULL_SCALE[dtype]
    assert_same(scan(samples, sound), scan(image, sound))
    chunks = np.array_split(samples, 3)
    assert_same(scan(chunks, sound), scan(image, sound))


def test_one_dimension_is_one_channel() -> None:
    """(frames,) and (frames, 1) are the same audio, also where it is strided."""
    samples = np.random.default_rng(1).uniform(-1, 1, (30_000, 2)).astype(np.float32)
    column = loudscope.scan(np.ascontiguousarray(samples[:, :1]), 44100)
    assert_same(loudscope.scan(samples[:, 0], 44100), column)
    assert_same(loudscope.scan([samples[:999, 0], samples[999:, 0]], 44100), column)


def test_arrays_are_not_written_to() -> None:
    """on_nonfinite="zero" reads NaN as zero; it does not make it one."""
    samples = np.full((9600, 2), np.nan, np.float32)
    table = loudscope.scan(samples, 48000, on_nonfinite="zero")
    assert table.zeroed == 2 * 9600
    assert np.isnan(samples).all()
    assert table.energy is not None
    assert not table.energy.any()
