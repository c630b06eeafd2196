"""Which version measures: a part of every analysis's key, so that a new version measures anew."""

from __future__ import annotations

from typing import Final

from loudscope import __version__

__all__ = ["ENGINE", "key_of"]

MEASUREMENTS: Final = 1  # raised where what is measured changes and the version does not
ENGINE: Final = f"{__version__}.{MEASUREMENTS}"


def key_of(sha256: str) -> str:
    """The key of an analysis: the digest of the uploaded bytes, in hexadecimal, and the engine."""
    return f"{sha256}:{ENGINE}"
