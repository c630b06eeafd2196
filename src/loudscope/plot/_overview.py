"""All charts of an analysis in one figure."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import Analysis
from ..qc import Inspection, Spectrum
from ._bands import GenreLike, bands
from ._loudness import loudness
from ._peaks import peaks
from ._spectrum import spectrum as draw_spectrum
from ._stereo import stereo
from ._style import OWN, Picture, Theme, check_theme
from ._thin import analysis_of
from ._wanted import TargetLike
from ._words import number, printable

__all__ = ["overview"]

WIDTH_INCHES, ROW_INCHES = 10.0, 2.9
GUIDE_DB = -4.5
FEW_CHANNELS, MOST_TALL = 4, 3.0  # more channels make their row taller, up to so much


def overview(
    measured: Analysis | Inspection,
    *,
    target: TargetLike = None,
    genre: GenreLike = None,
    spectrum: Spectrum | None = None,
    level_dbtp: float = 0.0,
    figure: Figure | None = None,
    theme: Theme = "auto",
) -> Figure:
    """Loudness, peaks, bands, spectrum and stereo in one figure.

    Args:
        measured: What to draw. An `Inspection` holds a spectrum; with an `Analysis` it is drawn
            where one is given.
        target: As in `loudness`.
        genre: As in `bands`.
        spectrum: Of the same audio, from `loudscope.spectrum`.
        level_dbtp: As in `peaks`.
        figure: An empty figure to draw on, for example pyplot's; None makes one that pyplot does
            not know.
        theme: As in `loudness`.

    Returns:
        The figure. There is no stereo for layouts without front left and right.

    Raises:
        InvalidArgument: As in `loudness` and `bands`.
        FileError: As in `bands`.
    """
    check_theme(theme)
    analysis = analysis_of(measured)
    if spectrum is None and isinstance(measured, Inspection):
        spectrum = measured.spectrum
    rows = [["loudness"], ["peaks"], ["bands", "spectrum"] if spectrum else ["bands"]]
    if analysis.layout.front_pair is not None:
        rows.append(["stereo"])
    if figure is None:
        size = (WIDTH_INCHES, ROW_INCHES * len(rows) + 0.4)
        figure = Picture(figsize=size, layout="constrained")
    if theme in OWN:
        figure.set_facecolor(OWN[theme].page)
    tall = min(MOST_TALL, max(1.0, analysis.layout.count / FEW_CHANNELS))
    axes = _places(figure, rows, [tall if row == ["peaks"] else 1.0 for row in rows])
    loudness(measured, target=target, ax=axes["loudness"], theme=theme)
    peaks(measured, level_dbtp=level_dbtp, ax=axes["peaks"], theme=theme)
    bands(measured, genre=genre, ax=axes["bands"], theme=theme)
    if spectrum is not None:
        draw_spectrum(spectrum, guide_db=GUIDE_DB, ax=axes["spectrum"], theme=theme)
    if "stereo" in axes:
        stereo(measured, ax=axes["stereo"], theme=theme)
    ink = axes["loudness"].title.get_color() if theme == "auto" else OWN[theme].ink
    figure.suptitle(_heading(analysis), color=ink, fontweight="bold", parse_math=False)
    return figure


def _places(figure: Figure, rows: list[list[str]], heights: list[float]) -> dict[str, Axes]:
    """Axes by name. Each row is laid out by itself, so that each is as wide as the figure."""
    parts = figure.subfigures(len(rows), 1, squeeze=False, height_ratios=heights)[:, 0]
    axes: dict[str, Axes] = {}
    for part, names in zip(parts, rows, strict=True):
        part.set_facecolor("none")
        for place, name in enumerate(names, start=1):
            axes[name] = part.add_subplot(1, len(names), place)
    return axes


def _heading(analysis: Analysis) -> str:
    figures = [
        (analysis.integrated, "LUFS"),
        (analysis.loudness_range, "LU range"),
        (analysis.true_peak, "dBTP"),
    ]
    words = [f"{number(value)} {unit}" for value, unit in figures if value is not None]
    name = "" if analysis.name is None else f"{printable(analysis.name)}: "
    return name + (", ".join(words) or "no loudness")
