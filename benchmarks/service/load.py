"""Load: distinct 4-minute MP3s against one service, beside what the library alone can do.

    python benchmarks/service/load.py --seconds 600

Service, clients and library share the same cores. Needs locust and what tests need.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import library
import tracks
from resident import Memory

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.service.whole.deployment import Deployment, deployed  # noqa: E402

GOAL_SHARE, GOAL_P99_MS = 0.9, 50.0


def locust(service: Deployment, track: Path, users: int, seconds: float) -> list[dict[str, Any]]:
    """Runs the users; what locust counted."""
    command = [
        *(sys.executable, "-m", "locust", "-f", str(HERE / "locustfile.py"), "--headless"),
        *("--users", str(users + 2), "--spawn-rate", "20", "--run-time", f"{seconds:.0f}s"),
        *("--stop-timeout", "1", "--json", "--host", service.url(), "--loglevel", "ERROR"),
    ]
    told = subprocess.run(
        command, env={**os.environ, "LOUDSCOPE_TRACK": str(track)}, cwd=HERE,
        capture_output=True, text=True, check=False, timeout=seconds + 120,
    )  # fmt: skip
    if not told.stdout.strip().startswith("["):
        raise RuntimeError(told.stderr[-3000:])
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def percentile(times: Mapping[str, int], share: float) -> float:
    """Of counts by milliseconds."""
    count, total = 0, sum(times.values())
    for value, number in sorted((float(value), number) for value, number in times.items()):
        count += number
        if count >= share * total:
            return value
    return 0.0


def run(seconds: float, users: int, processes: int) -> dict[str, Any]:
    """One run; figures by name."""
    track = tracks.base()
    alone = library.tracks_per_minute(track, processes, min(60.0, seconds / 2))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "track.mp3"
        file.write_bytes(track)
        settings = {"workers": processes, "lease_seconds": 30.0, "sweep_seconds": 5.0}
        with deployed(Path(folder), settings) as service:
            memory = Memory(service.servers[0].process_id)
            memory.start()
            before, start = done(service), time.perf_counter()
            counted = locust(service, file, users, seconds)
            taken, measured = time.perf_counter() - start, done(service) - before
            memory.over.set()
    stats = {entry["name"]: entry for entry in counted}
    looks = stats["/result/…"]["response_times"]
    return {
        "library_tracks_per_minute": alone,
        "service_tracks_per_minute": 60.0 * measured / taken,
        "share": 60.0 * measured / taken / alone,
        "result_p50_ms": percentile(looks, 0.5),
        "result_p99_ms": percentile(looks, 0.99),
        "looks": sum(looks.values()),
        "failures": sum(entry["num_failures"] for entry in counted),
        "seconds": taken,
        **memory.figures(),
    }


def done(service: Deployment) -> float:
    """Reports made so far."""
    return service.metric("stage_seconds_count", stage="judging")


def main() -> int:
    """Prints the figures; status 2 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--users", type=int, default=6, help="tracks under way at once")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    found = run(given.seconds, given.users, given.processes)
    print(json.dumps(found, indent=2))
    fast = found["share"] >= GOAL_SHARE and found["result_p99_ms"] < GOAL_P99_MS
    return 0 if fast and not found["failures"] else 2


if __name__ == "__main__":
    sys.exit(main())
