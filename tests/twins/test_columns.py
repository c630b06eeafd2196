"""Engine and reference agree on every column of the block table, and on the filters behind it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope import DEFAULT_EDGES_HZ, BlockTable, _core, reference

from ..strategies import ODD_RATES_HZ, RATES_HZ, Audio, audio, examples, power_close

Columns = dict[str, NDArray[Any]]

EXACT = ("frames", "ticks", "tick_frames", "clips", "sample_peak", "sample_peak_at")

# Floors under 1e-9 of an energy, as shares of the loudest block so far. The engine starts afresh
# every 3 s after a pre-roll of 0.2 s, which leaves 1e-21; the rest is the rounding of either side.
# Above 48 kHz the poles of a split at 20 Hz lie so close to 1 that double-precision sections, whose
# noise the reference has, are good to 1e-11 only; below 1/10 000 of the rate, to no more than 1e-8.
FLOOR = 1e-13
BAND_FLOOR = {False: 1e-13, True: 1e-10}

edges = st.lists(
    st.integers(0, 4400).map(lambda n: round(20 * 2 ** (n / 400), 1)),
    min_size=2,
    max_size=8,
    unique=True,
).map(lambda found: tuple(sorted(found)))


def loudest_so_far(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    """(B, C): the largest block energy up to each block."""
    return np.maximum.accumulate(energy, axis=0)


def assert_energies(table: BlockTable, columns: Columns, sound: Audio) -> None:
    floor = BAND_FLOOR[sound.rate_hz > 48000]
    loudest = loudest_so_far(columns["energy"])
    ticks = np.repeat(loudest, 10, axis=0)
    of_bands = np.broadcast_to(loudest[:, None, :], columns["band_energy"].shape)
    assert table.tick_energy is not None
    assert table.energy is not None
    assert table.band_energy is not None
    assert table.total is not None
    assert power_close(table.tick_energy, columns["tick_energy"], ticks, FLOOR)
    assert power_close(table.energy, columns["energy"], loudest, FLOOR)
    assert power_close(table.band_energy, columns["band_energy"], of_bands, floor)
    largest = np.sqrt(columns["energy"] * columns["frames"][:, None])
    assert power_close(table.total, columns["total"], largest, 1e-12)


def assert_products(table: BlockTable, columns: Columns, sound: Audio) -> None:
    pair = sound.layout.front_pair
    loudest = loudest_so_far(columns["energy"])
    both = np.zeros(len(loudest)) if pair is None else np.sqrt(loudest[:, pair].prod(axis=1))
    assert table.cross is not None
    assert table.k_cross is not None
    assert table.band_cross is not None
    assert power_close(table.cross, columns["cross"], both, FLOOR)
    assert power_close(table.k_cross, columns["k_cross"], both, FLOOR)
    of_bands = np.broadcast_to(both[:, None], columns["band_cross"].shape)
    assert power_close(
        table.band_cross, columns["band_cross"], of_bands, BAND_FLOOR[sound.rate_hz > 48000]
    )


def assert_twins(sound: Audio) -> None:
    table = loudscope.scan(sound.samples, sound.rate_hz, layout=sound.layout)
    columns = reference.table(sound.samples, sound.rate_hz, pair=sound.layout.front_pair)
    for name in EXACT:
        np.testing.assert_array_equal(getattr(table, name), columns[name], err_msg=name)
    assert_energies(table, columns, sound)
    assert_products(table, columns, sound)


@given(sound=audio())
def test_every_column_of_generated_audio(sound: Audio) -> None:
    """Counts and sample peaks to the bit, energies to 1e-9."""
    assert_twins(sound)


@examples(0.1)
@given(
    sound=audio(
        rates_hz=(8000,),
        channels=(1, 4),
        least_seconds=24.0,
        most_seconds=64.0,
        most_samples=700_000,
    )
)
def test_every_column_of_half_a_minute(sound: Audio) -> None:
    """Long enough to fill all sixteen lanes with stretches of one programme, and to go round."""
    assert_twins(sound)


@examples(0.5)
@given(sound=audio(most_samples=200_000), given_edges=edges)
def test_any_band_edges(sound: Audio, given_edges: tuple[float, ...]) -> None:
    """The tree over two to eight edges, some of them above what the rate can hold."""
    table = loudscope.scan(sound.samples, sound.rate_hz, layout=sound.layout, edges=given_edges)
    assert table.edges_hz == given_edges
    columns = reference.table(
        sound.samples, sound.rate_hz, given_edges, pair=sound.layout.front_pair
    )
    shape = columns["energy"].shape
    used = reference.used_edges(given_edges, sound.rate_hz)
    assert columns["band_energy"].shape == (shape[0], len(used) + 1, shape[1])
    assert_energies(table, columns, sound)
    assert_products(table, columns, sound)


@pytest.mark.parametrize("rate_hz", [*RATES_HZ, *ODD_RATES_HZ, 352800, 384000])
def test_band_edges_in_use(rate_hz: int) -> None:
    """The same edges, to the bit: those below 0.49 of the rate, and that where some are not."""
    for given_edges in (DEFAULT_EDGES_HZ, (20.0, 0.49 * rate_hz), (100.0, 190000.0), (5e5, 6e5)):
        used = reference.used_edges(given_edges, rate_hz)
        assert tuple(_core.band_edges(list(given_edges), rate_hz)) == used
        assert all(low < high for low, high in pairwise(used))


def test_k_weighting_coefficients_of_every_rate() -> None:
    """Every 37th rate of 8 to 384 kHz, the common ones, and those around the tables' 48 kHz."""
    rates = {*range(8000, 384_001, 37), *RATES_HZ, *ODD_RATES_HZ, *range(47_990, 48_011), 384_000}
    engine = np.array([_core.k_weighting(rate_hz) for rate_hz in sorted(rates)])
    sections = np.array([reference.k_coefficients(rate_hz) for rate_hz in sorted(rates)])
    np.testing.assert_allclose(engine, sections[:, :, [0, 1, 2, 4, 5]], rtol=0.0, atol=1e-14)
