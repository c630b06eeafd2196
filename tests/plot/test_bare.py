"""A figure without data says so in words, and no picture warns."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest
from matplotlib.axes import Axes

from loudscope import Analysis, plot, scan

from .artists import words
from .conftest import BARE, EXAMPLE

CHARTS = ("loudness", "distribution", "peaks", "bands", "stereo", "stereo_bands")


def drawn(ax: Axes) -> int:
    """Bytes of the picture: it is laid out and painted in full."""
    content = io.BytesIO()
    ax.figure.savefig(content, dpi=50)  # type: ignore[union-attr]
    return len(content.getvalue())


@pytest.mark.parametrize("case", BARE)
def test_everything_can_be_drawn(case: str) -> None:
    analysis = BARE[case]()
    for chart in CHARTS:
        assert drawn(getattr(plot, chart)(analysis)) > 1000, chart
    content = io.BytesIO()
    analysis.plot().savefig(content, dpi=40)
    assert len(content.getvalue()) > 5000


SAID = {
    ("silence", "loudness"): "the audio is digital silence",
    ("silence", "distribution"): "no short-term value reaches|digital silence|nothing reaches",
    ("silence", "peaks"): "digital silence",
    ("silence", "bands"): "no band has a level",
    ("silence", "stereo"): "do not sound together",
    ("under 400 ms", "loudness"): "hold no whole window of 0.4 s",
    ("under 3 s", "distribution"): "hold no whole window of 3 s",
    ("one channel", "stereo"): "no front left and right",
    ("one channel", "stereo_bands"): "no bands of a front left and right",
    ("right is silent", "stereo"): "do not sound together",
}


@pytest.mark.parametrize(("case", "chart"), SAID)
def test_what_is_missing_is_said(case: str, chart: str) -> None:
    import re

    found = words(getattr(plot, chart)(BARE[case]()))
    assert re.search(SAID[case, chart], found), found


@pytest.mark.parametrize(
    ("columns", "chart"),
    [
        (("tick_energy", "k_cross"), "loudness"),
        (("sample_peak", "true_peak", "sample_peak_at", "true_peak_at", "clips"), "peaks"),
        (("band_energy", "band_cross"), "bands"),
        (("energy", "total", "cross"), "stereo"),
    ],
)
def test_a_table_without_the_columns_says_so(columns: tuple[str, ...], chart: str) -> None:
    missing: dict[str, Any] = dict.fromkeys(columns)
    analysis = Analysis(dataclasses.replace(scan(EXAMPLE), **missing))
    ax = getattr(plot, chart)(analysis)
    assert drawn(ax) > 1000
    assert words(ax)
