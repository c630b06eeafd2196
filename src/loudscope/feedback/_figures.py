"""Figures of whole tracks: what too much or too little of one does, and one move against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ._actions import Action, Compress, MonoBelow, NoAction, Width
from ._model import Issue
from ._severity import rank

__all__ = ["FigureWords", "distinct", "figure_words", "metric_name", "spoken"]

FULL_BAND_HZ = (20.0, 20000.0)
EASE = NoAction("Ease the last limiter by 1 to 2 dB and bring the loudness down with it.")
GLUE = Compress(
    "Compress gently: 1.5 to 1, about 2 dB of gain reduction in the loud sections.",
    ratio=1.5,
    threshold_rel_db=0.0,
    attack_ms=30.0,
    release_ms=300.0,
    gr_db=2.0,
)
NARROW = Width("Bring the side signal down to 80 %.", FULL_BAND_HZ, 80.0)
LEAVE = NoAction("Leave it, unless your ears agree with the figure.")
AUTOMATE = NoAction("Automate levels: let the sections of the piece differ by 1 or 2 dB more.")


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure in words.

    Attributes:
        name: As one says it.
        above: Consequence of too much.
        below: Consequence of too little.
        check: How to verify it by ear.
        action_above: One move against too much.
        action_below: One move against too little.
    """

    name: str
    above: str
    below: str
    check: str
    action_above: Action = LEAVE
    action_below: Action = LEAVE


LIMITED = (
    "Bring both versions, before and after the limiter, to the same loudness and compare drums: do "
    "they lose their attack?"
)
WORDS: dict[str, FigureWords] = {
    "integrated": FigureWords(
        "Loudness",
        "Players that normalise turn it down, and what was limited for it stays limited",
        "It will sound quiet where nothing normalises",
        "Play it after a track you trust without touching the volume.",
    ),
    "momentary_max": FigureWords(
        "The loudest 400 ms",
        "A single hit stands out of the programme",
        "No moment stands out",
        "Listen to the loudest moment at the level at which you enjoy the rest.",
    ),
    "short_term_max": FigureWords(
        "The loudest 3 s",
        "A passage stands out of the programme, and listeners reach for the volume",
        "No passage stands out",
        "Listen to the loudest passage at the level at which you enjoy the rest.",
    ),
    "loudness_range": FigureWords(
        "Loudness range",
        "Quiet parts get lost in a car or a kitchen",
        "Sections hardly differ in loudness, so a chorus may not lift",
        "Listen at low volume with some noise around: do you still follow the quiet parts, and "
        "does the chorus lift?",
        GLUE,
        AUTOMATE,
    ),
    "true_peak": FigureWords(
        "True peak",
        "Converters and lossy codecs can clip it",
        "There is headroom left",
        "Encode it to AAC at 128 kb/s and listen to the loudest hits of it.",
    ),
    "sample_peak": FigureWords(
        "Sample peak",
        "Converters and lossy codecs can clip it",
        "There is headroom left",
        "Encode it to AAC at 128 kb/s and listen to the loudest hits of it.",
    ),
    "plr": FigureWords(
        "Peak to loudness",
        "Peaks stand far above the rest, so it cannot be played loud",
        "It is limited hard: hits lose their attack",
        LIMITED,
        LEAVE,
        EASE,
    ),
    "crest_factor": FigureWords(
        "Crest factor",
        "Peaks stand far above the rest, so it cannot be played loud",
        "It is limited hard: hits lose their attack",
        LIMITED,
        LEAVE,
        EASE,
    ),
    "correlation": FigureWords(
        "Correlation",
        "It is close to mono",
        "It is wide, and loses parts in mono",
        "Switch to mono: does anything get quieter or vanish?",
        LEAVE,
        NARROW,
    ),
    "width_score": FigureWords(
        "Width score",
        "It is wide, and loses parts in mono",
        "It is close to mono",
        "Switch between stereo and mono on headphones: how much room is lost?",
        NARROW,
    ),
    "side_share": FigureWords(
        "Side share",
        "It is wide, and loses parts in mono",
        "It is close to mono",
        "Switch between stereo and mono on headphones: how much room is lost?",
        NARROW,
    ),
    "bass_correlation": FigureWords(
        "Correlation below 120 Hz",
        "The bass is mono",
        "Bass weakens in mono and in clubs",
        "Switch to mono and listen to kick and bass: do they lose weight?",
        LEAVE,
        MonoBelow("Sum to mono below 120 Hz.", 120.0),
    ),
    "mono_loss": FigureWords(
        "Mono loss",
        "Parts vanish where it is played in mono: phones, clubs, kitchen radios",
        "It keeps its loudness in mono",
        "Switch to mono: does anything get quieter or vanish?",
        NARROW,
    ),
    "balance": FigureWords(
        "Balance",
        "It leans to the left",
        "It leans to the right",
        "Close your eyes: does the voice stand in the middle?",
    ),
}
for _name, _said in (
    ("psr_min", "Smallest peak to short-term loudness"),
    ("psr_p10", "Peak to short-term loudness (10th percentile)"),
    ("psr_median", "Median peak to short-term loudness"),
    ("dr14", "DR14"),
):
    WORDS[_name] = FigureWords(
        _said,
        "Peaks stand far above the rest, so it cannot be played loud",
        "It is limited hard: hits lose their attack",
        LIMITED,
        LEAVE,
        EASE,
    )


KINDS = {
    "peaks": ("plr", "psr_min", "psr_p10", "psr_median", "dr14", "crest_factor", "transient_ratio"),
    "width": ("mono_loss", "width_score", "side_share", "correlation", "mid_side_ratio"),
    "level": ("integrated", "short_term_max", "momentary_max", "rms"),
}
"""Figures that say nearly the same."""


def distinct(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Of issues from figures of one kind, the most severe; of equals, the first. The rest stay."""
    listed, best = tuple(issues), dict[str, Issue]()
    for issue in sorted(listed, key=lambda issue: -rank(issue.severity)):
        best.setdefault(_kind(issue), issue)
    return tuple(issue for issue in listed if best[_kind(issue)] is issue)


def _kind(issue: Issue) -> str:
    figure = issue.id.partition(".")[2]
    return next((kind for kind, figures in KINDS.items() if figure in figures), figure)


def spoken(figure: str) -> str:
    """A figure's name as one says it: "loudness_range" is "Loudness range"."""
    text = figure.replace("_", " ").replace(".", " ")
    return text[:1].upper() + text[1:]


def figure_words(figure: str) -> FigureWords:
    """The words of a figure, or general ones."""
    return WORDS.get(figure) or FigureWords(
        spoken(figure),
        "It lies above what is usual",
        "It lies below what is usual",
        "Compare it with a track you trust, at the same loudness.",
    )


def metric_name(figure: str, unit: str) -> str:
    """The name of a figure with its unit: ("true_peak", "dBTP") is "true_peak_dbtp"."""
    ending = {"%": "percent"}.get(unit, unit.lower())
    return f"{figure}_{ending}" if ending and not figure.endswith(f"_{ending}") else figure
