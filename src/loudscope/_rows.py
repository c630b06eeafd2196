"""One flat row for each analysis: what tables, spreadsheets and frames take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ._analysis import Analysis
from ._errors import UnsupportedType
from ._notes import Note

__all__ = ["KINDS", "ROW_COLUMNS", "Cell", "listed", "to_rows"]

Cell: TypeAlias = str | int | float | None

_BANDS = ("Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air")


def _clipped(analysis: Analysis) -> int | None:
    if analysis.clipping is None:
        return None
    return sum(channel.samples for channel in analysis.clipping)


# Column, kind and how it is read. A name ends in its unit.
_FIGURES: tuple[tuple[str, type, Callable[[Analysis], Cell]], ...] = (
    ("name", str, lambda a: a.name),
    ("duration_s", float, lambda a: a.duration),
    ("rate_hz", int, lambda a: a.rate_hz),
    ("channels", int, lambda a: a.layout.count),
    ("layout", str, lambda a: str(a.layout)),
    ("mono", str, lambda a: a.mono),
    ("integrated_lufs", float, lambda a: a.integrated),
    ("relative_threshold_lufs", float, lambda a: a.relative_threshold),
    ("loudness_range_lu", float, lambda a: a.loudness_range),
    ("loudness_range_low_lufs", float, lambda a: a.loudness_range_low),
    ("loudness_range_high_lufs", float, lambda a: a.loudness_range_high),
    ("momentary_max_lufs", float, lambda a: a.momentary_max),
    ("momentary_max_at_s", float, lambda a: a.momentary_max_at),
    ("short_term_max_lufs", float, lambda a: a.short_term_max),
    ("short_term_max_at_s", float, lambda a: a.short_term_max_at),
    ("true_peak_dbtp", float, lambda a: a.true_peak),
    ("true_peak_at_s", float, lambda a: a.true_peak_at),
    ("true_peak_channel", str, lambda a: a.true_peak_channel),
    ("sample_peak_dbfs", float, lambda a: a.sample_peak),
    ("clipped_samples", int, _clipped),
    ("plr_db", float, lambda a: a.plr),
    ("psr_min_db", float, lambda a: a.psr_min),
    ("psr_p10_db", float, lambda a: a.psr_p10),
    ("crest_factor_db", float, lambda a: a.crest_factor),
    ("rms_dbfs", float, lambda a: a.rms),
    ("balance_db", float, lambda a: a.balance),
    ("correlation", float, lambda a: a.correlation),
    ("mid_side_ratio_db", float, lambda a: a.mid_side_ratio),
    ("mono_loss_lu", float, lambda a: a.mono_loss),
)


def _band_column(name: str) -> str:
    return f"band_{name.lower().replace('-', '_')}_dbfs"


KINDS: dict[str, type] = {
    **{name: kind for name, kind, _ in _FIGURES},
    **{_band_column(name): float for name in _BANDS},
    "notes": str,
}
"""Every column in order, with the type of its cells that are not None."""

ROW_COLUMNS: tuple[str, ...] = tuple(KINDS)
"""The columns of `to_rows` and `to_frame`, in order; later versions append and never rename."""


def to_rows(analyses: Iterable[Analysis]) -> list[dict[str, str | int | float | None]]:
    """A flat row for each analysis: plain values, ready for `csv`, a database or a frame.

    Args:
        analyses: The analyses, in the order of the rows.

    Returns:
        Dictionaries with the keys `ROW_COLUMNS`. A key ends in its unit (``integrated_lufs``,
        ``true_peak_at_s``). A figure that does not exist is None. `band_…_dbfs` are the six default
        bands, None where others were measured. `notes` are ``figure:code``, or ``code`` where all
        figures are meant, with blanks between.

    Raises:
        UnsupportedType: There is something else than an `Analysis` among them.
    """
    return [_row(analysis) for analysis in listed(analyses)]


def listed(analyses: object) -> list[Analysis]:
    """The analyses, and nothing else."""
    if isinstance(analyses, Analysis) or not isinstance(analyses, Iterable):
        raise UnsupportedType(
            f"analyses: {type(analyses).__name__} is no iterable of analyses; give a list"
        )
    found = list(analyses)
    for i, analysis in enumerate(found):
        if not isinstance(analysis, Analysis):
            raise UnsupportedType(
                f"analyses[{i}]: cannot read {type(analysis).__name__}; give an Analysis, which "
                "analyze returns"
            )
    return found


def _row(analysis: Analysis) -> dict[str, Cell]:
    profile = analysis.band_profile
    levels = {band.name: band.level for band in profile.bands} if profile else {}
    return {
        **{name: read(analysis) for name, _, read in _FIGURES},
        **{_band_column(name): levels.get(name) for name in _BANDS},
        "notes": " ".join(_code(note) for note in analysis.notes),
    }


def _code(note: Note) -> str:
    return f"{note.figure}:{note.code}" if note.figure else str(note.code)
