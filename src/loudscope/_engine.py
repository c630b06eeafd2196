"""What the engine hands back, as values and errors of ours."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidAudio, NonFiniteSamples
from ._layouts import Layout
from ._table import BlockTable

__all__ = ["bad_sample_error", "table_of"]


def table_of(
    columns: dict[str, NDArray[Any] | None],
    rate_hz: int,
    layout: Layout,
    edges_hz: tuple[float, ...],
    *,
    zeroed: int = 0,
    partial: bool = False,
) -> BlockTable:
    """A one-programme table over columns that the engine made."""
    given: dict[str, Any] = dict(columns)
    return BlockTable(
        rate_hz=rate_hz,
        layout=layout,
        edges_hz=edges_hz,
        seams=np.zeros(1, np.int64),
        zeroed=zeroed,
        partial=partial,
        **given,
    )


def bad_sample_error(bad: Exception, name: str = "source") -> InvalidAudio:
    """The engine's finding as an error of ours; `name` is the argument's."""
    frame, channel, value, _ = bad.args
    where = f"frame {frame}, channel {channel}"
    if math.isfinite(value):
        return InvalidAudio(
            f"{name}: {where} is {value:g}, {20 * math.log10(abs(value)):+.1f} dBFS; full scale is "
            "1.0: divide integers held as float by their full scale, as in x / 32768"
        )
    return NonFiniteSamples(
        f"{name}: {where} is {value}; repair the audio, or pass on_nonfinite='zero' to read such "
        "samples as zero and count them",
        frame,
        channel,
    )
