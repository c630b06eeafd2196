"""Genre ranges and baselines from references of your own, with their limits.

>>> from loudscope import analyze
>>> from loudscope.genres import get
>>> get("rock").judge(analyze("examples/audio/night_drive.flac"))["Bass"].word
'typical'
"""

from ._baseline import Baseline, Skipped
from ._builtin import get, names
from ._judge import word_for
from ._judgement import BandJudgement, FigureJudgement, Judgement, ReferenceDifference, Word
from ._outliers import Outlier
from ._ranges import BandRange, FigureRange, ThirdRange
from ._reference import Reference
from ._statistics import Spread, spread
from ._student import student_quantile
from ._tone import BandLevel, band_levels

__all__ = [
    "BandJudgement",
    "BandLevel",
    "BandRange",
    "Baseline",
    "FigureJudgement",
    "FigureRange",
    "Judgement",
    "Outlier",
    "Reference",
    "ReferenceDifference",
    "Skipped",
    "Spread",
    "ThirdRange",
    "Word",
    "band_levels",
    "get",
    "names",
    "spread",
    "student_quantile",
    "word_for",
]
