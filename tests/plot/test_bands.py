"""Bands: marks are levels, and ranges are those of time or of a genre."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loudscope import Analysis, InvalidArgument, analyze, plot
from loudscope.genres import get
from loudscope.qc import Inspection

from .artists import line, spans, words
from .conftest import EXAMPLE


def test_marks_are_the_levels_and_ranges_the_percentiles(analysis: Analysis) -> None:
    ax, profile = plot.bands(analysis), analysis.band_profile
    assert profile is not None
    levels, places = line(ax, "power mean")
    assert levels.tolist() == [band.level for band in profile.bands]
    assert [text.get_text() for text in ax.get_yticklabels()] == list(profile.names)
    assert places.tolist() == [*range(6)]
    ranges = spans(ax, "_")
    for column, (low, high, bottom, top) in zip(profile.over_time.values.T, ranges, strict=True):
        there = np.sort(column[np.isfinite(column)])
        ranks = [int((len(there) - 1) * share + 0.5) for share in (0.1, 0.9)]
        assert (low, high) == pytest.approx(there[ranks])
        assert bottom < (bottom + top) / 2 < top
    assert ax.get_xlabel() == "dBFS"


@pytest.mark.parametrize("genre", ["rock", "pop"])
def test_beside_a_genre_they_are_its_judgement(inspection: Inspection, genre: str) -> None:
    ax, judged = plot.bands(inspection, genre=genre), get(genre).judge(inspection)
    levels, _ = line(ax, "this track")
    assert levels.tolist() == [band.measured for band in judged.bands]
    ranges = spans(ax, "_")
    for band, (low, high, _, _) in zip(
        [band for band in judged.bands if band.high is not None], ranges, strict=True
    ):
        assert high == pytest.approx(band.high)
        assert low == pytest.approx(ax.get_xlim()[0] if band.low is None else band.low)
        assert band.word in words(ax)
    assert ax.get_title(loc="left") == f"Bands beside {get(genre).title}"
    assert "dB" in ax.get_xlabel()


def test_a_baseline_and_its_file_are_the_same(inspection: Inspection, tmp_path: Path) -> None:
    from loudscope.genres import Baseline, Reference

    reference = Reference.of(inspection) if hasattr(Reference, "of") else None
    if reference is None:
        pytest.skip("references are made from folders only")
    own = Baseline.from_references([reference], name="mine")
    own.save(tmp_path / "mine.json")
    one, other = (plot.bands(inspection, genre=it) for it in (own, tmp_path / "mine.json"))
    assert words(one) == words(other)


def test_a_genre_without_data_says_which_stands_in(analysis: Analysis) -> None:
    title = " ".join(plot.bands(analysis, genre="polka").get_title(loc="left").split())
    assert title == f"Bands beside {get('polka').title}, for want of polka"


def test_with_other_edges_there_is_nothing_to_judge() -> None:
    with pytest.raises(InvalidArgument, match="band edges"):
        plot.bands(analyze(EXAMPLE, edges=[20, 200, 2000]), genre="rock")


def test_other_edges_have_their_own_rows() -> None:
    ax = plot.bands(analyze(EXAMPLE, edges=[20, 200, 2000]))
    assert [text.get_text() for text in ax.get_yticklabels()] == ["20-200 Hz", "200-2000 Hz"]
