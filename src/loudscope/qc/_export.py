"""An inspection as plain values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ._inspection import Inspection

__all__ = ["SCHEMA_VERSION", "as_dict", "plain"]

SCHEMA_VERSION = 1
LEFT_OUT = {("Spectrum", name) for name in ("bins_hz", "power", "p90_hz", "p90_db")} | {
    ("StereoFigures", "windows")
}


def as_dict(inspection: Inspection) -> dict[str, Any]:
    """Every figure under its own name; one that does not exist is None."""
    return {
        "schema_version": SCHEMA_VERSION,
        "pcm_sha256": inspection.pcm_sha256,
        "analysis": inspection.analysis.to_dict(),
        "stereo": plain(inspection.stereo),
        "dynamics": plain(inspection.dynamics),
        "transients": plain(inspection.transients),
        "spectrum": plain(inspection.spectrum),
        "faults": plain(inspection.faults),
        "findings": plain(inspection.findings),
    }


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Dataclasses as dicts, arrays and tuples as lists, NumPy numbers as Python's."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if (kind, field.name) not in LEFT_OUT
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, str) else value
