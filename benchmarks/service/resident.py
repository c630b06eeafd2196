"""Memory of a process and all that it started, over time."""

from __future__ import annotations

import threading

import psutil

__all__ = ["Memory"]


class Memory(threading.Thread):
    """The resident memory of a process and all below it, every few seconds, in MB."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.over = process, threading.Event()
        self.values: list[float] = []

    def run(self) -> None:
        """Looks until it is over."""
        while not self.over.wait(2.0):
            root = psutil.Process(self.process)
            total = 0
            for one in (root, *root.children(recursive=True)):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.values.append(total / 1e6)

    def figures(self) -> dict[str, float]:
        """The means of the second and of the last sixth, and the most."""
        sixth = max(1, len(self.values) // 6)
        early, late = self.values[sixth : 2 * sixth] or self.values, self.values[-sixth:]
        return {
            "early_mb": sum(early) / len(early),
            "late_mb": sum(late) / len(late),
            "most_mb": max(self.values),
        }
