"""One pass with the engine's detail and the spectra, for tests of single figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import loudscope
from loudscope import Analysis, Layout, _core
from loudscope._engine import table_of
from loudscope.qc._dr14 import DrBlocks, DrCollector
from loudscope.qc._ltas import Ltas, LtasSums

Samples = NDArray[np.float64]
RATE_HZ = 48000


@dataclass(frozen=True)
class Measured:
    """What figures are made from."""

    analysis: Analysis
    sums: LtasSums
    dr_blocks: DrBlocks
    band_ticks: NDArray[np.float32]
    band_peak: NDArray[np.float32]


def measured(
    samples: Samples,
    rate_hz: int = RATE_HZ,
    layout: str | None = None,
    edges_hz: tuple[float, ...] = loudscope.DEFAULT_EDGES_HZ,
) -> Measured:
    """Measures (frames, channels)."""
    held = np.ascontiguousarray(samples, np.float32)
    channels = Layout.named(layout or {1: "mono", 2: "stereo"}[held.shape[1]])
    pair = channels.front_pair or (-1, -1)
    options = _core.Options(rate_hz, channels.count, pair, list(edges_hz), detail=True)
    stream = _core.Stream(options, 0, None, 1)
    stream.push(held)
    columns: dict[str, Any] = stream.finish()
    ticks, peak = columns.pop("band_tick_energy"), columns.pop("band_peak")
    analysis = Analysis(table_of(columns, rate_hz, channels, edges_hz))
    dr = DrCollector(rate_hz, channels)
    dr.feed(held, 0)
    return Measured(analysis, spectra(held, rate_hz, channels), dr.finish(len(held)), ticks, peak)


def spectra(
    samples: NDArray[np.float32], rate_hz: int, layout: Layout, cuts: tuple[int, ...] = ()
) -> LtasSums:
    """What `Ltas` leaves, fed in parts that end at `cuts`."""
    collector, first = Ltas(rate_hz, layout), 0
    for last in (*cuts, len(samples)):
        collector.feed(samples[first:last], first)
        first = last
    return collector.finish(len(samples))


def noise(seconds: float, channels: int = 2, seed: int = 0, rate_hz: int = RATE_HZ) -> Samples:
    """Unrelated white noise, RMS 0.1."""
    rng = np.random.default_rng(seed)
    return 0.1 * rng.standard_normal((round(seconds * rate_hz), channels))


def sine(hz: float, seconds: float, rate_hz: int = RATE_HZ, channels: int = 2) -> Samples:
    """A full-scale sine in every channel."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.repeat(np.sin(2 * np.pi * hz * time)[:, None], channels, axis=1)


def band_noise(low_hz: float, high_hz: float, seconds: float, seed: int = 0) -> Samples:
    """(frames,) noise between two frequencies, RMS 0.1."""
    frames = round(seconds * RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0.0
    made = np.fft.irfft(spectrum, frames)
    return np.asarray(0.1 * made / made.std())
