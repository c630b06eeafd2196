"""The goniometer's histogram: where samples lie, whatever the cuts and however loud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loudscope
from loudscope.qc import goniometer

from ..strategies import examples
from .measuring import RATE_HZ, noise, sine

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"


def test_it_is_numpys_histogram_of_mid_and_side() -> None:
    samples = noise(3.0).astype(np.float32).astype(np.float64)
    found = goniometer(samples, RATE_HZ)
    assert found is not None
    mid, side = samples.sum(axis=1) / np.sqrt(2), (samples[:, 1] - samples[:, 0]) / np.sqrt(2)
    edges = np.linspace(-found.extent, found.extent, 257)
    expected, *_ = np.histogram2d(mid, side, bins=(edges, edges))
    assert found.counts.sum() == len(samples) == found.samples
    assert np.abs(found.counts - expected).sum() <= 4  # rounding at an edge


@pytest.mark.parametrize(
    ("gains", "direction"),
    [((1, 0), (1, -1)), ((0, 1), (1, 1)), ((1, 1), (1, 0)), ((1, -1), (0, 1))],
    ids=["left", "right", "mono", "inverted"],
)
def test_directions(gains: tuple[int, int], direction: tuple[int, int]) -> None:
    """Left points to the upper left, right to the upper right, mono up, inverted sideways."""
    found = goniometer(0.9 * sine(997.0, 1.0) * gains, RATE_HZ)
    assert found is not None
    rows, columns = np.nonzero(found.counts)
    mid, side = rows - 127.5, columns - 127.5
    across = mid * direction[1] - side * direction[0]
    assert np.abs(across).max() <= 1.0 * np.hypot(*direction)


@examples(0.2)
@given(
    cuts=st.lists(st.integers(1, 20_000), min_size=1, max_size=5),
    gain=st.sampled_from([1e-5, 1e-3, 0.1, 1.0, 30.0]),
)
def test_any_cut_gives_the_same(cuts: list[int], gain: float) -> None:
    samples = (gain * noise(0.5)).astype(np.float32)
    whole = goniometer(samples, RATE_HZ)
    parts = np.split(samples, np.cumsum(cuts)[np.cumsum(cuts) < len(samples)])
    cut = goniometer(parts, RATE_HZ)
    assert whole is not None
    assert cut is not None
    assert np.array_equal(whole.counts, cut.counts)
    assert (whole.extent, whole.samples) == (cut.extent, cut.samples)


@examples(0.2)
@given(st.floats(1e-4, 30.0))
def test_the_grid_fits_the_sound(gain: float) -> None:
    """The farthest sample lies in its outer half, so the sound spans more than half of it."""
    samples = gain * np.clip(noise(0.2), -0.3, 0.3)
    found = goniometer(samples, RATE_HZ)
    assert found is not None
    mid, side = samples.sum(axis=1) / np.sqrt(2), np.diff(samples, axis=1)[:, 0] / np.sqrt(2)
    farthest = max(np.abs(mid).max(), np.abs(side).max())
    assert found.extent / 2 <= farthest * 1.0001
    assert farthest < found.extent * 1.0001


def test_a_sound_that_grows_is_counted_on_the_last_grid() -> None:
    quiet, loud = 0.001 * noise(1.5), 0.5 * noise(1.5, seed=1)
    both = goniometer(np.concatenate([quiet, loud]), RATE_HZ)
    alone = goniometer(loud, RATE_HZ)
    assert both is not None
    assert alone is not None
    assert both.extent == alone.extent
    rest = both.counts - alone.counts
    assert rest.min() >= 0
    assert rest.sum() == len(quiet)
    assert np.flatnonzero(rest.sum(axis=1)).tolist() in ([127, 128], [126, 127, 128, 129])


def test_the_front_pair_of_a_layout_and_none_without_one() -> None:
    six = noise(1.0, 6)
    one, other = goniometer(six, RATE_HZ, layout="5.1"), goniometer(six[:, :2], RATE_HZ)
    assert one is not None
    assert other is not None
    assert np.array_equal(one.counts, other.counts)
    assert goniometer(noise(1.0, 1), RATE_HZ) is None


def test_silence_is_not_counted() -> None:
    found = goniometer(np.zeros((RATE_HZ, 2)), RATE_HZ)
    assert found is not None
    assert (int(found.counts.sum()), found.samples) == (0, RATE_HZ)


def test_files_and_errors_are_those_of_scan() -> None:
    found = goniometer(EXAMPLE)
    assert found is not None
    assert found.samples == loudscope.analyze(EXAMPLE).frames
    with pytest.raises(loudscope.InvalidArgument, match="rate_hz"):
        goniometer(np.zeros((10, 2)))
