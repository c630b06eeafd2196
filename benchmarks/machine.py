"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import peers

import loudscope


def cpu_name() -> str:
    """As /proc/cpuinfo or the system names it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def caches() -> str:
    """Sizes of the first core's caches, from Linux."""
    sizes = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind = ((index / name).read_text("utf-8").strip() for name in ("level", "type"))
        if kind != "Instruction":
            sizes.append(f"L{level} {(index / 'size').read_text('utf-8').strip()}")
    return ", ".join(sizes)


def load() -> float | None:
    """Processes that wanted a core in the last minute: a quiet machine has none but us."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def commit() -> str | None:
    """The checkout's commit, with + where files were changed."""
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()


def describe() -> dict[str, Any]:
    """Machine, versions and load, for the JSON."""
    return {
        "cpu": cpu_name(),
        "family": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "caches": caches(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "loudscope": loudscope.__version__,
        "commit": commit(),
        "kernel": loudscope.info()["kernel"],
        "versions": peers.versions(),
        "load": load(),
    }
