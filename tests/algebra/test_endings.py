"""Sounds that end, and digital silence after them: each figure is a number, or it is not there.

While filters ring out their energies pass through all that a double can hold, for seconds.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope import Meter
from loudscope.qc import inspect
from loudscope.report import report

from ..strategies import Audio, Layer, examples, layers

SILENCES_SECONDS = (0.05, 1.0, 3.3, 5.0)


@st.composite
def endings(draw: st.DrawFn) -> Audio:
    """Up to three sounds one after the other, down to the least that a float32 holds; silences."""
    rate_hz = draw(st.sampled_from([48000, 8000, 44100, 96000]))
    channels = draw(st.sampled_from([2, 1, 6]))
    seconds, sounds = 0.0, list[tuple[float, float, Layer]]()
    for _ in range(draw(st.integers(1, 3))):
        faint, lasts = draw(st.booleans()), draw(st.sampled_from([0.3, 0.1, 1.0]))
        layer = draw(layers())
        if faint:
            layer = dataclasses.replace(layer, level_db=draw(st.integers(-880, -100).map(float)))
        sounds.append((seconds, seconds + lasts, layer))
        seconds += lasts + draw(st.sampled_from(SILENCES_SECONDS))
    placed = tuple(
        dataclasses.replace(layer, begin=first / seconds, end=last / seconds)
        for first, last, layer in sounds
    )
    return Audio(rate_hz, channels, round(seconds * rate_hz), placed)


def numbers(value: object) -> Iterator[float]:
    """All floats, wherever they are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


@examples(0.5)
@given(sound=endings())
def test_every_reading_of_a_meter_is_finite(sound: Audio) -> None:
    """Ten times a second, as whoever watches it asks; bands and their pairs among them."""
    meter = Meter(sound.rate_hz, sound.layout, keep_table=False, bands=True)
    samples = sound.samples.astype(np.float32)
    for chunk in np.array_split(samples, max(1, round(10 * sound.seconds))):
        meter.push(chunk)
        reading = meter.reading()
        profile, latest = reading.band_profile, reading.latest
        found = [
            dataclasses.replace(reading, latest=None),
            None if profile is None else [profile.bands, profile.below, profile.above],
            None if latest is None else latest.to_dict(),
        ]
        assert all(map(math.isfinite, numbers(found)))


@examples(0.2)
@given(sound=endings())
def test_every_figure_of_a_file_is_finite(sound: Audio) -> None:
    """Analysis, inspection, and the report of both as JSON that knows neither NaN nor infinity."""
    samples = sound.samples.astype(np.float32)
    analysis = loudscope.analyze(samples, sound.rate_hz, layout=sound.layout)
    assert all(map(math.isfinite, numbers(analysis.to_dict())))
    found = inspect(samples, sound.rate_hz, layout=sound.layout)
    assert all(map(math.isfinite, numbers(found.to_dict())))
    made = report(found, genre="pop", target="spotify")
    assert all(map(math.isfinite, numbers(json.loads(made.json()))))
    assert made.html()
