"""From figures to findings: which of them stand out."""

from __future__ import annotations

from ._fault_rules import fault_findings
from ._findings import Finding, FindingCode
from ._inspection import Inspection
from ._sound_rules import sound_findings

__all__ = ["findings_of"]

ORDER = {code: place for place, code in enumerate(FindingCode)}


def findings_of(inspection: Inspection) -> tuple[Finding, ...]:
    """All findings, in the order of `FindingCode`."""
    found = (*fault_findings(inspection), *sound_findings(inspection))
    return tuple(sorted(found, key=lambda finding: ORDER[finding.code]))
