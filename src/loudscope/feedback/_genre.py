"""What lies outside a genre's range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loudscope import Analysis

from ._actions import Action, NoAction
from ._bands import against, outside, words_of
from ._figures import distinct, figure_words, metric_name
from ._model import Confidence, Expected, Issue, Where
from ._places import worst_stretch
from ._severity import MEDIUM_Z, confidence_of, severity_of_z
from ._words import clean, lies, number, slug, span

if TYPE_CHECKING:
    from loudscope.genres import BandJudgement, Baseline, FigureJudgement, Judgement
    from loudscope.qc import Inspection

__all__ = ["issues_from_genre", "limits_from_genre", "strengths_from_genre"]

MID_BAND = "Mids"
WHOLE = (None, None)


def issues_from_genre(
    inspection: Inspection | Analysis, baseline: Baseline, judgement: Judgement | None = None
) -> tuple[Issue, ...]:
    """What is unusual for a genre: bands against the mid band, and figures where it has ranges.

    Args:
        inspection: The track.
        baseline: The genre, or a baseline of your own.
        judgement: What `baseline.judge` says of the track, if that is known.

    Returns:
        An issue for every band and figure more than one standard deviation from the mean.
    """
    judgement = judgement or baseline.judge(inspection)
    bands = [_band_issue(band, judgement, baseline, inspection) for band in judgement.bands]
    figures = [_figure_issue(figure, judgement, baseline) for figure in judgement.figures]
    return distinct(issue for issue in (*bands, *figures) if issue is not None)


def _band_issue(
    band: BandJudgement,
    judgement: Judgement,
    baseline: Baseline,
    inspection: Inspection | Analysis,
) -> Issue | None:
    severity = None if band.z is None else severity_of_z(band.z)
    if severity is None or band.z is None or band.measured is None:
        return None
    analysis = inspection if isinstance(inspection, Analysis) else inspection.analysis
    excess = outside(band.measured, band.low, band.high)
    edges = (band.low_hz, band.high_hz)
    stretch = worst_stretch(analysis, band.name, MID_BAND, band.z) or WHOLE
    words = words_of(band.name)
    return Issue(
        id=f"genre.{slug(band.name)}",
        severity=severity,
        confidence=_confidence(band.name, baseline, judgement),
        metric=f"{slug(band.name)}_rel_mid_db",
        measured=band.measured,
        expected=Expected(band.low, band.high, clean(judgement.source), judgement.n),
        where=Where(stretch[0], stretch[1], edges),
        message=_message(
            f"{band.name} ({edges[0]:g} to {edges[1]:g} Hz) {lies(band.name)} at "
            f"{number(band.measured, signed=True)} against the mids",
            band,
            baseline,
            "dB",
            words.above if excess > 0 else words.below,
        ),
        action=_band_action(band, excess, inspection),
        check_by_ear=words.check,
    )


def _band_action(band: BandJudgement, excess: float, inspection: Inspection | Analysis) -> Action:
    """A boost cannot bring back what a codec or the rate took away."""
    why = band.reason or _missing_above(inspection, band.high_hz)
    if excess < 0.0 and why:
        return NoAction(f"Do not boost {band.name}: {clean(why)}.")
    return against(band.name, (band.low_hz, band.high_hz), excess)


def _missing_above(inspection: Inspection | Analysis, high_hz: float) -> str:
    rate = None if isinstance(inspection, Analysis) else inspection.faults.upsampled_from_hz
    if rate is None or rate / 2 >= high_hz:
        return ""
    return f"there is nothing above {rate / 2000:.1f} kHz"


def _figure_issue(
    figure: FigureJudgement, judgement: Judgement, baseline: Baseline
) -> Issue | None:
    severity = None if figure.z is None else severity_of_z(figure.z)
    if severity is None or figure.z is None or figure.measured is None:
        return None
    words, high = figure_words(figure.name), figure.z > 0
    return Issue(
        id=f"genre.{slug(figure.name)}",
        severity=severity,
        confidence=confidence_of(judgement.confidence),
        metric=metric_name(slug(figure.name), figure.unit),
        measured=figure.measured,
        expected=Expected(figure.low, figure.high, clean(judgement.source), judgement.n),
        where=Where(),
        message=_message(
            f"{words.name} is {number(figure.measured, figure.unit)}",
            figure,
            baseline,
            figure.unit,
            words.above if high else words.below,
        ),
        action=words.action_above if high else words.action_below,
        check_by_ear=words.check,
    )


def _message(
    measured: str,
    judged: BandJudgement | FigureJudgement,
    baseline: Baseline,
    unit: str,
    consequence: str,
) -> str:
    name, z = clean(baseline.name, 60), abs(judged.z or 0.0)
    how_far = "far out of what is usual" if z > MEDIUM_Z else "unusual"
    # The range of one's own references is wider than a standard deviation: it knows their number.
    steps = "half-widths of that range" if baseline.references else "standard deviations"
    return (
        f"{measured}; typical for {name} is {span(judged.low, judged.high, unit)} "
        f"({clean(baseline.source, 120)}, n = {baseline.n}). That is {how_far} for {name}, "
        f"{z:.1f} {steps} from the mean. {consequence}."
    )


def _confidence(band: str, baseline: Baseline, judgement: Judgement) -> Confidence:
    for found in baseline.bands:
        if found.name == band:
            return confidence_of(found.confidence)
    return confidence_of(judgement.confidence)


def strengths_from_genre(
    inspection: Inspection | Analysis, baseline: Baseline, judgement: Judgement | None = None
) -> tuple[str, ...]:
    """Which bands and figures are typical of the genre: one sentence, or none."""
    judgement = judgement or baseline.judge(inspection)
    typical = [
        *(band.name for band in judgement.bands if band.word == "typical" and band.z is not None),
        *(
            figure_words(figure.name).name
            for figure in judgement.figures
            if figure.word == "typical"
        ),
    ]
    if not typical:
        return ()
    return (f"Typical of {clean(judgement.baseline, 60)}: {clean(', '.join(typical), 400)}.",)


def limits_from_genre(
    inspection: Inspection | Analysis, baseline: Baseline, judgement: Judgement | None = None
) -> tuple[str, ...]:
    """What a reader has to know along with the judgement."""
    judgement = judgement or baseline.judge(inspection)
    return tuple(clean(limit, 590) for limit in judgement.limits)
