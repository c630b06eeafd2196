"""Codec cut-off and upsampling: where the spectrum ends, how steeply, and whether always."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from loudscope.qc import Faults, inspect
from loudscope.qc._cliff import cliff_of

from .sounds import (
    RATE,
    Signal,
    coloured,
    encoded,
    lowpassed,
    mp3,
    music,
    pcm16,
    resampled,
    sine,
    square,
)


def faults(signal: NDArray[Any], rate_hz: int = RATE) -> Faults:
    return inspect(signal, rate_hz).faults


def bright(seconds: float = 6.0, rate_hz: int = 44100) -> Signal:
    """Music with treble up to the end."""
    noise = coloured(seconds, rate_hz)
    time = np.arange(len(noise)) / rate_hz
    return noise * (0.2 + 0.8 * np.sin(2 * np.pi * time) ** 2)[:, np.newaxis]


@pytest.mark.parametrize(
    ("level", "cutoff_khz", "guess"),
    [
        (0.75, 15.1, "96 kb/s or less"),
        (0.65, 16.6, "128 kb/s"),
        (0.6, 17.2, "160 kb/s"),
        (0.4, 18.7, "192 to 256 kb/s"),
        (0.0, 20.0, "320 kb/s"),
    ],
)
def test_mp3_is_seen_by_its_cut_off(level: float, cutoff_khz: float, guess: str) -> None:
    found = inspect(mp3(bright(), 44100, level)).faults.codec
    assert found is not None
    assert found.cutoff_hz == pytest.approx(1000.0 * cutoff_khz, abs=200.0)
    assert found.drop_db > 40.0
    assert found.stability > 0.95
    assert found.likely_lossy
    assert found.guess == guess


def test_mp3_decoded_to_16_bits_is_seen_as_well() -> None:
    """What someone hands in as a master: a decoded MP3, raised by 1 dB, as a FLAC file."""
    decoded = np.asarray(1.12 * soundfile.read(mp3(bright(), 44100, 0.65))[0], np.float64)
    found = inspect(encoded(pcm16(decoded), 44100, "FLAC", "PCM_16")).faults.codec
    assert found is not None
    assert found.likely_lossy
    assert found.guess == "128 kb/s"


@pytest.mark.parametrize("rate_hz", [44100, 48000, 96000])
def test_audio_that_was_never_coded_has_no_cut_off(rate_hz: int) -> None:
    assert faults(pcm16(bright(rate_hz=rate_hz)), rate_hz).codec is None


@pytest.mark.parametrize("slope_db", [12.0, 48.0, 96.0])
def test_a_low_pass_of_a_mixing_desk_is_no_codec(slope_db: float) -> None:
    """Down to 16 poles at 16 kHz: 9 dB within 1 kHz at most."""
    found = faults(pcm16(lowpassed(bright(), 16000.0, slope_db, 44100)), 44100)
    assert found.codec is None
    assert found.upsampled_from_hz is None


def test_a_filter_that_moves_is_no_codec() -> None:
    """A synthesiser's, though steeper than any: 100 dB an octave, elsewhere every 50 ms."""
    source, step = coloured(6.0, 44100, tilt_db=0.0), 2205
    ends_hz = np.random.default_rng(6).uniform(9000.0, 16000.0, len(source) // step)
    pieces = [
        lowpassed(source[place * step : (place + 1) * step], end_hz, 100.0, 44100)
        for place, end_hz in enumerate(ends_hz.tolist())
    ]
    assert faults(np.concatenate(pieces), 44100).codec is None


def test_a_cut_off_that_is_not_always_there_is_no_codec() -> None:
    """Sounds that end at 16 kHz, and every two seconds a cymbal of 0.1 s that does not."""
    whole = bright(8.0)
    dull = lowpassed(whole, 16000.0, math.inf, 44100)
    struck = (np.arange(len(whole)) / 44100 % 2.0 < 0.1)[:, np.newaxis]
    found = faults(np.where(struck, whole, dull), 44100).codec
    assert found is not None
    assert found.cutoff_hz == pytest.approx(16000.0, abs=100.0)
    assert found.drop_db > 20.0
    assert found.stability < 0.9
    assert not found.likely_lossy


def test_a_steep_and_steady_low_pass_cannot_be_told_from_a_codec() -> None:
    """An honest limit: a wall at 15 kHz, as FM broadcasting has it, is called likely lossy."""
    found = faults(lowpassed(bright(), 15000.0, math.inf, 44100), 44100).codec
    assert found is not None
    assert found.cutoff_hz == pytest.approx(15000.0, abs=100.0)
    assert (found.stability, found.likely_lossy) == (1.0, True)


def test_a_short_clip_is_not_called_lossy() -> None:
    """Stability cannot be seen in a second and a half."""
    found = inspect(mp3(bright(1.4), 44100, 0.65)).faults.codec
    assert found is not None
    assert not found.likely_lossy
    assert found.guess is None


def test_sounds_without_treble_have_no_cut_off() -> None:
    for sound in (sine(1000.0, 4.0), square(440.0, 4.0), np.zeros(4 * RATE)):
        assert faults(sound).codec is None
        assert faults(sound).upsampled_from_hz is None
    assert faults(lowpassed(music(4.0), 3000.0, math.inf)).codec is None


@pytest.mark.parametrize(
    ("old_hz", "new_hz"),
    [
        (44100, 48000),
        (48000, 96000),
        (44100, 96000),
        (96000, 192000),
        (16000, 48000),
        (8000, 44100),
    ],
)
def test_upsampled_audio_ends_at_half_the_old_rate(old_hz: int, new_hz: int) -> None:
    found = faults(resampled(bright(4.0, old_hz), old_hz, new_hz), new_hz)
    assert found.upsampled_from_hz == old_hz
    assert found.codec is None or not found.codec.likely_lossy


def test_upsampling_with_a_filter_that_ends_early() -> None:
    """As good resamplers do it: down from 0.91 of half the old rate on."""
    source = lowpassed(bright(4.0), 20100.0, 600.0, 44100)
    assert faults(resampled(source, 44100, 96000), 96000).upsampled_from_hz == 44100


def test_a_microphone_that_falls_off_is_not_upsampled() -> None:
    """96 kHz whose sound fades into the noise of a preamplifier from 15 kHz on."""
    source = lowpassed(bright(4.0, 96000), 15000.0, 24.0, 96000)
    noise = 1e-5 * np.random.default_rng(4).standard_normal(source.shape)
    found = faults(source + noise, 96000)
    assert found.upsampled_from_hz is None
    assert found.codec is None


def test_mp3_at_its_highest_rate_is_not_called_44100_hz() -> None:
    """At 48 kHz and 320 kb/s it ends at 20 kHz, 0.91 of half of 44.1 kHz."""
    found = inspect(mp3(bright(4.0, RATE), RATE, 0.0)).faults
    assert found.upsampled_from_hz is None
    assert found.codec is not None
    assert found.codec.guess == "320 kb/s"


def test_a_cut_off_at_16_khz_is_not_called_32_khz() -> None:
    found = faults(lowpassed(bright(), 16000.0, math.inf, 44100), 44100)
    assert found.upsampled_from_hz is None
    assert found.codec is not None
    assert found.codec.guess == "128 kb/s"


def test_the_cliff_is_where_the_level_falls_for_good() -> None:
    """A notch is none, and neither is a line."""
    hz = np.arange(512, dtype=np.float64) * 46.875 + 20.5
    level = np.full(512, -70.0)
    assert cliff_of(hz, level, 48000) is None
    level[hz > 17000.0] = -120.0
    found = cliff_of(hz, level, 48000)
    assert found is not None
    assert (found.knee_hz, found.top_hz) == (hz[hz <= 17000.0][-1],) * 2
    assert found.drop_db == 50.0
    level[hz > 17000.0] = -89.0
    assert cliff_of(hz, level, 48000) is None
    level[hz > 17000.0] = -91.0
    assert cliff_of(hz, level, 48000) is not None
    level[hz > 19000.0] = -75.0
    assert cliff_of(hz, level, 48000) is None
    level[hz > 17000.0] = -120.0
    level[hz <= 17000.0] = -115.0
    level[(hz > 16800.0) & (hz < 16900.0)] = -60.0
    assert cliff_of(hz, level, 48000) is None
