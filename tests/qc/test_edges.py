"""Head, tail, digital silence and cuts at the ends of the audio."""

from __future__ import annotations

import numpy as np
import pytest

from loudscope.qc import Edges, inspect

from .sounds import RATE, Signal, fade, music, sine


def edges(signal: Signal, rate_hz: int = RATE) -> Edges:
    return inspect(signal, rate_hz).faults.edges


def padded(head: float, tail: float, level: float = 0.0) -> Signal:
    """A second of music in noise of that level, which is digital silence at 0."""
    noise = level * np.random.default_rng(2).standard_normal((round((1 + head + tail) * RATE), 2))
    start = round(head * RATE)
    noise[start : start + RATE] += music(1.0)
    return noise


@pytest.mark.parametrize(("head", "tail"), [(0.0, 0.0), (0.75, 0.3), (2.5, 1.25)])
def test_silence_at_both_ends(head: float, tail: float) -> None:
    found = edges(padded(head, tail))
    assert found.head_s == pytest.approx(head, abs=0.0201)
    assert found.tail_s == pytest.approx(tail, abs=0.0201)
    assert found.head_zero_s == pytest.approx(head, abs=0.001)
    assert found.tail_zero_s == pytest.approx(tail, abs=0.001)


def test_noise_below_60_dbfs_is_silence_but_not_digital() -> None:
    found = edges(padded(0.75, 0.3, level=1e-4))
    assert found.head_s == pytest.approx(0.75, abs=0.0201)
    assert found.tail_s == pytest.approx(0.3, abs=0.0201)
    assert (found.head_zero_s, found.tail_zero_s) == (0.0, 0.0)


def test_noise_above_60_dbfs_is_sound() -> None:
    found = edges(padded(0.75, 0.3, level=2e-3))
    assert (found.head_s, found.tail_s) == (0.0, 0.0)


def test_zeros_are_counted_to_the_frame() -> None:
    signal = np.zeros((3 * RATE + 5, 1))
    signal[17, 0], signal[3 * RATE - 4, 0] = 1e-9, -1e-9
    found = edges(signal)
    assert found.head_zero_s == 17 / RATE
    assert found.tail_zero_s == 8 / RATE
    assert (found.head_s, found.tail_s) == (None, None)


def test_digital_silence_is_silent_all_through() -> None:
    found = edges(np.zeros((RATE + 7, 2)))
    assert found.head_zero_s == found.tail_zero_s == (RATE + 7) / RATE
    assert (found.head_s, found.tail_s) == (None, None)
    assert not found.abrupt_start
    assert not found.abrupt_end


def test_sound_that_is_cut_ends_abruptly() -> None:
    signal = music(3.0)
    assert not edges(signal).abrupt_start
    assert not edges(signal).abrupt_end
    cut = signal[round(0.2 * RATE) : round(2.31 * RATE)]
    assert edges(cut).abrupt_start
    assert edges(cut).abrupt_end
    assert edges(cut[: round(1.9 * RATE)]).abrupt_start


@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0])
def test_a_fade_is_not_abrupt(seconds: float) -> None:
    tone = sine(440.0, 3.0, 1.0) * fade(3 * RATE, seconds=seconds)
    found = edges(tone)
    assert (found.abrupt_start, found.abrupt_end) == (False, False)


def test_a_drum_hit_on_the_first_frame_is_not_abrupt() -> None:
    """Struck at its zero crossing and dying away: loud at once, but without a jump."""
    drum = sine(60.0, 1.0, 1.0) * np.exp(-np.arange(RATE) / (0.1 * RATE))
    assert not edges(drum).abrupt_start


@pytest.mark.parametrize("frames", [1, 3, 5, 479])
def test_audio_of_a_few_frames(frames: int) -> None:
    found = edges(np.full((frames, 1), 0.5))
    assert found.head_s == 0.0
    assert found.tail_s == 0.0
    assert (found.abrupt_start, found.abrupt_end) == (True, True)
