"""Holding on to a claim while the work goes on."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable

from .._logs import get_logger
from .._ports import Store
from .._records import Claim

__all__ = ["Lease"]

RENEWALS = 3  # in a lease: two may fail
log = get_logger(__name__)


class Lease:
    """Renews a claim from a thread of its own.

    Intervals are taken from the monotonic clock: a clock that is set while work goes on moves what
    the store is told, and not how often.
    """

    def __init__(
        self,
        store: Store,
        claim: Claim,
        seconds: float,
        lost: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        """`lost` is called, once, when somebody else may have the claim: the work has to stop."""
        self._store, self._claim, self._seconds = store, claim, seconds
        self._lost, self._clock = lost, clock
        self._done = threading.Event()
        run = contextvars.copy_context().run  # its lines of the log have the request's id, too
        self._thread = threading.Thread(
            target=run, args=(self._renew,), name="loudscope-lease", daemon=True
        )

    def begin(self) -> None:
        """Renews from now on."""
        self._thread.start()

    def end(self) -> None:
        """Renews no more; once back, nothing is under way."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _renew(self) -> None:
        renewed = time.monotonic()
        while not self._done.wait(self._seconds / RENEWALS):
            try:
                if not self._store.renew(self._claim, self._clock(), self._seconds):
                    break
                renewed = time.monotonic()
            except Exception as error:
                log.warning("lease not renewed", error=type(error).__name__)
                if time.monotonic() - renewed > self._seconds:
                    break
        else:
            return
        self._lost()
