"""Times on an axis: minutes and seconds, at round places."""

from __future__ import annotations

import math

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, Locator

__all__ = ["clock", "clock_axis"]

ROUND_SECONDS = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 86400),
)
MOST_TICKS = 9


def clock(seconds: float, decimals: int = 0) -> str:
    """m:ss, or h:mm:ss from one hour up."""
    scale = 10**decimals
    whole, rest = divmod(round(abs(seconds) * scale), 60 * scale)
    tail = f"{rest / scale:0{3 + decimals if decimals else 2}.{decimals}f}"
    sign = "-" if seconds < 0 else ""
    if whole < 60:
        return f"{sign}{whole}:{tail}"
    return f"{sign}{whole // 60}:{whole % 60:02d}:{tail}"


class ClockLocator(Locator):
    """Ticks at round times."""

    def __init__(self, most: int = MOST_TICKS) -> None:
        self.most = most

    def __call__(self) -> list[float]:
        assert self.axis is not None
        low, high = self.axis.get_view_interval()
        return self.tick_values(low, high)

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        low, high = sorted((vmin, vmax))
        step = self.step(high - low)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]

    def step(self, span: float) -> float:
        fits = (step for step in ROUND_SECONDS if span / step <= self.most)
        return float(next(fits, 86400 * math.ceil(span / 86400 / self.most)))


def clock_axis(axis: Axis, duration: float) -> None:
    """Makes an axis in seconds read as a clock."""
    locator = ClockLocator()

    def words(seconds: float, place: int | None = None) -> str:
        del place
        low, high = axis.get_view_interval()
        step = locator.step(abs(high - low))
        return clock(seconds, 0 if step >= 1 else 1 if step >= 0.1 else 2)

    axis.set_major_locator(locator)
    axis.set_major_formatter(FuncFormatter(words))
    axis.set_label_text("time, m:ss" if duration < 3600 else "time, h:mm:ss")
