"""An analysis as plain values, as strict JSON, and as text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from ._bands import Band, BandProfile
from ._levels import Clipping

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["SCHEMA_VERSION", "as_dict", "as_json", "as_text"]

SCHEMA_VERSION = 1


def as_dict(analysis: Analysis) -> dict[str, Any]:
    """Every figure under its own name; levels in dB, times in seconds."""
    gating, clipping = analysis.gating, analysis.clipping
    profile = analysis.band_profile
    return {
        "schema_version": SCHEMA_VERSION,
        "name": analysis.name,
        "duration": analysis.duration,
        "rate_hz": analysis.rate_hz,
        "frames": analysis.frames,
        "layout": str(analysis.layout),
        "channels": list(analysis.layout.labels),
        "mono": analysis.mono,
        "loudness": _loudness(analysis),
        "gating": None if gating is None else gating._asdict(),
        "peaks": _peaks(analysis),
        "dynamics": {
            name: getattr(analysis, name) for name in ("plr", "psr_min", "psr_p10", "crest_factor")
        },
        "levels": {
            "rms": analysis.rms,
            "rms_per_channel": list(analysis.rms_per_channel),
            "crest_factor_per_channel": list(analysis.crest_factor_per_channel),
            "dc_offset_per_channel": _listed(analysis.dc_offset_per_channel),
        },
        "clipping": None if clipping is None else [_clipping(c) for c in clipping],
        "stereo": {
            name: getattr(analysis, name)
            for name in ("balance", "correlation", "mid_side_ratio", "mono_loss")
        },
        "bands": None if profile is None else _bands(profile),
        "notes": [
            {"code": str(note.code), "figure": note.figure, "message": note.message}
            for note in analysis.notes
        ],
    }


def _loudness(analysis: Analysis) -> dict[str, Any]:
    names = (
        "integrated", "relative_threshold", "momentary_max", "momentary_max_at", "short_term_max",
        "short_term_max_at", "loudness_range", "loudness_range_low", "loudness_range_high",
    )  # fmt: skip
    return {name: getattr(analysis, name) for name in names}


def _peaks(analysis: Analysis) -> dict[str, Any]:
    single = (
        "true_peak", "true_peak_at", "true_peak_channel", "sample_peak", "sample_peak_at",
    )  # fmt: skip
    listed = (
        "true_peak_per_channel", "true_peak_at_per_channel", "sample_peak_per_channel",
        "sample_peak_at_per_channel",
    )  # fmt: skip
    figures = {name: getattr(analysis, name) for name in single}
    return figures | {name: list(getattr(analysis, name)) for name in listed}


def _listed(values: tuple[float, ...] | None) -> list[float] | None:
    return None if values is None else list(values)


def _clipping(clipping: Clipping) -> dict[str, int]:
    return dict(clipping._asdict())


def _band(band: Band) -> dict[str, Any]:
    figures = {name: getattr(band, name) for name in band.__slots__}
    return figures | {"level_per_channel": list(band.level_per_channel)}


def _bands(profile: BandProfile) -> dict[str, Any]:
    return {
        "total": profile.total,
        "below": _band(profile.below),
        "bands": [_band(band) for band in profile.bands],
        "above": _band(profile.above),
    }


def as_json(analysis: Analysis, indent: int | None) -> str:
    """Strict JSON: a value that is not finite would raise, and none is."""
    return json.dumps(as_dict(analysis), indent=indent, allow_nan=False, ensure_ascii=False)


def as_text(analysis: Analysis) -> str:
    """A few aligned lines; '–' where a figure does not exist."""
    lines = [
        _head(analysis),
        _line("Integrated", analysis.integrated, "LUFS"),
        _line("Loudness range", analysis.loudness_range, "LU"),
        _line("Max momentary", analysis.momentary_max, "LUFS", analysis.momentary_max_at),
        _line("Max short-term", analysis.short_term_max, "LUFS", analysis.short_term_max_at),
        _line("True peak", analysis.true_peak, "dBTP", analysis.true_peak_at),
        _line("Sample peak", analysis.sample_peak, "dBFS", analysis.sample_peak_at),
        _line("PLR", analysis.plr, "dB"),
        _line("PSR (min)", analysis.psr_min, "dB"),
    ]
    if analysis.layout.count > 1:
        lines.append(_line("Correlation", analysis.correlation, ""))
        lines.append(_line("Mono loss", analysis.mono_loss, "LU"))
    profile = analysis.band_profile
    for band in profile.bands if profile else ():
        lines.append(_line(band.name, band.relative, "dB of total"))
    lines += [f"  note: {note.message}" for note in analysis.notes]
    return "\n".join(lines)


def _head(analysis: Analysis) -> str:
    minutes, tenths = divmod(round(10 * analysis.duration), 600)
    name = f"{analysis.name}: " if analysis.name else ""
    return f"{name}{minutes}:{tenths / 10:04.1f}, {analysis.rate_hz} Hz, {analysis.layout}"


def _line(name: str, value: float | None, unit: str, seconds: float | None = None) -> str:
    if value is None:
        return f"  {name:<15} {'–':>8}"
    # Two decimals: the standard shows one (Tech 3341 2.8), an engineer compares two.
    shown = 0.0 if math.isclose(value, 0.0, abs_tol=0.005) else value
    when = f"  at {seconds:.2f} s" if seconds is not None else ""
    return f"  {name:<15} {shown:8.2f} {unit}{when}".rstrip()
