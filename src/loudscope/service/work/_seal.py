"""Calls of the system that decoding never makes, refused from now on: Linux's seccomp.

No network, no other program, no signal to another process and no look into one. Whoever takes over
a process that decodes has a calculator, with what its user may read.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

__all__ = ["seal"]

# By machine: its number in audit records, and its numbers of the calls: socket, connect, execve,
# execveat, ptrace, kill, tkill, process_vm_readv, process_vm_writev, bpf, and those that are the
# same everywhere: pidfd_send_signal, io_uring_setup, which opens sockets too, and pidfd_getfd.
_EVERYWHERE = (424, 425, 438)
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 62, 200, 310, 311, 321, *_EVERYWHERE)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 129, 130, 270, 271, 280, *_EVERYWHERE)),
}
_X32 = 0x40000000  # from here on calls of x86-64 have second numbers
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # of BPF, on words
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in what the filter is shown
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seal() -> bool:
    """Refuses the calls in this process and its children; says whether it could.

    It cannot where the system is another, or the machine, or has no seccomp.
    """
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    code = ctypes.create_string_buffer(_code(*known))
    program = _Program(len(code.raw) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _code(architecture: int, calls: tuple[int, ...]) -> bytes:
    """A call of another architecture, of x32, or of the list jumps to the end, which refuses."""
    checks = [(_AT_LEAST, _X32), *((_EQUAL, call) for call in calls)]
    to_end = len(checks)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, to_end + 2, architecture),
        (_LOAD, 0, 0, _NUMBER),
        *((code, to_end - place, 0, value) for place, (code, value) in enumerate(checks)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
