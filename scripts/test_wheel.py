"""Runs the suite on the loudscope that is installed: what the checkout beside it holds is left out.

    python scripts/test_wheel.py [--quick] [arguments for pytest]

All rooms of tests/ are run but those that look at the checkout, or drive a browser, servers and
type checkers. A room whose packages are not installed is left out too, and named. --quick runs the
standards, known signals, files, threads and processes.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import loudscope

ROOT = Path(__file__).resolve().parents[1]
NEEDS = {
    "algebra": (),
    "api": (),
    "cli": (),
    "compare": ("scipy",),
    "feedback": ("httpx", "jsonschema", "pydantic"),
    "files": (),
    "genres": ("scipy",),
    "interop": (),
    "plot": ("matplotlib",),
    "qc": (),
    "standards": ("scipy",),
    "tags": ("mutagen",),
    "targets": (),
    "twins": ("scipy",),
}
MORE = {"api/test_peers.py": "pyebur128", "cli/test_service.py": "fastapi"}  # single files
QUICK = (
    "api/test_known_signals.py",
    "api/test_light_install.py",
    "api/test_processes.py",
    "api/test_threads.py",
    "files/test_reading.py",
    "standards/test_compliance.py",
)


def is_installed(package: str) -> bool:
    """Whether the package can be imported here."""
    return importlib.util.find_spec(package) is not None


def rooms() -> list[str]:
    """Those that can be run here; prints the others."""
    found = []
    for room, packages in NEEDS.items():
        missing = [package for package in packages if not is_installed(package)]
        if missing:
            print(f"left out: {room}, for want of {', '.join(missing)}")
        else:
            found.append(room)
    return found


def main() -> int:
    """Runs pytest in one process for all rooms; its exit status."""
    place = Path(loudscope.__file__).resolve()
    if ROOT / "src" in place.parents:
        print(f"loudscope is the checkout's ({place}): install a wheel")
        return 2
    print(f"loudscope {loudscope.__version__} from {place.parent}")
    arguments = [each for each in sys.argv[1:] if each != "--quick"]
    tests = QUICK if "--quick" in sys.argv[1:] else rooms()
    for path, package in MORE.items():
        if not is_installed(package):
            arguments.append(f"--ignore={ROOT / 'tests' / path}")
    return int(pytest.main([*(str(ROOT / "tests" / each) for each in tests), "-q", *arguments]))


if __name__ == "__main__":
    sys.exit(main())
