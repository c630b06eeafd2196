"""The result of an inspection: the analysis, and what else was looked for in the same pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._analysis import Analysis
from ._dynamics import DynamicsFigures
from ._faults import Faults
from ._findings import Finding
from ._spectrum import Spectrum
from ._stereo import StereoFigures
from ._transients import TransientFigures

__all__ = ["Inspection"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """What `inspect` found. Values pickle; nothing of the audio is kept.

    Attributes:
        analysis: As `loudscope.analyze` gives it, to the last bit.
        stereo: Left and right; None for a layout without a front pair.
        dynamics: Ratios of peak and loudness.
        transients: Attacks; None where there is no tick of audio.
        spectrum: Long-term average; None where nothing passes the gates.
        faults: What may be wrong with the audio.
        pcm_sha256: In hexadecimal, of the rate, the channel count and the samples as float32, a
            second of each channel after the other: the same whatever the file's type, if its
            samples are the same.
    """

    analysis: Analysis
    stereo: StereoFigures | None
    dynamics: DynamicsFigures
    transients: TransientFigures | None
    spectrum: Spectrum | None
    faults: Faults
    pcm_sha256: str

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What stands out, by the limits of docs/qc.md; in the order of `FindingCode`."""
        from ._rules import findings_of

        return findings_of(self)

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain values, strict JSON; series and raw bins of spectra are left out."""
        from ._export import as_dict

        return as_dict(self)

    def to_bytes(self) -> bytes:
        """The inspection, compressed: about 1 MB for four minutes of stereo.

        `from_bytes` gives it back with every figure to the bit.
        """
        from ._archive import packed

        return packed(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Inspection:
        """What `to_bytes` wrote.

        Raises:
            TableError: The bytes are damaged, or hold no inspection of a known schema.
        """
        from ._archive import unpacked

        return unpacked(data)

    def _repr_html_(self) -> str:
        """As a notebook shows it: the analysis, and the findings before its notes."""
        from .._repr_html import as_html

        return as_html(self.analysis, [finding.message for finding in self.findings])
