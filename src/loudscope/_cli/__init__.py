"""The `loudscope` command: a stranger to the library, it uses its public names only."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from typing import Any, Protocol, TypeVar

import loudscope

from . import commands, verbs
from .arguments import InfoOptions, Options, SelftestOptions, parse
from .export import CsvReport, JsonReport, NdjsonReport
from .gather import gather
from .measure import Job, Outcome, measure, pool
from .output import StdoutClosedError, StdoutFailedError, abandon, prepare, write
from .progress import display
from .work import tell

__all__ = ["main"]

Row = TypeVar("Row")

OK, FAILED, INTERRUPTED = 0, 1, 130


class Report(Protocol[Row]):
    """A form of the answer."""

    def distil(self, analysis: loudscope.Analysis) -> Row:
        """Keep of an analysis what the answer needs; runs in the thread that measured."""
        ...

    def took(self, outcome: Outcome[Row]) -> None:
        """Take the outcome of a file, in the order in which they finish."""
        ...

    def finish(self, album: Outcome[Row] | None) -> None:
        """Write what is left to write."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments without the program's name; None takes those of the process.

    Returns:
        The exit status: 0 all well, 1 a file or a case failed, 130 interrupted; verbs may have
        more. A reader that closes the pipe early has what it wanted: 0.

    Raises:
        SystemExit: After --help and --version (status 0), or with a usage error (status 2).
    """
    try:
        return _run(_parse(sys.argv[1:] if argv is None else argv))
    except StdoutClosedError:
        abandon()
        return OK
    except KeyboardInterrupt:
        return _leave()
    except StdoutFailedError as error:
        sys.stderr.write(f"loudscope: the answer cannot be written: {error}\n")
        abandon()
        return FAILED


def _parse(argv: Sequence[str]) -> Options | SelftestOptions | InfoOptions | verbs.Run:
    try:
        return verbs.parse(argv) or parse(argv)
    except SystemExit:
        write("")  # --help may have been cut off: find out now, not in the flush at exit
        raise
    except BrokenPipeError:  # from argparse before Python 3.11.4
        raise StdoutClosedError from None


def _run(options: Options | SelftestOptions | InfoOptions | verbs.Run) -> int:
    if callable(options):
        return options()
    if isinstance(options, SelftestOptions):
        return commands.selftest(options)
    if isinstance(options, InfoOptions):
        return commands.info(options)
    return _measure(options)


def _measure(options: Options) -> int:
    files = gather(options.paths)
    report = _report(options, len(files))
    prepare(machine=options.form != "table")
    # Lines that appear on the terminal one by one are progress enough.
    shown = not (options.form == "ndjson" and sys.stdout.isatty())
    outcomes: list[Outcome[Any]] = []
    with display([found.path for found in files], shown=shown) as screen:
        job = Job(options, report.distil, screen)
        with closing(measure(files, job)) as finished:
            for outcome in finished:
                tell(outcome, screen)
                report.took(outcome)
                outcomes.append(outcome)
        album = pool(outcomes, job) if options.album else None
        if album is not None:
            tell(album, screen)
    report.finish(album)
    fine = all(outcome.failure is None for outcome in (*outcomes, *([album] if album else [])))
    return OK if fine else FAILED


def _report(options: Options, files: int) -> Report[Any]:
    if options.form == "json":
        return JsonReport()
    if options.form == "ndjson":
        return NdjsonReport()
    if options.form == "csv":
        return CsvReport()
    if files == 1 and not options.album:
        from .detail import DetailReport

        return DetailReport(options.plot)
    from .render import TableReport

    return TableReport(options.plot)


def _leave() -> int:
    """End after Ctrl-C, even if a thread hangs in a read that never returns."""
    if threading.active_count() > 1:
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    return INTERRUPTED
