"""Feedback: from figures to what stands out, why, where, and what one would do about it.

>>> from loudscope.feedback import feedback
>>> from loudscope.qc import inspect
>>> print(feedback(inspect("examples/audio/night_drive.flac"), target="spotify").to_text())
"""

from ._actions import (
    Action,
    Compress,
    DynamicEq,
    Eq,
    Gain,
    Limit,
    MonoBelow,
    Multiband,
    NoAction,
    Trim,
    Width,
)
from ._combine import combine
from ._faults import issues_from_faults, strengths_from_faults, warnings_from_faults
from ._feedback import feedback
from ._genre import issues_from_genre, limits_from_genre, strengths_from_genre
from ._llm import LanguageModel
from ._model import (
    SCHEMA,
    SEVERITIES,
    Confidence,
    Expected,
    Feedback,
    Issue,
    Severity,
    Verdict,
    Where,
    json_schema,
)
from ._reference import (
    issues_from_comparison,
    limits_from_comparison,
    strengths_from_comparison,
)
from ._severity import severity_of_z, verdict_of
from ._target import issues_from_target, limits_from_target, strengths_from_target

__all__ = [
    "SCHEMA",
    "SEVERITIES",
    "Action",
    "Compress",
    "Confidence",
    "DynamicEq",
    "Eq",
    "Expected",
    "Feedback",
    "Gain",
    "Issue",
    "LanguageModel",
    "Limit",
    "MonoBelow",
    "Multiband",
    "NoAction",
    "Severity",
    "Trim",
    "Verdict",
    "Where",
    "Width",
    "combine",
    "feedback",
    "issues_from_comparison",
    "issues_from_faults",
    "issues_from_genre",
    "issues_from_target",
    "json_schema",
    "limits_from_comparison",
    "limits_from_genre",
    "limits_from_target",
    "severity_of_z",
    "strengths_from_comparison",
    "strengths_from_faults",
    "strengths_from_genre",
    "strengths_from_target",
    "verdict_of",
    "warnings_from_faults",
]
