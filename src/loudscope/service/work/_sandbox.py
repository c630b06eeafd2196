"""The service's side of a measuring process: starts it, asks it, kills it, and starts it anew.

Strangers' files are opened nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .._records import Reason
from .._settings import Limits
from . import _frames
from ._child import SIGNALLED
from ._refusals import RefusedError

__all__ = ["DiedError", "Judged", "KilledError", "RefusedError", "Sandbox", "StartError"]

KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "LOUDSCOPE_KERNEL")
# A thread of linear algebra that nobody needs would keep the process from forking. A fork's memory
# is new to it, so large pages are worth a tenth of the time.
ADDED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
         "MALLOC_ARENA_MAX": "2", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}  # fmt: skip
JUDGE_SECONDS = 60.0  # judging takes a fraction of a second

Tell = Callable[[str, float], None]


class DiedError(Exception):
    """The process died over the upload, or took too long: to be tried again, but not for ever."""

    def __init__(self, code: str, message: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = Reason(code, message)


class KilledError(Exception):
    """`kill` was called: the answer is no longer wanted."""


class StartError(Exception):
    """The process does not even start: no upload is to blame."""


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
        broken: The process did not start when it was last needed.
    """

    def __init__(self, threads: int = 1) -> None:
        """`threads`: of the engine in the process."""
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._overdue = False
        self._asked = False  # a request is under way
        self._ready = False  # the process has said so
        self.broken = False  # the last process did not even start
        self._lock = threading.Lock()  # of the five above

    @property
    def pid(self) -> int | None:
        """Of the process, None where none runs."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def start(self) -> None:
        """Starts the process, if none runs, and does not wait until it is ready."""
        with self._lock:
            self._running()

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
            if len(documents) != 2 or not isinstance(head.get("verdict"), dict):
                raise _frames.FrameError("no judgement")
            return Judged(head["verdict"], dict(zip(("json", "html"), documents, strict=True)))

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
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A request under way, with a limit on its time."""
        with self._lock:
            if self._killed:
                raise KilledError
            self._overdue, self._asked = False, True
            process = self._running()
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        try:
            self._await(process)
            timer.start()
            _send(process, head, blobs)
            yield process
        except (_frames.FrameError, OSError) as error:
            raise self._death(process, error, seconds) from error
        except (RefusedError, DiedError):
            raise  # the process is well, and waits for the next request
        except BaseException:
            self.close()  # it may still be answering
            raise
        finally:
            timer.cancel()
            with self._lock:
                self._asked = False
                if self._process is not process:
                    _close(process)

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        """Waits until a new process has loaded what it needs; that is no upload's time."""
        if not self._ready:
            self._next(process)
            self._ready, self.broken = True, False

    def _next(self, process: subprocess.Popen[bytes]) -> _frames.Frame:
        assert process.stdout is not None
        frame = _frames.read(process.stdout)
        if frame is None:
            raise _frames.FrameError("no answer")
        head = frame[0]
        if "refused" in head:
            raise RefusedError(str(head["refused"]), str(head["message"]))
        if "error" in head:
            raise DiedError("crashed", CRASHED, str(head["error"]))
        return frame

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._ready = False
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}._child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,
            )
        return self._process

    def _expire(self) -> None:
        with self._lock:
            self._overdue = True
            self._end()

    def _end(self) -> None:
        """Kills the process and all that it has forked."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:  # else its number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
        if not self._asked:  # else whoever reads from it closes it
            _close(process)

    def _death(
        self, process: subprocess.Popen[bytes], error: Exception, seconds: float
    ) -> Exception:
        with self._lock:
            killed, overdue, ready = self._killed, self._overdue, self._ready
            if not (killed or overdue):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(1.0)  # it says how its fork died
            self._end()
        if killed:
            return KilledError()
        if not ready:
            self.broken = True
            return StartError(f"exit status {process.returncode}")
        if overdue:
            return DiedError("too_slow", f"It took longer than {seconds:g} s.", "wall clock")
        return _cause(process.returncode, error)


CRASHED = "The process that decoded the file crashed."


def _cause(status: int | None, error: Exception) -> DiedError | RefusedError:
    """What an exit status means; time of the CPU is the same at every attempt."""
    number = 0 if status is None else -status if status < 0 else status - SIGNALLED
    if number == getattr(signal, "SIGXCPU", None):
        return RefusedError("too_slow", "It took more time of the CPU than it may.")
    return DiedError("crashed", CRASHED, f"exit status {status}: {error}")


def _send(process: subprocess.Popen[bytes], head: dict[str, Any], blobs: tuple[bytes, ...]) -> None:
    assert process.stdin is not None
    _frames.write(process.stdin, head, *blobs)
    process.stdin.flush()


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _environment() -> dict[str, str]:
    """What the process needs of ours, which may hold passwords: the way to Python's modules."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join(place for place in sys.path if place)
    return {**kept, **ADDED, "PYTHONPATH": path}
