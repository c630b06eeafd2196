"""Laws of comparisons at equal loudness."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from scipy import signal

from loudscope import InvalidArgument
from loudscope.compare import Comparison, Difference, compare
from loudscope.genres import spread
from loudscope.qc import Inspection

from .made import RATE_HZ, gained, heard, music, shelf


@cache
def inspected(seed: int, gain_db: float = 0.0) -> Inspection:
    return heard(gained(music(seed=seed), gain_db))


def all_of(found: Comparison) -> Iterator[tuple[str, Difference]]:
    yield from ((figure.name, figure) for figure in found.figures)
    yield from ((band.name, band) for band in found.bands)
    yield from ((f"{third.hz:.1f} Hz", third) for third in found.thirds)
    for section in found.sections:
        yield f"loudness at {section.start}", section.loudness
        yield from ((f"{band.name} at {section.start}", band) for band in section.bands)


@pytest.mark.parametrize("gain_db", [-12.0, -3.0, 5.0])
def test_a_gain_is_no_difference_at_equal_loudness(gain_db: float) -> None:
    """Every figure of x and of x · gain is the same but for how far they are apart."""
    found = compare(inspected(1), inspected(1, gain_db))
    assert found["integrated"].difference == pytest.approx(-gain_db, abs=1e-4)
    assert found.references[0].gain == pytest.approx(-gain_db, abs=1e-4)
    for name, one in all_of(found):
        if name != "integrated" and one.difference is not None:
            assert one.difference == pytest.approx(0.0, abs=2e-3), name
    assert sum(one.difference is None for _, one in all_of(found)) < 4


def test_a_track_beside_itself_differs_in_nothing() -> None:
    found = compare(inspected(1), inspected(1))
    assert {one.difference for _, one in all_of(found)} <= {0.0, None}


def test_swapping_mix_and_reference_turns_every_difference_about() -> None:
    here, there = compare(inspected(1), inspected(2)), compare(inspected(2), inspected(1))
    assert len(here.sections) == len(there.sections) == 2
    moved = 0
    for (name, one), (_, other) in zip(all_of(here), all_of(there), strict=True):
        if one.difference is None or other.difference is None:
            assert one.difference is other.difference, name
        else:
            assert other.difference == pytest.approx(-one.difference, abs=1e-9), name
            moved += abs(one.difference) > 0.01
    assert moved > 20


@pytest.mark.parametrize("gain_db", [3.0, -6.0])
def test_a_shelf_shows_as_such(gain_db: float) -> None:
    """Air and its third octaves stand by the shelf's gain above what lies below it."""
    plain = music(seed=1)
    found = compare(heard(shelf(plain, 6000.0, gain_db)), inspected(1))
    below = found["Mids"].difference
    assert below is not None
    bands = {band.name: (band.difference or 0.0) - below for band in found.bands}
    if gain_db > 0.0:  # under a cut, what leaks over the band's edge weighs more
        assert bands["Air"] == pytest.approx(gain_db, abs=0.2)
    for name in ("Sub", "Bass", "Low-mids"):
        assert bands[name] == pytest.approx(0.0, abs=0.02)
    for third in found.thirds:
        if not 5500.0 < third.hz < 6500.0 and third.difference is not None:
            expected = gain_db if third.hz > 6000.0 else 0.0
            assert third.difference - below == pytest.approx(expected, abs=0.05), third.hz
    assert found["integrated"].difference == pytest.approx(-below, abs=0.02)


def test_a_peak_is_compared_at_equal_loudness() -> None:
    """A click that is not in the reference shows in true peak by what it adds."""
    clicked = music(seed=1)
    clicked[480_000] = 0.9
    found = compare(heard(clicked), inspected(1, -10.0))
    plain, peak = inspected(1).analysis, heard(clicked).analysis.true_peak
    assert plain.true_peak is not None and peak is not None
    assert found["true_peak"].difference == pytest.approx(peak - plain.true_peak, abs=0.05)


def test_several_references_have_a_mean_and_one_difference_each() -> None:
    others = [inspected(seed, -float(seed)) for seed in (2, 3, 4)]
    found = compare(inspected(1), *others)
    for _, one in all_of(found):
        known = [it for it in one.differences if it is not None]
        assert (one.n, one.low, one.high, one.word) == (len(known), None, None, "not judged")
        if known:
            assert one.difference == pytest.approx(float(np.mean(known)), abs=1e-9)
    singles = [compare(inspected(1), other) for other in others]
    together = [found["Bass"].differences[k] for k in range(3)]
    assert together == [single["Bass"].difference for single in singles]
    assert "takes 5" in found.confidence and "no range" in singles[0].confidence


def test_five_references_make_a_range() -> None:
    """The range of genres.spread over the references at the loudness of the mix."""
    others = [inspected(seed) for seed in (2, 3, 4, 5, 6)]
    found = compare(heard(shelf(music(seed=1), 6000.0, 12.0)), *others)
    air, mids = found["Air"], found["Mids"]
    assert air.mix is not None
    matched = spread([air.mix - (apart or 0.0) for apart in air.differences])
    assert (air.low, air.high) == pytest.approx((matched["low"], matched["high"]))
    assert air.word == "far out" and mids.n == 5
    assert "8" not in found.confidence and "5 references" in found.confidence


def test_silence_has_no_differences_and_says_so() -> None:
    silent = heard(np.zeros((480_000, 2)))
    found = compare(silent, inspected(1))
    assert found.references[0].gain is None
    assert {one.difference for one in found.bands} == {None}
    assert any("without it nothing is matched" in limit for limit in found.limits)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_codecs_cut_off_takes_third_octaves_out_and_is_told() -> None:
    """White noise under a cut-off at 12 kHz, beside itself as it was."""
    white = 0.1 * np.random.default_rng(3).standard_normal((12 * RATE_HZ, 2))
    cut = np.asarray(signal.firwin(2001, 12000.0, fs=RATE_HZ))
    lossy = heard(signal.fftconvolve(white, cut[:, None], "same"))
    assert lossy.faults.codec is not None and lossy.faults.codec.likely_lossy
    found = compare(lossy, heard(white))
    missing = [third.hz for third in found.thirds if third.difference is None]
    assert min(missing) == pytest.approx(12589.3, abs=0.1) and len(missing) == 3
    [limit] = [limit for limit in found.limits if "codec" in limit]
    assert "its air reads low" in limit
    many = compare(lossy, *[lossy] * 4)
    [limit] = [limit for limit in many.limits if "codec" in limit]
    assert limit.startswith("Lossy codecs cut 5 of 5 tracks off")


def test_all_of_it_is_strict_json() -> None:
    found = compare(inspected(1), inspected(2))
    again = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert again["bands"][1]["difference"] == found["Bass"].difference
    assert len(again["thirds"]) == 31 and math.isfinite(again["thirds"][10]["difference"])


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="references"):
        compare(inspected(1))
    for sections in (0, 101, True):
        with pytest.raises(InvalidArgument, match="sections"):
            compare(inspected(1), inspected(2), sections=sections)
    with pytest.raises(KeyError):
        compare(inspected(1), inspected(2))["Treble"]
