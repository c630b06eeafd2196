"""Bits used: which of the bits of integer samples are ever set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope.qc import Bits, inspect
from loudscope.qc._bits import BitsUsed

from ..strategies import examples
from .sounds import encoded, music, pcm16

RATE = 8000


def bits(source: Any, rate_hz: int | None = None) -> Bits | None:
    return inspect(source, rate_hz).faults.bits


def samples(depth: int) -> NDArray[np.int32]:
    """Music rounded to so many bits, left-justified in 32."""
    steps = np.rint(music(1.0, RATE) * (2.0 ** (depth - 1) - 1)).astype(np.int32)
    steps[0] = 1  # the lowest bit is set once, whatever the music does
    return np.asarray(steps << (32 - depth))


@pytest.mark.parametrize("depth", [8, 12, 16, 20, 23, 24])
def test_depth_in_a_24_bit_file(depth: int) -> None:
    padded = depth if depth in (8, 12, 16, 20) else None
    for kind in ("WAV", "FLAC"):
        file = encoded(samples(depth), RATE, kind, "PCM_24")
        assert bits(file) == Bits(24, depth, padded)


@pytest.mark.parametrize("depth", [16, 24, 31, 32])
def test_depth_in_a_32_bit_file(depth: int) -> None:
    expected = Bits(32, depth, depth if depth in (16, 24) else None)
    assert bits(encoded(samples(depth), RATE, "WAV", "PCM_32")) == expected


@pytest.mark.parametrize(("depth", "padded"), [(16, None), (15, None), (12, 12), (11, 12), (8, 8)])
def test_depth_in_a_16_bit_file(depth: int, padded: int | None) -> None:
    file = encoded((samples(depth) >> 16).astype(np.int16), RATE, "WAV", "PCM_16")
    assert bits(file) == Bits(16, depth, padded)


def test_an_8_bit_file_is_full() -> None:
    assert bits(encoded(samples(8), RATE, "WAV", "PCM_U8")) == Bits(8, 8, None)


def test_arrays_have_the_bits_of_their_type() -> None:
    """32-bit arrays that hold 24 bits, as decoders give them, are not called padded."""
    assert bits((samples(16) >> 16).astype(np.int16), RATE) == Bits(16, 16, None)
    assert bits(samples(24), RATE) == Bits(24, 24, None)
    assert bits(samples(16), RATE) == Bits(24, 16, 16)
    assert bits(samples(25), RATE) == Bits(32, 25, None)
    assert bits(samples(32), RATE) == Bits(32, 32, None)


def test_floats_have_none() -> None:
    assert bits(music(1.0, RATE), RATE) is None
    assert bits(encoded(music(1.0, RATE), RATE, "WAV", "FLOAT")) is None
    assert bits(encoded(music(1.0, RATE), RATE, "OGG", "VORBIS")) is None


def test_silence_uses_none_and_says_nothing_of_depth() -> None:
    assert bits(np.zeros((RATE, 2), np.int16), RATE) == Bits(16, 0, None)


def test_one_dithered_sample_at_the_end_is_enough() -> None:
    padded = samples(16)
    padded[-1, -1] |= 1 << 8
    assert bits(encoded(padded, RATE, "WAV", "PCM_24")) == Bits(24, 24, None)


@examples(1.0)
@given(values=st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1), cut=st.integers(1, 9))
def test_it_is_the_or_of_all_samples(values: list[int], cut: int) -> None:
    collector, combined = BitsUsed(32), 0
    for value in values:
        combined |= value
    for begin in range(0, len(values), cut):
        collector.feed(np.array(values[begin : begin + cut], np.int32))
    lowest = next((bit for bit in range(32) if combined >> bit & 1), 32)
    found = collector.finish()
    assert found is not None
    assert found.used == 32 - lowest


def test_16_bit_audio_survives_its_own_round_trip() -> None:
    assert bits(encoded(pcm16(music(1.0, RATE)), RATE, "FLAC", "PCM_16")) == Bits(16, 16, None)
