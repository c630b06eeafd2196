"""A track beside a baseline."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

import loudscope
from loudscope.genres import Baseline, get, names
from loudscope.qc import inspect

from .made import RATE_HZ, balanced, noise, reference, tones


def means(baseline: Baseline) -> list[float]:
    return [band.mean or 0.0 for band in baseline.bands]


@pytest.mark.parametrize("name", ["any_popular", "rock", "metal", "classical", "game_electronic"])
def test_a_genres_own_mean_is_typical_with_z_0(name: str) -> None:
    judged = get(name).judge(balanced(means(get(name))))
    assert [band.word for band in judged.bands] == ["typical"] * 3 + ["not judged"] + [
        "typical"
    ] * 2
    found = [band.z for band in judged.bands if band.z is not None]
    assert found == pytest.approx([0.0] * 5, abs=0.01)


@pytest.mark.parametrize(
    ("deviations", "word"),
    [(0.9, "typical"), (1.5, "unusual"), (-1.5, "unusual"), (-2.5, "far out")],
)
def test_z_counts_deviations_and_words_follow_it(deviations: float, word: str) -> None:
    rock = get("rock")
    levels = means(rock)
    levels[4] += deviations * (rock["High-mids"].sd or 0.0)
    band = rock.judge(balanced(levels))["High-mids"]
    assert band.z == pytest.approx(deviations, abs=0.01)
    assert band.word == word
    assert band.measured == pytest.approx(levels[4], abs=0.01)


@pytest.mark.parametrize("gain", [-24.0, 6.0])
def test_no_gain_changes_a_judgement(gain: float) -> None:
    samples, rock = tones([-30.0] * 6), get("rock")
    one = rock.judge(loudscope.analyze(samples, RATE_HZ))
    other = rock.judge(loudscope.analyze(samples * 10.0 ** (gain / 20.0), RATE_HZ))
    assert [b.z for b in other.bands] == pytest.approx([b.z for b in one.bands], abs=1e-6)


def test_only_an_excess_of_sub_is_judged() -> None:
    rock = get("rock")
    for deviations, z, word in ((-3.0, 0.0, "typical"), (1.5, 1.5, "unusual")):
        levels = means(rock)
        levels[0] += deviations * (rock["Sub"].sd or 0.0)
        sub = rock.judge(balanced(levels))["Sub"]
        assert sub.z == pytest.approx(z, abs=0.01) and sub.word == word
        assert (sub.reason is None) == (deviations > 0)
        assert sub.low is None


@pytest.mark.parametrize(("rate_hz", "weight"), [(44100, 1.0), (22050, 0.488), (8000, 0.0)])
def test_air_counts_as_far_as_the_rate_can_hold_it(rate_hz: int, weight: float) -> None:
    """The octaves of 6 to 20 kHz that lie under 0.49 of the rate."""
    samples = noise(3.0, rate_hz=rate_hz)
    air = get("rock").judge(loudscope.analyze(samples, rate_hz))["Air"]
    assert air.weight == pytest.approx(weight, abs=0.001)
    assert (air.reason is None) == (weight == 1.0)
    if weight == 0.0:
        assert (air.word, air.z) == ("not judged", None)
    elif air.measured is not None:
        sd = get("rock")["Air"].sd or 0.0
        distance = (air.measured - (get("rock")["Air"].mean or 0.0)) / sd
        assert air.z == pytest.approx(weight * distance, rel=0.002)


def test_air_counts_less_below_a_codec_cut_off() -> None:
    """White noise under a cut-off at 12 kHz as steep as a codec's."""
    white = 0.1 * np.random.default_rng(3).standard_normal((12 * RATE_HZ, 2))
    cut = np.asarray(signal.firwin(2001, 12000.0, fs=RATE_HZ))
    inspection = inspect(signal.fftconvolve(white, cut[:, None], "same"), RATE_HZ)
    codec = inspection.faults.codec
    assert codec is not None and codec.likely_lossy
    air = get("rock").judge(inspection)["Air"]
    expected = math.log2(codec.cutoff_hz / 6000.0) / math.log2(20000.0 / 6000.0)
    assert air.weight == pytest.approx(expected)
    assert air.reason is not None and "codec" in air.reason
    unaware = get("rock").judge(inspection.analysis)
    assert unaware["Air"].weight == 1.0
    assert "inspect it" in unaware.limits[-1]
    assert not any("inspect it" in limit for limit in get("rock").judge(inspection).limits)


def test_the_limits_are_told_with_every_judgement() -> None:
    analysis = loudscope.analyze(noise(3.0), RATE_HZ)
    for name in (*names(), "rnb"):
        baseline = get(name)
        judged = baseline.judge(analysis)
        assert set(baseline.limits) <= set(judged.limits)
        assert (judged.source, judged.n, judged.method) == (
            baseline.source,
            baseline.n,
            baseline.method,
        )
        json.dumps(judged.to_dict(), allow_nan=False)
    stands_in = get("rnb").judge(analysis)
    assert (stands_in.baseline, stands_in.requested) == ("any_popular", "rnb")


def test_silence_is_not_judged() -> None:
    judged = get("pop").judge(loudscope.analyze(np.zeros(RATE_HZ), RATE_HZ))
    assert {band.word for band in judged.bands} == {"not judged"}
    assert all(band.reason for band in judged.bands)


def test_under_five_references_there_are_differences() -> None:
    """One for each reference: the track minus the reference, both above the mid band."""
    rows = [reference(name, [-5.0, 2.0, -1.0, 0.0, None, -15.0]) for name in "abcd"]
    own = Baseline.from_references(rows, name="mine")
    analysis = balanced([-2.0, 3.0, -3.0, 0.0, -6.0, -12.0])
    judged = own.judge(analysis)
    assert {band.word for band in judged.bands} == {"not judged"}
    assert [it.name for it in judged.differences] == [it.name for it in own.references]
    for found in judged.differences:
        assert found.bands[4] is None
        kept = [it for it in found.bands if it is not None]
        assert kept == pytest.approx([3.0, 1.0, -2.0, 0.0, 3.0], abs=0.01)
    assert "fewer than 5" in judged.limits[0].casefold()


def test_from_five_references_on_there_is_a_range() -> None:
    rows = [
        reference(str(k), [-5.0, 2.0 + k, -1.0, 0.0, -7.0, -15.0], figures=[-9.0 - k] * 6)
        for k in range(5)
    ]
    own = Baseline.from_references(rows, name="mine")
    inspection = inspect(tones([-30.0, -26.0, -31.0, -30.0, -37.0, -45.0], 3.0), RATE_HZ)
    judged = own.judge(inspection)
    bass = judged["Bass"]
    assert bass.z == pytest.approx(
        ((bass.measured or 0.0) - 4.0) / ((own["Bass"].high or 0.0) - 4.0), rel=1e-9
    )
    assert judged.differences == ()
    loudness = judged.figures[0]
    assert (loudness.name, loudness.mean) == ("integrated", -11.0)
    assert loudness.measured == inspection.analysis.integrated
    assert loudness.word == "far out" and loudness.z is not None and loudness.z < -2.0
    psr = judged.figures[4]
    assert psr.measured == inspection.dynamics.psr_median


def test_a_range_without_width_is_not_judged() -> None:
    rows = [reference(str(k), [-5.0, 2.0, -1.0, 0.0, -7.0, -15.0]) for k in range(6)]
    own = Baseline.from_references(rows, name="same figures")
    figures = own.judge(loudscope.analyze(noise(3.0), RATE_HZ)).figures
    assert {figure.word for figure in figures} == {"not judged"}
    narrow = replace(own["Bass"], low=2.0, high=2.0)
    found = replace(own, bands=(own.bands[0], narrow, *own.bands[2:]))
    assert found.judge(loudscope.analyze(noise(3.0), RATE_HZ))["Bass"].z is None
