"""ReplayGain 2.0 and Opus R128 tags: the values for tracks and albums, and writing them.

The values need nothing but loudscope; writing needs the extra ``loudscope[tags]``.

>>> from loudscope import analyze
>>> from loudscope.tags import tag_values
>>> (values,) = tag_values([analyze("examples/audio/night_drive.flac")])
>>> values.replaygain()
{'REPLAYGAIN_TRACK_GAIN': '-5.35 dB', 'REPLAYGAIN_TRACK_PEAK': '0.929016'}
"""

from loudscope.targets import Track

from ._containers import require_writer
from ._values import R128_LUFS, REPLAYGAIN_LUFS, AlbumMode, Peak, TagValues, tag_values
from ._write import OpusTags, write

__all__ = [
    "R128_LUFS",
    "REPLAYGAIN_LUFS",
    "AlbumMode",
    "OpusTags",
    "Peak",
    "TagValues",
    "Track",
    "require_writer",
    "tag_values",
    "write",
]
