"""The measuring engine: scan, live meter, gating."""

from collections.abc import Sequence
from typing import Any

import numpy
import numpy.typing


class BadSample(ValueError):
    pass

def k_weighting(rate_hz: int) -> list[list[float]]:
    """[b0 b1 b2 a1 a2] of shelf and RLB."""

def band_edges(edges_hz: Sequence[float], rate_hz: int) -> list[float]:
    """The edges in use at that rate."""

def kernel() -> str:
    """Name of the kernel in use."""

def kernels() -> list[str]:
    """Kernels that this machine can run, best first."""

def weighted_power(energy: numpy.typing.NDArray[numpy.float64], weights: Sequence[float]) -> numpy.typing.NDArray[numpy.float64]: ...

def windows(power: numpy.typing.NDArray[numpy.float64], frames: numpy.typing.NDArray[numpy.uint16], complete: numpy.typing.NDArray[numpy.uint8], seams: numpy.typing.NDArray[numpy.int64], length: int, hop: int) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.int64]]: ...

def gate(power: numpy.typing.NDArray[numpy.float64]) -> tuple[int, int, int, int, float, float]:
    """
    (blocks, below_absolute, below_relative, kept, relative_threshold, integrated)
    """

def loudness_range(power: numpy.typing.NDArray[numpy.float64]) -> tuple[int, float, float]:
    """(kept, low, high)"""

class Options:
    def __init__(self, rate_hz: int, channels: int, pair: tuple[int, int], edges_hz: Sequence[float], weighting: bool = True, peaks: bool = True, exhaustive: bool = False, detail: bool = False, levels: bool = True, largest_only: bool = False) -> None: ...

class Scan:
    def __init__(self, options: Options, first_row: int, stop_row: int | None) -> None: ...

    def run(self, audio: numpy.typing.NDArray[Any], begin: int, end: int, threads: int) -> None:
        """Measures the segments [begin, end) of a whole programme."""

    def take(self) -> dict[str, numpy.typing.NDArray[Any] | None]: ...

class Stream:
    def __init__(self, options: Options, first_row: int, stop_row: int | None, threads: int) -> None: ...

    @property
    def origin(self) -> int: ...

    def push(self, chunk: numpy.typing.NDArray[Any]) -> None: ...

    def finish(self) -> dict[str, numpy.typing.NDArray[Any] | None]: ...

def itu_peaks(audio: numpy.typing.NDArray[Any], skip: int, flush: bool) -> list[float]:
    """BS.1770-5 Annex 2: the 48-tap table's own reading of each channel."""

def unpack24(data: bytes) -> numpy.typing.NDArray[numpy.int32]:
    """Little-endian samples of three bytes, left-justified in int32."""

class Live:
    def __init__(self, options: Options, weights: Sequence[float], keep_table: bool) -> None: ...

    def push(self, chunk: numpy.typing.NDArray[Any]) -> None: ...

    def reading(self) -> dict[str, Any]: ...

    def table(self) -> dict[str, numpy.typing.NDArray[Any] | None]: ...

def measure_clips(options: Options, clips: Sequence[numpy.typing.NDArray[Any]], weights: Sequence[float], threads: int) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float32]]:
    """
    (integrated, true_peak) of clips of one dtype: LUFS or -inf, and linear. BadSample names the clip too.
    """

class Spectra:
    def __init__(self, window: Sequence[float], weighting: Sequence[float], turns: Sequence[float], bass_begin: int, bass_end: int) -> None: ...

    def take(self, channels: numpy.typing.NDArray[numpy.float32], windows: int, weights: Sequence[float], front: bool, rows: numpy.typing.NDArray[numpy.float32], loudness: numpy.typing.NDArray[numpy.float32], cross: numpy.typing.NDArray[numpy.complex128]) -> None:
        """
        Adds spectra of half-overlapped windows to rows, loudness and cross; loudscope/spectra.hpp has the columns.
        """

class LevelSteps:
    def __init__(self, steps: Sequence[float]) -> None: ...

    def count(self, rows: numpy.typing.NDArray[numpy.float32], width: int, counts: numpy.typing.NDArray[numpy.int32]) -> None:
        """Counts the step that the sum of each group of `width` values reaches."""

def span_levels(channels: numpy.typing.NDArray[numpy.float32], bounds: numpy.typing.NDArray[numpy.int64], high: numpy.typing.NDArray[numpy.float32], low: numpy.typing.NDArray[numpy.float32], energy: numpy.typing.NDArray[numpy.float64]) -> None:
    """
    Writes the highest and lowest sample and the energy between bounds, of each channel.
    """
