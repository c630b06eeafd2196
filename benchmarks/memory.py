"""Peak memory over the import, of a file: each in a process of its own, read from Linux."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import signals
import soundfile
from race import Verdict

LIMIT_MB = 60.0
CHILD = """
import json, resource, sys
import loudscope, soundfile  # the file reader is loaded late
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return [int(l.split()[1]) for l in lines if l.startswith(("VmHWM", "RssFile"))]
before = peak()
{call}
after = peak()
print(json.dumps([(after[0] - before[0]) / 1024, (after[1] - before[1]) / 1024]))
"""
OURS = "print(loudscope.analyze({path!r}).integrated, file=sys.stderr)"


def peak_mb(call: str) -> tuple[float, float]:
    """MB beyond the import of loudscope: at the peak, and pages of mapped files at the end."""
    child = [sys.executable, "-c", CHILD.format(call=call)]
    run = subprocess.run(child, capture_output=True, text=True, check=True)
    peak, mapped = json.loads(run.stdout)
    return peak, mapped


def write(path: Path, seconds: float, subtype: str) -> None:
    """A mono file of music, a second at a time."""
    with soundfile.SoundFile(path, "w", signals.RATE_HZ, 1, subtype) as file:
        for chunk in signals.stream(seconds, 1):
            file.write(chunk)


def measure(seconds: float = 3600.0) -> dict[str, Any]:
    """Peaks by kind of file, and the target."""
    peaks = {}
    with tempfile.TemporaryDirectory(prefix="loudscope-benchmark-") as folder:
        for name, subtype in (("flac", "PCM_16"), ("wav", "PCM_24")):
            path = Path(folder) / f"sound.{name}"
            write(path, seconds, subtype)
            peaks[f"{subtype} {name}"] = peak_mb(OURS.format(path=str(path)))
            path.unlink()
    worst = float(np.max([peak for peak, _ in peaks.values()]))
    length = f"{seconds / 60:g}-minute"
    verdict = Verdict(
        "memory",
        f"{length} mono file, peak memory over the import",
        LIMIT_MB,
        False,
        " MB",
        worst,
        worst <= LIMIT_MB,
    )
    lines = [
        {"file": f"{length} mono {name}", "peak_mb": peak, "mapped_mb": mapped}
        for name, (peak, mapped) in peaks.items()
    ]
    return {"lines": lines, "verdict": verdict.__dict__}


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0), indent=1))
