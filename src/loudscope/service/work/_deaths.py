"""How a request to a measuring process ends when the process does."""

from __future__ import annotations

import signal

from .._records import Reason
from ._child import SIGNALLED
from ._refusals import RefusedError

__all__ = ["CRASHED", "DiedError", "KilledError", "died_of"]

CRASHED = "The process that decoded the file crashed."


class DiedError(Exception):
    """The process died over the upload, or took too long: to be tried again, but not for ever."""

    def __init__(self, code: str, message: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = Reason(code, message)


class KilledError(Exception):
    """`kill` was called: the answer is no longer wanted."""


def died_of(status: int | None, error: Exception) -> DiedError | RefusedError:
    """What an exit status means; time of the CPU is the same at every attempt."""
    number = 0 if status is None else -status if status < 0 else status - SIGNALLED
    if number == getattr(signal, "SIGXCPU", None):
        return RefusedError("too_slow", "It took more time of the CPU than it may.")
    return DiedError("crashed", CRASHED, f"exit status {status}: {error}")
