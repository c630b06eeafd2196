"""The measuring process: `python -m loudscope.service.work._child`, requests in, answers out.

It loads everything once, then forks for each request. So every upload is decoded in a process of
its own, with its own limits, that nobody's upload was in before; and that costs milliseconds, not
the start of an interpreter. The fork is safe: this process has one thread, and ends if not.

A fork that dies takes this process with it, which passes on how it died: half a message may be in
the pipe, so a new pipe is needed anyway.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import select
import signal
import sys
import traceback
from collections.abc import Iterator
from typing import Any, BinaryIO

from . import _frames
from ._confine import confine, die_with_parent
from ._refusals import refusal_of
from ._seal import seal

__all__ = ["main"]

SIGNALLED = 128  # added to the signal's number, as shells do
NOT_ALONE = 3  # exit status: a second thread runs, which a fork would lose


def main() -> int:
    """Answers requests until there are no more; the exit status."""
    requests, replies = _pipes()
    _warm_up()
    if _threads() > 1:
        sys.stderr.write("loudscope: a library keeps a thread running; nothing can be forked\n")
        return NOT_ALONE
    _frames.write(replies, {"ready": True})
    _silence(2)  # until now an error belonged to the service's operator
    while (request := _frames.read(requests)) is not None:
        status = _apart(request, requests, replies)
        if status:
            return status
    return 0


def _pipes() -> tuple[io.FileIO, io.FileIO]:
    """Standard input and output, taken away from libraries that print."""
    pipes = io.FileIO(os.dup(0), "rb"), io.FileIO(os.dup(1), "wb")
    _silence(0, 1)
    return pipes


def _silence(*numbers: int) -> None:
    with open(os.devnull, "r+b", buffering=0) as nothing:
        for number in numbers:
            os.dup2(nothing.fileno(), number)


def _warm_up() -> None:
    """Loads decoders, the engine, genres, targets and the page: every fork has them then."""
    import numpy as np

    from loudscope import LoudscopeError
    from loudscope.qc import inspect

    from ._jobs import judge

    with contextlib.suppress(LoudscopeError):
        inspect(io.BytesIO(b"no audio: every decoder has a look"))
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, (48000, 2)).astype(np.float32)
    measured = inspect(noise, 48000, threads=1).to_bytes()
    judge(measured, measured, "warm-up", "pop", "spotify")
    gc.collect()
    gc.freeze()


def _apart(request: _frames.Frame, requests: io.FileIO, replies: io.FileIO) -> int:
    """Answers in a fork; 0, or the exit status that says how it died."""
    if not hasattr(os, "fork"):  # Windows: here, without the limits of the system
        _answer(request, replies)
        return 0
    with _child_signals() as ended:
        pid = os.fork()
        if pid == 0:
            _in_the_fork(request, requests, replies)
        return _wait(pid, requests, ended)


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # not Linux
        return 1


@contextlib.contextmanager
def _child_signals() -> Iterator[int]:
    """A descriptor that can be read once a child has ended."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    old = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        yield ended
    finally:
        signal.set_wakeup_fd(old)
        signal.signal(signal.SIGCHLD, before)
        os.close(ended)
        os.close(wake)


def _wait(pid: int, requests: io.FileIO, ended: int) -> int:
    """The fork's exit status; kills it where the service has died: nobody wants the answer."""
    watched = select.poll()
    watched.register(requests, 0)  # its end alone: the next request may be there already
    watched.register(ended, select.POLLIN)
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return SIGNALLED - code if code < 0 else code
        if any(number == requests.fileno() for number, _ in watched.poll()):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return 1
        os.read(ended, 64)


def _in_the_fork(request: _frames.Frame, requests: io.FileIO, replies: io.FileIO) -> None:
    try:
        signal.set_wakeup_fd(-1)
        die_with_parent()
        requests.close()
        limits = request[0]["limits"]
        confine(int(limits["memory_bytes"]), limits["cpu_seconds"])
        seal()
        _answer(request, replies)
    except BaseException:  # nothing may go on into the code of the process that forked
        os._exit(1)
    os._exit(0)


def _answer(request: _frames.Frame, replies: BinaryIO | io.FileIO) -> None:
    try:
        head, blobs = _do(request, replies)
    except Exception as error:
        head, blobs = _failure(error), ()
    _frames.write(replies, head, *blobs)


def _do(
    request: _frames.Frame, replies: BinaryIO | io.FileIO
) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    from ._jobs import judge, measure

    head, blobs = request

    def tell(stage: str, progress: float) -> None:
        _frames.write(replies, {"stage": stage, "progress": min(1.0, max(0.0, progress))})

    if head["do"] == "measure":
        return {"done": True}, (measure(head["path"], head["limits"], head["threads"], tell),)
    measurements, *others = blobs
    reference = others[0] if others else None
    verdict, documents = judge(measurements, reference, head["name"], head["genre"], head["target"])
    return {"done": True, "verdict": verdict}, documents


def _failure(error: Exception) -> dict[str, Any]:
    """A refusal, or where an error came from: its words could quote the file, its place cannot."""
    refused = refusal_of(error)
    if refused is not None:
        return {"refused": refused.reason.code, "message": refused.reason.message}
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"
    return {"error": f"{type(error).__name__} at {place}"}


if __name__ == "__main__":
    sys.exit(main())
