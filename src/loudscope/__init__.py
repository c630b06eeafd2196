"""loudscope: loudness, true peak and tone of audio, measured in one pass.

>>> import loudscope
>>> analysis = loudscope.analyze("examples/audio/night_drive.flac")
>>> analysis.integrated  # LUFS
"""

from ._analysis import Analysis
from ._api import analyze, band_profile, lufs, scan, true_peak
from ._bands import DEFAULT_EDGES_HZ, Band, BandProfile
from ._errors import (
    FileError,
    InvalidArgument,
    InvalidAudio,
    LayoutError,
    LoudscopeError,
    MissingExtra,
    NonFiniteSamples,
    TableError,
    TruncatedFile,
    UnknownFormat,
    UnsupportedType,
)
from ._info import info
from ._layouts import Channel, Layout, layout_names
from ._levels import Clipping
from ._loudness import Gating, LoudnessRange, Series
from ._meter import Meter, Reading
from ._notes import Note, NoteCode
from ._table import BlockTable
from ._version import __version__

__all__ = [
    "DEFAULT_EDGES_HZ",
    "Analysis",
    "Band",
    "BandProfile",
    "BlockTable",
    "Channel",
    "Clipping",
    "FileError",
    "Gating",
    "InvalidArgument",
    "InvalidAudio",
    "Layout",
    "LayoutError",
    "LoudnessRange",
    "LoudscopeError",
    "Meter",
    "MissingExtra",
    "NonFiniteSamples",
    "Note",
    "NoteCode",
    "Reading",
    "Series",
    "TableError",
    "TruncatedFile",
    "UnknownFormat",
    "UnsupportedType",
    "__version__",
    "analyze",
    "band_profile",
    "info",
    "layout_names",
    "lufs",
    "scan",
    "true_peak",
]
