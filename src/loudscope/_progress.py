"""Telling how far a measurement has come."""

from __future__ import annotations

import time

from .typing import Progress

__all__ = ["Reporter"]

PROGRESS_SECONDS = 0.2


class Reporter:
    """Calls `progress` a few times a second, and at the end."""

    def __init__(self, progress: Progress | None, total: float | None) -> None:
        self.progress, self.total, self.last = progress, total, 0.0

    def __call__(self, seconds: float, final: bool = False) -> None:
        if self.progress is None:
            return
        now = time.monotonic()
        if final or now - self.last >= PROGRESS_SECONDS:
            self.last = now
            self.progress(seconds if self.total is None else min(seconds, self.total), self.total)
