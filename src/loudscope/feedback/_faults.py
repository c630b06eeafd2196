"""Faults of the audio itself, whatever the genre or the target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ._actions import NoAction
from ._catalogue import FAULTS, SUBSUMED, Fault
from ._model import Expected, Issue, Where
from ._moves import move_against
from ._words import clean, clock, number, slug, span

if TYPE_CHECKING:
    from loudscope.qc import Finding, Inspection

__all__ = ["issues_from_faults", "strengths_from_faults", "warnings_from_faults"]

SOURCE = "limit of loudscope.qc"
BASS_HZ = (20.0, 120.0)
COUNTED = ("runs",)
PEAKS = ("over_0_dbtp", "over_1_dbtp")
CLEAN: dict[str, tuple[str, ...]] = {
    "clipping": ("clipping",),
    "true peaks above -1 dBTP": ("over_0_dbtp", "over_1_dbtp"),
    "DC and hum": ("dc_offset", "hum"),
    "heavy limiting": ("heavy_limiting",),
    "inverted, silent or late channels": ("inverted_channel", "silent_channel", "delayed_channel"),
    "losses in mono": ("mono_loss", "band_out_of_phase", "bass_not_mono", "inverted_channel"),
    "traces of a lossy codec": ("lossy_source",),
}
"""What was looked for, and the findings that must all be absent for having found none."""
STEREO_ONLY = frozenset({"inverted_channel", "mono_loss"})


def issues_from_faults(inspection: Inspection) -> tuple[Issue, ...]:
    """One issue for each finding of an inspection, without those that another one brings along.

    Args:
        inspection: What `loudscope.qc.inspect` found.
    """
    found: dict[str, Issue] = {}
    for finding in _causes(inspection.findings):
        issue = _issue(finding, inspection)
        name, number_of = issue.id, 2
        while name in found:
            name, number_of = f"{issue.id}.{number_of}", number_of + 1
        found[name] = issue if name == issue.id else replace(issue, id=name)
    return tuple(found.values())


def _causes(findings: Iterable[Finding]) -> list[Finding]:
    listed = list(findings)
    effects = frozenset[str]().union(*(SUBSUMED.get(finding.code, ()) for finding in listed))
    return [
        finding
        for finding in listed
        if finding.code not in effects and f"{finding.code}:{_subject(finding)}" not in effects
    ]


def _subject(finding: Finding) -> str:
    """The channel or band that a finding is about, or nothing."""
    return finding.figure.partition(":")[2]


def _name(finding: Finding, inspection: Inspection) -> str:
    """The band, channel or channels that a message is to name."""
    if finding.code == "silent_channel" and inspection.stereo is not None:
        return " and ".join(inspection.stereo.silent_channels)
    if finding.code == "dc_offset":
        means = inspection.faults.dc_per_channel
        return inspection.analysis.layout.labels[means.index(max(means, key=abs))]
    return _subject(finding)


def _issue(finding: Finding, inspection: Inspection) -> Issue:
    known = FAULTS.get(finding.code)
    subject = _subject(finding)
    name = ".".join(slug(part) for part in ("", finding.code, subject) if part)
    if known is None:
        return _unknown(finding, f"fault.{name}")
    unit = finding.unit
    measured = None if finding.measured is None else float(finding.measured)
    expected = _expected(finding, known)
    said = known.says.format(
        measured=number(measured, unit) if measured is not None else "present",
        expected=span(expected.low, expected.high, unit),
        places=_places(finding),
        name=clean(_name(finding, inspection), 40),
    )
    return Issue(
        id=f"fault.{name}",
        severity=known.severity,
        confidence=known.confidence,
        metric=known.metric,
        measured=measured,
        expected=expected,
        where=_where(finding, inspection),
        message=f"{said} ({SOURCE}). {known.consequence}.",
        action=move_against(finding, inspection),
        check_by_ear=known.check,
    )


def _unknown(finding: Finding, name: str) -> Issue:
    """A finding that is newer than the catalogue is passed on in its own words."""
    return Issue(
        id=name,
        severity="low",
        confidence="low",
        metric=slug(finding.code),
        measured=finding.measured,
        expected=Expected(None, None, SOURCE, None),
        where=Where(),
        message=clean(finding.message, 590),
        action=NoAction("Look into the places that are named."),
        check_by_ear="Listen to the places that are named.",
    )


def _expected(finding: Finding, known: Fault) -> Expected:
    if finding.limit is None:
        return Expected(None, None, SOURCE, None)
    limit = float(finding.limit)
    if known.low and known.high:  # a signed figure with a limit to both sides
        return Expected(-abs(limit), abs(limit), SOURCE, None)
    if finding.unit in COUNTED and known.high:
        limit -= 1.0  # a count that reaches its limit is a finding already
    return Expected(limit if known.low else None, limit if known.high else None, SOURCE, None)


def _places(finding: Finding) -> str:
    if not finding.where:
        return ""
    first = clock(finding.where[0][0])
    if len(finding.where) == 1:
        return f" at {first}"
    return f" in {len(finding.where)} places, first at {first}"


def _where(finding: Finding, inspection: Inspection) -> Where:
    places = finding.where
    if finding.code in PEAKS:
        faults = inspection.faults
        regions = faults.overs.regions or faults.overs_1db.regions
        worst = max(regions, key=lambda over: over.peak_dbtp, default=None)
        places = ((worst.start, worst.stop),) if worst is not None else places
    start, stop = places[0] if places else (None, None)
    return Where(start, stop, _band(finding, inspection))


def _band(finding: Finding, inspection: Inspection) -> tuple[float, float] | None:
    if finding.code == "bass_not_mono":
        return BASS_HZ
    subject = _subject(finding)
    for band in inspection.stereo.bands if inspection.stereo else ():
        if band.name == subject:
            return band.low_hz, band.high_hz
    return None


def strengths_from_faults(inspection: Inspection) -> tuple[str, ...]:
    """What was looked for and not found: one sentence, or none for audio without loudness."""
    if inspection.analysis.integrated is None:
        return ()
    codes = {str(finding.code) for finding in inspection.findings}
    if inspection.stereo is None:
        codes |= STEREO_ONLY
    if inspection.dynamics.psr_min is None:
        codes.add("heavy_limiting")
    absent = [words for words, all_of in CLEAN.items() if not codes & set(all_of)]
    return (f"Looked for and not found: {'; '.join(absent)}.",) if absent else ()


def warnings_from_faults(inspection: Inspection) -> tuple[str, ...]:
    """What makes all figures doubtful: audio that is cut short, samples read as zero."""
    doubtful = ("truncated", "zeroed_samples", "far_over_full_scale")
    return tuple(
        clean(note.message, 590) for note in inspection.analysis.notes if note.code in doubtful
    )
