"""An analysis as plain values, as strict JSON and as text."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import loudscope
from loudscope import Analysis

from ..strategies import Audio, Rows, audio, examples, figures, rows

KEYS = [
    "schema_version", "name", "duration", "rate_hz", "frames", "layout", "channels", "mono",
    "loudness", "gating", "peaks", "dynamics", "levels", "clipping", "stereo", "bands", "notes",
]  # fmt: skip


def strict(text: str) -> Any:
    """JSON as RFC 8259 has it: NaN and Infinity are refused."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


@given(sound=audio(most_samples=150_000))
def test_json_is_strict(sound: Audio) -> None:
    """Whatever the audio: no NaN, no Infinity, and what is read again equals `to_dict`."""
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    parsed = strict(analysis.to_json())
    assert parsed == analysis.to_dict()
    assert list(parsed) == KEYS
    assert parsed["schema_version"] == 1
    assert strict(analysis.to_json(indent=2)) == parsed
    assert "\n" not in analysis.to_json()
    values = figures(analysis).values()
    assert all(value is None or math.isfinite(value) for value in values)


@examples(0.5)
@given(made=rows())
def test_json_of_tables(made: Rows) -> None:
    """Albums, too."""
    analysis = Analysis(made.table, name='quote " and é')
    parsed = strict(analysis.to_json())
    assert parsed == analysis.to_dict()
    assert parsed["name"] == 'quote " and é'
    assert parsed["channels"] == list(made.table.layout.labels)


@examples(0.5)
@given(sound=audio(most_samples=150_000))
def test_every_exported_figure_is_the_property_of_that_name(sound: Audio) -> None:
    """No figure is renamed, rounded or converted on its way out."""
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    exported = analysis.to_dict()
    for section in ("loudness", "peaks", "dynamics", "levels", "stereo"):
        for name, value in exported[section].items():
            mine = getattr(analysis, name)
            assert (list(mine) if isinstance(mine, tuple) else mine) == value, name
    for name in ("name", "duration", "rate_hz", "frames", "mono"):
        assert exported[name] == getattr(analysis, name)
    assert analysis.band_profile is not None
    for band, values in zip(analysis.band_profile.bands, exported["bands"]["bands"], strict=True):
        for name, value in values.items():
            mine = getattr(band, name)
            assert (list(mine) if isinstance(mine, tuple) else mine) == value, name
    assert len(exported["notes"]) == len(analysis.notes)


@given(sound=audio(most_samples=150_000))
def test_summary_of_anything(sound: Audio) -> None:
    """A few lines of text; a dash for what does not exist; never "nan", "inf" or "-0.0"."""
    analysis = loudscope.analyze(sound.samples, sound.rate_hz, layout=sound.layout)
    lines = [line for line in analysis.summary().splitlines() if "note:" not in line]
    text = "\n".join(lines)
    assert 10 <= len(lines) <= 20
    assert not any(word in text for word in ("nan", "inf", "None", " -0.00"))
    assert ("Integrated" in text) and ("True peak" in text)
    assert (analysis.integrated is None) == ("–" in lines[1])


def test_summary_shows_the_figures() -> None:
    """Two decimals, with their units."""
    time = np.arange(48000 * 4)[:, None] / 48000
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 997 * time).repeat(2, axis=1)
    text = loudscope.analyze(tone, 48000).summary()
    assert text.startswith("0:04.0, 48000 Hz, stereo")
    for line in ("-23.00 LUFS", "-23.00 dBFS", "0.00 LU", "Correlation         1.00"):
        assert line in text, line


@pytest.mark.parametrize("seconds", [0.1, 59.96, 61.0])
def test_summary_begins_with_the_duration(seconds: float) -> None:
    """Minutes and seconds, also where rounding carries over."""
    analysis = loudscope.analyze(np.zeros((round(8000 * seconds), 1)), 8000)
    head = analysis.summary().splitlines()[0]
    assert head.split(",")[0] == {0.1: "0:00.1", 59.96: "1:00.0", 61.0: "1:01.0"}[seconds]
