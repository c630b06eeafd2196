"""What NumPy allocates while something runs."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable


def allocated(work: Callable[[], object]) -> int:
    """Most bytes at a time beyond those of before. NumPy reports its arrays to tracemalloc."""
    work()  # what is made only once does not count
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
