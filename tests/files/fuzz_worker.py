"""Open and read mutations of a file; run apart, so that a crash or a hang takes nobody along.

Usage: fuzz_worker.py FILE OTHER LOG FIRST_SEED COUNT

The seed is logged before each mutation: the last one logged is the one that did it. Every mutation
must end in arrays or in a LoudscopeError; anything else ends the run with a traceback.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable
from pathlib import Path

from loudscope._errors import LoudscopeError
from loudscope._files import open_audio

MAX_FRAMES = 2_000_000
ADDRESS_SPACE = 6 << 30  # an allocation by a declared length fails instead of swapping
SIZES = (0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def flip_bytes(data: bytearray, rng: random.Random, other: bytes) -> None:
    limit = len(data) if rng.random() < 0.5 else min(len(data), 300)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        data[rng.randrange(limit)] = rng.randrange(256)


def lie_about_sizes(data: bytearray, rng: random.Random, other: bytes) -> None:
    limit = min(len(data) - 8, 300 if rng.random() < 0.7 else len(data) - 8)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(max(1, limit))
        at -= at % 2
        width = rng.choice((2, 4, 4, 8))
        value = rng.choice((*SIZES, len(data), len(data) + 1, rng.getrandbits(32)))
        order: list[str] = ["little", "big"]
        lie = (value % (1 << 8 * width)).to_bytes(width, rng.choice(order))  # type: ignore[arg-type]
        data[at : at + width] = lie


def truncate(data: bytearray, rng: random.Random, other: bytes) -> None:
    del data[rng.randrange(len(data)) :]


def splice(data: bytearray, rng: random.Random, other: bytes) -> None:
    """Copy a run of this file or of another one over some place of this one."""
    source = other if rng.random() < 0.3 else bytes(data)
    start, length = rng.randrange(len(source)), rng.randrange(1, 4096)
    at = rng.randrange(len(data))
    data[at : at + rng.choice((0, length))] = source[start : start + length]


def insert(data: bytearray, rng: random.Random, other: bytes) -> None:
    at = rng.randrange(len(data)) if rng.random() < 0.5 else rng.randrange(min(300, len(data)))
    run = rng.randbytes(rng.choice((1, 2, 4, 100, 5000)))
    data[at:at] = run if rng.random() < 0.7 else bytes(len(run))


def remove(data: bytearray, rng: random.Random, other: bytes) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.choice((1, 2, 4, 100, 5000))]


MUTATIONS: tuple[Callable[[bytearray, random.Random, bytes], None], ...] = (
    flip_bytes,
    lie_about_sizes,
    truncate,
    splice,
    insert,
    remove,
)


def mutate(original: bytes, other: bytes, seed: int) -> bytes:
    rng = random.Random(seed)
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if len(data) > 16:
            rng.choice(MUTATIONS)(data, rng, other)
    return bytes(data)


def read(data: bytes, seed: int) -> str:
    """How it ended: the name of the error, or "arrays"."""
    rng = random.Random(~seed)
    try:
        with open_audio(io.BytesIO(data), partial=rng.choice(("accept", "raise"))) as file:
            frames = 0
            while frames < MAX_FRAMES and len(piece := file.read(rng.choice((1, 999, 65536)))):
                frames += len(piece)
                assert (piece.shape[1], piece.dtype) == (file.channels, file.dtype)
            file.seek(rng.randrange(frames + 2))
            file.read(1000)
            return "truncated" if file.truncated else "arrays"
    except LoudscopeError as error:
        return type(error).__name__


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def main(path: str, other_path: str, log_path: str, first: str, count: str) -> None:
    limit_memory()
    original, other = Path(path).read_bytes(), Path(other_path).read_bytes()
    with Path(log_path).open("ab", buffering=0) as log:
        for seed in range(int(first), int(first) + int(count)):
            log.write(f"{seed} ".encode())
            ended = read(mutate(original, other, seed), seed)
            log.write(f"{ended}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
