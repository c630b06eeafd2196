"""Stereo: correlation and width over time and per band are those of an inspection."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from loudscope import Analysis, plot
from loudscope.qc import Inspection

from .artists import line
from .conftest import analysis_of, noise


def test_the_line_is_the_correlation_of_the_windows(inspection: Inspection) -> None:
    assert inspection.stereo is not None
    times, values = line(plot.stereo(inspection), "correlation")
    assert np.array_equal(times, inspection.stereo.windows.times)
    assert np.array_equal(values, inspection.stereo.windows.values)


def test_an_analysis_and_its_inspection_look_the_same(inspection: Inspection) -> None:
    one, other = (plot.stereo(it) for it in (inspection, inspection.analysis))
    for name in ("correlation", "width"):
        assert np.array_equal(line(one, name), line(other, name))


@pytest.mark.parametrize(
    ("gains", "width"), [((1.0, 1.0), 0.0), ((1.0, 0.0001), 1.0), ((1.0, -1.0), 1.0)]
)
def test_width_of_one_signal_on_both_channels(gains: tuple[float, float], width: float) -> None:
    """0 is mono; 1 is side as strong as mid, as of one loudspeaker alone, or stronger."""
    _, values = line(plot.stereo(analysis_of(noise(3.0)[:, :1] * gains)), "width")
    assert values == pytest.approx(width, abs=1e-3)


def test_width_is_twice_the_share_of_side() -> None:
    """Mid of power 1 and side of power 1/4: a share of 1/5, a width of 2/5."""
    mid, side = noise(30.0).T
    samples = np.stack([mid + 0.5 * side, mid - 0.5 * side], axis=1)
    _, values = line(plot.stereo(analysis_of(samples)), "width")
    assert np.mean(values) == pytest.approx(0.4, abs=0.01)


def test_per_band_beside_on_the_same_scale(inspection: Inspection) -> None:
    ax = plot.stereo(inspection)
    [side] = ax.child_axes
    assert side.get_ylim() == ax.get_ylim()
    assert inspection.stereo is not None
    assert isinstance(side, Axes)
    for drawn in (side, plot.stereo_bands(inspection)):
        names = [text.get_text() for text in drawn.get_xticklabels()]
        assert names == [band.name for band in inspection.stereo.bands]
        for name in ("correlation", "width"):
            _, values = line(drawn, name)
            assert values.tolist() == [getattr(it, name) for it in inspection.stereo.bands]


def test_a_pause_of_one_channel_is_a_gap() -> None:
    samples = noise(9.0)
    samples[3 * 48000 : 6 * 48000, 1] = 0.0
    times, values = line(plot.stereo(analysis_of(samples)), "correlation")
    assert np.isnan(values).sum() == 1
    assert not ((times > 3.45) & (times < 5.95)).any()


def test_the_title_has_the_correlation_of_all(analysis: Analysis) -> None:
    assert f"{analysis.correlation:.2f}" in plot.stereo(analysis).get_title(loc="left")
