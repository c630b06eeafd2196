"""What can be measured: arrays as they are, files, and iterables of chunks."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from numbers import Integral
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidArgument, InvalidAudio, UnsupportedType
from ._exchange import is_array, to_array

__all__ = [
    "Samples",
    "as_float",
    "as_samples",
    "check_axis",
    "check_rate",
    "is_array",
    "is_file",
    "peek_chunks",
    "without_nonfinite",
]

Samples = NDArray[Any]  # (frames, channels), float32, float64, int16 or int32

MEASURED_DTYPES = tuple(map(np.dtype, (np.float32, np.float64, np.int16, np.int32)))
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8000, 384000
MOST_CHANNELS = 64


def is_file(source: object) -> bool:
    """Whether `source` is a path or an open binary file."""
    return isinstance(source, str | os.PathLike) or hasattr(source, "read")


def check_rate(rate_hz: object) -> int:
    """The rate as an integer.

    Raises:
        InvalidArgument: It is missing, no whole number, or outside 8 kHz to 384 kHz.
    """
    if rate_hz is None:
        raise InvalidArgument("rate_hz=None: give the sampling rate of the array in Hz")
    if isinstance(rate_hz, bool) or not isinstance(rate_hz, int | float | np.integer | np.floating):
        raise InvalidArgument(f"rate_hz={rate_hz!r}: give the sampling rate as a number in Hz")
    value = as_float(rate_hz)
    if not math.isfinite(value) or value != round(value):
        raise InvalidArgument(f"rate_hz={rate_hz}: give a whole number of Hz")
    if not LOWEST_RATE_HZ <= value <= HIGHEST_RATE_HZ:
        raise InvalidArgument(
            f"rate_hz={rate_hz}: rates from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz can be "
            "measured; resample other audio first"
        )
    return int(value)


def as_float(number: float | np.number[Any]) -> float:
    """A real number as a float; infinity where it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def check_axis(axis: object) -> int:
    """The axis of the frames in an array of two: 0 or 1.

    Raises:
        InvalidArgument: It is neither of these, nor -1, the last, nor -2.
    """
    whole = isinstance(axis, Integral) and not isinstance(axis, bool)
    if not (whole and -2 <= int(axis) <= 1):  # type: ignore[call-overload]
        raise InvalidArgument(
            f"axis={axis!r}: give the axis of the frames, 0 for (frames, channels) or -1 for "
            "(channels, frames)"
        )
    return int(axis) % 2  # type: ignore[call-overload,no-any-return]


def as_samples(array: object, name: str = "source", axis: int = 0) -> Samples:
    """`array` as (frames, channels) in a dtype that is measured, without a copy where it can be.

    A copy is made only for the other byte order and for strides that are no whole number of
    samples.

    Args:
        array: An array, or what hands one over.
        name: What messages call it.
        axis: Axis of the frames.

    Raises:
        InvalidArgument: The array does not have this axis.
        UnsupportedType: The dtype or the object cannot be measured.
        InvalidAudio: No frames, no channels, too many, or a shape like that of the other axis.
    """
    found = to_array(array, name)
    if np.ma.is_masked(found):
        raise UnsupportedType(f"{name}: has masked samples; fill them, as in {name}.filled(0)")
    _check_dtype(found.dtype, name)
    _check_shape(found, name, axis)
    found = found[:, np.newaxis] if found.ndim == 1 else found.T if check_axis(axis) else found
    native = found.dtype.newbyteorder("=")
    if found.dtype != native or not found.flags.aligned:
        return found.astype(native)
    if any(stride % found.itemsize for stride in found.strides):
        return np.ascontiguousarray(found)
    return found


def _check_dtype(dtype: np.dtype[Any], name: str) -> None:
    if dtype.newbyteorder("=") in MEASURED_DTYPES:
        return
    remedy = {
        "c": "measure the real part",
        "O": "convert it to float32",
        "b": "convert it to float32",
        "u": "convert it to signed samples",
    }.get(dtype.kind, "convert it to float32 with full scale at 1.0")
    raise UnsupportedType(
        f"{name}: dtype {dtype} cannot be measured; float32, float64, int16 and int32 can: {remedy}"
    )


def _check_shape(array: NDArray[Any], name: str, axis: int) -> None:
    across = check_axis(axis)
    if array.ndim == 1:
        if axis not in (0, -1):
            raise InvalidArgument(
                f"axis={axis}: {name} has one axis; axis=-1 is the last of one and of two"
            )
        return
    if array.ndim != 2:
        raise InvalidAudio(
            f"{name}: shape {array.shape} is not (frames,) or (frames, channels); "
            "measure one item at a time, or a batch with lufs_batch or true_peak_batch"
        )
    frames, channels = array.shape[across], array.shape[1 - across]
    if channels == 0:
        raise InvalidAudio(f"{name}: shape {array.shape} has no channels")
    if channels > MOST_CHANNELS and frames <= MOST_CHANNELS:
        turned = (
            "(frames, channels); leave axis out"
            if across
            else "(channels, frames); pass axis=-1, which copies nothing"
        )
        raise InvalidAudio(f"{name}: shape {array.shape} looks like {turned}")
    if channels > MOST_CHANNELS:
        raise InvalidAudio(f"{name}: {channels} channels; at most {MOST_CHANNELS} are measured")


def peek_chunks(source: object, axis: int = 0) -> tuple[Samples, Iterator[Samples]]:
    """The first chunk with frames, and an iterator over all of them from it on.

    Args:
        source: An iterable of arrays.
        axis: Axis of the frames in each.

    Raises:
        UnsupportedType: `source` is no iterable of arrays, or its chunks differ in dtype.
        InvalidAudio: There is not one frame in it, or the chunks differ in channels.
    """
    if not isinstance(source, Iterable) or isinstance(source, str | bytes | bytearray | dict):
        raise UnsupportedType(
            f"source: cannot measure {type(source).__name__}; give a path, an open binary file, a "
            "NumPy array, or an iterable of arrays"
        )
    chunks = (as_samples(_as_chunk(chunk), "chunk", axis) for chunk in source)
    first = next((chunk for chunk in chunks if len(chunk)), None)
    if first is None:
        raise InvalidAudio("source: there are no frames in it")
    return first, _alike(first, chunks)


def _as_chunk(chunk: object) -> object:
    if isinstance(chunk, int | float | complex):
        raise UnsupportedType(
            "source: its items are numbers; make it a NumPy array: numpy.asarray(source, 'float32')"
        )
    return chunk


def _alike(first: Samples, rest: Iterator[Samples]) -> Iterator[Samples]:
    yield first
    for chunk in rest:
        if chunk.shape[1] != first.shape[1]:
            raise InvalidAudio(
                f"source: a chunk has {chunk.shape[1]} channels after one with {first.shape[1]}"
            )
        if chunk.dtype != first.dtype:
            raise UnsupportedType(
                f"source: a chunk is {chunk.dtype} after one of {first.dtype}; give all alike"
            )
        yield chunk


def without_nonfinite(chunk: Samples) -> tuple[Samples, NDArray[np.int64]]:
    """The chunk with NaN and infinity as zero, and the frame of each such sample."""
    if chunk.dtype.kind != "f":
        return chunk, np.zeros(0, np.int64)
    finite = np.isfinite(chunk)
    if finite.all():
        return chunk, np.zeros(0, np.int64)
    return np.where(finite, chunk, chunk.dtype.type(0)), np.nonzero(~finite)[0]


def name_of(source: object) -> str | None:
    """File name of a path or an open file, for display."""
    if isinstance(source, str | os.PathLike):
        return os.path.basename(os.fsdecode(source)) or os.fsdecode(source)
    name = getattr(source, "name", None)
    return os.path.basename(name) if isinstance(name, str) else None


def binary_file(source: object) -> str | os.PathLike[str] | BinaryIO:
    """`source`, known to be a path or an open binary file."""
    return source  # type: ignore[return-value]
