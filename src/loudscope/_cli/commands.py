"""The two commands beside measuring: `selftest` and `info`."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from dataclasses import asdict

import loudscope

from .arguments import InfoOptions, SelftestOptions
from .export import SCHEMA_VERSION, dumps
from .output import prepare, write
from .progress import display

__all__ = ["info", "selftest"]

_INSTALL = {
    "av": 'pip install "loudscope[decode]"',
    "libsndfile": "pip install soundfile",
    "matplotlib": 'pip install "loudscope[plot]"',
    "mutagen": 'pip install "loudscope[tags]"',
    "scipy": 'pip install "loudscope[reference]"',
}


def selftest(options: SelftestOptions) -> int:
    """Measure the compliance signals; 0 if all pass, else 1."""
    from loudscope import _selftest

    with display(["selftest"], shown=True) as screen:
        results = _selftest.run(
            options.rates_hz,
            lambda done, total: screen.moved(0, done, total),
        )
    passed = all(result.passed for result in results)
    prepare(machine=options.json)
    if options.json:
        cases = [_finite({**asdict(it), "passed": it.passed}) for it in results]
        write(dumps({"schema_version": SCHEMA_VERSION, "passed": passed, "cases": cases}, indent=2))
    else:
        write(_selftest.format_table(results))
    return 0 if passed else 1


def _finite(case: Mapping[str, object]) -> dict[str, object]:
    """JSON has no infinity: a level of digital silence is null there."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in case.items()
    }


def info(options: InfoOptions) -> int:
    """Say what is installed and in use; always 0."""
    facts = loudscope.info()
    prepare(machine=options.json)
    if options.json:
        write(dumps({"schema_version": SCHEMA_VERSION, **facts}, indent=2))
        return 0
    rows = [
        ("loudscope", facts["version"]),
        ("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        ("kernel", f"{facts['kernel']} (available: {', '.join(facts['kernels'])})"),
        ("CPUs", str(facts["threads"])),
    ]
    rows += [(name, version or _missing(name)) for name, version in facts["packages"].items()]
    width = max(len(name) for name, _ in rows)
    write("".join(f"{name:{width}}  {value}\n" for name, value in rows))
    return 0


def _missing(name: str) -> str:
    return f"not installed ({_INSTALL.get(name, f'pip install {name}')})"
