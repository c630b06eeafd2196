"""The executable specification of loudscope, in NumPy, SciPy and plain loops.

This is what the engine is held to: every column of a block table and every figure has its plain
twin here. Nothing is segmented, threaded or fast. A filter runs over the whole signal in double
precision, and a window is summed afresh each time. The package stands aside: it imports nothing of
the library, and nothing of the library imports it. It needs SciPy, the extra `[reference]`:
`pip install loudscope[reference]`.

Signals are arrays of shape (frames,) or (frames, channels) with full scale at 1.0, or integers that
`samples` scales. A figure that does not exist (too short, silent, gated out) is None.

    import loudscope.reference as reference

    columns = reference.table(x, 48000)
    ticks = reference.Ticks(columns["tick_energy"], columns["tick_frames"], columns["ticks"])
    reference.integrated(ticks, weights=(1.0, 1.0)).loudness
"""

try:
    import scipy as _scipy  # noqa: F401
except ImportError as _error:  # no MissingExtra: that is the library's
    raise ImportError(
        "loudscope.reference needs SciPy, which is not installed: "
        "pip install 'loudscope[reference]'",
        name="scipy",
    ) from _error

from .bands import band_energies, band_signals, used_edges
from .columns import DEFAULT_EDGES_HZ, table
from .figures import (
    Psr,
    amplitude_db,
    balance,
    correlation,
    crest_factor,
    mid_side_ratio,
    mono_loss,
    plr,
    power_db,
    psr,
    rms,
)
from .gating import Integrated, LoudnessRange, integrated, loudness_range, nearest_rank
from .grid import block_bounds, samples, tick_bounds, tick_counts, tick_start
from .levels import (
    CLIP_LEVEL,
    block_cross,
    block_energies,
    block_sums,
    clip_columns,
    tick_energies,
)
from .peaks import peak_columns, sample_peak, true_peak_fir, true_peak_ideal, true_peak_itu
from .weighting import k_coefficients, k_weight
from .windows import Maximum, Series, Ticks, maximum, momentary, short_term, window_loudness

__all__ = [
    "CLIP_LEVEL",
    "DEFAULT_EDGES_HZ",
    "Integrated",
    "LoudnessRange",
    "Maximum",
    "Psr",
    "Series",
    "Ticks",
    "amplitude_db",
    "balance",
    "band_energies",
    "band_signals",
    "block_bounds",
    "block_cross",
    "block_energies",
    "block_sums",
    "clip_columns",
    "correlation",
    "crest_factor",
    "integrated",
    "k_coefficients",
    "k_weight",
    "loudness_range",
    "maximum",
    "mid_side_ratio",
    "momentary",
    "mono_loss",
    "nearest_rank",
    "peak_columns",
    "plr",
    "power_db",
    "psr",
    "rms",
    "sample_peak",
    "samples",
    "short_term",
    "table",
    "tick_bounds",
    "tick_counts",
    "tick_energies",
    "tick_start",
    "true_peak_fir",
    "true_peak_ideal",
    "true_peak_itu",
    "used_edges",
    "window_loudness",
]
