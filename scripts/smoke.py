"""A little of everything that the library does, printed: the same on every machine.

Usage: python scripts/smoke.py KERNEL; exits with 1 where another kernel was chosen.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

import loudscope

EXAMPLE = Path(__file__).parents[1] / "examples" / "audio" / "night_drive.flac"


def digest(table: loudscope.BlockTable) -> str:
    """A hash over the bytes of every column."""
    content = hashlib.sha256()
    for name, column in sorted(table.columns()):
        content.update(name.encode() + column.tobytes())
    return content.hexdigest()[:16]


def show(name: str, analysis: loudscope.Analysis) -> None:
    """One line: the table's bits, and figures to the digits that a libm cannot change."""
    figures = (analysis.integrated, analysis.true_peak, analysis.correlation)
    shown = " ".join("none" if figure is None else f"{figure:.9f}" for figure in figures)
    print(f"{name}: {digest(analysis.table)} {shown}")


def main() -> int:
    """Prints."""
    if loudscope.info()["kernel"] != sys.argv[1]:
        print(f"kernel {loudscope.info()['kernel']}, not {sys.argv[1]}")
        return 1
    show("file", loudscope.analyze(EXAMPLE, start=10.0, stop=14.2))
    sound = np.random.default_rng(1).normal(0.0, 0.1, (40_000, 2))
    for dtype, scale in (("f4", 1.0), ("f8", 1.0), ("i2", 2.0**15), ("i4", 2.0**31)):
        clipped = np.clip(sound, -1.0, 1.0 - 2.0**-15)
        show(dtype, loudscope.analyze((scale * clipped).astype(dtype), 44100))
    surround = np.tile(sound, (1, 3))
    show("5.1", loudscope.analyze(surround, 48000, layout="5.1"))
    meter = loudscope.Meter(48000)
    for start in range(0, len(sound), 4800):
        meter.push(sound[start : start + 4800])
    show("meter", meter.analysis())
    batch = loudscope.lufs_batch([sound[:20_000], sound[3_000:], sound[:100]], 48000)
    print("batch:", " ".join("none" if each is None else f"{each:.9f}" for each in batch))
    print("itu:", f"{loudscope.true_peak(sound, 48000, method='itu'):.9f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
