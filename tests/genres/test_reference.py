"""The figures that are kept of a track."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from loudscope import InvalidArgument
from loudscope.genres import Reference, band_levels
from loudscope.qc import inspect

from .made import RATE_HZ, noise, tones


def of(samples: NDArray[Any], rate_hz: int = RATE_HZ) -> Reference:
    return Reference.of(inspect(samples, rate_hz))


def test_the_same_pcm_has_the_same_hash_in_any_container_and_dtype(tmp_path: Path) -> None:
    whole = np.round(noise(3.0) * 32768).astype(np.int16)
    found = {of(whole).sha256, of(whole.astype(np.float64) / 32768).sha256}
    for name in ("one.wav", "two.flac", "three.aiff"):
        soundfile.write(tmp_path / name, whole, RATE_HZ)
        found.add(Reference.of(inspect(tmp_path / name)).sha256)
    assert len(found) == 1


def test_a_change_of_one_step_in_one_sample_changes_the_hash() -> None:
    whole = np.round(noise(3.0) * 32768).astype(np.int16)
    changed = whole.copy()
    changed[77_777, 1] += 1
    others = [changed, whole[:-1], whole[:, ::-1], -whole, whole // 2]
    assert len({of(it).sha256 for it in (whole, *others)}) == 6


def test_levels_and_third_octaves_stand_above_the_mid_band() -> None:
    """Gain changes neither; a third octave that holds all of a band's power has its level."""
    one = of(tones([-70.0, -70.0, -70.0, -30.0, -70.0, -70.0]))
    louder = of(tones([-58.0, -58.0, -58.0, -18.0, -58.0, -58.0]))
    assert louder.bands == pytest.approx(one.bands, abs=1e-3)
    at_1k = one.thirds[17]
    assert one.bands[3] == 0.0 and at_1k == pytest.approx(0.0, abs=0.05)
    assert louder.thirds[17] == pytest.approx(at_1k, abs=1e-3)
    inspection = inspect(noise(4.0), RATE_HZ)
    assert inspection.spectrum is not None
    mid = band_levels(inspection.analysis)[3].level
    assert mid is not None
    expected = [None if it is None else it - mid for it in inspection.spectrum.levels_db]
    assert Reference.of(inspection).thirds == pytest.approx(expected)


def test_third_octaves_add_up_to_the_bands() -> None:
    """Power of those from 562 to 1778 Hz within the mid band, and of all but its ends."""
    found = of(noise(6.0))
    power = [10.0 ** ((level or -200.0) / 10.0) for level in found.thirds]
    inner, outer = sum(power[15:20]), sum(power[14:21])
    assert inner < 1.0 < outer


def test_the_figures_are_the_analyses() -> None:
    inspection = inspect(noise(6.0), RATE_HZ)
    analysis, found = inspection.analysis, Reference.of(inspection)
    assert found.figures == (
        analysis.integrated,
        analysis.loudness_range,
        analysis.true_peak,
        analysis.plr,
        inspection.dynamics.psr_median,
        analysis.crest_factor,
    )
    assert found.duration == 6.0 and found.codec_cutoff_hz is None and not found.dual_mono
    assert inspection.stereo is not None
    assert found.correlation == tuple(band.correlation for band in inspection.stereo.bands)


def test_dual_mono_and_one_channel_have_no_stereo_figures() -> None:
    one = noise(4.0)[:, 0]
    dual, single = of(np.stack([one, one], axis=1)), of(one)
    assert dual.dual_mono and not single.dual_mono
    for found in (dual, single):
        assert found.correlation == found.side_share == (None,) * 6
    assert single.bands == pytest.approx(dual.bands, abs=1e-9)


def test_it_goes_through_json() -> None:
    found = of(noise(4.0))
    assert Reference.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False))) == found
    with pytest.raises(InvalidArgument, match="fields"):
        Reference.from_dict({**found.to_dict(), "path": "/home"})


def test_nothing_of_the_audio_is_kept() -> None:
    """As much for a minute as for a second: 31 third octaves are the longest of it."""
    sizes = [len(json.dumps(of(noise(seconds)).to_dict())) for seconds in (2.0, 20.0)]
    assert abs(sizes[1] - sizes[0]) < 200 and sizes[0] < 4000
    assert all(
        not isinstance(value, tuple) or len(value) <= 31
        for value in dataclasses.asdict(of(noise(2.0))).values()
    )
