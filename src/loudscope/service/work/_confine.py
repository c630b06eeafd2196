"""What a process that decodes strangers' files takes from itself before it opens one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

__all__ = ["confine", "die_with_parent"]

FILES = 64  # descriptors; the job itself needs a handful
GRACE_CPU_SECONDS = 5  # from SIGXCPU, which ends the process, to SIGKILL, which always does
_PR_SET_PDEATHSIG = 1


def confine(memory_bytes: int, cpu_seconds: float) -> None:
    """Limits memory, CPU time and descriptors of this process; it can write no file, dump no core.

    Memory is counted beyond what the process has already. RLIMIT_NPROC is left alone: it counts
    all processes of the user, and the engine needs threads. Systems without rlimits have none.

    Args:
        memory_bytes: Address space beyond what is in use.
        cpu_seconds: Of all threads together; then SIGXCPU.
    """
    if sys.platform == "win32":
        return
    import resource

    cpu = max(1, round(cpu_seconds))
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),  # pipes are no files
        (resource.RLIMIT_NOFILE, FILES, FILES),
        (resource.RLIMIT_CPU, cpu, cpu + GRACE_CPU_SECONDS),
        (resource.RLIMIT_AS, *(_address_space() + memory_bytes,) * 2),
    ):
        most = resource.getrlimit(what)[1]
        bounds = (soft, hard)
        if most != resource.RLIM_INFINITY:
            bounds = (min(soft, most), min(hard, most))
        with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS but does not set it
            resource.setrlimit(what, bounds)


def _address_space() -> int:
    """Bytes in use, 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def die_with_parent() -> None:
    """Linux: a killed parent takes this process with it."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it died before it could be tied to us
            os._exit(1)
