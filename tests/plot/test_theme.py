"""Colours that eyes and printers can tell apart, and nothing global that changes."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import matplotlib.style
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from loudscope import Analysis, InvalidArgument, plot
from loudscope.plot._style import DARK, LIGHT, Palette

from ..colours import EYES, contrast, distance
from .conftest import EXAMPLE

THEMES: tuple[plot.Theme, ...] = ("auto", "light", "dark")
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@PALETTES
def test_text_can_be_read(palette: Palette) -> None:
    """WCAG 2.2, AA: 4.5 to 1."""
    for colour in (palette.ink, palette.soft):
        assert contrast(colour, palette.page) >= 4.5
        assert contrast(colour, palette.shade) >= 4.5


@PALETTES
@pytest.mark.parametrize("eyes", EYES)
def test_curves_are_told_from_the_band_behind_them(palette: Palette, eyes: str) -> None:
    """Curves among each other: tests/house/test_colours.py."""
    for curve in (palette.strong, palette.faint, palette.ink):
        assert distance(curve, palette.band, eyes) > 0.1


@PALETTES
def test_a_curve_and_what_lies_behind_it_differ_in_print(palette: Palette) -> None:
    """The waveform and its RMS, momentary and short-term: by lightness alone."""
    assert contrast(palette.faint, palette.strong) >= 1.8


def test_curves_differ_in_more_than_colour(analysis: Analysis) -> None:
    """On paper without colours: by dashes, width or marker."""
    for ax in (plot.loudness(analysis), plot.stereo(analysis)):
        named = [it for it in ax.get_lines() if not str(it.get_label()).startswith("_")]
        looks = {(it.get_linestyle(), it.get_linewidth(), it.get_marker()) for it in named}
        assert len(looks) == len(named)


CHARTS = ("loudness", "distribution", "peaks", "bands", "stereo", "stereo_bands")


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_theme_that_is_asked_for(
    analysis: Analysis, chart: str, theme: str, palette: Palette
) -> None:
    ax = getattr(plot, chart)(analysis, theme=theme)
    assert to_hex(ax.get_facecolor()) == to_hex(ax.figure.get_facecolor()) == palette.page
    assert to_hex(ax.xaxis.label.get_color()) == palette.soft
    assert to_hex(ax.title.get_color()) == palette.ink


@pytest.mark.parametrize(("style", "palette"), [("default", LIGHT), ("dark_background", DARK)])
def test_auto_follows_the_settings_of_matplotlib(
    analysis: Analysis, style: str, palette: Palette
) -> None:
    with matplotlib.style.context(style):
        ax = plot.loudness(analysis)
    colours = {to_hex(it.get_color()) for it in ax.get_lines()}
    assert palette.strong in colours


def test_auto_follows_the_axes_that_are_given(analysis: Analysis) -> None:
    figure = Figure(facecolor="#101010")
    ax = figure.add_subplot(facecolor="none")
    assert plot.stereo_bands(analysis, ax=ax) is ax
    assert DARK.strong in {to_hex(it.get_color()) for it in ax.get_lines()}


def test_no_such_theme(analysis: Analysis) -> None:
    for call in (plot.loudness, plot.overview):
        with pytest.raises(InvalidArgument, match="choose 'auto', 'light' or 'dark'"):
            call(analysis, theme="sepia")  # type: ignore[arg-type]


def test_settings_of_matplotlib_stay_as_they_are(analysis: Analysis) -> None:
    before = dict(mpl.rcParams)
    for theme in THEMES:
        analysis.plot(theme=theme)
    assert dict(mpl.rcParams) == before


def test_pyplot_is_not_needed_and_knows_nothing_of_it() -> None:
    code = (
        "import sys, loudscope, io\n"
        f"analysis = loudscope.analyze({str(EXAMPLE)!r})\n"
        "assert 'matplotlib' not in sys.modules\n"
        "analysis.plot().savefig(io.BytesIO())\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_axes_of_a_new_figure_show_it_in_a_notebook(analysis: Analysis) -> None:
    """Pyplot, which would show its own at the end of a cell, does not know it."""
    ax: Axes = plot.bands(analysis)
    assert ax._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert analysis.plot()._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]
    given = Figure().add_subplot()
    assert not hasattr(plot.bands(analysis, ax=given), "_repr_png_")
