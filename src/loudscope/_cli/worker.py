"""`loudscope worker`: measuring processes on a machine that serves nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

import loudscope

from .arguments import Parser
from .serve import FAILED, MISUSED, OK, fail
from .values import count

__all__ = ["parse"]

_EPILOG = """\
example:
  loudscope worker --config prod.toml

Store, depot, broker and limits are those of `loudscope serve`; give both the same file.
Ctrl-C or SIGTERM ends it: work under way is handed back to other workers.

exit status:
  0 ended in order, 1 a part failed, 2 wrong usage or settings"""


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope worker`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = Parser(
        prog="loudscope worker",
        description="Measure for services that share a store, a depot and a broker.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--config", metavar="FILE", help="settings in TOML; docs/service.md lists them")
    add("--workers", type=count, metavar="N", help="measuring processes (default: all cores)")
    given = parser.parse_args(argv)
    return partial(_run, given.config, {} if given.workers is None else {"workers": given.workers})


def _run(config: str | None, asked: dict[str, object]) -> int:
    try:
        from loudscope.service import Settings, run_worker

        settings = Settings.load(config).model_copy(update=asked)
    except loudscope.LoudscopeError as error:
        return fail("worker", error, MISUSED)
    try:
        run_worker(settings)
    except loudscope.InvalidArgument as error:
        return fail("worker", error, MISUSED)
    except (loudscope.LoudscopeError, OSError) as error:
        return fail("worker", error, FAILED)
    return OK
