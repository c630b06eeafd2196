"""Tests wait for what a part of the service does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait(
    true: Callable[[], object],
    seconds: float = 60.0,
    told: Callable[[], object] = lambda: "waited in vain",
) -> None:
    """Until it is true; `told` says what to know if that was in vain."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, told()
        time.sleep(0.01)
