"""Band energies by tick and band peaks by block: the engine's detail against plain NumPy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from loudscope import DEFAULT_EDGES_HZ, _core, reference

from ..strategies import Audio, audio, examples

Columns = dict[str, NDArray[Any] | None]


def options(sound: Audio, detail: bool) -> _core.Options:
    pair = sound.layout.front_pair or (-1, -1)
    return _core.Options(sound.rate_hz, sound.channels, pair, list(DEFAULT_EDGES_HZ), detail=detail)


def scanned(sound: Audio, detail: bool = True, threads: int = 2) -> Columns:
    scan = _core.Scan(options(sound, detail), 0, None)
    scan.run(sound.samples, 0, 1 + sound.frames // (3 * sound.rate_hz), threads)
    return scan.take()


def streamed(sound: Audio, chunk: int) -> Columns:
    stream = _core.Stream(options(sound, True), 0, None, 1)
    for start in range(0, sound.frames, chunk):
        stream.push(sound.samples[start : start + chunk])
    return stream.finish()


def column(columns: Columns, name: str) -> NDArray[Any]:
    found = columns[name]
    assert found is not None
    return found


def sums(signal: NDArray[np.float64], bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.stack([(signal[a:b] ** 2).sum(axis=0) for a, b in pairwise(bounds)])


def peaks(signal: NDArray[np.float64], bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.stack([np.abs(signal[a:b]).max(axis=0) for a, b in pairwise(bounds)])


@examples(0.5)
@given(sound=audio(most_samples=300_000))
def test_detail_is_that_of_the_band_signals(sound: Audio) -> None:
    """Each tick's energy and each block's largest magnitude of every band, float32."""
    found = scanned(sound)
    edges = reference.used_edges(DEFAULT_EDGES_HZ, sound.rate_hz)
    bands = reference.band_signals(sound.samples, sound.rate_hz, edges)
    ticks = reference.tick_bounds(sound.frames, sound.rate_hz)
    blocks = reference.block_bounds(sound.frames, sound.rate_hz)
    energies = np.stack([sums(band, ticks) for band in bands], axis=1)
    magnitudes = np.stack([peaks(band, blocks) for band in bands], axis=1)
    loudest = max(1e-30, np.abs(sound.samples).max())
    ticks_got, peaks_got = column(found, "band_tick_energy"), column(found, "band_peak")
    assert ticks_got.dtype == peaks_got.dtype == np.float32
    np.testing.assert_allclose(peaks_got, magnitudes, rtol=1e-6, atol=2e-5 * loudest)
    np.testing.assert_allclose(
        ticks_got, energies, rtol=1e-6, atol=1e-9 * loudest**2 * sound.rate_hz
    )


@examples(0.3)
@given(sound=audio(most_samples=300_000), chunk=st.sampled_from([4800, 65536, 500_000]))
def test_detail_of_a_stream_is_that_of_the_scan(sound: Audio, chunk: int) -> None:
    """To the bit, and every other column is as it is without detail."""
    whole, parts, plain = scanned(sound), streamed(sound, chunk), scanned(sound, detail=False)
    assert whole.keys() - plain.keys() == {"band_tick_energy", "band_peak"}
    for name in whole:
        np.testing.assert_array_equal(column(whole, name), column(parts, name), err_msg=name)
        if name in plain:
            np.testing.assert_array_equal(column(whole, name), column(plain, name), err_msg=name)


@examples(0.3)
@given(sound=audio(most_samples=300_000))
def test_ticks_add_up_to_their_block(sound: Audio) -> None:
    """Ten ticks of a band are the block's band energy, to float32, and none is negative."""
    found = scanned(sound)
    ticks, energy = column(found, "band_tick_energy"), column(found, "band_energy")
    assert (ticks >= 0.0).all()
    by_block = ticks.reshape(len(energy), 10, *energy.shape[1:]).sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(by_block, energy, rtol=1e-6, atol=1e-40)


def test_a_live_meter_keeps_no_detail() -> None:
    """It is refused, not left out in silence."""
    wanted = _core.Options(48000, 2, (0, 1), list(DEFAULT_EDGES_HZ), detail=True)
    with pytest.raises(ValueError, match="detail"):
        _core.Live(wanted, [1.0, 1.0], True)
