"""A loudness meter in the terminal, fed 100 ms at a time as a sound card would.

    python examples/live_meter.py [FILE] [--realtime]

M momentary, S short-term, I integrated so far, true peak so far. Without --realtime the file goes
through as fast as it can be read, and one line a second is printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import soundfile

import loudscope

EXAMPLE = Path(__file__).parent / "audio" / "night_drive.flac"
LOWEST_LUFS, HIGHEST_LUFS, CELLS = -41.0, -5.0, 36


def bar(lufs: float | None) -> str:
    """One cell per LU from -41 to -5 LUFS."""
    level = LOWEST_LUFS if lufs is None else min(max(lufs, LOWEST_LUFS), HIGHEST_LUFS)
    filled = round(level - LOWEST_LUFS)
    return "#" * filled + "." * (CELLS - filled)


def figure(value: float | None) -> str:
    """One decimal, as Tech 3341 has it for meters."""
    return "    -" if value is None else f"{value:5.1f}"


def shown(reading: loudscope.Reading) -> str:
    """The reading on one line."""
    return (
        f"{reading.seconds:6.1f} s  M {figure(reading.momentary)} {bar(reading.momentary)}  "
        f"S {figure(reading.short_term)}  I {figure(reading.integrated)}  "
        f"TP {figure(reading.true_peak)}"
    )


def run(file: soundfile.SoundFile, realtime: bool) -> loudscope.Meter:
    """Pushes the file through a meter and shows it."""
    meter = loudscope.Meter(file.samplerate, "mono" if file.channels == 1 else "stereo")
    begun, redraw = time.monotonic(), realtime and sys.stdout.isatty()
    for count, chunk in enumerate(file.blocks(file.samplerate // 10, dtype="float32"), start=1):
        meter.push(chunk)
        if realtime:
            time.sleep(max(0.0, begun + count / 10 - time.monotonic()))
        if redraw or count % 10 == 0:
            print(shown(meter.reading()), end="\r" if redraw else "\n", flush=True)
    return meter


def main() -> int:
    """Runs the meter, then prints what a measurement of the whole file reads too."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--realtime", action="store_true", help="at the speed of the audio")
    given = parser.parse_args()
    try:
        with soundfile.SoundFile(given.file) as file:
            if file.channels > 2:
                print(f"{given.file}: this meter is for mono and stereo", file=sys.stderr)
                return 1
            meter = run(file, given.realtime)
    except soundfile.LibsndfileError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n" + meter.analysis().summary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
