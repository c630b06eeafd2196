"""A measuring process as the service holds it: its environment, its pipes, whether it is ready."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time

from . import _frames

__all__ = ["Process"]

# What is not here it does not see. The last three choose among ways to compute: figures shall be
# those that anybody else on this machine gets.
KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT",
        "LOUDSCOPE_KERNEL", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES")  # fmt: skip
# A thread of linear algebra that nobody needs would keep the process from forking. A fork's memory
# is new to it, so large pages are worth a tenth of the time.
ADDED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
         "MALLOC_ARENA_MAX": "2", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}  # fmt: skip
LEAST_SECONDS = 1.0  # for what a process may have said long ago, and for its end


class Process:
    """A process that was started, perhaps a while ago.

    Attributes:
        popen: The process itself.
        ready: It was heard to be.
    """

    def __init__(self, start_seconds: float) -> None:
        """Starts one and does not wait.

        Args:
            start_seconds: How long it may take until it is ready.

        Raises:
            OSError: The system starts none.
        """
        self.start_seconds = start_seconds
        self._until = time.monotonic() + start_seconds
        self.ready = False
        self.popen = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}._child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )

    @property
    def left(self) -> float:
        """Seconds that it still has to become ready."""
        return max(LEAST_SECONDS, self._until - time.monotonic())

    @property
    def late(self) -> bool:
        """It has had its time; False where the system does not tell whether it was ready."""
        return time.monotonic() > self._until and hasattr(select, "poll")

    def answer(self) -> _frames.Frame:
        """The next of its messages; raises `FrameError` if it ends instead."""
        assert self.popen.stdout is not None
        frame = _frames.read(self.popen.stdout)
        if frame is None:
            raise _frames.FrameError("no answer")
        return frame

    @property
    def speaks(self) -> bool:
        """There is an answer, or its end; False where the system does not tell."""
        if self.popen.stdout is None or not hasattr(select, "poll"):
            return False
        pipe = select.poll()
        pipe.register(self.popen.stdout, select.POLLIN)
        return bool(pipe.poll(0))

    def send(self, head: dict[str, object], blobs: tuple[bytes, ...]) -> None:
        """Sends a request."""
        assert self.popen.stdin is not None
        _frames.write(self.popen.stdin, head, *blobs)
        self.popen.stdin.flush()

    def pass_away(self) -> None:
        """Gives one whose pipe has ended time to end itself: its status tells what happened."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(LEAST_SECONDS)

    def kill(self) -> None:
        """Ends it and all that it has forked."""
        if self.popen.returncode is None:  # else its number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(self.popen.pid, signal.SIGKILL)
                else:
                    self.popen.kill()
            self.popen.wait()

    def close(self) -> None:
        """Closes its pipes."""
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def why(self, *, late: bool) -> str:
        """Why it never was ready: it took too long, or how it ended."""
        if late:
            return f"not ready after {self.start_seconds:g} s"
        status = self.popen.wait()
        return f"signal {-status}" if status < 0 else f"exit status {status}"


def _environment() -> dict[str, str]:
    """What the process needs of ours, which may hold passwords: the way to Python's modules."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join(place for place in sys.path if place)
    return {**kept, **ADDED, "PYTHONPATH": path}
