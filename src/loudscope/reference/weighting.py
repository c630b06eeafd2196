"""K-weighting at any sampling rate (BS.1770-5 Annex 1, Tables 1 and 2)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.signal import sosfilt

from .grid import samples

# BS.1770-5 Annex 1, Tables 1 and 2: b0, b1, b2, a0, a1, a2 at 48 kHz.
SHELF_48K = (
    *(1.53512485958697, -2.69169618940638, 1.19839281085285),
    *(1.0, -1.69065929318241, 0.73248077421585),
)
RLB_48K = (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621)

# The Recommendation gives no analogue prototype. These values, which several meters share, are a
# fit that returns its 48 kHz tables to 1e-15.
SHELF_HZ, SHELF_GAIN_DB = 1681.974450955533, 3.999843853973347
SHELF_Q, SHELF_EXPONENT = 0.7071752369554196, 0.4996667741545416
RLB_HZ, RLB_Q = 38.13547087602444, 0.5003270373238773

Section = tuple[float, float, float, float, float, float]


def k_coefficients(rate_hz: int) -> npt.NDArray[np.float64]:
    """Second-order sections of the K-weighting filter.

    At 48 kHz these are the tables of BS.1770-5; at any other rate, filters with "the same frequency
    response" as at 48 kHz, which is all that the Recommendation says of other rates.

    Args:
        rate_hz: Sampling rate.

    Returns:
        Shape (2, 6): shelf, then RLB high-pass; each b0, b1, b2, a0 = 1, a1, a2.
    """
    if rate_hz == 48000:
        return np.array([SHELF_48K, RLB_48K])
    shelf = _shelf_bilinear(rate_hz) if rate_hz > 48000 else _shelf_matched(rate_hz)
    return np.array([shelf, _rlb(rate_hz)])


def k_weight(x: npt.ArrayLike, rate_hz: int) -> npt.NDArray[np.float64]:
    """K-weight a signal from rest (BS.1770-5 Annex 1, Fig. 2 and 3).

    Args:
        x: Shape (frames,) or (frames, channels).
        rate_hz: Sampling rate.

    Returns:
        Shape (frames, channels).
    """
    signal = samples(x)
    if signal.size == 0:
        return signal
    return np.asarray(sosfilt(k_coefficients(rate_hz), signal, axis=0), dtype=np.float64)


def _rlb(rate_hz: int) -> Section:
    # b = [1, -2, 1] carries the pass-band gain of 48 kHz only; the ratio of the denominators holds
    # that gain at every rate.
    k, d = _rlb_denominator(rate_hz)
    _, d48 = _rlb_denominator(48000)
    g = d48 / d
    return g, -2 * g, g, 1.0, 2 * (k * k - 1) / d, (1 - k / RLB_Q + k * k) / d


def _rlb_denominator(rate_hz: int) -> tuple[float, float]:
    k = math.tan(math.pi * RLB_HZ / rate_hz)
    return k, 1 + k / RLB_Q + k * k


def _shelf_bilinear(rate_hz: int) -> Section:
    k = math.tan(math.pi * SHELF_HZ / rate_hz)
    vh = 10 ** (SHELF_GAIN_DB / 20)
    vb = vh**SHELF_EXPONENT
    a0 = 1 + k / SHELF_Q + k * k
    return (
        (vh + vb * k / SHELF_Q + k * k) / a0,
        2 * (k * k - vh) / a0,
        (vh - vb * k / SHELF_Q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / SHELF_Q + k * k) / a0,
    )


def _shelf_matched(rate_hz: int) -> Section:
    """The shelf below 48 kHz, where the bilinear transform would bend its slope against Nyquist.

    Poles are those of 48 kHz at the new rate; the numerator makes |H|**2 equal to that of 48 kHz at
    0, 0.15 and 0.5 of the rate (M. Vicanek, "Matched Second Order Digital Filters", 2016).
    """
    a1, a2 = _moved_poles(rate_hz)
    p = ((1 + a1 + a2) ** 2, (1 - a1 + a2) ** 2, -4 * a2)
    phi1 = math.sin(math.pi * 0.15) ** 2
    phi = (1 - phi1, phi1, 4 * (1 - phi1) * phi1)
    b_zero = p[0] * _shelf_power_48k(0.0)
    b_nyquist = p[1] * _shelf_power_48k(rate_hz / 2)
    middle = _shelf_power_48k(0.15 * rate_hz) * sum(a * b for a, b in zip(p, phi, strict=True))
    b_middle = (middle - b_zero * phi[0] - b_nyquist * phi[1]) / phi[2]
    w = (math.sqrt(b_zero) + math.sqrt(b_nyquist)) / 2
    b0 = (w + math.sqrt(w * w + b_middle)) / 2
    b1 = (math.sqrt(b_zero) - math.sqrt(b_nyquist)) / 2
    return b0, b1, -b_middle / (4 * b0), 1.0, a1, a2


def _moved_poles(rate_hz: int) -> tuple[float, float]:
    # The poles at 48 kHz are a conjugate pair r exp(+-j w): z**2 - 2 r cos(w) z + r**2.
    a1, a2 = SHELF_48K[4], SHELF_48K[5]
    ratio = 48000 / rate_hz
    radius, angle = math.sqrt(a2), math.acos(-a1 / (2 * math.sqrt(a2)))
    return -2 * radius**ratio * math.cos(angle * ratio), radius ** (2 * ratio)


def _shelf_power_48k(hz: float) -> float:
    z = complex(math.cos(2 * math.pi * hz / 48000), -math.sin(2 * math.pi * hz / 48000))
    b0, b1, b2, a0, a1, a2 = SHELF_48K
    return abs((b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)) ** 2
