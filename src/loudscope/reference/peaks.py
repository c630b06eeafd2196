"""Sample peaks and true peaks (BS.1770-5 Annex 2), linear, full scale = 1.0.

All are taken on the samples rounded to float32. Before the first and after the last frame there are
zeros, and every interpolator runs until they have filled it, so no peak hides in the tail.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.signal import oaconvolve

from .grid import block_bounds, samples

# BS.1770-5 Annex 2, the order-48, 4-phase table. Phases 2 and 3 are phases 1 and 0 reversed.
ITU_PHASE_0 = (
    *(0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000),
    *(-0.0594482421875, 0.1373291015625, 0.9721679687500, -0.1022949218750),
    *(0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500),
)
ITU_PHASE_1 = (
    *(-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250),
    *(-0.1665039062500, 0.4650878906250, 0.7797851562500, -0.2003173828125),
    *(0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375),
)

KAISER_BETA = 12.0
"""Stop band below -118 dB."""

Peaks = npt.NDArray[np.float64]


def _rounded(x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return samples(x).astype(np.float32).astype(np.float64)


def _largest(values: npt.NDArray[np.float64]) -> Peaks:
    return np.asarray(np.abs(values).max(axis=0, initial=0.0), dtype=np.float64)


def sample_peak(x: npt.ArrayLike) -> Peaks:
    """Largest sample magnitude per channel, shape (channels,); 0 for a signal of no frames."""
    return _largest(_rounded(x))


def true_peak_itu(x: npt.ArrayLike) -> Peaks:
    """What the four-phase table of BS.1770-5 Annex 2 reads, as printed, at four times the rate.

    No phase of it passes the samples through, so it may read below the sample peak.

    Args:
        x: Shape (frames,) or (frames, channels).

    Returns:
        Shape (channels,).
    """
    signal = _rounded(x)
    peaks = np.zeros(signal.shape[1])
    for phase in (ITU_PHASE_0, ITU_PHASE_1, ITU_PHASE_1[::-1], ITU_PHASE_0[::-1]):
        for channel in range(signal.shape[1]) if len(signal) else ():
            reading = _largest(np.convolve(signal[:, channel], phase))
            peaks[channel] = max(peaks[channel], reading)
    return peaks


def true_peak_ideal(x: npt.ArrayLike, oversample: int = 64, half_width: int = 512) -> Peaks:
    """The true peak as nearly as it can be known: a very long Kaiser-windowed sinc.

    64 phases read a sine at half the rate at most 0.0026 dB low (20 log10 cos(pi/128), Annex 2).

    Args:
        x: Shape (frames,) or (frames, channels).
        oversample: Points per sample.
        half_width: Samples on either side that a point is made of.

    Returns:
        Shape (channels,).
    """
    signal = _rounded(x)
    peaks = _largest(signal)
    for phase in range(1, oversample) if signal.size else ():
        at = np.arange(-half_width, half_width) + phase / oversample
        window = np.i0(KAISER_BETA * np.sqrt(1 - (at / half_width) ** 2)) / np.i0(KAISER_BETA)
        points = oaconvolve(signal, (np.sinc(at) * window)[:, None], axes=0)
        peaks = np.maximum(peaks, _largest(np.asarray(points, dtype=np.float64)))
    return peaks


def true_peak_fir(x: npt.ArrayLike, taps: npt.ArrayLike) -> Peaks:
    """What a polyphase interpolator reads, never below the sample peak.

    Args:
        x: Shape (frames,) or (frames, channels).
        taps: Shape (phases, taps), an even number of taps. With 36 of them the point that a row
            gives for frame n is the sum of taps[row, k] * x[n - 17 + k], samples n - 17 to n + 18.

    Returns:
        Shape (channels,).
    """
    return _largest(_fir_envelope(_rounded(x), taps))


def _fir_envelope(signal: npt.NDArray[np.float64], taps: npt.ArrayLike) -> Peaks:
    """Largest magnitude from each frame up to the next, shape (frames, channels).

    Points before the first frame belong to the first, points after the last frame to the last.
    """
    table = np.asarray(taps, dtype=np.float64)
    envelope = np.abs(signal)
    ahead = table.shape[1] // 2
    for channel in range(signal.shape[1]) if len(signal) else ():
        for row in table:
            # Element i of the full convolution with the reversed row is the point of frame i-ahead.
            points = np.abs(np.convolve(signal[:, channel], row[::-1]))
            inside = points[ahead : ahead + len(signal)]
            envelope[: len(inside), channel] = np.maximum(envelope[: len(inside), channel], inside)
            envelope[0, channel] = max(envelope[0, channel], points[:ahead].max())
            after = points[ahead + len(signal) :].max(initial=0.0)
            envelope[-1, channel] = max(envelope[-1, channel], after)
    return envelope


def peak_columns(
    x: npt.ArrayLike, rate_hz: int, taps: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint16]]:
    """Peak of every block, and the frame within the block at which it stands first.

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.
        taps: None for sample peaks; a table as in `true_peak_fir` for true peaks.

    Returns:
        Two arrays of shape (blocks, channels). A point between two frames stands at the earlier.
    """
    signal = _rounded(x)
    envelope = np.abs(signal) if taps is None else _fir_envelope(signal, taps)
    bounds = block_bounds(len(signal), rate_hz)
    peaks = np.zeros((len(bounds) - 1, signal.shape[1]), dtype=np.float32)
    frames = np.zeros(peaks.shape, dtype=np.uint16)
    for row, (start, stop) in enumerate(pairwise(bounds)):
        peaks[row] = envelope[start:stop].max(axis=0)
        frames[row] = envelope[start:stop].argmax(axis=0)
    return peaks, frames
