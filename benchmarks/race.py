"""A race: one figure, one signal, loudscope beside its peers; times count where answers agree."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import report
from timing import Answer, Effort, Run, Times, interleave, one_core

OURS = "loudscope"


Kind = Literal["faster", "slower", "extra_ms", "ms"]


@dataclass(frozen=True)
class Target:
    """What is wanted of a race.

    Attributes:
        code: Short name, for the JSON.
        text: What it says, for people.
        value: The ratio or limit.
        peer: The contestant to be measured against.
        ours: Ours.
        kind: "faster": the peer's time over ours, at least. "slower": ours over the peer's, at
            most. "extra_ms": ours less the peer's, at most. "ms": ours, at most.
    """

    code: str
    text: str
    value: float
    peer: str
    ours: str = OURS
    kind: Kind = "faster"

    def measured(self, times: Mapping[str, Times]) -> float:
        """The figure, of medians."""
        ours, peer = times[self.ours].median, times[self.peer].median
        return {
            "faster": peer / ours,
            "slower": ours / peer,
            "extra_ms": 1e3 * (ours - peer),
            "ms": 1e3 * ours,
        }[self.kind]

    def verdict(self, times: Mapping[str, Times], believed: set[str]) -> Verdict:
        """Met or not; not known without a peer that can be believed."""
        unit = " ms" if self.kind in ("ms", "extra_ms") else "×"
        least = self.kind == "faster"
        if not {self.peer, self.ours} <= believed:
            return Verdict(self.code, self.text, self.value, least, unit, None, None)
        found = self.measured(times)
        met = found >= self.value if least else found <= self.value
        return Verdict(self.code, self.text, self.value, least, unit, found, met)


@dataclass(frozen=True)
class Verdict:
    """A target's result; met is None where the peer is not there or not believed."""

    code: str
    text: str
    wanted: float
    at_least: bool
    unit: str
    measured: float | None
    met: bool | None


@dataclass(frozen=True)
class Race:
    """Who runs, for what, and how far answers may lie apart.

    Attributes:
        figure: What is measured.
        signal: What it is measured on.
        runs: Contestants by name.
        clock: What time is meant, and on how many cores.
        below: For each number of an answer, how far a peer's may lie below ours.
        above: How far above.
        excused: Peers known to be wrong, and why. Their times are shown and not believed.
        targets: What is wanted.
        reference: Whose answer the others are held to.
        units: Unit of each number of an answer.
        pinned: Keep to one core.
        audio_seconds: For the speed in times real time; None: not shown.
        controls: Contestants without audio: what the machine is worth meanwhile.
        close: Called when the race is over.
    """

    figure: str
    signal: str
    runs: Mapping[str, Run]
    clock: str = "CPU, one core"
    below: Answer = ()
    above: Answer = ()
    excused: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    reference: str = OURS
    units: tuple[str, ...] = ()
    pinned: bool = True
    audio_seconds: float | None = None
    controls: tuple[str, ...] = ()
    close: Callable[[], object] | None = None

    def closed_by(self, close: Callable[[], object]) -> Race:
        """The race with something to do when it is over."""
        return replace(self, close=close)


def disagreement(race: Race, name: str, times: Mapping[str, Times]) -> str | None:
    """Why an answer cannot be believed, or None."""
    pairs = zip(
        times[name].answer, times[race.reference].answer, race.below, race.above, strict=False
    )
    for theirs, ours, below, above in pairs:
        if math.isnan(theirs):
            continue  # this one does not measure that
        if not ours - below <= theirs <= ours + above:
            return f"{theirs:.3f}, not {ours:.3f} (−{below} +{above})"
    return None


@dataclass(frozen=True)
class Line:
    """One contestant's result."""

    name: str
    median_s: float
    iqr_s: float
    rounds: int
    ratio: float  # its time over ours
    answer: tuple[float | None, ...]
    note: str
    believed: bool
    control: bool


@dataclass(frozen=True)
class Result:
    """A race that was run."""

    figure: str
    signal: str
    clock: str
    units: tuple[str, ...]
    below: Answer
    above: Answer
    audio_seconds: float | None
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...]

    def to_dict(self) -> dict[str, Any]:
        """For the JSON."""
        return asdict(self)


def line(race: Race, name: str, times: Mapping[str, Times]) -> Line:
    """One contestant of a race that was run."""
    found, excuse = disagreement(race, name, times), race.excused.get(name, "")
    wrong = f"another answer: {found}" if found else ""
    mine = times[name]
    return Line(
        name=name,
        median_s=mine.median,
        iqr_s=mine.iqr,
        rounds=len(mine.seconds),
        ratio=mine.median / times[race.reference].median,
        answer=tuple(None if math.isnan(x) else x for x in mine.answer),
        note="; ".join(part for part in (excuse, wrong) if part),
        believed=found is None,
        control=name in race.controls,
    )


def run(race: Race, effort: Effort) -> Result:
    """Runs a race."""
    try:
        if race.pinned:
            with one_core():
                times = interleave(race.runs, effort)
        else:
            times = interleave(race.runs, effort)
    finally:
        if race.close is not None:
            race.close()
    lines = tuple(line(race, name, times) for name in race.runs)
    believed = {each.name for each in lines if each.believed}
    return Result(
        race.figure,
        race.signal,
        race.clock,
        race.units,
        race.below,
        race.above,
        race.audio_seconds,
        lines,
        tuple(target.verdict(times, believed) for target in race.targets),
    )


def main(races: Callable[[float], list[Race]]) -> None:
    """Runs one figure's races from the command line and prints them."""
    options = argparse.ArgumentParser(description=races.__doc__)
    options.add_argument("--seconds", type=float, default=240.0, help="length of the signal")
    options.add_argument("--rounds", type=int, default=7, help="rounds at least")
    given = options.parse_args()
    for race in races(given.seconds):
        print(report.race(run(race, Effort(given.rounds)).to_dict()))
