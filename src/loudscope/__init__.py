"""loudscope: loudness, true peak and tone of audio, measured in one pass.

>>> import loudscope
>>> analysis = loudscope.analyze("examples/audio/night_drive.flac")
>>> analysis.integrated  # LUFS
"""

import importlib as _importlib
import typing as _typing

from ._analysis import Analysis
from ._api import analyze, band_profile, lufs, scan, true_peak
from ._bands import DEFAULT_EDGES_HZ, Band, BandProfile
from ._batch import lufs_batch, true_peak_batch
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

if _typing.TYPE_CHECKING:
    from . import compare as compare
    from . import feedback as feedback
    from . import genres as genres
    from . import qc as qc
    from . import report as report
    from . import tags as tags
    from . import targets as targets
else:

    def __getattr__(name: str) -> object:
        """The rooms are imported when they are first asked for: the core stays light."""
        if name in ("compare", "feedback", "genres", "qc", "report", "tags", "targets"):
            return _importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
    "lufs_batch",
    "scan",
    "true_peak",
    "true_peak_batch",
]
