"""The goniometer: its picture is the histogram, and it asks for the audio."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from loudscope import Analysis, UnsupportedType, plot
from loudscope.qc import Inspection, goniometer

from .artists import words
from .conftest import EXAMPLE, RATE, noise


def test_the_picture_is_the_histogram() -> None:
    found = goniometer(EXAMPLE)
    assert found is not None
    ax = plot.goniometer(EXAMPLE)
    mesh: Any = ax.collections[0]
    drawn = np.ma.filled(mesh.get_array(), -np.inf)
    with np.errstate(divide="ignore"):
        decibels = 10 * np.log10(found.counts / found.counts.max())
    assert np.array_equal(drawn, np.where(decibels >= -40.0, decibels, -np.inf))
    corners = mesh.get_coordinates()
    assert (corners.min(), corners.max()) == (-found.extent, found.extent)


def test_what_was_measured_before_is_drawn_the_same() -> None:
    one, other = (plot.goniometer(it) for it in (EXAMPLE, goniometer(EXAMPLE)))
    assert one.get_xlim() == other.get_xlim()
    assert words(plot.goniometer(None)) == "no front left and right"


def test_all_that_is_to_be_seen_is_in_sight_and_square() -> None:
    quiet = noise(1.0, rms=0.001)
    ax = plot.goniometer(quiet, RATE)
    assert ax.get_xlim() == ax.get_ylim()
    assert ax.get_aspect() == 1.0
    mid = np.abs(quiet.sum(axis=1)).max() / np.sqrt(2)
    assert mid < ax.get_ylim()[1] < 1.5 * mid


def test_axes_say_which_is_which() -> None:
    ax = plot.goniometer(EXAMPLE)
    assert ax.get_xlabel() == "side, (R − L) / √2"
    assert ax.get_ylabel() == "mid, (L + R) / √2"
    assert words(ax) == "L R"
    [scale] = ax.child_axes
    assert "dB" in scale.get_ylabel()


def test_an_analysis_keeps_no_samples(analysis: Analysis, inspection: Inspection) -> None:
    for measured in (analysis, inspection):
        with pytest.raises(UnsupportedType, match="keeps no samples; give the file"):
            plot.goniometer(measured)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("samples", "said"),
    [(noise(1.0, 1), "no front left and right"), (np.zeros((RATE, 2)), "silent")],
)
def test_without_a_pair_that_sounds_it_says_so(samples: np.ndarray, said: str) -> None:
    assert said in words(plot.goniometer(samples, RATE))
