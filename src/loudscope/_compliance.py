"""The compliance cases of EBU Tech 3341 and 3342 and ITU-R BS.1770 and BS.2217, as values.

They are read from ``data/compliance.json``, whose ``conventions`` say what each field means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = [
    "Burst",
    "Case",
    "Expectation",
    "External",
    "Recipe",
    "Segments",
    "Sine",
    "Tone",
    "cases",
]


@dataclass(frozen=True, slots=True)
class Tone:
    """One stretch of a case: the same sine in every driven channel, or digital silence.

    Attributes:
        seconds: Length.
        hz: Frequency, a whole number; 0 for digital silence.
        amplitudes: Peak of each channel, full scale = 1.
    """

    seconds: float
    hz: int
    amplitudes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Segments:
    """Tones one after the other (kind ``segments``)."""

    tones: tuple[Tone, ...]


@dataclass(frozen=True, slots=True)
class Sine:
    """A sine at a fraction of the sampling rate, faded at both ends (kind ``tp_sine``).

    Attributes:
        rate_over: The sampling rate divided by the frequency.
        amplitude: Peak, full scale = 1.
        phase_degrees: Phase of the first sample.
        seconds: Length.
        fade_seconds: Length of the linear fade at either end.
    """

    rate_over: int
    amplitude: float
    phase_degrees: float
    seconds: float
    fade_seconds: float


@dataclass(frozen=True, slots=True)
class Burst:
    """A carrier that holds one burst, made at four times the rate (kind ``tp_burst``).

    Periods and counts are samples at four times the rate.

    Attributes:
        carrier_period: Period of the carrier.
        carrier_amplitude: Peak of the carrier, full scale = 1.
        before: Samples of the carrier before the burst.
        after: Samples of the carrier after it.
        period: Period of the burst.
        amplitude: Peak of the burst.
        samples: Length of the burst.
        fade_seconds: Length of the linear fade at either end of the whole.
        offset: The first sample that decimation keeps, 0 to 3.
    """

    carrier_period: int
    carrier_amplitude: float
    before: int
    after: int
    period: int
    amplitude: float
    samples: int
    fade_seconds: float
    offset: int


@dataclass(frozen=True, slots=True)
class External:
    """A programme of the EBU's own, which cannot be synthesised (kind ``external_file``).

    Attributes:
        file: Its name in the EBU's test set.
    """

    file: str


Recipe = Segments | Sine | Burst | External


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a meter must read.

    Attributes:
        metric: Name of the figure, as `loudscope.Analysis` has it.
        unit: LUFS, LU or dBTP.
        values: The readings wanted: one, or one for each span; None if the figure must not exist.
        below: How far under the value a reading may be.
        above: How far over the value a reading may be.
        from_seconds: Every reading from then on counts, where the metric is a series.
        span_seconds: The largest reading within each successive span of this length counts.
    """

    metric: str
    unit: str
    values: tuple[float, ...] | None
    below: float
    above: float
    from_seconds: float | None
    span_seconds: float | None


@dataclass(frozen=True, slots=True)
class Case:
    """One compliance case.

    Attributes:
        id: Document and number, for example ``"3341-13-7"``.
        source: The clause it comes from.
        layout: Name of its channel layout.
        channels: Number of its channels.
        recipe: How its signal is made.
        expectations: What a meter must read.
    """

    id: str
    source: str
    layout: str
    channels: int
    recipe: Recipe
    expectations: tuple[Expectation, ...]

    @property
    def synthesisable(self) -> bool:
        """False if the case needs a programme that only the EBU has."""
        return not isinstance(self.recipe, External)


@cache
def cases() -> tuple[Case, ...]:
    """All cases, in the order of their documents."""
    source = files("loudscope") / "data" / "compliance.json"
    data = json.loads(source.read_text(encoding="utf-8"))
    labels = {name: [row[0] for row in it["channels"]] for name, it in data["layouts"].items()}
    return tuple(_case(record, labels[record["layout"]]) for record in data["cases"])


def _case(record: Mapping[str, Any], labels: list[str]) -> Case:
    return Case(
        id=record["id"],
        source=record["source"],
        layout=record["layout"],
        channels=len(labels),
        recipe=_recipe(record, labels),
        expectations=tuple(_expectation(item) for item in record["expect"]),
    )


def _recipe(record: Mapping[str, Any], labels: list[str]) -> Recipe:
    kind = record["kind"]
    if kind == "segments":
        tones = tuple(_tone(item, labels) for item in record["segments"])
        return Segments(tones * record.get("repeat", 1))
    if kind == "tp_sine":
        return Sine(
            record["fs_over"],
            record["amplitude_ffs"],
            record["phase_deg"],
            record["s"],
            record["fade_s"],
        )
    if kind == "tp_burst":
        return _burst(record)
    return External(record["ebu_file"])


def _tone(record: Mapping[str, Any], labels: list[str]) -> Tone:
    if "dbfs" not in record:
        return Tone(record["s"], 0, (0.0,) * len(labels))
    amplitudes = tuple(_amplitude(record["dbfs"], label) for label in labels)
    return Tone(record["s"], record["hz"], amplitudes)


def _amplitude(level: float | dict[str, float], label: str) -> float:
    dbfs = level.get(label) if isinstance(level, dict) else level
    return 0.0 if dbfs is None else 10.0 ** (dbfs / 20.0)


def _burst(record: Mapping[str, Any]) -> Burst:
    carrier, burst = record["carrier"], record["burst"]
    return Burst(
        carrier_period=carrier["period"],
        carrier_amplitude=carrier["amplitude_ffs"],
        before=carrier["before"],
        after=carrier["after"],
        period=burst["period"],
        amplitude=burst["amplitude_ffs"],
        samples=burst["samples"],
        fade_seconds=record["fade_s"],
        offset=record["offset"],
    )


def _expectation(record: Mapping[str, Any]) -> Expectation:
    value = record["value"]
    listed = value if isinstance(value, list) else [value]
    return Expectation(
        metric=record["metric"],
        unit=record["unit"],
        values=None if value is None else tuple(float(item) for item in listed),
        below=record.get("below", 0.0),
        above=record.get("above", 0.0),
        from_seconds=record.get("from_s"),
        span_seconds=record.get("span_s"),
    )
