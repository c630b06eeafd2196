"""The spectrum: its line is the measurement, and the guide has its slope."""

from __future__ import annotations

import numpy as np
import pytest

from loudscope import Spectrum, plot, spectrum
from loudscope.qc import Inspection

from .artists import labels, line, words
from .conftest import RATE, noise


@pytest.fixture(scope="module")
def pink() -> Spectrum:
    """Noise that falls 3.01 dB an octave."""
    spectra = np.fft.rfft(noise(20.0), axis=0)
    hz = np.maximum(np.fft.rfftfreq(20 * RATE, 1 / RATE), 10.0)
    found = spectrum(np.fft.irfft(spectra / np.sqrt(hz)[:, None], 20 * RATE, axis=0), RATE)
    assert found is not None
    return found


def test_the_line_is_the_measurement(inspection: Inspection) -> None:
    assert inspection.spectrum is not None
    hz, levels = line(plot.spectrum(inspection), "third octaves")
    assert tuple(hz) == inspection.spectrum.frequencies_hz
    drawn = [None if np.isnan(level) else level for level in levels.tolist()]
    assert drawn == list(inspection.spectrum.levels_db)


def test_pink_noise_is_level_and_so_is_its_guide(pink: Spectrum) -> None:
    """-3.01 dB an octave of density is 0 in third octaves (IEC 61260-1)."""
    ax = plot.spectrum(pink, guide_db=-3.0103)
    _, levels = line(ax, "third octaves")
    _, guide = line(ax, "−3.0 dB/octave")
    assert np.ptp(guide) < 1e-9
    assert np.abs(levels - guide)[5:25].max() < 1.0


@pytest.mark.parametrize("slope", [-4.5, -6.0, 0.0])
def test_the_guide_falls_by_its_slope_in_density(pink: Spectrum, slope: float) -> None:
    hz, guide = line(plot.spectrum(pink, guide_db=slope), f"{slope:.1f}".replace("-", "−"))
    octaves = np.log2(hz[-1] / hz[0])
    in_density = (guide[-1] - guide[0]) / octaves - 10 * np.log10(2)
    assert in_density == pytest.approx(slope, abs=1e-4)


def test_the_guide_meets_the_spectrum_in_the_middle(pink: Spectrum) -> None:
    ax = plot.spectrum(pink, guide_db=-4.5)
    hz, levels = line(ax, "third octaves")
    _, guide = line(ax, "−4.5")
    middle = (hz > 495) & (hz < 2020)
    assert np.mean(levels[middle] - guide[middle]) == pytest.approx(0.0, abs=1e-9)


def test_a_second_one_on_the_same_axes_is_another_line(
    inspection: Inspection, pink: Spectrum
) -> None:
    ax = plot.spectrum(inspection, label="mix")
    assert plot.spectrum(pink, label="reference", ax=ax) is ax
    assert labels(ax) == {"mix", "reference"}
    [mix, reference] = ax.get_lines()
    assert mix.get_linestyle() != reference.get_linestyle()
    assert mix.get_marker() != reference.get_marker()
    low, high = ax.get_ylim()
    drawn = np.concatenate([np.asarray(it.get_ydata(), np.float64) for it in (mix, reference)])
    assert low <= max(np.nanmin(drawn), high - 60.0)
    assert np.nanmax(drawn) < high


def test_no_spectrum_is_words() -> None:
    assert words(plot.spectrum(None)) == "no spectrum: nothing passes the gates"


def test_axes_are_logarithmic_with_units(pink: Spectrum) -> None:
    ax = plot.spectrum(pink)
    assert (ax.get_xscale(), ax.get_xlabel()) == ("log", "Hz")
    assert ax.get_ylabel() == "dBFS"
