"""Charts of an analysis, drawn with Matplotlib: ``pip install 'loudscope[plot]'``.

Each takes the axes to draw on, or makes a figure, and returns the axes. `overview` draws them all;
``analysis.plot()`` is the same. Nothing global is changed and pyplot is not needed: to show a chart
in a window give it axes of pyplot's, ``loudness(analysis, ax=plt.gca())``.
"""

from importlib.util import find_spec as _find_spec

from .. import MissingExtra as _MissingExtra

if _find_spec("matplotlib") is None:
    raise _MissingExtra("plot: Matplotlib is not installed; pip install 'loudscope[plot]'")

from ._bands import GenreLike, bands
from ._distribution import distribution
from ._goniometer import goniometer
from ._loudness import loudness
from ._overview import overview
from ._peaks import peaks
from ._spectrum import spectrum
from ._stereo import stereo
from ._stereo_bands import stereo_bands
from ._style import Theme
from ._wanted import TargetLike

__all__ = [
    "GenreLike",
    "TargetLike",
    "Theme",
    "bands",
    "distribution",
    "goniometer",
    "loudness",
    "overview",
    "peaks",
    "spectrum",
    "stereo",
    "stereo_bands",
]
