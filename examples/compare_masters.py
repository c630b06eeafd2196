"""Two masters of one piece, compared at the same loudness.

    python examples/compare_masters.py [BEFORE AFTER]

Loudness hides everything else, so both are brought to the same integrated loudness first: what is
left are the differences in dynamics, width and tone. Without arguments the example piece meets
itself, driven 8 dB into a soft clipper.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import soundfile

import loudscope

EXAMPLE = Path(__file__).parent / "audio" / "night_drive.flac"


def driven(path: Path, drive_db: float) -> loudscope.Analysis:
    """The piece turned up into a soft clipper."""
    samples, rate_hz = soundfile.read(path, dtype="float64")
    return loudscope.analyze(np.tanh(samples * 10 ** (drive_db / 20)), rate_hz)


def row(name: str, unit: str, before: float | None, after: float | None, match: float) -> str:
    """A figure of both and the difference; `match` is the gain that evens out the loudness."""
    if before is None or after is None:
        return f"{name:16}{'-':>10}{'-':>10}{'-':>12}"
    return f"{name:16}{before:10.2f}{after:10.2f}{after + match - before:+12.2f} {unit}".rstrip()


def report(before: loudscope.Analysis, after: loudscope.Analysis) -> list[str]:
    """The lines of the comparison."""
    if before.integrated is None or after.integrated is None:
        return ["one of the two has no integrated loudness: there is nothing to match"]
    match = before.integrated - after.integrated
    lines = [f"{'':16}{'before':>10}{'after':>10}{'difference':>12}"]
    lines.append(row("integrated", "LU", before.integrated, after.integrated, 0.0))
    lines.append(f"matched by {match:+.2f} dB:")
    lines.append(row("true peak", "dB", before.true_peak, after.true_peak, match))
    for name, unit in (
        ("loudness_range", "LU"), ("plr", "dB"), ("psr_min", "dB"), ("crest_factor", "dB"),
        ("correlation", ""), ("mid_side_ratio", "dB"),
    ):  # fmt: skip
        pair = getattr(before, name), getattr(after, name)
        lines.append(row(name.replace("_", " "), unit, *pair, 0.0))
    first, second = before.band_profile, after.band_profile
    if first is not None and second is not None:
        for one, other in zip(first.bands, second.bands, strict=True):
            lines.append(row(one.name, "dB", one.level, other.level, match))
    return lines


def main() -> int:
    """Prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, metavar="BEFORE AFTER")
    files: list[Path] = parser.parse_args().files
    if len(files) not in (0, 2):
        parser.error("give two files, or none for the example")
    try:
        before = loudscope.analyze(files[0] if files else EXAMPLE)
        after = loudscope.analyze(files[1]) if files else driven(EXAMPLE, 8.0)
    except loudscope.LoudscopeError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(report(before, after)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
