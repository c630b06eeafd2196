"""A batch is the loop over its clips, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope

from ..strategies import Audio, audio, examples

LAYOUTS = (None, "mono", "stereo")  # by channel count

clips = st.lists(
    st.tuples(
        audio(rates_hz=(8000,), channels=(1, 2), most_seconds=8.0, most_samples=130_000),
        st.sampled_from(["f4", "f8", "i2", "i4"]),
        st.booleans(),
    ),
    max_size=40,
)


def samples_of(sound: Audio, dtype: str, planar: bool) -> NDArray[Any]:
    """The clip in a dtype, and as it may lie in memory: frame by frame, or channel by channel."""
    scale = {"f4": 1.0, "f8": 1.0, "i2": 2.0**15, "i4": 2.0**31}[dtype]
    limit = 1.0 - 2.0**-15 if dtype[0] == "i" else 16.0
    samples = (np.clip(sound.samples, -limit, limit) * scale).astype(dtype)
    return np.asfortranarray(samples) if planar else samples


@examples(0.4)
@given(drawn=clips, threads=st.integers(1, 3))
def test_a_ragged_batch_is_the_loop(drawn: list[tuple[Audio, str, bool]], threads: int) -> None:
    """Any lengths, channels, dtypes and strides side by side; None where the loop says None."""
    batch = [samples_of(*clip) for clip in drawn]
    loudness = loudscope.lufs_batch(batch, 8000, threads=threads)
    peaks = loudscope.true_peak_batch(iter(batch), 8000, threads=threads)
    assert loudness == [loudscope.lufs(clip, 8000) for clip in batch]
    assert peaks == [loudscope.true_peak(clip, 8000) for clip in batch]


@examples(0.2)
@given(
    seed=st.integers(0, 999),
    shape=st.tuples(st.integers(0, 40), st.integers(1, 9000), st.integers(1, 3)),
    dtype=st.sampled_from(["f4", "f8", "i2", "i4"]),
)
def test_an_array_is_the_list_of_its_rows(
    seed: int, shape: tuple[int, int, int], dtype: str
) -> None:
    """(batch, frames, channels), and (batch, frames) where clips have one channel."""
    noise = np.random.default_rng(seed).uniform(-1, 1, shape)
    batch = (noise * (2.0 ** (8 * int(dtype[1]) - 1) if dtype[0] == "i" else 1.0)).astype(dtype)
    layout = {1: "mono", 2: "stereo", 3: "3.0"}[shape[2]]
    rows = loudscope.lufs_batch(list(batch), 8000, layout=layout)
    assert loudscope.lufs_batch(batch, 8000, layout=layout) == rows
    assert loudscope.lufs_batch(batch[::-1], 8000, layout=layout) == rows[::-1]
    mono = batch[:, :, 0]
    assert loudscope.lufs_batch(mono, 8000) == [loudscope.lufs(row, 8000) for row in mono]
    assert loudscope.lufs_batch(mono, 8000, dual_mono=True) == [
        loudscope.lufs(row, 8000, dual_mono=True) for row in mono
    ]


@examples(0.2)
@given(seed=st.integers(0, 999), data=st.data())
def test_clips_do_not_touch_each_other(seed: int, data: st.DataObject) -> None:
    """A figure does not depend on which clips are beside it, nor on their order."""
    rng = np.random.default_rng(seed)
    batch = [rng.uniform(-1, 1, rng.integers(1, 30_000)).astype(np.float32) for _ in range(30)]
    whole = loudscope.lufs_batch(batch, 8000)
    chosen = data.draw(st.lists(st.integers(0, 29), max_size=30))
    assert loudscope.lufs_batch([batch[i] for i in chosen], 8000) == [whole[i] for i in chosen]
