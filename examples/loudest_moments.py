"""Where a piece is loudest: maxima, peaks, and its loudest passages, with timecodes.

    python examples/loudest_moments.py [FILE] [--passages N]

The time of a momentary or short-term value is the end of its window, as a live meter has it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import loudscope

EXAMPLE = Path(__file__).parent / "audio" / "night_drive.flac"
SHORT_TERM_SECONDS = 3.0


def timecode(seconds: float | None) -> str:
    """h:mm:ss.mmm."""
    if seconds is None:
        return "-"
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def line(name: str, value: float | None, unit: str, seconds: float | None) -> str:
    """One figure and when it is."""
    shown = "-" if value is None else f"{value:.2f}"
    return f"{name:16}{shown:>9} {unit:5} {timecode(seconds)}"


def passages(series: loudscope.Series, count: int) -> list[tuple[float, float]]:
    """The loudest short-term windows that do not overlap, as (LUFS, end in seconds)."""
    values = series.values.copy()
    found: list[tuple[float, float]] = []
    while len(found) < count and len(values) and np.isfinite(values.max()):
        at = int(values.argmax())
        found.append((float(values[at]), float(series.times[at])))
        values[np.abs(series.times - series.times[at]) < SHORT_TERM_SECONDS - 1e-6] = -np.inf
    return found


def main() -> int:
    """Prints the moments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--passages", type=int, default=3, metavar="N")
    given = parser.parse_args()
    try:
        a = loudscope.analyze(given.file)
    except loudscope.LoudscopeError as error:
        print(error, file=sys.stderr)
        return 1
    print(line("max momentary", a.momentary_max, "LUFS", a.momentary_max_at))
    print(line("max short-term", a.short_term_max, "LUFS", a.short_term_max_at))
    peaks = zip(a.layout.labels, a.true_peak_per_channel, a.true_peak_at_per_channel, strict=True)
    for label, peak, seconds in peaks:
        print(line(f"true peak {label}", peak, "dBTP", seconds))
    for number, (lufs, end) in enumerate(passages(a.short_term, given.passages), start=1):
        begin = timecode(end - SHORT_TERM_SECONDS)
        print(line(f"passage {number}", lufs, "LUFS", end) + f"  from {begin}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
