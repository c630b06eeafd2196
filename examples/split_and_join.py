"""One file, measured in parts by several processes and joined: the same table, bit for bit.

    python examples/split_and_join.py [FILE] [--parts N]

Each part is read with what precedes it, so that its filters have settled, and `then` joins them
without a seam. On a cluster the parts would be tasks; the tables, 5 kB a second of stereo, travel.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial, reduce
from itertools import pairwise
from pathlib import Path

import soundfile

import loudscope

EXAMPLE = Path(__file__).parent / "audio" / "night_drive.flac"


def cuts(seconds: float, parts: int) -> list[float]:
    """Where to cut, on the 100 ms grid on which `then` can join."""
    grid = {round(seconds * part / parts, 1) for part in range(1, parts)}
    return sorted(cut for cut in grid if 0.0 < cut < seconds)


def part_of(span: tuple[float | None, float | None], path: Path) -> loudscope.BlockTable:
    """The table of one part; it pickles, so that a process can hand it back."""
    return loudscope.scan(path, start=span[0], stop=span[1], threads=1)


def main() -> int:
    """Prints the parts and whether they make up the whole; 1 if they do not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--parts", type=int, default=4, metavar="N")
    given = parser.parse_args()
    if given.parts < 1:
        parser.error("--parts: give 1 or more")
    try:
        seconds = soundfile.info(given.file).duration
        bounds: list[float | None] = [None, *cuts(seconds, given.parts), None]
        with ProcessPoolExecutor() as pool:
            tables = list(pool.map(partial(part_of, path=given.file), pairwise(bounds)))
    except (loudscope.LoudscopeError, soundfile.LibsndfileError) as error:
        print(error, file=sys.stderr)
        return 1
    for table in tables:
        print(f"part    {table}")
    joined = reduce(loudscope.BlockTable.then, tables)
    whole = loudscope.scan(given.file)
    print(f"joined  {joined}")
    print(f"equal to the whole: {joined == whole}")
    loudness = loudscope.Analysis(joined).integrated
    print("integrated: " + ("-" if loudness is None else f"{loudness:.2f} LUFS"))
    return 0 if joined == whole else 1


if __name__ == "__main__":
    sys.exit(main())
