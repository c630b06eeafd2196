"""Figures of whole tracks, compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..qc import Inspection, StereoFigures, TransientFigures
from ._comparison import FigureDifference
from ._differences import difference, raised

__all__ = ["compare_figures"]


class Figure(NamedTuple):
    """A figure: its unit, whether it moves with a gain and is matched, and where it is read."""

    unit: str
    matched: bool
    read: Callable[[Inspection], float | None]


def _of_stereo(read: Callable[[StereoFigures], float | None]) -> Callable[..., float | None]:
    return lambda it: None if it.stereo is None else read(it.stereo)


def _of_transients(read: Callable[[TransientFigures], float | None]) -> Callable[..., float | None]:
    return lambda it: None if it.transients is None else read(it.transients)


FIGURES = {
    "integrated": Figure("LUFS", False, lambda it: it.analysis.integrated),
    "momentary_max": Figure("LUFS", True, lambda it: it.analysis.momentary_max),
    "short_term_max": Figure("LUFS", True, lambda it: it.analysis.short_term_max),
    "true_peak": Figure("dBTP", True, lambda it: it.analysis.true_peak),
    "sample_peak": Figure("dBFS", True, lambda it: it.analysis.sample_peak),
    "rms": Figure("dBFS", True, lambda it: it.analysis.rms),
    "loudness_range": Figure("LU", False, lambda it: it.analysis.loudness_range),
    "plr": Figure("dB", False, lambda it: it.analysis.plr),
    "psr_median": Figure("dB", False, lambda it: it.dynamics.psr_median),
    "crest_factor": Figure("dB", False, lambda it: it.analysis.crest_factor),
    "dr14": Figure("dB", False, lambda it: it.dynamics.dr14_exact),
    "correlation": Figure("", False, lambda it: it.analysis.correlation),
    "bass_correlation": Figure("", False, _of_stereo(lambda it: it.bass_correlation)),
    "side_share": Figure("", False, _of_stereo(lambda it: it.side_share)),
    "width_score": Figure("", False, _of_stereo(lambda it: it.width_score)),
    "balance": Figure("dB", False, lambda it: it.analysis.balance),
    "mono_loss": Figure("LU", False, lambda it: it.analysis.mono_loss),
    "onsets_per_second": Figure("1/s", False, _of_transients(lambda it: it.onsets_per_second)),
    "attack_ms": Figure("ms", False, _of_transients(lambda it: it.attack_ms)),
    "transient_ratio": Figure("dB", False, _of_transients(lambda it: it.ratio)),
}
"""What is compared. `integrated` is not matched: it says how far the loudness is apart."""


def compare_figures(
    mix: Inspection, references: Sequence[Inspection], gains: Sequence[float | None]
) -> tuple[FigureDifference, ...]:
    """Every figure of the mix beside those of the references."""
    return tuple(
        FigureDifference(
            name=name,
            unit=figure.unit,
            matched=figure.matched,
            **difference(figure.read(mix), _values(figure, references, gains)),
        )
        for name, figure in FIGURES.items()
    )


def _values(
    figure: Figure, references: Sequence[Inspection], gains: Sequence[float | None]
) -> list[float | None]:
    values = [figure.read(it) for it in references]
    return list(map(raised, values, gains)) if figure.matched else values
