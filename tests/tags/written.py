"""Values to write, and what is then read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loudscope.tags import TagValues

mutagen: Any = pytest.importorskip("mutagen")

VALUES = TagValues("x", -20.0, -10.0, -9.0, "pooled", -16.0, -8.0, -7.0)
REPLAYGAIN = {
    "REPLAYGAIN_TRACK_GAIN": "2.00 dB",
    "REPLAYGAIN_TRACK_PEAK": "0.316228",
    "REPLAYGAIN_ALBUM_GAIN": "-2.00 dB",
    "REPLAYGAIN_ALBUM_PEAK": "0.398107",
}
R128 = {"R128_TRACK_GAIN": "-768", "R128_ALBUM_GAIN": "-1792"}


def tags_of(path: Path) -> dict[str, str]:
    """All tags of a file, names in upper case, whatever their container."""
    tags: Any = mutagen.File(path).tags or {}
    if hasattr(tags, "getall"):
        return {frame.desc.upper(): frame.text[0] for frame in tags.getall("TXXX")}
    found = {}
    for key, value in tags.items():
        first = value[0] if isinstance(value, list) else value
        text = first.decode() if isinstance(first, bytes) else str(first)
        found[key.removeprefix("----:com.apple.iTunes:").upper()] = text
    return found
