"""What a target says: its rules, and what is done to the audio when it is played."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

__all__ = [
    "GRADES",
    "AlbumMode",
    "Bounds",
    "Condition",
    "Grade",
    "Playback",
    "Rule",
    "Target",
    "UpwardGain",
    "Verdict",
]

Verdict: TypeAlias = Literal["pass", "fail", "not judged"]
Grade: TypeAlias = Literal["P", "M", "C", "S", "S/U", "U", "own"]
Bounds: TypeAlias = tuple[float | None, float | None]
UpwardGain: TypeAlias = Literal["none", "headroom", "limiter", "free"]
AlbumMode: TypeAlias = Literal["none", "pooled", "loudest"]

GRADES: dict[str, str] = {
    "P": "read in the primary document",
    "M": "measured or derived",
    "C": "read in an implementation's source",
    "S": "secondary source only",
    "S/U": "one secondary source, not confirmed",
    "U": "could not be sourced",
    "own": "a target of yours",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule or a target applies: `figure` lies above, or below, a value.

    Attributes:
        figure: Name of a figure of `Analysis`.
        above: It has to be greater than this, or None.
        below: It has to be smaller than this, or None.
    """

    figure: str
    above: float | None = None
    below: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {"figure": self.figure, "above": self.above, "below": self.below}


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement.

    Attributes:
        figure: Name of a figure of `Analysis`, or one that cannot be measured here.
        unit: Of the limits, for example "LUFS".
        ranges: (low, high), ends included, None for an open end; a value in any of them passes.
            Empty where no limit is known.
        binding: False for advice, which does not decide the verdict.
        cannot: Why this rule cannot be judged, or None if it can.
        outside: Why a value outside the ranges is not yet a failure, or None if it is.
        when: The rule applies only then; None: always.
        source: Where the rule is written.
        date: Of the source, ISO 8601: a year, a month or a day; "" if not known.
        grade: How well it is known; see `Grade` and docs/targets.md.
    """

    figure: str
    unit: str
    ranges: tuple[Bounds, ...] = ()
    binding: bool = True
    cannot: str | None = None
    outside: str | None = None
    when: Condition | None = None
    source: str = ""
    date: str = ""
    grade: Grade = "own"

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        names = ("figure", "unit", "binding", "cannot", "outside", "source", "date", "grade")
        return {
            **{name: getattr(self, name) for name in names},
            "ranges": [{"low": low, "high": high} for low, high in self.ranges],
            "when": None if self.when is None else self.when.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Playback:
    """What a platform does to the level of what it plays.

    Attributes:
        reference_lufs: Loudness that it plays at, LUFS.
        up: How it raises what is quieter: "none" not at all; "headroom" as far as the true peak
            stays `headroom_db` below full scale; "limiter" all the way, into a limiter at
            `limiter_dbfs`; "free" all the way.
        headroom_db: See `up`, dB.
        limiter_dbfs: See `up`, dBFS.
        album: How the tracks of an album are set: "none" each by itself; "pooled" by the loudness
            of all together; "loudest" by their loudest track.
    """

    reference_lufs: float
    up: UpwardGain = "free"
    headroom_db: float = 0.0
    limiter_dbfs: float = 0.0
    album: AlbumMode = "none"

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Target:
    """What a broadcaster, a platform or a standard asks for.

    Attributes:
        name: Short name, for `get` and the command line.
        title: Full name.
        rules: The requirements.
        source: Where they are written.
        date: Of the source, ISO 8601; "" if not known.
        grade: How well the target is known.
        aliases: Other names that `get` knows it by.
        reference_lufs: Loudness to aim at, LUFS, or None if there is none to be measured.
        ceiling_dbtp: Highest true peak after a gain, dBTP.
        playback: What the platform does when it plays; None if it leaves levels alone.
        when: The target applies only then; None: always.
        notes: What a reader of a verdict should know.
    """

    name: str
    title: str
    rules: tuple[Rule, ...]
    source: str = ""
    date: str = ""
    grade: Grade = "own"
    aliases: tuple[str, ...] = ()
    reference_lufs: float | None = None
    ceiling_dbtp: float = 0.0
    playback: Playback | None = None
    when: Condition | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        names = ("name", "title", "source", "date", "grade", "reference_lufs", "ceiling_dbtp")
        return {
            **{name: getattr(self, name) for name in names},
            "aliases": list(self.aliases),
            "rules": [rule.to_dict() for rule in self.rules],
            "playback": None if self.playback is None else self.playback.to_dict(),
            "when": None if self.when is None else self.when.to_dict(),
            "notes": list(self.notes),
        }
