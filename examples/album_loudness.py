"""Loudness of a folder of tracks, one by one and as an album, with ReplayGain-style gains.

    python examples/album_loudness.py [FOLDER]

The album is the tracks' gating blocks pooled (`table + table`), never the mean of their loudnesses.
Gains bring a track, or the album as a whole, to the -18 LUFS of ReplayGain 2.0; the last column is
the true peak after that gain, which has to stay below 0 dBTP.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from pathlib import Path

import loudscope

REFERENCE_LUFS = -18.0
ENDINGS = {".aif", ".aiff", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav", ".wv"}


def measured(path: Path) -> loudscope.Analysis | None:
    """The track, or None (and a line on stderr) where it cannot be read."""
    try:
        return loudscope.analyze(path, threads=1)
    except loudscope.LoudscopeError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return None


def row(name: str, analysis: loudscope.Analysis) -> str:
    """One line: loudness, range, true peak, gain, and the true peak after the gain."""
    loudness, peak = analysis.integrated, analysis.true_peak
    gain = 0.0 if loudness is None else REFERENCE_LUFS - loudness  # silence is left as it is
    after = None if peak is None else peak + gain
    cells = [figure(v) for v in (loudness, analysis.loudness_range, peak, gain, after)]
    return f"{name[:32]:32}" + "".join(f"{cell:>11}" for cell in cells)


def figure(value: float | None) -> str:
    """Two decimals, or a dash for a figure that does not exist."""
    return "-" if value is None else f"{value:.2f}"


def main() -> int:
    """Prints the table; 1 if the folder holds no track or one of them cannot be measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "audio")
    folder: Path = parser.parse_args().folder
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS)
    with ThreadPoolExecutor() as pool:  # one thread a track: the engine releases the GIL
        found = list(pool.map(measured, paths))
    tracks = [(p.name, a) for p, a in zip(paths, found, strict=True) if a is not None]
    if not tracks:
        print(f"{folder}: no track that can be measured", file=sys.stderr)
        return 1
    heads = ("LUFS", "LRA LU", "dBTP", "gain dB", "after dBTP")
    print(f"{'':32}" + "".join(f"{head:>11}" for head in heads))
    for name, analysis in tracks:
        print(row(name, analysis))
    album = reduce(add, (analysis.table for _, analysis in tracks))
    print(row(f"album of {len(tracks)}", loudscope.Analysis(album)))
    return 0 if len(tracks) == len(paths) else 1


if __name__ == "__main__":
    sys.exit(main())
