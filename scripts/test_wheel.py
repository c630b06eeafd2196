"""Runs the suite on the loudscope that is installed: what the checkout beside it holds is left out.

    python scripts/test_wheel.py [--quick] [arguments for pytest]

All rooms of tests/ are run but those that look at the checkout, or drive a browser, servers and
type checkers. A room whose packages are not installed is left out too, and named. --quick runs the
public calls and the standards alone.
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
QUICK = ("api", "standards")


def is_installed(package: str) -> bool:
    """Whether the package can be imported here."""
    return importlib.util.find_spec(package) is not None


def main() -> int:
    """Runs pytest in one process for all rooms; its exit status."""
    place = Path(loudscope.__file__).resolve()
    if ROOT / "src" in place.parents:
        print(f"loudscope is the checkout's ({place}): install a wheel")
        return 2
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    rooms = []
    for room, packages in NEEDS.items():
        missing = [package for package in packages if not is_installed(package)]
        if missing:
            print(f"left out: {room}, for want of {', '.join(missing)}")
        elif not quick or room in QUICK:
            rooms.append(str(ROOT / "tests" / room))
    print(f"loudscope {loudscope.__version__} from {place.parent}")
    return int(pytest.main([*rooms, "--quiet", *(a for a in arguments if a != "--quick")]))


if __name__ == "__main__":
    sys.exit(main())
