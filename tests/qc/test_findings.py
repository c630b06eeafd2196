"""Findings: each on a signal built to have it, none on one built not to."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import loudscope
from loudscope.qc import LIMITS, Edges, Faults, Finding, FindingCode, inspect

from .sounds import RATE, Signal, encoded, fade, lowpassed, mp3, music, pcm16, resampled, sine

CLIP = 5.0  # seconds of music


def clean() -> Signal:
    """Music without anything to find: 6 dB of headroom, wide but not too wide."""
    return music(CLIP)


def found(source: Any, rate_hz: int | None = RATE) -> dict[str, Finding]:
    findings = inspect(source, rate_hz).findings
    assert len({(f.code, f.figure) for f in findings}) == len(findings)
    return {str(finding.code): finding for finding in findings}


def side(signal: Signal, gain: float) -> Signal:
    """The difference of the channels, stronger by so much."""
    middle = signal.mean(axis=1, keepdims=True)
    return np.asarray(middle + gain * (signal - middle))


def bass(correlation: float) -> Signal:
    """Clean music with a bass note in both channels, turned by an angle between them."""
    time = np.arange(round(CLIP * RATE)) / RATE
    angles = np.array([0.0, math.acos(correlation)])
    note = 0.2 * np.sin(2 * np.pi * 70.0 * time[:, np.newaxis] + angles)
    return np.asarray(0.5 * clean() + note * fade(len(note))[:, np.newaxis])


def clipped() -> Signal:
    return 0.5 * np.clip(4.0 * clean(), -0.9, 0.9)


def silent_right() -> Signal:
    return np.asarray(clean() * np.array([1.0, 0.0]))


def delayed(frames: int) -> Signal:
    signal = 0.5 * (clean() + clean()[:, ::-1])
    noise = 0.001 * np.random.default_rng(3).standard_normal(signal.shape)
    signal[:, 1] = np.roll(signal[:, 1], frames)
    return signal + noise


def limited() -> Signal:
    """Pushed 20 dB into a soft ceiling."""
    swell = np.sin(2 * np.pi * np.arange(round(CLIP * RATE)) / RATE) ** 2
    steady = clean() / np.sqrt(0.02 + swell)[:, np.newaxis]
    return np.asarray(0.7 * np.tanh(10.0 * steady))


def paused() -> Signal:
    """Music that stops after 2 s."""
    return np.asarray(clean() * (np.arange(round(CLIP * RATE)) < 2 * RATE)[:, np.newaxis])


def hum(orders: tuple[int, ...]) -> Signal:
    """Harmonics of 50 Hz, each of -57 dBFS."""
    lines = [sine(50.0 * order, CLIP, 0.002) for order in orders]
    return np.asarray(np.sum(lines, axis=0)[:, np.newaxis])


BUILT: dict[str, Callable[[], Any]] = {
    "clipping": clipped,
    "over_0_dbtp": lambda: 2.2 * clean(),
    "over_1_dbtp": lambda: 1.9 * clean(),
    "dc_offset": lambda: clean() + 0.002,
    "hum": lambda: paused() + hum((1, 2, 3)),
    "head_silence": lambda: np.pad(clean(), ((RATE, 0), (0, 0))),
    "tail_silence": lambda: np.pad(clean(), ((0, 6 * RATE), (0, 0))),
    "abrupt_start": lambda: clean()[round(1.24 * RATE) :],
    "abrupt_end": lambda: clean()[: round(1.24 * RATE)],
    "upsampled": lambda: resampled(music(CLIP, 24000), 24000, RATE),
    "dual_mono": lambda: side(clean(), 0.0),
    "silent_channel": silent_right,
    "inverted_channel": lambda: side(clean(), 0.05) * np.array([1.0, -1.0]),
    "delayed_channel": lambda: delayed(24),
    "balance": lambda: clean() * np.array([1.0, 0.8]),
    "mono_loss": lambda: side(clean(), 6.5),
    "band_out_of_phase": lambda: bass(-1.0),
    "bass_not_mono": lambda: bass(0.3),
    "heavy_limiting": limited,
}
NEAR: dict[str, Callable[[], Any]] = {
    "clipping": lambda: 0.9 * np.tanh(2.0 * clean()),
    "over_0_dbtp": lambda: 1.9 * clean(),
    "over_1_dbtp": lambda: 1.7 * clean(),
    "dc_offset": lambda: clean() - clean().mean(axis=0) + 0.0009,
    "hum": lambda: paused() + hum((1, 3)),
    "head_silence": lambda: np.pad(clean(), ((round(0.45 * RATE), 0), (0, 0))),
    "tail_silence": lambda: np.pad(clean(), ((0, round(4.9 * RATE)), (0, 0))),
    "abrupt_start": clean,
    "abrupt_end": clean,
    "lossy_source": lambda: lowpassed(clean(), 16000.0, 96.0),
    "upsampled": lambda: lowpassed(clean(), 12000.0, 96.0),
    "dual_mono": lambda: side(clean(), 0.05),
    "silent_channel": lambda: clean() * np.array([1.0, 0.003]),
    "inverted_channel": lambda: side(clean(), 3.0) * np.array([1.0, -1.0]),
    "delayed_channel": lambda: delayed(0),
    "balance": lambda: clean() * np.array([1.0, 0.9]),
    "mono_loss": lambda: side(clean(), 3.0),
    "band_out_of_phase": lambda: bass(0.9),
    "bass_not_mono": lambda: bass(0.9),
    "heavy_limiting": clean,
}


def test_clean_music_has_no_findings() -> None:
    assert found(clean()) == {}


@pytest.mark.parametrize("code", BUILT)
def test_what_was_built_in_is_found(code: str) -> None:
    signal = BUILT[code]()
    assert code in found(signal)


@pytest.mark.parametrize("code", NEAR)
def test_a_near_miss_is_not(code: str) -> None:
    assert code not in found(NEAR[code]())


def test_findings_of_files() -> None:
    lossy = found(mp3(music(CLIP, 44100), 44100, 0.65), None)
    assert "lossy_source" in lossy
    assert "MP3" in lossy["lossy_source"].message
    padded = found(encoded(pcm16(clean()), RATE, "WAV", "PCM_24"), None)
    assert (padded["padded_bits"].measured, padded["padded_bits"].limit) == (16.0, 24.0)
    assert "padded_bits" not in found(encoded(pcm16(clean()), RATE, "WAV", "PCM_16"), None)
    assert "padded_bits" not in found(encoded(clean(), RATE, "WAV", "PCM_24"), None)


def test_every_code_has_its_signal() -> None:
    of_files = {"lossy_source", "padded_bits"}
    assert BUILT.keys() | of_files == {str(code) for code in FindingCode}
    assert NEAR.keys() | {"padded_bits"} == {str(code) for code in FindingCode}


def test_where_it_is() -> None:
    """Spans in order, inside the audio, round what was built in."""
    signal = 0.8 * clean()
    at = round(2.345 * RATE)
    for begin in (at, at + 200, at + 400):
        signal[begin : begin + 20] = 0.9
    (clip,) = (f for f in inspect(signal, RATE).findings if f.code == "clipping")
    assert clip.where == ((2.3, 2.4),)
    assert (clip.measured, clip.limit) == (6.0, LIMITS["clipped_runs"])
    for code in ("over_0_dbtp", "head_silence", "tail_silence", "abrupt_end", "mono_loss"):
        built = BUILT[code]()
        spans = found(built)[code].where
        ends = [time for span in spans for time in span]
        assert ends == sorted(ends)
        assert 0.0 <= ends[0] < ends[-1] <= len(built) / RATE + 1e-9
    assert found(BUILT["head_silence"]())["head_silence"].where[0][1] == pytest.approx(
        1.0, abs=0.02
    )


def test_an_over_of_0_dbtp_is_not_told_twice() -> None:
    assert "over_1_dbtp" not in found(BUILT["over_0_dbtp"]())


def test_a_broken_channel_is_not_told_in_other_words() -> None:
    """A silent or inverted channel is the cause; balance and mono loss only follow."""
    for code in ("silent_channel", "inverted_channel", "dual_mono"):
        assert found(BUILT[code]()).keys() & {"balance", "mono_loss", "bass_not_mono"} == set()


def test_measured_is_the_figure_named() -> None:
    """`figure` leads to the value; a yes or no has none."""
    for code in ("clipping", "over_0_dbtp", "hum", "head_silence", "balance", "mono_loss"):
        inspection = inspect(BUILT[code](), RATE)
        (finding,) = (f for f in inspection.findings if f.code == code)
        value: Any = inspection
        for name in finding.figure.split("."):
            value = getattr(value, name)
        assert finding.measured == value
        assert finding.limit is not None
    assert found(BUILT["dual_mono"]())["dual_mono"].measured is None


def test_findings_come_in_the_order_of_their_codes() -> None:
    built = np.pad(2.2 * clipped() + 0.01, ((RATE, 0), (0, 0)))
    codes = [finding.code for finding in inspect(built, RATE).findings]
    assert len(codes) >= 3
    assert codes == sorted(codes, key=list(FindingCode).index)


def test_silence_and_scraps_have_few_findings() -> None:
    assert found(np.zeros((RATE, 2))).keys() <= {"silent_channel"}
    assert found(0.5 * np.ones((10, 1))).keys() <= {"dc_offset", "abrupt_start", "abrupt_end"}


def test_more_channels_than_two() -> None:
    signal = np.tile(music(2.0), 3)
    findings = inspect(signal, RATE, layout=loudscope.Layout.named("5.1")).findings
    assert [finding.code for finding in findings] == []


def test_messages_are_sentences_without_a_number_that_is_none() -> None:
    for build in BUILT.values():
        for finding in found(build()).values():
            assert finding.message.endswith(".")
            assert "None" not in finding.message
            assert "nan" not in finding.message
            assert finding.measured is None or math.isfinite(finding.measured)


def test_the_page_names_every_code_and_figure() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "qc.md").read_text("utf-8")
    written = set(re.findall(r"`([\w.]+)`", page))
    assert {str(code) for code in FindingCode} <= written
    figures = {field.name for field in dataclasses.fields(Faults)} - {"edges"}
    ends = {f"edges.{field.name}" for field in dataclasses.fields(Edges)}
    assert figures | ends <= written
