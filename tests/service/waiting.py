"""Tests wait for what a part of the service does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Until it is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
