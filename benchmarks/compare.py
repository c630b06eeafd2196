"""Every race, beside every peer that is importable; installs nothing.

    python benchmarks/compare.py                        prints Markdown; JSON to benchmarks/results
    python benchmarks/compare.py --quick                a minute: to see that all of it runs
    python benchmarks/compare.py lufs true_peak         these alone

Exits with 1 where an answer was not the peers', with 2 where a target was missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import machine
import memory
import race
import report
from timing import Effort

FIGURES = ("lufs", "true_peak", "analyze", "bands", "meter", "batch", "files", "imports")
RESULTS = Path(__file__).parent / "results"
QUICK, FULL = Effort(3, 3, 5.0, 1.0), Effort(9, 60, 90.0, 0.01)


def run_races(names: list[str], seconds: float, effort: Effort) -> list[dict[str, Any]]:
    """All races of the figures named, printed as they end."""
    results = []
    for name in names:
        for each in importlib.import_module(name).races(seconds):
            results.append(race.run(each, effort).to_dict())
            print(report.race(results[-1]), flush=True)
    return results


def remember(results: dict[str, Any]) -> str:
    """Memory in words."""
    rows = [
        [line["file"], f"{line['peak_mb']:.0f}", f"{line['mapped_mb']:.0f}"]
        for line in results["lines"]
    ]
    return report.table(["", "peak over the import, MB", "of it mapped file pages, MB"], rows)


def main() -> int:
    """Runs, prints, writes."""
    options = argparse.ArgumentParser(description="loudscope beside its peers")
    options.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    options.add_argument("--quick", action="store_true", help="short signals and few rounds")
    options.add_argument("--seconds", type=float, help="length of the signal: 240")
    options.add_argument("--output", type=Path, default=RESULTS / "compare.json")
    given = options.parse_args()
    seconds = given.seconds or (48.0 if given.quick else 240.0)
    began = time.time()
    found = machine.describe()
    print(f"# loudscope beside its peers\n\n{report.machine(found)}")
    results = run_races(given.figures or list(FIGURES), seconds, QUICK if given.quick else FULL)
    kept = memory.measure(300.0 if given.quick else 3600.0) if not given.figures else None
    everything = {
        "date": time.strftime("%Y-%m-%d", time.gmtime(began)),
        "minutes": round((time.time() - began) / 60, 1),
        "machine": found,
        "seconds": seconds,
        "quick": given.quick,
        "races": results,
        "memory": kept,
    }
    verdicts = [*results, {"verdicts": [kept["verdict"]]}] if kept else results
    if kept:
        print(f"\n### memory\n\n{remember(kept)}\n")
    print(f"\n## Targets\n\n{report.verdicts(verdicts)}")
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return judged(verdicts)


def judged(results: list[dict[str, Any]]) -> int:
    """The exit code."""
    lines = [line for result in results for line in result.get("lines", ())]
    if any(not line["believed"] for line in lines):
        return 1
    return 2 if any(v["met"] is False for result in results for v in result["verdicts"]) else 0


if __name__ == "__main__":
    sys.exit(main())
