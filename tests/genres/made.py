"""Audio with levels of its bands to order, and references without audio."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

import loudscope
from loudscope.genres import Reference, band_levels

RATE_HZ = 48000
CENTRES_HZ = (35.0, 122.0, 354.0, 1000.0, 3464.0, 10954.0)  # well within each band
BANDS = 6
THIRDS = 31
FIGURES = 6


def tones(levels: Sequence[float], seconds: float = 5.0) -> NDArray[np.float64]:
    """One sine in each band, each of that level in dBFS (a full-scale sine is -3.01)."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    amplitudes = [math.sqrt(2.0) * 10.0 ** (level / 20.0) for level in levels]
    sines = (
        amplitude * np.sin(2.0 * np.pi * hz * time)
        for amplitude, hz in zip(amplitudes, CENTRES_HZ, strict=True)
    )
    return np.asarray(np.sum(list(sines), axis=0))


def balanced(above_mid: Sequence[float], seconds: float = 5.0) -> loudscope.Analysis:
    """An analysis whose bands lie so many dB above the mid band, within a thousandth.

    What one band's filter lets through of another's sine is made up for, a few times over.
    """
    levels = np.array([-30.0 + level for level in above_mid])
    for _ in range(5):
        found = band_levels(loudscope.analyze(tones(levels.tolist(), seconds), RATE_HZ))
        measured = np.array([band.level or 0.0 for band in found])
        levels += np.array(above_mid) - (measured - measured[3])
    return loudscope.analyze(tones(levels.tolist(), seconds), RATE_HZ)


def noise(seconds: float, seed: int = 0, rate_hz: int = RATE_HZ) -> NDArray[np.float32]:
    """Stereo noise at -20 dBFS or so, falling by 3 dB an octave."""
    frames = round(seconds * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((frames, 2)), axis=0)
    hz = np.maximum(np.fft.rfftfreq(frames, 1.0 / rate_hz), 20.0)
    pink = np.fft.irfft(spectrum / np.sqrt(hz)[:, None], frames, axis=0)
    return np.asarray(0.1 * pink / pink.std(), np.float32)


def reference(name: str, bands: Sequence[float | None], **changes: object) -> Reference:
    """A reference that was never heard."""
    digest = hashlib.sha256(f"{name} {bands} {changes}".encode()).hexdigest()
    fields: dict[str, object] = {
        "name": name,
        "sha256": digest,
        "duration": 200.0,
        "bands": tuple(bands),
        "thirds": (-10.0,) * THIRDS,
        "figures": (-9.0, 6.0, -1.0, 8.0, 8.5, 12.0),
        "correlation": (0.9,) * BANDS,
        "side_share": (0.1,) * BANDS,
        "dual_mono": False,
        "codec_cutoff_hz": None,
    }
    return Reference.from_dict({**fields, **changes})


def references(least: int = 1, most: int = 12) -> st.SearchStrategy[list[Reference]]:
    """References whose bands, figures and names are drawn; the same one may come twice."""
    level = st.one_of(st.none(), st.floats(-60.0, 30.0))
    one = st.builds(
        lambda name, bands, figures, dual: reference(
            name, [*bands[:3], 0.0, *bands[3:]], figures=figures, dual_mono=dual
        ),
        name=st.sampled_from("abcdefgh"),
        bands=st.lists(level, min_size=BANDS - 1, max_size=BANDS - 1),
        figures=st.lists(level, min_size=FIGURES, max_size=FIGURES),
        dual=st.booleans(),
    )
    return st.lists(one, min_size=least, max_size=most)
