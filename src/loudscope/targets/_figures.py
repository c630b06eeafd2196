"""The figures that rules can be about, and their units."""

from __future__ import annotations

from loudscope import Analysis

__all__ = ["UNITS", "UNJUDGED", "cautions", "measured", "why_absent"]

UNITS: dict[str, str] = {
    "integrated": "LUFS",
    "momentary_max": "LUFS",
    "short_term_max": "LUFS",
    "loudness_range": "LU",
    "true_peak": "dBTP",
    "sample_peak": "dBFS",
    "plr": "dB",
    "psr_min": "dB",
    "psr_p10": "dB",
    "crest_factor": "dB",
    "rms": "dBFS",
    "balance": "dB",
    "correlation": "",
    "mid_side_ratio": "dB",
    "mono_loss": "LU",
    "duration": "s",
    "rate_hz": "Hz",
}

# No gate for dialogue here: what rules say of it can be told, and not judged.
UNJUDGED: dict[str, str] = {
    "dialogue_loudness": "LUFS",
    "dialogue_range": "LU",
    "loudness_to_dialogue_ratio": "LU",
}

_TOLD = ("single_mono", "zeroed_samples", "truncated")
_MADE_OF = {"plr": "integrated", "psr_min": "short_term_max", "psr_p10": "short_term_max"}


def measured(analysis: Analysis, figure: str) -> float | None:
    """The figure of this name; None where it does not exist or cannot be measured here."""
    if figure not in UNITS:
        return None
    value = getattr(analysis, figure)
    return None if value is None else float(value)


def why_absent(analysis: Analysis, figure: str) -> str:
    """Why a figure is None, as the analysis' own notes have it."""
    for name in (figure, _MADE_OF.get(figure, figure)):
        for note in analysis.notes:
            if note.figure == name and note.message.startswith(f"{name} does not exist"):
                return note.message
    return f"the audio has no {figure.replace('_', ' ')}"


def cautions(analysis: Analysis) -> tuple[str, ...]:
    """What the analysis says of its audio that a verdict must not hide."""
    return tuple(note.message for note in analysis.notes if note.code in _TOLD)
