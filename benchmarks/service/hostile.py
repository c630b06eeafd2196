"""Thousands of damaged uploads: what was answered, what became of them, and what it cost.

python benchmarks/service/hostile.py --count 5000
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from resident import Memory

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.service.whole.deployment import deployed, track  # noqa: E402
from tests.service.whole.fuzz import REASONS, uploads  # noqa: E402

BATCH = 100  # fewer than may wait


def run(count: int, seed: int) -> dict[str, Any]:
    """One run; figures by name."""
    settings = {"workers": os.cpu_count(), "limits": {"seconds": 60.0}}
    answers: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), settings) as service:
        memory = Memory(service.servers[0].process_id)
        memory.start()
        for batch in range(0, count, BATCH):
            answered, tokens = uploads(service, min(BATCH, count - batch), seed + batch)
            answers += answered
            for token in tokens:
                found = service.final(token)
                reason = found["reason"]
                ends[found["stage"] if reason is None else reason["code"]] += 1
                service.http.delete(f"{service.url()}/result/{token}")
        well = service.final(service.upload(track(1)))["stage"]
        memory.over.set()
        failed = service.metric("requests_total", status="500")
    return {
        "answers": dict(answers.most_common()),
        "ends": dict(ends.most_common()),
        "answers_500": failed,
        "unknown_reasons": sorted(set(ends) - REASONS - {"done"}),
        "the_next_track": well,
        "seconds": time.perf_counter() - start,
        **memory.figures(),
    }


def main() -> int:
    """Prints the figures; status 1 if the service failed at one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = run(given.count, given.seed)
    print(json.dumps(found, indent=2))
    well = found["the_next_track"] == "done" and not found["unknown_reasons"]
    served = {answer[0] for answer in found["answers"]} <= {"2", "4"} and not found["answers_500"]
    return 0 if well and served else 1


if __name__ == "__main__":
    sys.exit(main())
