"""Colours that eyes and printers can tell apart, and nothing global that changes."""

from __future__ import annotations

import itertools
import subprocess
import sys

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from loudscope import Analysis, InvalidArgument, plot
from loudscope.plot._style import DARK, LIGHT, Palette

from .conftest import EXAMPLE

THEMES: tuple[plot.Theme, ...] = ("auto", "light", "dark")
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])

# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

# Ottosson (2020): linear RGB to cones, and their cube roots to OKLab.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    value = np.array(to_rgb(colour))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: str) -> np.ndarray:
    """OKLab of what an eye makes of it."""
    rgb = np.clip(SIGHT[sight] @ linear(colour), 0.0, 1.0)
    return np.asarray(TO_LAB @ np.cbrt(TO_CONES @ rgb))


@PALETTES
def test_text_can_be_read(palette: Palette) -> None:
    """WCAG 2.2, AA: 4.5 to 1."""
    for colour in (palette.ink, palette.soft):
        assert contrast(colour, palette.page) >= 4.5
        assert contrast(colour, palette.shade) >= 4.5


@PALETTES
def test_curves_and_marks_stand_out(palette: Palette) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1; the curve behind another stands out less on purpose."""
    for colour in (palette.strong, palette.other, palette.third, palette.bad):
        assert contrast(colour, palette.page) >= 3.0
    assert contrast(palette.faint, palette.page) >= 1.8
    assert contrast(palette.faint, palette.strong) >= 1.8


@PALETTES
@pytest.mark.parametrize("sight", SIGHT)
def test_colours_of_one_chart_are_told_apart(palette: Palette, sight: str) -> None:
    together = (
        (palette.strong, palette.faint, palette.ink, palette.band),  # loudness
        (palette.strong, palette.faint, palette.bad),  # peaks
        (palette.strong, palette.other),  # stereo
        (palette.strong, palette.other, palette.third),  # spectra
    )
    for chart in together:
        for one, other in itertools.combinations(chart, 2):
            assert np.linalg.norm(seen(one, sight) - seen(other, sight)) > 0.08, (one, other)


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
