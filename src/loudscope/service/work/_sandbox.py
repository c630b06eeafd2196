"""The service's side of a measuring process: starts it, asks it, kills it, and starts it anew.

Strangers' files are opened nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .._errors import StartError
from .._logs import get_logger
from .._records import DOCUMENTS
from .._settings import Limits
from . import _frames
from ._deaths import CRASHED, DiedError, KilledError, died_of
from ._process import Process
from ._refusals import RefusedError

__all__ = ["DiedError", "Judged", "KilledError", "RefusedError", "Sandbox", "StartError"]

START_SECONDS = 20.0
JUDGE_SECONDS = 60.0  # judging takes a fraction of a second
log = get_logger(__name__)

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement: what the store keeps of it."""

    verdict: dict[str, Any]
    documents: dict[str, bytes]


class Sandbox:
    """One measuring process, for one thread at a time; `kill` may be called from any.

    A process that has died is replaced at the next request. After `kill` every request is refused
    until `renew`: one that is killed just before it begins stays killed.

    Attributes:
        trouble: Why the last process did not start; None: it did, or may still do so.
    """

    def __init__(self, threads: int = 1, start_seconds: float = START_SECONDS) -> None:
        """A sandbox without a process.

        Args:
            threads: Of the engine in the process.
            start_seconds: How long a process may take until it is ready.
        """
        self._threads, self._start_seconds = threads, start_seconds
        self._process: Process | None = None
        self._killed = False
        self._overdue = False
        self._asked = False  # a request is under way
        self.trouble: str | None = None
        self._timer: threading.Timer | None = None  # of what is under way
        self._lock = threading.Lock()  # of the six above

    @property
    def pid(self) -> int | None:
        """Of the process, None where none runs."""
        process = self._process
        return None if process is None or process.popen.poll() is not None else process.popen.pid

    def start(self) -> None:
        """Starts the process, if none runs, and does not wait until it is ready."""
        with self._lock, contextlib.suppress(StartError):
            self._running()

    def look(self) -> None:
        """Sees, without waiting for it, whether a process that was started has become ready.

        After one that did not start another is tried. Whoever asks it something meanwhile sees for
        himself.
        """
        with self._lock, contextlib.suppress(StartError):
            process = self._process
            if self._asked or (process is not None and process.ready):
                return
            if process is None:
                if self.trouble is not None:
                    self._running()
            elif process.speaks:
                self._heard(process)
            elif process.late:
                self._end()
                self._failed(process.why(late=True))

    def measure(self, path: str | os.PathLike[str], limits: Limits, tell: Tell) -> bytes:
        """Decodes and measures a file.

        Args:
            path: The file.
            limits: What it may take.
            tell: Called with ("decoding" or "measuring", 0 to 1) a few times a second.

        Returns:
            What `loudscope.qc.Inspection.from_bytes` reads.

        Raises:
            RefusedError: It cannot be measured; a second time would give the same.
            DiedError: The process died or was too slow.
            KilledError: `kill` was called.
            StartError: There is no process, and none can be started.
        """
        request = {"do": "measure", "path": os.fspath(path), "threads": self._threads}
        with self._asking({**request, "limits": limits.model_dump()}, (), limits.wall_seconds) as (
            process
        ):
            while True:
                head, blobs = self._next(process)
                if "stage" in head:
                    tell(str(head["stage"]), float(head["progress"]))
                elif len(blobs) == 1:
                    return blobs[0]
                else:
                    raise _frames.FrameError("no measurements")

    def judge(
        self,
        measurements: bytes,
        reference: bytes | None,
        limits: Limits,
        *,
        name: str,
        genre: str | None,
        target: str | None,
    ) -> Judged:
        """Holds measurements against a genre, a target and a reference; raises as `measure`."""
        request = {"do": "judge", "name": name, "genre": genre, "target": target}
        blobs = (measurements,) if reference is None else (measurements, reference)
        asking = self._asking({**request, "limits": limits.model_dump()}, blobs, JUDGE_SECONDS)
        with asking as process:
            head, documents = self._next(process)
            if len(documents) != len(DOCUMENTS) or not isinstance(head.get("verdict"), dict):
                raise _frames.FrameError("no judgement")
            return Judged(head["verdict"], dict(zip(DOCUMENTS, documents, strict=True)))

    def renew(self) -> None:
        """Takes requests again after `kill`."""
        with self._lock:
            self._killed = False

    def kill(self) -> None:
        """Ends the request that is under way, at once; it and later ones raise KilledError."""
        with self._lock:
            self._killed = True
            self._end()

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    @contextlib.contextmanager
    def _asking(
        self, head: dict[str, Any], blobs: tuple[bytes, ...], seconds: float
    ) -> Iterator[Process]:
        """A request under way, with a limit on its time."""
        process = self._begun()
        try:
            self._await(process)
            with self._within(seconds):
                process.send(head, blobs)
                yield process
        except (_frames.FrameError, OSError) as error:
            raise self._death(process, error, seconds) from error
        except (RefusedError, DiedError):
            raise  # the process is well, and waits for the next request
        except BaseException:
            self.close()  # it may still be answering
            raise
        finally:
            with self._lock:
                self._asked = False
                if self._process is not process:
                    process.close()

    def _begun(self) -> Process:
        """The process for a request."""
        with self._lock:
            if self._killed:
                raise KilledError
            process = self._running()
            self._overdue, self._asked = False, True
            return process

    def _await(self, process: Process) -> None:
        """Waits until a new process has loaded what it needs; that is no upload's time."""
        if process.ready:
            return
        with self._within(process.left):
            process.answer()
        with self._lock:
            if self._overdue:
                raise _frames.FrameError("late")
            process.ready, self.trouble = True, None

    @contextlib.contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Ends the process if the body takes longer."""
        timer = threading.Timer(seconds, lambda: self._expire(timer))
        timer.daemon = True
        with self._lock:
            self._timer = timer
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                self._timer = None

    def _expire(self, timer: threading.Timer) -> None:
        with self._lock:
            if self._timer is timer:  # else the body has come to its end just now
                self._overdue = True
                self._end()

    def _next(self, process: Process) -> _frames.Frame:
        frame = process.answer()
        head = frame[0]
        if "refused" in head:
            raise RefusedError(str(head["refused"]), str(head["message"]))
        if "error" in head:
            raise DiedError("crashed", CRASHED, str(head["error"]))
        return frame

    def _running(self) -> Process:
        """The process, or a new one; raises StartError where there can be none."""
        if self._process is None or self._process.popen.poll() is not None:
            self._end()
            try:
                self._process = Process(self._start_seconds)
            except OSError as error:
                raise self._failed(f"{type(error).__name__}: {error.strerror}") from error
        return self._process

    def _heard(self, process: Process) -> None:
        """Takes what a new process has said; with the lock."""
        try:
            process.answer()
        except (_frames.FrameError, OSError):
            process.pass_away()
            self._end()
            self._failed(process.why(late=False))
        else:
            process.ready, self.trouble = True, None

    def _failed(self, why: str) -> StartError:
        """Notes that a process did not start."""
        self.trouble = why
        log.error("measuring process not started", detail=why)
        return StartError(f"a measuring process does not start ({why}); its error is in the log")

    def _end(self) -> None:
        """Kills the process and all that it has forked."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            if not self._asked:  # else whoever reads from it closes it
                process.close()

    def _death(self, process: Process, error: Exception, seconds: float) -> Exception:
        with self._lock:
            killed, overdue = self._killed, self._overdue
            if not (killed or overdue):
                process.pass_away()
            self._end()
            if killed:
                return KilledError()
            if not process.ready:
                return self._failed(process.why(late=overdue))
        if overdue:
            return DiedError("too_slow", f"It took longer than {seconds:g} s.", "wall clock")
        return died_of(process.popen.returncode, error)
