"""A folder of tracks to reports, beside decoding them one after another; where its CPU time goes.

    python benchmarks/folder.py FOLDER      JSON to benchmarks/results/folder.json

Any tracks will do; a hundred of three minutes take four minutes on two cores. Copies of a track
are told by their size, and each is taken apart once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import machine
import numpy as np
import soundfile
from files import decode
from timing import CPU, WALL, one_core

import loudscope
from loudscope.qc import inspect
from loudscope.report import report, write_folder

HERE = Path(__file__).parent
GENRE, TARGET = "pop", "spotify"
ROUNDS = 3


def duration(tracks: Iterable[Path]) -> float:
    """Seconds of all of them."""
    return sum(float(soundfile.info(path).duration) for path in tracks)


def page(path: Path, place: Path) -> None:
    """From the file to the written page, in one thread."""
    report(path, genre=GENRE, target=TARGET, threads=1).write(place / "page.html")


def stages(tracks: Sequence[Path], place: Path) -> dict[str, float]:
    """CPU seconds of all tracks in one thread, each stage with those before it.

    A track's least of three rounds counts, and the stages take turns.
    """
    calls: dict[str, Callable[[Path], object]] = {
        "decoding": lambda path: decode(path, np.float32),  # as the library does
        "analyze": lambda path: loudscope.analyze(path, threads=1),
        "inspect": lambda path: inspect(path, threads=1),
        "page": lambda path: page(path, place),
    }
    found = dict.fromkeys(calls, 0.0)
    with one_core():
        for path in tracks:
            least = dict.fromkeys(calls, float("inf"))
            for _ in range(ROUNDS):
                for name, call in calls.items():
                    began = CPU()
                    call(path)
                    least[name] = min(least[name], CPU() - began)
            for name, seconds in least.items():
                found[name] += seconds
    return found


def wholes(tracks: Sequence[Path], place: Path) -> list[dict[str, float]]:
    """Wall and CPU of the folder on all cores, and of decoding one after another, in turns."""
    found = []
    for _ in range(ROUNDS):
        began = WALL()
        for path in tracks:
            decode(path, np.float32)
        decoding, began, cpu = WALL() - began, WALL(), CPU()
        write_folder(tracks, place, genre=GENRE, target=TARGET)
        found.append({"decoding": decoding, "folder": WALL() - began, "cpu": CPU() - cpu})
    return found


def measure(tracks: Sequence[Path]) -> dict[str, Any]:
    """Everything."""
    place = Path(tempfile.mkdtemp(prefix="loudscope-benchmark-"))
    try:
        one = {path.stat().st_size: path for path in tracks}
        parts = stages(list(one.values()), place)
        return {
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
            "machine": machine.describe(),
            "tracks": len(tracks),
            "audio_seconds": duration(tracks),
            "parted_seconds": duration(one.values()),
            "stages": parts,
            "rounds": wholes(tracks, place),
        }
    finally:
        shutil.rmtree(place)


def main() -> None:
    """Runs it and says it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=HERE / "results" / "folder.json")
    given = parser.parse_args()
    tracks = sorted(path for path in given.folder.iterdir() if path.is_file())
    found = measure(tracks)
    given.output.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps({key: found[key] for key in ("stages", "rounds")}, indent=1))


if __name__ == "__main__":
    main()
