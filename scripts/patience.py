"""A plugin of pytest for CPUs that are slow because emulated: whoever waits for a process waits on.

What shows that a process hangs on a real CPU, a limit of time, would fail there for no fault.
"""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

TIMES = 50.0


def patient(method: Callable[P, T]) -> Callable[P, T]:
    """A method of Popen; a `timeout` that is named is longer."""

    @functools.wraps(method)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> T:
        limit = kwargs.get("timeout")
        if isinstance(limit, int | float):
            kwargs["timeout"] = TIMES * limit
        return method(*args, **kwargs)

    return waiting


def pytest_configure() -> None:
    """Before any test is collected."""
    for name in ("communicate", "wait"):
        setattr(subprocess.Popen, name, patient(getattr(subprocess.Popen, name)))
