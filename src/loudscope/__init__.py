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
from ._frames import to_frame, to_xarray
from ._info import info
from ._layouts import Channel, Layout, layout_names
from ._levels import Clipping
from ._loudness import Gating, LoudnessRange, Series
from ._meter import Meter, Reading
from ._notes import Note, NoteCode
from ._request import available_cores
from ._rows import ROW_COLUMNS, to_rows
from ._table import BlockTable
from ._version import __version__

_ROOMS = (*("compare", "feedback", "genres", "plot", "qc", "report", "service", "tags", "targets"),)
if _typing.TYPE_CHECKING:
    from . import compare as compare
    from . import feedback as feedback
    from . import genres as genres
    from . import plot as plot
    from . import qc as qc
    from . import report as report
    from . import service as service
    from . import tags as tags
    from . import targets as targets
    from .qc import Spectrum, spectrum
else:

    def __getattr__(name: str) -> object:
        """The rooms are imported when they are first asked for: the core stays light."""
        if name in _ROOMS:
            return _importlib.import_module(f"{__name__}.{name}")
        if name in ("Spectrum", "spectrum"):
            return getattr(_importlib.import_module(f"{__name__}.qc"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DEFAULT_EDGES_HZ",
    "ROW_COLUMNS",
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
    "Spectrum",
    "TableError",
    "TruncatedFile",
    "UnknownFormat",
    "UnsupportedType",
    "__version__",
    "analyze",
    "available_cores",
    "band_profile",
    "info",
    "layout_names",
    "lufs",
    "lufs_batch",
    "scan",
    "spectrum",
    "to_frame",
    "to_rows",
    "to_xarray",
    "true_peak",
    "true_peak_batch",
]
