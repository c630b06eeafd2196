"""Getting one task done: claim it, do it in a sandbox, write down what came of it.

A task is only a wake-up call, so it may come twice, late or never: what is to be done stands in
the store, and who may do it is decided there. Whatever goes away meanwhile (store, depot, hub, this
process), the claim lapses at the latest, and the sweeper sees to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from .._logs import caused_by, get_logger, named
from .._metrics import Metrics
from .._ports import Depot, Hub, Store
from .._records import Claim, Reason, Stage, Task
from .._settings import Settings
from ._sandbox import DiedError, KilledError, RefusedError, Sandbox, StartError
from ._sandboxes import Sandboxes
from ._shift import Shift, Shifts

__all__ = ["Worker"]

# A fault of the code, which would be there the next time, too; anything else that is raised here
# is a part that is away for a while.
BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
NOT_STARTED = Reason(
    "not_started", "The service cannot start a process that measures. It is not the file's fault."
)
COPIES = "copies"  # the folder for audio that does not lie on this machine
log = get_logger(__name__)


class Worker:
    """Does tasks, each in the thread that calls `run`."""

    def __init__(
        self,
        store: Store,
        depot: Depot,
        hub: Hub,
        sandboxes: Sandboxes,
        settings: Settings,
        *,
        owner: str,
        enqueue: Callable[[Task], None],
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """A worker.

        Args:
            store: What is to be done.
            depot: Where uploads lie.
            hub: Whom to tell of changes.
            sandboxes: Where strangers' files are opened.
            settings: Limits, leases, and the folder for copies.
            owner: Names this process in claims.
            enqueue: Asks for another task to be done.
            metrics: Where stages and failures are counted.
            clock: Unix seconds.
        """
        self._store, self._depot, self._hub = store, depot, hub
        self._sandboxes, self._settings, self._owner = sandboxes, settings, owner
        self._enqueue, self._clock = enqueue, clock
        self._metrics = metrics or Metrics()
        self._shifts = Shifts()

    def run(self, task: Task) -> None:
        """Does the task, if it is there to be done; what goes wrong is logged, never raised."""
        with self._sandboxes.use() as sandbox:
            self._run(task, sandbox)

    def stop(self) -> None:
        """Hands back what is under way and takes nothing more; `run` returns soon after."""
        self._shifts.hand_back()

    def _run(self, task: Task, sandbox: Sandbox) -> None:
        if self._shifts.over:
            return
        lease = self._settings.lease_seconds
        with caused_by(task.request_id):
            try:
                claim = self._store.claim(task, self._owner, self._clock(), lease)
                if claim is not None:
                    self._follow(self._claimed(claim, sandbox), sandbox)
            except Exception as error:
                self._log(task, "task left to its lease", error=type(error).__name__)

    def _claimed(self, claim: Claim, sandbox: Sandbox) -> list[Task]:
        """Works under a claim; its request's id is the store's: a wake-up call may be another's."""
        lease, begin = self._settings.lease_seconds, self._shifts.begin
        with (
            caused_by(claim.task.request_id),
            begin(self._store, claim, sandbox, lease, self._clock) as shift,
        ):
            return self._settled(shift)

    def _settled(self, shift: Shift) -> list[Task]:
        """Works, and sees to what goes wrong; returns what can be done now."""
        claim = shift.claim
        try:
            if claim.attempt > self._settings.limits.attempts:
                self._fail(claim, _gave_up(claim.attempt - 1))
            elif claim.task.kind == "measure":
                return self._measure(shift)
            else:
                self._judge(shift)
        except RefusedError as error:
            self._fail(claim, error.reason)
        except DiedError as error:
            self._log(claim.task, "sandbox died", reason=error.reason.code, detail=str(error))
            return self._again(shift, error.reason)
        except StartError as error:
            self._log(claim.task, "not begun", reason=NOT_STARTED.code, detail=str(error))
            return self._again(shift, NOT_STARTED, self._settings.sweep_seconds)
        except KilledError:
            if shift.handed_back:
                self._store.release(claim)
                self._log(claim.task, "handed back")
        except BUGS as error:
            self._log(claim.task, "fault", error=type(error).__name__)
            return self._again(shift, Reason("crashed", "The service made a mistake over it."))
        except Exception as error:
            self._store.release(claim)
            self._log(claim.task, "handed back", error=type(error).__name__)
        return []

    def _follow(self, tasks: list[Task], sandbox: Sandbox) -> None:
        """The first here and now, the others by whoever is free."""
        for task in tasks[1:]:
            try:
                self._enqueue(task)
            except OSError:  # the broker is away
                self._run(task, sandbox)
        if tasks:
            self._run(tasks[0], sandbox)

    def _measure(self, shift: Shift) -> list[Task]:
        key, settings = shift.claim.task.id, self._settings
        audio = self._store.audio(key)
        if audio is None:
            raise _expired()
        folder = settings.folder / COPIES
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as place:
            path = self._fetch(audio, Path(place))
            data = shift.sandbox.measure(path, settings.limits, self._teller(shift))
        kept = shift.insist(
            lambda: self._store.measured(shift.claim, data, self._clock(), settings.result_seconds),
            settings.lease_seconds,
        )
        if not kept:
            return []
        self._ended("measuring", shift)
        self._forget(audio)
        self._hub.nudge(key)
        return list(self._store.waiting(key, self._clock()))

    def _fetch(self, audio: str, folder: Path) -> Path:
        try:
            return self._depot.fetch(audio, folder)
        except FileNotFoundError as error:
            raise _expired() from error

    def _teller(self, shift: Shift) -> Callable[[str, float], None]:
        """Notes how far the work is; that it cannot be noted does not stop the work."""
        claim, unsaid = shift.claim, {Stage.DECODING, Stage.MEASURING}

        def tell(stage: str, progress: float) -> None:
            if stage in unsaid:
                unsaid.discard(Stage(stage))
                self._log(claim.task, "begun", stage=stage, pid=shift.sandbox.pid)
            with suppress(Exception):
                if not self._store.advance(claim, Stage(stage), progress):
                    shift.stop()
            self._hub.nudge(claim.task.id)

        return tell

    def _judge(self, shift: Shift) -> None:
        token, store, now = shift.claim.task.id, self._store, self._clock()
        result = store.result(token, now)
        if result is None:
            raise _expired()
        request = result.request
        found = [
            None if key is None else store.measurements(key, now)
            for key in (request.key, request.reference_key)
        ]
        if found[0] is None or (found[1] is None and request.reference_key is not None):
            raise _expired()
        self._hub.nudge(token)
        made = shift.sandbox.judge(
            found[0],
            found[1],
            self._settings.limits,
            name=request.name,
            genre=request.genre,
            target=request.target,
        )
        ttl = self._settings.result_seconds
        if shift.insist(
            lambda: store.judged(shift.claim, made.verdict, made.documents, self._clock(), ttl),
            self._settings.lease_seconds,
        ):
            self._ended("judging", shift)
            self._hub.nudge(token)

    def _again(self, shift: Shift, reason: Reason, pause: float = 0.0) -> list[Task]:
        """Lets the lease lapse soon, so that the next attempt can begin and this one counts.

        Without a pause somebody is called at once; after one the sweeper does it.
        """
        claim = shift.claim
        shift.lease.end()
        if claim.attempt >= self._settings.limits.attempts:
            self._fail(claim, reason)
            return []
        self._store.renew(claim, self._clock(), pause)
        if not pause:
            with suppress(OSError):  # else the sweeper does it
                self._enqueue(claim.task)
        return []

    def _fail(self, claim: Claim, reason: Reason) -> None:
        """Ends the task for good; the upload, if there is one, is of no more use."""
        task = claim.task
        audio = self._store.audio(task.id) if task.kind == "measure" else None
        if not self._store.fail(claim, reason, self._clock()):
            return
        self._log(task, "failed", reason=reason.code, attempt=claim.attempt)
        self._metrics.failure(reason.code)
        if audio is not None:
            self._forget(audio)
        self._hub.nudge(task.id)

    def _forget(self, audio: str) -> None:
        try:
            self._depot.delete(audio)
        except Exception as error:  # the sweeper deletes what is left over
            log.warning("audio not deleted", error=type(error).__name__)

    def _ended(self, stage: str, shift: Shift) -> None:
        self._metrics.stage(stage, shift.seconds)
        self._log(shift.claim.task, stage, seconds=shift.seconds, attempt=shift.claim.attempt)

    def _log(self, task: Task, event: str, **more: str | float | None) -> None:
        log.info(event, **named(task), **more)


def _gave_up(attempts: int) -> Reason:
    return Reason("gave_up", f"It was tried {attempts} times, and the worker went away each time.")


def _expired() -> RefusedError:
    return RefusedError("expired", "The upload is no longer there. Please upload it again.")
