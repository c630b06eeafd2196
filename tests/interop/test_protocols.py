"""Whatever describes its memory is measured where it lies: interface, DLPack, buffer."""

from __future__ import annotations

import array
import ctypes
import mmap
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope import UnsupportedType
from loudscope._audio import as_samples

from .memory import allocated

RATE_HZ = 8000
AUDIO = np.random.default_rng(5).uniform(-0.5, 0.5, (30 * RATE_HZ, 2)).astype(np.float32)


class Interface:
    """Has `__array_interface__` and nothing else."""

    def __init__(self, held: np.ndarray[Any, Any]) -> None:
        self.held = held
        self.__array_interface__ = held.__array_interface__


class DLPack:
    """Has DLPack and nothing else."""

    def __init__(self, held: np.ndarray[Any, Any], device: tuple[int, int] = (1, 0)) -> None:
        self.held, self.device = held, device

    def __dlpack__(self, **options: Any) -> Any:
        return self.held.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.device


def ctypes_array(held: np.ndarray[Any, Any]) -> Any:
    frames, channels = held.shape
    return ((ctypes.c_float * channels) * frames).from_buffer(held)


MAKERS: dict[str, Any] = {
    "interface": Interface,
    "dlpack": DLPack,
    "memoryview": memoryview,
    "ctypes": ctypes_array,
}
each_maker = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@each_maker
@pytest.mark.parametrize("turned", [False, True])
def test_the_engine_reads_the_very_memory(make: Any, turned: bool) -> None:
    """The address that reaches the engine is the array's own; nothing like it is allocated."""
    held = np.ascontiguousarray(AUDIO.T) if turned else AUDIO.copy()
    given, axis = make(held), -1 if turned else 0
    seen = as_samples(given, axis=axis)
    assert seen.ctypes.data == held.ctypes.data
    assert seen.shape == AUDIO.shape
    assert loudscope.scan(given, RATE_HZ, axis=axis) == loudscope.scan(AUDIO, RATE_HZ)
    taken = allocated(lambda: loudscope.lufs(given, RATE_HZ, axis=axis))
    assert taken < held.nbytes / 4


@each_maker
def test_chunks_and_batches_may_be_any(make: Any) -> None:
    halves = [make(AUDIO[: 9 * RATE_HZ].copy()), make(AUDIO[9 * RATE_HZ :].copy())]
    assert loudscope.scan(halves, RATE_HZ) == loudscope.scan(AUDIO, RATE_HZ)
    clips = AUDIO.reshape(3, -1, 2)
    wanted = loudscope.lufs_batch(clips, RATE_HZ)
    assert loudscope.lufs_batch([make(clip.copy()) for clip in clips], RATE_HZ) == wanted
    meter = loudscope.Meter(RATE_HZ)
    for half in halves:
        meter.push(half)
    assert meter.table() == loudscope.scan(AUDIO, RATE_HZ)


@pytest.mark.parametrize("code", ["f", "d", "h", "i"])
def test_an_array_of_the_standard_library_is_mono(code: str) -> None:
    """Its elements are samples, not chunks."""
    scale = 1.0 if code in "fd" else 2.0 ** (15 if code == "h" else 31)
    values = (AUDIO[:, 0] * scale).astype(code)
    held = array.array(code, values.tobytes())
    assert loudscope.scan(held, RATE_HZ) == loudscope.scan(values, RATE_HZ)
    assert as_samples(held).ctypes.data == held.buffer_info()[0]


def test_a_view_of_mapped_memory(tmp_path: Any) -> None:
    """A file of bare samples, larger than the memory if need be."""
    (tmp_path / "bare.f32").write_bytes(AUDIO.tobytes())
    with (
        open(tmp_path / "bare.f32", "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as view,
        view.cast("f", AUDIO.shape) as samples,
    ):
        assert loudscope.scan(samples, RATE_HZ) == loudscope.scan(AUDIO, RATE_HZ)


@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_bytes_do_not_say_what_they_are(kind: Any) -> None:
    with pytest.raises(UnsupportedType, match=f"cannot measure {kind.__name__}"):
        loudscope.lufs(kind(AUDIO.tobytes()), RATE_HZ)


def test_another_device_is_told() -> None:
    """DLPack's device type 2 is CUDA, 10 ROCm; the engine reads the CPU's memory."""
    for device in ((2, 1), (10, 0)):
        given = DLPack(AUDIO, device)
        for call in (loudscope.lufs, loudscope.analyze):
            with pytest.raises(UnsupportedType, match=rf"source: .*DLPack device \({device[0]}, "):
                call(given, RATE_HZ)
        with pytest.raises(UnsupportedType, match=r"clips\[1\]: .*bring it to the CPU first"):
            loudscope.lufs_batch([AUDIO, given], RATE_HZ)


def test_a_library_that_refuses_is_quoted() -> None:
    """Its reason, in an error of ours."""

    class Refusing:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("not today\nnor tomorrow")

    with pytest.raises(UnsupportedType, match=r"Refusing cannot be read.*\(not today\); convert"):
        loudscope.lufs([Refusing()], RATE_HZ)
