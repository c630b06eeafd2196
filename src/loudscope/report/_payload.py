"""What the page carries: figures, series, and every target's and genre's judgement.

Issues are carried one by one as the rules made them: the page combines them as `feedback.combine`
does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from loudscope import Analysis, __version__

from .. import feedback as rules
from ..genres import Baseline, band_levels
from ..genres import get as get_genre
from ..genres import names as genre_names
from ..qc import Inspection, Overs
from ..targets import Check, Target, check
from ..targets import get as get_target
from ..targets import names as target_names
from ._history import distribution_of, history_of

if TYPE_CHECKING:
    from ._report import Report

__all__ = ["SCHEMA", "payload_of"]

SCHEMA = "loudscope.report/1"
MOST_PLACES = 500
MID = 3  # of the six bands, the one that tone is aligned on: 500 to 2000 Hz
DIGITS = 4

Json = dict[str, Any]
Named = TypeVar("Named")


def payload_of(report: Report) -> Json:
    """Everything as plain values; levels in dB with four decimals."""
    inspection = report.inspection
    analysis = inspection.analysis
    payload: Json = _plain(
        {
            "schema": SCHEMA,
            "version": __version__,
            "track": _track(analysis),
            "judged": analysis.integrated is not None,
            "notes": [note.message for note in analysis.notes],
            "figures": analysis.to_dict(),
            "inspection": _inspection(inspection),
            "distribution": distribution_of(analysis),
            **_faults(inspection),
            "spectrum": _spectrum(inspection),
            "bands": _bands(analysis),
            "common": _common(inspection),
            "targets": [_target(inspection, target) for target in _targets(report.target)],
            "genres": [_genre(inspection, baseline) for baseline in _genres(report.baseline)],
            "reference": _reference(report),
            "chosen": {
                "target": None if report.target is None else report.target.name,
                "genre": None if report.baseline is None else report.baseline.name,
            },
        }
    )
    # most of the values, and whole numbers already
    return payload | {"time": history_of(analysis, inspection.stereo)}


def _track(analysis: Analysis) -> Json:
    return {
        "name": analysis.name,
        "duration": analysis.duration,
        "rate_hz": analysis.rate_hz,
        "layout": str(analysis.layout),
        "channels": list(analysis.layout.labels),
    }


def _inspection(inspection: Inspection) -> Json:
    """The figures without their places in time, which are drawn from elsewhere."""
    values = inspection.to_dict()
    for name in ("analysis", "spectrum", "findings"):
        del values[name]
    if values["transients"] is not None:
        del values["transients"]["onsets"]
    for name in ("overs", "overs_1db"):
        del values["faults"][name]["regions"]
    del values["faults"]["clipping"]["at"]
    return values


def _faults(inspection: Inspection) -> Json:
    found = inspection.faults
    overs = found.overs if found.overs.count or not found.overs_1db.count else found.overs_1db
    return {"overs": _overs(overs), "clips": found.clipping.at[:MOST_PLACES]}


def _overs(overs: Overs) -> Json:
    worst = sorted(overs.regions, key=lambda over: -over.peak_dbtp)[:MOST_PLACES]
    return {
        "level_dbtp": overs.level_dbtp,
        "count": overs.count,
        "regions": sorted(worst, key=lambda over: over.start),
    }


def _spectrum(inspection: Inspection) -> Json | None:
    spectrum, middle = inspection.spectrum, band_levels(inspection.analysis)[MID].level
    if spectrum is None or middle is None:
        return None
    return {
        "frequencies_hz": spectrum.frequencies_hz,
        "levels_db": spectrum.levels_db,
        "mid_db": middle,
    }


def _bands(analysis: Analysis) -> list[Json]:
    profile = analysis.band_profile
    names = ("name", "low_hz", "high_hz", "level", "share")
    bands = () if profile is None else profile.bands
    return [{name: getattr(band, name) for name in names} for band in bands]


def _targets(own: Target | None) -> Iterable[Target]:
    known = {name: get_target(name) for name in target_names()}
    return known.values() if own is None else _with(own, known, own.name)


def _genres(own: Baseline | None) -> Iterable[Baseline]:
    known = {name: get_genre(name) for name in genre_names()}
    return known.values() if own is None else _with(own, known, own.name)


def _with(own: Named, known: dict[str, Named], name: str) -> Iterable[Named]:
    """What comes with loudscope, and before all what was asked for if it is not among that."""
    if known.get(name) == own:
        return known.values()
    return [own, *(value for key, value in known.items() if key != name)]


def _common(inspection: Inspection) -> Json:
    """What holds whatever is aimed at."""
    found = rules.feedback(inspection)
    return {
        "issues": rules.issues_from_faults(inspection),
        "strengths": found.strengths,
        "warnings": found.warnings,
        "limits": found.limits,
    }


def _target(inspection: Inspection, target: Target) -> Json:
    found = check(inspection.analysis, target)
    return {
        "name": target.name,
        "title": target.title,
        "check": _check(found),
        "issues": rules.issues_from_target(found, inspection),
        "strengths": rules.strengths_from_target(found),
        "limits": rules.limits_from_target(found),
    }


def _check(found: Check) -> Json:
    values = found.to_dict()
    names = ("name", "title", "reference_lufs")
    values["target"] = {name: getattr(found.target, name) for name in names}
    return values


def _genre(inspection: Inspection, baseline: Baseline) -> Json:
    judgement = baseline.judge(inspection)
    return {
        "name": baseline.name,
        "title": baseline.title,
        "judgement": judgement,
        "thirds": [
            {"hz": third.hz, "low": third.low, "high": third.high} for third in baseline.thirds
        ],
        "issues": rules.issues_from_genre(inspection, baseline, judgement),
        "strengths": rules.strengths_from_genre(inspection, baseline, judgement),
        "limits": rules.limits_from_genre(inspection, baseline, judgement),
    }


def _reference(report: Report) -> Json | None:
    comparison = report.comparison
    if comparison is None:
        return None
    return {
        "comparison": comparison.to_dict(),
        "issues": rules.issues_from_comparison(comparison),
        "strengths": rules.strengths_from_comparison(comparison),
        "limits": rules.limits_from_comparison(comparison),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Tuples as lists, dataclasses as dicts, floats short and finite: read, not computed with."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    kind: Any = type(value)
    names = _field_names(kind)
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """Of a dataclass; none of anything else."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
