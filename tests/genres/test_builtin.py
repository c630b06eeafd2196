"""The built-in baselines: what they rest on, and what they say along with it."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from loudscope import DEFAULT_EDGES_HZ, InvalidArgument
from loudscope.genres import Baseline, get, names


def published_fit(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Power per Hz by the fit of Elowsson and Friberg (2017)."""
    x = 1.0 + 60.0 * np.log2(hz / 30.0)
    high = -0.000183 * x**2 + 0.0213 * x - 16.735
    low = -0.000907 * x**2 + 0.256 * x - 32.942
    return np.asarray(10.0 ** (np.where(hz >= 94.0, high, low) / 10.0))


def fitted_level(low_hz: float, high_hz: float) -> float:
    hz = np.geomspace(low_hz, high_hz, 4001)
    return 10.0 * math.log10(float(np.trapezoid(published_fit(hz), hz)))


def test_popular_music_is_the_published_fit_integrated() -> None:
    """Six bands and third octaves, both above 500 to 2000 Hz, as printed with one decimal."""
    popular, mid = get("any_popular"), fitted_level(500.0, 2000.0)
    fitted = [fitted_level(*edges) - mid for edges in pairwise(DEFAULT_EDGES_HZ)]
    assert [band.mean for band in popular.bands] == pytest.approx(fitted, abs=0.051)
    edge = 10.0**0.05
    thirds = [fitted_level(third.hz / edge, third.hz * edge) - mid for third in popular.thirds]
    assert [third.mean for third in popular.thirds] == pytest.approx(thirds, abs=0.051)
    assert len(thirds) == 28


@pytest.mark.parametrize("name", names())
def test_each_says_where_it_comes_from_and_what_it_cannot_say(name: str) -> None:
    found = get(name)
    assert found.name == name and found.fallback_for is None
    assert found.n >= 100 and found.source and found.method and found.confidence
    assert any("never says what is correct" in limit for limit in found.limits)
    assert any("after 2015" in limit for limit in found.limits)
    for band in found.bands:
        assert band.source and band.confidence and band.n == found.n
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("name", names())
def test_a_range_is_one_deviation_on_each_side_and_one_sided_in_sub(name: str) -> None:
    found = get(name)
    assert tuple(band.low_hz for band in found.bands) == DEFAULT_EDGES_HZ[:-1]
    for band in found.bands:
        assert band.mean is not None and band.sd is not None
        assert band.high == pytest.approx(band.mean + band.sd)
        assert band.low is None if band.name == "Sub" else band.low == band.mean - band.sd
    assert found["Mids"].mean == found["Mids"].sd == 0.0


@pytest.mark.parametrize("name", ["rnb", "K-Pop", "drum and bass"])
def test_a_genre_without_data_has_no_baseline_and_says_so_first(name: str) -> None:
    found, popular = get(name), get("any_popular")
    assert (found.name, found.fallback_for) == ("any_popular", name)
    assert found.bands == popular.bands
    assert found.limits[0].startswith("There is no baseline for") and name in found.limits[0]
    assert found.limits[1:] == popular.limits


@pytest.mark.parametrize("name", [one for one in names() if not one.startswith(("any", "game"))])
def test_the_fallback_is_wider_than_a_genre_over_all_bands(name: str) -> None:
    wide, narrow = (sum(band.sd or 0.0 for band in get(one).bands) for one in ("rnb", name))
    assert wide > narrow + 6.0


@pytest.mark.parametrize("name", ["Hip-Hop", "hip hop", " HIPHOP ", "Game-Orchestral"])
def test_spelling_does_not_matter(name: str) -> None:
    assert get(name).fallback_for is None


@pytest.mark.parametrize("name", ["", " - ", None, 7])
def test_what_is_no_word_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgument, match="name="):
        get(name)


def test_a_built_in_baseline_keeps_no_references() -> None:
    rock = get("rock")
    for call in (
        lambda: rock.merge(rock),
        lambda: rock.without("0" * 64),
        lambda: rock.save("rock.json"),
        lambda: rock.extend("."),
    ):
        with pytest.raises(InvalidArgument, match="built-in"):
            call()
    assert rock.outliers == () and isinstance(rock, Baseline)
