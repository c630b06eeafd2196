"""Work under one claim, and how it is stopped from outside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .._logs import get_logger
from .._ports import Store
from .._records import Claim
from ._lease import Lease
from ._sandbox import KilledError, Sandbox

__all__ = ["Shift", "Shifts"]

FIRST_PAUSE_SECONDS = 0.1  # between attempts to write down what took long to get; doubles
log = get_logger(__name__)


class Shift:
    """A claim that is being worked on in a sandbox."""

    def __init__(
        self,
        store: Store,
        claim: Claim,
        sandbox: Sandbox,
        seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self.claim, self.sandbox = claim, sandbox
        self.lease = Lease(store, claim, seconds, self.stop, clock)
        self.started = time.monotonic()
        self.handed_back = False
        self.stopped = threading.Event()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started

    def stop(self) -> None:
        """Ends the work: the claim is no longer ours."""
        self.stopped.set()
        self.sandbox.kill()

    def hand_back(self) -> None:
        """Ends the work: the claim is to be released."""
        self.handed_back = True
        self.stop()

    def insist(self, write: Callable[[], bool], seconds: float) -> bool:
        """Writes to the store; again for so many seconds while that raises, then raises itself."""
        pause, until = FIRST_PAUSE_SECONDS, time.monotonic() + seconds
        while True:
            try:
                return write()
            except Exception as error:
                if time.monotonic() + pause > until:
                    raise
                log.warning("store refused a result", error=type(error).__name__)
                if self.stopped.wait(pause):
                    raise KilledError from error
                pause *= 2


class Shifts:
    """The shifts of a process; all can be handed back at once."""

    def __init__(self) -> None:
        self._open: set[Shift] = set()
        self._lock = threading.Lock()
        self.over = False

    @contextmanager
    def begin(
        self,
        store: Store,
        claim: Claim,
        sandbox: Sandbox,
        seconds: float,
        clock: Callable[[], float],
    ) -> Iterator[Shift]:
        """A shift with a lease of so many seconds that is renewed meanwhile."""
        shift = Shift(store, claim, sandbox, seconds, clock)
        with self._lock:
            sandbox.renew()
            self._open.add(shift)
            if self.over:
                shift.hand_back()
        try:
            shift.lease.begin()
            yield shift
        finally:
            shift.lease.end()
            with self._lock:
                self._open.discard(shift)

    def hand_back(self) -> None:
        """Ends all shifts, and each that begins from now on."""
        with self._lock:
            self.over = True
            for shift in self._open:
                shift.hand_back()
