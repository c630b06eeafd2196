"""Quality control: stereo, dynamics, transients, spectrum and faults, in one pass.

>>> from loudscope.qc import inspect
>>> inspection = inspect("examples/audio/night_drive.flac")
>>> [finding.message for finding in inspection.findings]
"""

from ._bits import Bits
from ._clipping import ClippedRuns
from ._codec import Codec
from ._dynamics import BandCrest, DynamicsFigures
from ._edges import Edges
from ._faults import Faults
from ._findings import Finding, FindingCode
from ._goniometer import Goniometer, goniometer
from ._hum import Hum
from ._inspect import inspect
from ._inspection import Inspection
from ._limits import LIMITS
from ._many import Inspectable, inspect_all, inspect_each
from ._overs import Over, Overs
from ._spectrum import Spectrum
from ._spectrum_call import spectrum
from ._stereo import BandStereo, StereoFigures, stereo_figures
from ._transients import BandTransients, TransientFigures

__all__ = [
    "LIMITS",
    "BandCrest",
    "BandStereo",
    "BandTransients",
    "Bits",
    "ClippedRuns",
    "Codec",
    "DynamicsFigures",
    "Edges",
    "Faults",
    "Finding",
    "FindingCode",
    "Goniometer",
    "Hum",
    "Inspectable",
    "Inspection",
    "Over",
    "Overs",
    "Spectrum",
    "StereoFigures",
    "TransientFigures",
    "goniometer",
    "inspect",
    "inspect_all",
    "inspect_each",
    "spectrum",
    "stereo_figures",
]
