"""What one core can do (bandwidth, arithmetic), and how near each call comes to it.

    python benchmarks/roofline.py                   JSON to benchmarks/results/roofline.json

Needs a C++ compiler: benchmarks/native/roofline.cpp is built for this very CPU.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import machine
import signals
from timing import CPU, Effort, interleave, one_core, timed

import loudscope

HERE = Path(__file__).parent
BYTES = 4  # float32, each read once

# Operations on each sample of each channel, counted in the kernels' sources. Filters run in double;
# the interpolator runs in float32. Pre-roll is work too, but not counted: it is ours to save.
FILTERS = (4 + 4) + (2 + 4)  # shelf without b0, high-pass as two integrators
ENERGY = 2  # its square
ENERGIES = ENERGY + 1  # and, for a pair, half the product
LEVELS = ENERGIES + 1  # and the sum
SPLIT = 2 * 4 + 4 + 4  # four products fed back, four sums, the far side
EDGES, BANDS = 7, 8
WEIGHTING = FILTERS + ENERGIES + LEVELS
SPLITS = EDGES * SPLIT + BANDS * ENERGIES
SURVEY = 1 + 3 + 2 + 2  # sum, second difference, two magnitudes, two maxima: of every sample

OPERATIONS = {
    "lufs": FILTERS + 2 * ENERGY,
    "true_peak": SURVEY,
    "band_profile": SPLITS + LEVELS,
    "analyze": WEIGHTING + SPLITS + SURVEY,
}


def ceilings() -> dict[str, Any]:
    """Builds and runs the native part."""
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "roofline")
        compiler = os.environ.get("CXX", "g++")
        flags = ["-std=c++20", "-O3", "-march=native", "-ffp-contract=off"]
        source = str(HERE / "native" / "roofline.cpp")
        subprocess.run([compiler, *flags, source, "-o", program], check=True)
        found = subprocess.run([program], check=True, capture_output=True, text=True)
    return dict(json.loads(found.stdout))


def calls(seconds: float, effort: Effort) -> dict[str, float]:
    """Median CPU seconds of each call on music."""
    sound, rate = signals.music(seconds), signals.RATE_HZ
    runs = {
        "lufs": lambda: loudscope.lufs(sound, rate, threads=1),
        "true_peak": lambda: loudscope.true_peak(sound, rate, threads=1),
        "band_profile": lambda: loudscope.band_profile(sound, rate, threads=1),
        "analyze": lambda: loudscope.analyze(sound, rate, threads=1),
    }

    def answered(run: Any) -> Any:
        def call() -> tuple[float, ...]:
            run()
            return ()

        return timed(call, CPU)

    times = interleave({name: answered(run) for name, run in runs.items()}, effort)
    return {name: each.median for name, each in times.items()}


def main() -> None:
    """Measures, prints, writes."""
    options = argparse.ArgumentParser(description="roofline")
    options.add_argument("--quick", action="store_true", help="a short signal")
    options.add_argument("--output", type=Path, default=HERE / "results" / "roofline.json")
    given = options.parse_args()
    seconds = 48.0 if given.quick else 240.0
    with one_core():
        found = ceilings()
        taken = calls(seconds, Effort(3, 3) if given.quick else Effort(9, 30))
    samples = 2 * seconds * signals.RATE_HZ
    points = {
        name: {
            "operations": OPERATIONS[name],
            "ns_per_sample": 1e9 * time_s / samples,
            "gflops": 1e-9 * OPERATIONS[name] * samples / time_s,
            "gb_s": 1e-9 * BYTES * samples / time_s,
        }
        for name, time_s in taken.items()
    }
    everything = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine.describe(),
        "ceilings": found,
        "calls": points,
    }
    text = json.dumps(everything, indent=1)
    print(text)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
