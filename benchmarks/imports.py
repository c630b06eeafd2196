"""What `import loudscope` adds to `import numpy`: whole processes, by the clock on the wall."""

from __future__ import annotations

import subprocess
import sys
import time

from race import OURS, Race, Target, main
from timing import Answer, Run


def importing(module: str) -> Run:
    """Starts Python, imports, and ends."""

    def run() -> tuple[float, Answer]:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        return time.perf_counter() - began, ()

    return run


def races(_seconds: float) -> list[Race]:
    """One race."""
    return [
        Race(
            figure="import",
            signal="python -c 'import …'",
            clock="wall, one core",
            runs={
                OURS: importing("loudscope"),
                "numpy": importing("numpy"),
            },
            targets=(
                Target(
                    "import",
                    "`import loudscope`, beyond `import numpy`",
                    30,
                    "numpy",
                    kind="extra_ms",
                ),
            ),
        )
    ]


if __name__ == "__main__":
    main(races)
