"""Audio that cannot be measured: the documented class, and a message that says what to do."""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import (
    InvalidAudio,
    LoudscopeError,
    Meter,
    NonFiniteSamples,
    UnsupportedType,
)

from ..strategies import examples

STEREO = np.random.default_rng(0).uniform(-0.5, 0.5, (48_000, 2))
CALLS: dict[str, Callable[..., Any]] = {
    "analyze": loudscope.analyze,
    "lufs": loudscope.lufs,
    "true_peak": loudscope.true_peak,
    "true_peak itu": lambda *args, **options: loudscope.true_peak(*args, method="itu", **options),
    "band_profile": loudscope.band_profile,
    "scan": loudscope.scan,
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)

DTYPES: dict[str, str] = {
    "complex64": "the real part",
    "complex128": "the real part",
    "object": "float32",
    "bool": "float32",
    "uint8": "signed",
    "uint16": "signed",
    "int8": "float32",
    "int64": "float32",
    "float16": "float32",
    "longdouble": "float32",
    "U3": "float32",
    "S3": "float32",
    "M8[s]": "float32",
    "V8": "float32",
}


def refused(kind: type[LoudscopeError], message: str, call: Callable[[], object]) -> None:
    """The call raises that very class."""
    with pytest.raises(LoudscopeError, match=message) as caught:
        call()
    assert type(caught.value) is kind


@each_call
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes(call: Callable[..., Any], dtype: str) -> None:
    """UnsupportedType, which is a TypeError, names the dtype, those that fit, and the remedy."""
    samples = np.zeros((4800, 2), np.dtype(dtype))
    message = rf"dtype {re.escape(str(samples.dtype))} .*float32, float64, int16 and int32 can.*"
    for source in (samples, [samples], samples[:, 0]):
        refused(UnsupportedType, message + DTYPES[dtype], lambda: call(source, 48000))  # noqa: B023
    refused(UnsupportedType, message, lambda: Meter(48000).push(samples))
    assert issubclass(UnsupportedType, TypeError)


OBJECTS: dict[str, tuple[Any, str]] = {
    "None": (None, "cannot measure NoneType"),
    "number": (5, "cannot measure int"),
    "bytes": (b"RIFF", "cannot measure bytes"),
    "bytearray": (bytearray(8), "cannot measure bytearray"),
    "dict": ({"a": STEREO}, "cannot measure dict"),
    "object": (object(), "cannot measure object"),
    "function": (len, "cannot measure"),
    "list of numbers": ([0.1, 0.2], "its items are numbers.*numpy.asarray"),
    "tuple of integers": ((1, 2), "its items are numbers.*numpy.asarray"),
    "list of lists": ([[0.1, 0.2], [0.3, 0.4]], "cannot measure list"),
    "list of words": (["a", "b"], "cannot measure str"),
    "list with None": ([STEREO, None], "cannot measure NoneType"),
    "mixed dtypes": ([STEREO, STEREO.astype("f4")], "a chunk is float32 after one of float64"),
    "masked": (np.ma.masked_array(STEREO, STEREO > 0.4), r"masked.*\.filled\(0\)"),
}


@each_call
@pytest.mark.parametrize(("source", "message"), OBJECTS.values(), ids=OBJECTS)
def test_objects(call: Callable[..., Any], source: Any, message: str) -> None:
    """UnsupportedType for whatever is neither a path, a file, an array nor chunks."""
    refused(UnsupportedType, message, lambda: call(source, 48000))


SHAPES: dict[str, tuple[tuple[int, ...], str]] = {
    "no frames": ((0, 2), "empty|no frames"),
    "no frames of one channel": ((0,), "empty|no frames"),
    "no channels": ((4800, 0), "no channels"),
    "three dimensions": (
        (2, 4800, 2),
        r"\(2, 4800, 2\) is not \(frames,\) or \(frames, channels\)",
    ),
    "a scalar": ((), r"\(\) is not \(frames,\) or \(frames, channels\)"),
    "(channels, frames)": ((2, 48_000), r"\(2, 48000\) looks like \(channels, frames\).*axis=-1"),
    "(1, frames)": ((1, 48_000), r"\(1, 48000\) looks like \(channels, frames\).*axis=-1"),
    "(24, frames)": ((24, 65), r"looks like \(channels, frames\).*axis=-1"),
    "too many channels": ((4800, 65), "65 channels; at most 64"),
}


@each_call
@pytest.mark.parametrize(("shape", "message"), SHAPES.values(), ids=SHAPES)
def test_shapes(call: Callable[..., Any], shape: tuple[int, ...], message: str) -> None:
    """InvalidAudio, which is a ValueError, shows the shape and what to pass instead."""
    samples = np.zeros(shape, np.float32)
    refused(InvalidAudio, message, lambda: call(samples, 48000))
    refused(InvalidAudio, message, lambda: call([samples], 48000))
    assert issubclass(InvalidAudio, ValueError)


@each_call
def test_iterables_without_frames(call: Callable[..., Any]) -> None:
    """Nothing at all, and nothing but empty chunks."""
    sources: list[Any] = [[], iter([]), [STEREO[:0], STEREO[:0]], (x for x in list[Any]())]
    for source in sources:
        refused(InvalidAudio, "no frames", lambda: call(source, 48000))  # noqa: B023


@each_call
def test_chunks_that_change_their_channels(call: Callable[..., Any]) -> None:
    """InvalidAudio names both counts."""
    message = "a chunk has 1 channels after one with 2"
    refused(InvalidAudio, message, lambda: call([STEREO, STEREO[:, 0]], 48000))


@each_call
def test_errors_of_an_iterable_pass_through(call: Callable[..., Any]) -> None:
    """What the caller's own generator raises is the caller's."""

    def chunks() -> Any:
        yield STEREO
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        call(chunks(), 48000)


@st.composite
def holes(draw: st.DrawFn) -> tuple[NDArray[Any], list[tuple[int, int]]]:
    """Stereo audio with one to five samples that are not finite, and where they are."""
    samples = STEREO.astype(draw(st.sampled_from(["f4", "f8"])))
    place = st.tuples(st.integers(0, len(samples) - 1), st.integers(0, 1))
    places = sorted(draw(st.sets(place, min_size=1, max_size=5)))
    for frame, channel in places:
        samples[frame, channel] = draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    return samples, places


@examples(0.7)
@given(given_holes=holes(), chunk=st.sampled_from([None, 1000, 48_000]), pick=st.integers(0, 4))
def test_the_first_sample_that_is_not_finite_is_named(
    given_holes: tuple[NDArray[Any], list[tuple[int, int]]], chunk: int | None, pick: int
) -> None:
    """NonFiniteSamples has its frame and channel; the remedy is on_nonfinite='zero'."""
    samples, places = given_holes
    call = [*CALLS.values()][pick]
    source = samples if chunk is None else np.split(samples, range(chunk, len(samples), chunk))
    with pytest.raises(NonFiniteSamples, match=r"(nan|inf).*on_nonfinite='zero'") as caught:
        call(source, 48000)
    assert (caught.value.frame, caught.value.channel) == places[0]
    frame, channel = places[0]
    assert f"frame {frame}, channel {channel} is" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.frame, again.channel, str(again)) == (*places[0], str(caught.value))


@examples(0.7)
@given(given_holes=holes(), chunk=st.sampled_from([1000, 48_000]))
def test_a_meter_names_the_first_sample_that_is_not_finite(
    given_holes: tuple[NDArray[Any], list[tuple[int, int]]], chunk: int
) -> None:
    """Counted from the meter's beginning; nothing of the chunk is taken."""
    samples, places = given_holes
    meter, taken = Meter(48000), 0
    with pytest.raises(NonFiniteSamples, match="on_nonfinite='zero'") as caught:
        for part in np.split(samples, range(chunk, len(samples), chunk)):
            meter.push(part)
            taken += len(part)
    assert (caught.value.frame, caught.value.channel) == places[0]
    assert meter.reading().seconds == taken / 48000
    meter.push(STEREO)
    table = meter.table()
    before = samples[:taken].astype(np.float64)
    assert table == loudscope.scan(np.concatenate([before, STEREO]), 48000)


@examples(0.5)
@given(given_holes=holes(), chunk=st.sampled_from([None, 1000]))
def test_zeroed_samples_are_counted(
    given_holes: tuple[NDArray[Any], list[tuple[int, int]]], chunk: int | None
) -> None:
    """on_nonfinite="zero" measures zeros in their place, and notes how many."""
    samples, places = given_holes
    source = samples if chunk is None else np.split(samples, range(chunk, len(samples), chunk))
    analysis = loudscope.analyze(source, 48000, on_nonfinite="zero")
    plain = loudscope.analyze(np.nan_to_num(samples, nan=0, posinf=0, neginf=0), 48000)
    assert analysis.table.zeroed == len(places)
    for name, column in plain.table.columns():
        np.testing.assert_array_equal(getattr(analysis.table, name), column, err_msg=name)
    (note,) = [note for note in analysis.notes if note.code == "zeroed_samples"]
    assert note.message.startswith(f"{len(places)} samples were not finite")
    assert analysis.integrated == plain.integrated
    meter = Meter(48000, on_nonfinite="zero")
    meter.push(samples)
    assert meter.table() == analysis.table
    for call in (loudscope.lufs, loudscope.true_peak, CALLS["true_peak itu"]):
        assert call(samples, 48000, on_nonfinite="zero") == call(np.nan_to_num(
            samples, nan=0, posinf=0, neginf=0), 48000)  # fmt: skip


@each_call
@pytest.mark.parametrize("value", [100.001, -32768.0, 1e30, -1e300])
@pytest.mark.parametrize(("frame", "channel"), [(0, 0), (1, 1), (24_000, 1), (47_999, 0)])
def test_far_above_full_scale(
    call: Callable[..., Any], value: float, frame: int, channel: int
) -> None:
    """Beyond +40 dBFS stand integers that were not scaled: say where, and x / 32768."""
    samples = STEREO.copy()
    samples[frame, channel] = value
    message = rf"frame {frame}, channel {channel} is .*dBFS; full scale is 1\.0.*x / 32768"
    refused(InvalidAudio, message, lambda: call(samples, 48000))
    refused(InvalidAudio, message, lambda: call([samples[:9000], samples[9000:]], 48000))
    refused(InvalidAudio, message, lambda: Meter(48000).push(samples))


@each_call
def test_well_above_full_scale_is_measured(call: Callable[..., Any]) -> None:
    """Up to +40 dBFS is audio: floats survive clipping."""
    assert call(99.9 * STEREO / np.abs(STEREO).max(), 48000) is not None


def test_far_over_full_scale_is_noted() -> None:
    """More than 6 dB over full scale looks like a mistake."""
    analysis = loudscope.analyze(10 * STEREO, 48000)
    assert "far_over_full_scale" in {note.code for note in analysis.notes}
    assert analysis.sample_peak == pytest.approx(20 * math.log10(10 * np.abs(STEREO).max()))


def test_a_file_that_is_not_there() -> None:
    """FileError is an OSError and has the path."""
    with pytest.raises(loudscope.FileError, match="no-such-file.wav") as caught:
        loudscope.analyze("no-such-file.wav")
    assert caught.value.path == "no-such-file.wav"
    assert isinstance(caught.value, OSError)
