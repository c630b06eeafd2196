"""Two workers of one process each against one: how much faster a heap of tracks is gone.

    python benchmarks/service/workers.py --tracks 40

MongoDB, Redis, Celery and a shared folder, all on this machine. Each worker is kept to a core of
its own, for one alone would measure with a thread on each; the heap is there before they begin.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import tracks

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.service.parts import mongod_command, redis_command, serving  # noqa: E402
from tests.service.whole.deployment import Deployment, deployed  # noqa: E402


@contextmanager
def paused(service: Deployment) -> Iterator[None]:
    """Workers and all that they have started stand still inside the block."""
    roots = [psutil.Process(worker.process_id) for worker in service.workers]
    processes = [one for root in roots for one in (root, *root.children(recursive=True))]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


def seconds_for(count: int, workers: int, track: bytes) -> float:
    """Until all reports of so many distinct tracks are there."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))

        def part(name: str) -> Path:
            (root / name).mkdir()
            return root / name

        mongod = stack.enter_context(serving("mongod", part("mongod"), mongod_command()))
        redis = stack.enter_context(serving("redis", part("redis"), redis_command()))
        settings = {
            "store": f"mongodb://{mongod.address}/bench",
            "redis": f"redis://{redis.address}/0",
            "runner": "celery",
            "lease_seconds": 30.0,
        }
        service = stack.enter_context(
            deployed(part("service"), settings, 1, workers, own_cores=True)
        )
        warm = [service.upload(tracks.distinct(track)) for _ in range(2 * workers)]
        for token in warm:
            service.final(token)
        with paused(service):
            tokens = [
                service.upload(tracks.distinct(track), target="spotify") for _ in range(count)
            ]
        start = time.perf_counter()
        for token in tokens:
            found = service.final(token, patience=600.0)
            assert found["stage"] == "done", found
        return time.perf_counter() - start


def main() -> int:
    """Prints both times; status 2 if two workers are not 1.8 times as fast."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tracks", type=int, default=40)
    given = parser.parse_args()
    track = tracks.base()
    one, two = (seconds_for(given.tracks, workers, track) for workers in (1, 2))
    print(json.dumps({"one_s": one, "two_s": two, "faster": one / two}, indent=2))
    return 0 if one / two >= 1.8 else 2


if __name__ == "__main__":
    sys.exit(main())
