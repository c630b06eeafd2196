"""One track of a baseline: its figures, never its audio."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from .. import Analysis, InvalidArgument
from ._tone import MID, aligned, band_levels

if TYPE_CHECKING:
    from ..qc import Inspection

__all__ = ["BANDS", "FIGURES", "THIRDS_HZ", "Reference", "codec_cutoff", "figures_of"]

BANDS = 6
THIRDS_HZ = tuple(1000.0 * 10.0 ** (x / 10) for x in range(-17, 14))  # 20 Hz to 20 kHz
THIRD_EDGE = 10.0**0.05
FIGURES = {
    "integrated": "LUFS",
    "loudness_range": "LU",
    "true_peak": "dBTP",
    "plr": "dB",
    "psr_median": "dB",
    "crest_factor": "dB",
}
"""Figures that are kept of a track, and their units."""

HEXADECIMAL = re.compile(r"[0-9a-f]{64}")

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The figures of a track.

    Attributes:
        name: Name of the file, or None.
        sha256: Of the PCM, as `Inspection.pcm_sha256`: the same in any container, and kept to know
            a track again.
        duration: Seconds.
        bands: Gated level of each band above that of the mid band, dB.
        thirds: The same of each third octave from 20 Hz to 20 kHz; None above a codec's cut-off.
        figures: In the order of `FIGURES`.
        correlation: Of left and right in each band; None for one channel or dual mono.
        side_share: Share of the side signal in each band, 0 to 1; None likewise.
        dual_mono: Both channels are the same.
        codec_cutoff_hz: Where a lossy codec cut the spectrum off, or None.
    """

    name: str | None
    sha256: str
    duration: float
    bands: Values
    thirds: Values
    figures: Values
    correlation: Values
    side_share: Values
    dual_mono: bool
    codec_cutoff_hz: float | None

    @classmethod
    def of(cls, inspection: Inspection) -> Reference:
        """Take the figures of an inspected track."""
        analysis, stereo = inspection.analysis, inspection.stereo
        levels = band_levels(analysis)
        cutoff = codec_cutoff(inspection)
        dual = stereo is not None and stereo.dual_mono
        wide = () if stereo is None or dual else stereo.bands
        return cls(
            name=_valid(analysis.name),
            sha256=inspection.pcm_sha256,
            duration=analysis.duration,
            bands=aligned(levels),
            thirds=_thirds(inspection, levels[MID].level, cutoff),
            figures=figures_of(inspection),
            correlation=_filled(band.correlation for band in wide),
            side_share=_filled(band.side_share for band in wide),
            dual_mono=dual,
            codec_cutoff_hz=cutoff,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Reference:
        """Read what `to_dict` wrote.

        Raises:
            InvalidArgument: A field is missing, foreign or of the wrong kind.
        """
        lengths = {"bands": BANDS, "correlation": BANDS, "side_share": BANDS}
        lengths |= {"thirds": len(THIRDS_HZ), "figures": len(FIGURES)}
        if set(found) != {field.name for field in fields(cls)}:
            raise InvalidArgument(f"reference: its fields are {', '.join(sorted(found))}")
        _check_words(found)
        values = {name: _values(name, found[name], count) for name, count in lengths.items()}
        return cls(**{**found, **values})


def codec_cutoff(inspection: Inspection) -> float | None:
    """Where a lossy codec cut the spectrum off, Hz; None if none is likely to have done so."""
    codec = inspection.faults.codec
    return codec.cutoff_hz if codec is not None and codec.likely_lossy else None


def _valid(name: str | None) -> str | None:
    """The name as valid Unicode: bytes that are no text become escapes."""
    return None if name is None else name.encode("utf-8", "backslashreplace").decode("utf-8")


def figures_of(measured: Analysis | Inspection) -> Values:
    """The figures named in `FIGURES`; an analysis alone has no `psr_median`."""
    analysis = measured if isinstance(measured, Analysis) else measured.analysis
    return (
        analysis.integrated,
        analysis.loudness_range,
        analysis.true_peak,
        analysis.plr,
        None if isinstance(measured, Analysis) else measured.dynamics.psr_median,
        analysis.crest_factor,
    )


def _thirds(inspection: Inspection, mid: float | None, cutoff_hz: float | None) -> Values:
    spectrum = inspection.spectrum
    if spectrum is None or mid is None:
        return (None,) * len(THIRDS_HZ)
    levels = dict(zip(map(round, spectrum.frequencies_hz), spectrum.levels_db, strict=True))
    reach = math.inf if cutoff_hz is None else cutoff_hz
    found = (levels.get(round(hz)) if hz * THIRD_EDGE <= reach else None for hz in THIRDS_HZ)
    return tuple(None if level is None else level - mid for level in found)


def _filled(values: Iterable[float | None]) -> Values:
    found = tuple(values)
    return found if len(found) == BANDS else (None,) * BANDS


def _check_words(found: Mapping[str, Any]) -> None:
    digest = found["sha256"]
    hexadecimal = isinstance(digest, str) and HEXADECIMAL.fullmatch(digest)
    named = found["name"] is None or isinstance(found["name"], str)
    if not (hexadecimal and named and isinstance(found["dual_mono"], bool)):
        raise InvalidArgument("reference: its name, sha256 or dual_mono is of the wrong kind")
    cutoff = found["codec_cutoff_hz"]
    if not (_is_number(found["duration"]) and (cutoff is None or _is_number(cutoff))):
        raise InvalidArgument("reference: its duration or codec_cutoff_hz is no number")


def _values(name: str, found: object, count: int) -> Values:
    if not isinstance(found, list | tuple) or len(found) != count:
        raise InvalidArgument(f"reference: {name} has to hold {count} numbers")
    if not all(value is None or _is_number(value) for value in found):
        raise InvalidArgument(f"reference: {name} holds something else than numbers")
    return tuple(None if value is None else float(value) for value in found)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
