"""All charts in one figure, and `Analysis.plot`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from loudscope import Analysis, FileError, InvalidArgument, plot
from loudscope.qc import Inspection

from .artists import line
from .conftest import BARE, EXAMPLE


def titles(figure: Figure) -> list[str]:
    return [ax.get_title(loc="left").partition(":")[0] for ax in figure.axes]


def test_an_inspection_has_them_all(inspection: Inspection) -> None:
    figure = plot.overview(inspection)
    named = [title for title in titles(figure) if title]
    assert named == ["Loudness", "True peak", "Bands", "Third-octave spectrum", "Stereo"]


def test_an_analysis_has_the_spectrum_that_is_given(inspection: Inspection) -> None:
    analysis, spectrum = inspection.analysis, inspection.spectrum
    assert "Third-octave spectrum" not in titles(analysis.plot())
    [ax] = [
        ax
        for ax in analysis.plot(spectrum=spectrum).axes
        if ax.get_title(loc="left") == "Third-octave spectrum"
    ]
    assert spectrum is not None
    assert tuple(line(ax, "third octaves")[0]) == spectrum.frequencies_hz


def test_one_channel_has_no_stereo() -> None:
    assert "Stereo" not in titles(BARE["one channel"]().plot())


def test_options_reach_their_charts(analysis: Analysis) -> None:
    figure = analysis.plot(target="r128", genre="rock", level_dbtp=-1.0, theme="dark")
    words = " ".join(ax.get_title(loc="left") for ax in figure.axes)
    assert "over −1 dBTP" in words
    assert "beside rock" in words
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert any("R 128" in text.get_text() for text in legend.get_texts())


def test_a_figure_that_is_given_is_drawn_on(analysis: Analysis) -> None:
    figure = Figure(figsize=(8, 8))
    assert analysis.plot(figure=figure) is figure
    assert figure.axes


@pytest.mark.parametrize("name", ["a$b_{c$ ^x", "tab\there\n\x00", "100 % \\frac.wav", "ÄÖ é.flac"])
def test_a_name_is_shown_as_it_is(analysis: Analysis, name: str) -> None:
    """No mathematics, no control characters, no warning when it is painted."""
    figure = Analysis(analysis.table, name=name).plot()
    figure.savefig("/dev/null" if sys.platform != "win32" else "nul", format="png", dpi=40)
    heading = figure.get_suptitle()
    assert heading.startswith(name.split("\t", maxsplit=1)[0])
    assert heading.isprintable()


def test_errors_are_those_of_the_rooms(analysis: Analysis, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="target"):
        analysis.plot(target="nobody")
    with pytest.raises(FileError):
        analysis.plot(genre=str(tmp_path / "none.json"))


def test_without_matplotlib_the_error_says_what_to_install() -> None:
    """All but pictures goes on without it."""
    code = f"""
import sys
sys.modules["matplotlib"] = None
import loudscope
analysis = loudscope.analyze({str(EXAMPLE)!r})
assert analysis.chart(width=60) and analysis._repr_html_()
for call in (analysis.plot, lambda: loudscope.plot):
    try:
        call()
    except loudscope.MissingExtra as error:
        assert "pip install 'loudscope[plot]'" in str(error)
    else:
        raise SystemExit("no error")
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_nothing_of_the_figures_is_changed(analysis: Analysis) -> None:
    before = analysis.to_dict()
    analysis.plot()
    assert analysis.to_dict() == before
    assert np.array_equal(analysis.momentary.values, Analysis(analysis.table).momentary.values)
