"""Generated audio and block tables, and how two of them are compared."""

from .audio import LAYOUTS, ODD_RATES_HZ, RATES_HZ, Audio, Layer, Samples, audio, layers, lengths
from .comparing import LU, close, different_columns, examples, figures, lu_close, power_close
from .tables import Programme, Rows, programmes, rows

__all__ = [
    "LAYOUTS",
    "LU",
    "ODD_RATES_HZ",
    "RATES_HZ",
    "Audio",
    "Layer",
    "Programme",
    "Rows",
    "Samples",
    "audio",
    "close",
    "different_columns",
    "examples",
    "figures",
    "layers",
    "lengths",
    "lu_close",
    "power_close",
    "programmes",
    "rows",
]
