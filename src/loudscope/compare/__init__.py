"""A mix beside its references: differences at equal loudness.

>>> from loudscope.compare import compare
>>> comparison = compare("mix.wav", "reference.flac")
>>> comparison["Bass"].difference  # dB, at the loudness of the mix
"""

from ._compare import compare
from ._comparison import (
    BandDifference,
    Comparison,
    Difference,
    FigureDifference,
    SectionDifference,
    ThirdDifference,
    Track,
)

__all__ = [
    "BandDifference",
    "Comparison",
    "Difference",
    "FigureDifference",
    "SectionDifference",
    "ThirdDifference",
    "Track",
    "compare",
]
