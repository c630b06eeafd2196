"""Delivery targets: what a broadcaster or a platform asks for, and whether an analysis meets it.

The figures come from a dated, sourced file; whoever has other rules writes them as TOML.

>>> from loudscope import analyze
>>> from loudscope.targets import check
>>> check(analyze("examples/audio/night_drive.flac"), "spotify").verdict
'fail'
"""

from ._album import Track, album_loudness
from ._catalog import find, get, load, names
from ._check import check
from ._model import Condition, Grade, Playback, Rule, Target, Verdict
from ._results import Check, RuleResult

__all__ = [
    "Check",
    "Condition",
    "Grade",
    "Playback",
    "Rule",
    "RuleResult",
    "Target",
    "Track",
    "Verdict",
    "album_loudness",
    "check",
    "find",
    "get",
    "load",
    "names",
]
