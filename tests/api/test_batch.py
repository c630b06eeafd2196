"""`lufs_batch` and `true_peak_batch`: what a batch is, and errors that name the clip."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import loudscope

RATE_HZ = 48000
SINE = np.sin(2 * np.pi * 997 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)


def test_a_batch_of_tech_3341_sines() -> None:
    """0 dBFS in one channel is -3.01 LUFS, 20 dB less is 20 LU less, a gap of 0.4 s is None."""
    clips = [SINE, 0.1 * SINE, SINE[:19199], np.zeros_like(SINE)]
    loud, less, short, silent = loudscope.lufs_batch(clips, RATE_HZ)
    assert loud == pytest.approx(-3.01, abs=0.01)
    assert less == pytest.approx(-23.01, abs=0.01)
    assert short is None
    assert silent is None
    peaks = loudscope.true_peak_batch(clips, RATE_HZ)
    assert peaks[0] == pytest.approx(0.0, abs=0.05)
    assert peaks[3] is None


def test_the_first_axis_is_the_batch() -> None:
    """Where `lufs` reads two channels, a batch has clips; three axes end with channels."""
    pair = np.stack([SINE, 0.5 * SINE])
    assert loudscope.lufs_batch(pair, RATE_HZ) == [
        loudscope.lufs(SINE, RATE_HZ),
        loudscope.lufs(0.5 * SINE, RATE_HZ),
    ]
    assert loudscope.lufs_batch(pair.T[np.newaxis], RATE_HZ) == [loudscope.lufs(pair.T, RATE_HZ)]


def test_no_clips_have_no_figures() -> None:
    """An empty list is an empty batch, and so is an array without rows."""
    assert loudscope.lufs_batch([], RATE_HZ) == []
    assert loudscope.true_peak_batch(np.zeros((0, 100)), RATE_HZ) == []


def test_a_generator_is_a_batch_not_a_programme() -> None:
    """Its items are clips."""
    assert len(loudscope.lufs_batch((SINE for _ in range(3)), RATE_HZ)) == 3


@pytest.mark.parametrize(
    ("clips", "error", "message"),
    [
        (SINE, loudscope.InvalidAudio, r"clips: shape \(48000,\) is not \(batch, frames\)"),
        ([SINE, SINE[:0]], loudscope.InvalidAudio, r"clips\[1\]: the array is empty"),
        (np.zeros((3, 0)), loudscope.InvalidAudio, r"clips\[0\]: the array is empty"),
        ([SINE, SINE.astype("f2")], loudscope.UnsupportedType, r"clips\[1\]: dtype float16"),
        ([SINE, "song.wav"], loudscope.UnsupportedType, r"clips\[1\]: .*str.*one by one"),
        ("song.wav", loudscope.UnsupportedType, r"clips: cannot measure str"),
        ([SINE, 200 * SINE], loudscope.InvalidAudio, r"clips\[1\]: frame 5, channel 0"),
        ([np.zeros((2, 100, 3))], loudscope.InvalidAudio, r"clips\[0\]: shape"),
        (np.zeros((2, 9, 3)), loudscope.LayoutError, "layout"),
    ],
)  # fmt: skip
def test_errors_name_the_clip(clips: Any, error: type[Exception], message: str) -> None:
    """And say what would do."""
    for measure in (loudscope.lufs_batch, loudscope.true_peak_batch):
        with pytest.raises(error, match=message):
            measure(clips, RATE_HZ)


def test_nan_is_named_by_clip_frame_and_channel() -> None:
    """The first clip that has one, whatever its length; `on_nonfinite="zero"` reads it as zero."""
    clips = [np.stack([SINE, SINE], axis=1)[: 30_000 + 100 * i].copy() for i in range(40)]
    clips[31][7, 0] = np.inf
    clips[17][20_000, 1] = np.nan
    clips[17][20_001, 0] = np.nan
    for measure in (loudscope.lufs_batch, loudscope.true_peak_batch):
        with pytest.raises(loudscope.NonFiniteSamples, match=r"clips\[17\]: frame 20000") as caught:
            measure(clips, RATE_HZ)
        assert (caught.value.frame, caught.value.channel) == (20_000, 1)
    zeroed = loudscope.lufs_batch(clips, RATE_HZ, on_nonfinite="zero")
    assert zeroed[17] == loudscope.lufs(clips[17], RATE_HZ, on_nonfinite="zero")


def test_dual_mono_is_for_clips_of_one_channel() -> None:
    """The clip is named."""
    with pytest.raises(loudscope.InvalidArgument, match=r"clips\[1\] has 2 channels"):
        loudscope.lufs_batch([SINE, np.stack([SINE, SINE], 1)], RATE_HZ, dual_mono=True)


@pytest.mark.parametrize("rate_hz", [None, 100, 48000.5])
def test_the_rate_is_checked(rate_hz: Any) -> None:
    """As in `lufs`."""
    with pytest.raises(loudscope.InvalidArgument, match="rate_hz"):
        loudscope.lufs_batch([SINE], rate_hz)
