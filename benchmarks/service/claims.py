"""Claims a second: processes that race for the same analyses, on each store.

    python benchmarks/service/claims.py --processes 8 --keys 500

Every process tries to claim every key, in an order of its own; each key has one winner.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from loudscope.service._records import NewAnalysis, NewResult  # noqa: E402
from loudscope.service.store import open_store  # noqa: E402
from tests.service.parts import mongod_command, serving  # noqa: E402
from tests.service.store.racing import race  # noqa: E402

RACE = """
begin = time.perf_counter()
won = sum(
    store.claim(Task("measure", f"key-{it}"), str(number), now, 30.0) is not None for it in order
)
print(begin, time.perf_counter(), won)
"""


def figures(url: str, folder: Path, processes: int, keys: int) -> dict[str, float]:
    """One race; raises if a key has no winner, or two."""
    now = time.time()
    with closing(open_store(url, folder)) as store:
        start = time.perf_counter()
        for number in range(keys):
            asked = NewResult(f"token-{number}", f"key-{number}", "name")
            store.admit((NewAnalysis(asked.key, secrets.token_hex(16), 1),), asked, now, 900.0)
        admitting = time.perf_counter() - start
    lines = race(RACE, processes, url, folder, now, keys)
    told = [tuple(map(float, line.split())) for line in lines]
    seconds = max(end for _, end, _ in told) - min(begin for begin, _, _ in told)
    winners = sum(won for _, _, won in told)
    if winners != keys:
        raise AssertionError(f"{keys} keys have {winners:.0f} winners")
    return {
        "admissions_per_second": round(keys / admitting),
        "attempts_per_second": round(processes * keys / seconds),
        "claims_per_second": round(keys / seconds),
        "seconds": round(seconds, 3),
    }


def main() -> int:
    """Prints a line of JSON for each store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--keys", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for name in ("sqlite", "mongod", "mongodb"):
            (root / name).mkdir()
        found = figures("sqlite", root / "sqlite", given.processes, given.keys)
        print(json.dumps({"store": "sqlite", **found}))
        with serving("mongod", root / "mongod", mongod_command()) as part:
            url = f"mongodb://{part.address}/bench"
            found = figures(url, root / "mongodb", given.processes, given.keys)
        print(json.dumps({"store": "mongodb", **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
