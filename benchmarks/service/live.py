"""Live meters: how many sessions a core carries while 99 of 100 readings come within 50 ms.

    python benchmarks/service/live.py --sessions 50 100 150

Each session sends 100 ms of stereo float32 at 48 kHz ten times a second; a reading is as late as
it comes after the last frames in it were sent.
The clients are a process of their own; the service is held to one core.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from websockets.asyncio.client import connect

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

CHUNK_S = 0.1
WARM_S = 3.0


async def session(address: str, seconds: float, delay: float, late: list[float]) -> int:
    """Sends in real time; notes how old each reading's newest frame is. Returns how many came."""
    noise = np.random.default_rng(1).uniform(-0.3, 0.3, (4800, 2)).astype("<f4").tobytes()
    await asyncio.sleep(delay)
    sent: list[float] = []
    readings = 0
    async with connect(address, compression=None, open_timeout=60) as socket:

        async def send() -> None:
            start = time.perf_counter()
            while (due := start + CHUNK_S * len(sent)) < start + seconds:
                await asyncio.sleep(due - time.perf_counter())
                sent.append(time.perf_counter())
                await socket.send(noise)
            await socket.send('{"type": "end"}')

        sending = asyncio.create_task(send())
        async for message in socket:
            reading = json.loads(message)
            if reading["type"] != "reading":
                continue
            readings += 1
            newest = round(reading["seconds"] / CHUNK_S) - 1
            if newest * CHUNK_S > WARM_S and not reading["final"]:
                late.append(1000.0 * (time.perf_counter() - sent[newest]))
        await sending
    return readings


async def crowd(address: str, sessions: int, seconds: float) -> dict[str, float]:
    """All sessions at once, begun over three seconds."""
    late: list[float] = []
    delays = [random.uniform(0.0, 3.0) for _ in range(sessions)]
    tasks = [session(address, seconds, delay, late) for delay in delays]
    counts = await asyncio.gather(*tasks)
    return {
        "sessions": sessions,
        "readings": sum(counts),
        "p50_ms": float(np.percentile(late, 50)),
        "p99_ms": float(np.percentile(late, 99)),
        "most_ms": max(late),
    }


def main() -> int:
    """Prints the figures of each number of sessions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sessions", type=int, nargs="+", default=[50, 100, 150, 200])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        found = asyncio.run(crowd(given.client, given.sessions[0], given.seconds))
        print(json.dumps(found))
        return 0
    from tests.service.whole.deployment import deployed

    settings = {"live": {"sessions": 5000}, "workers": 1}
    with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), settings) as service:
        os.sched_setaffinity(service.servers[0].process_id, {0})
        address = f"ws://{service.servers[0].address}/live?rate=48000&channels=2&format=float32"
        process = psutil.Process(service.servers[0].process_id)
        for sessions in given.sessions:
            command = [sys.executable, __file__, "--client", address, "--seconds"]
            before = process.cpu_times()
            told = subprocess.run(
                [*command, str(given.seconds), "--sessions", str(sessions)],
                stdout=subprocess.PIPE, text=True, check=True, timeout=given.seconds + 120,
            )  # fmt: skip
            after = process.cpu_times()
            used = after.user + after.system - before.user - before.system
            share = 100.0 * used / (sessions * given.seconds)
            found = {**json.loads(told.stdout), "percent_of_a_core_each": share}
            print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
