"""A process that measures with one kernel: pickled work comes in, digests go out."""

from __future__ import annotations

import hashlib
import pickle
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

import loudscope
from loudscope import BlockTable
from loudscope._measure import Request, measure


def digest(table: BlockTable) -> str:
    """SHA-256 over the bytes of every column."""
    content = hashlib.sha256()
    for name, column in sorted(table.columns()):
        content.update(name.encode())
        content.update(column.tobytes())
    return content.hexdigest()


def digests(samples: NDArray[Any], rate_hz: int) -> dict[str, str]:
    """What the kernel makes of the samples on every path through it."""
    layout = [(float(channel), 0.0) for channel in range(samples.shape[1])]
    meter = loudscope.Meter(rate_hz, layout)
    for start in range(0, len(samples), 4801):
        meter.push(samples[start : start + 4801])
    exhaustive = Request(rate_hz=rate_hz, layout=layout, weighting=False, exhaustive=True)
    return {
        "scan": digest(loudscope.scan(samples, rate_hz, layout=layout)),
        "live": digest(meter.table()),
        "exhaustive": digest(measure(samples, exhaustive)),
        "itu": repr(loudscope.true_peak(samples, rate_hz, layout=layout, method="itu")),
    }


def main() -> None:
    """Answers until the input ends."""
    sys.stdout.write(loudscope.info()["kernel"] + "\n")
    sys.stdout.flush()
    while True:
        try:
            samples, rate_hz = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer = digests(np.asarray(samples), rate_hz)
        sys.stdout.write(" ".join(f"{name}={value}" for name, value in answer.items()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
