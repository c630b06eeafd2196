"""`loudscope check`: files against delivery targets; the exit status is the verdict."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import loudscope
from loudscope.targets import Check, Target, check, get, names

from . import check_text
from .arguments import Options, Parser, add_measuring, measuring_options
from .export import dumps
from .measure import Outcome
from .output import prepare, write
from .text import valid
from .values import target
from .work import measure_all

__all__ = ["parse"]

PASSED, FAILED, ERROR, NOT_JUDGED = 0, 1, 3, 4
SCHEMA_VERSION = 1

Checks: TypeAlias = tuple[Check, ...]

_EPILOG = """\
examples:
  loudscope check mix.wav --target R128
  loudscope check album/ --target spotify --target apple-music --album
  loudscope check trailer.wav --target studio.toml#trailer --json
  loudscope check --list

exit status:
  0 every file passes, 1 a file fails, 2 wrong usage, 3 a file could not be
  measured, 4 nothing fails but something could not be judged, 130 interrupted"""


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope check`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = _parser()
    given = parser.parse_args(argv)
    if given.list:
        return partial(_list, json=given.json)
    if not given.paths:
        parser.error("the following arguments are required: FILE")
    if not given.targets:
        parser.error("the following arguments are required: --target (see --list)")
    options = measuring_options(parser, given, "json" if given.json else "table")
    return partial(_run, options, tuple(given.targets))


def _parser() -> Parser:
    parser = Parser(
        prog="loudscope check",
        usage="loudscope check FILE... --target NAME [options]",
        description="Hold files against delivery targets: per rule what was measured and what is\n"
        "required, and what gain would do.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="FILE", help="audio file, directory or pattern")
    add(
        *("-t", "--target"),
        dest="targets",
        action="append",
        type=target,
        metavar="NAME",
        help="name of a target, or a TOML file of yours (mine.toml, mine.toml#name); repeatable",
    )
    add("--list", action="store_true", help="list the targets that come with loudscope")
    add("--json", action="store_true", help="one JSON object for all files")
    add_measuring(parser, "the files are an album, for platforms that set albums as a whole")
    return parser


def _run(options: Options, targets: tuple[Target, ...]) -> int:
    if options.album:
        outcomes = _check_album(options, targets)
    else:
        outcomes = measure_all(options, lambda a: tuple(check(a, one) for one in targets))
    prepare(machine=options.form == "json")
    if options.form == "json":
        write(dumps(_answer(outcomes), indent=2))
    else:
        check_text.show(outcomes)
    return _status(outcomes)


def _check_album(options: Options, targets: tuple[Target, ...]) -> list[Outcome[Checks]]:
    """Checks wait for all files: a gain may be that of the album."""
    outcomes = measure_all(replace(options, album=False), lambda analysis: analysis)
    album = [outcome.row for outcome in outcomes if outcome.row is not None]
    return [
        Outcome(
            index=outcome.index,
            path=outcome.path,
            row=None
            if outcome.row is None
            else tuple(check(outcome.row, one, album=album) for one in targets),
            failure=outcome.failure,
        )
        for outcome in outcomes
    ]


def _status(outcomes: Sequence[Outcome[Checks]]) -> int:
    """The worst of all: an error, then a failure, then what could not be judged."""
    verdicts = {one.verdict for outcome in outcomes for one in outcome.row or ()}
    if any(outcome.failure is not None for outcome in outcomes):
        return ERROR
    if "fail" in verdicts:
        return FAILED
    return NOT_JUDGED if "not judged" in verdicts else PASSED


def _answer(outcomes: Sequence[Outcome[Checks]]) -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "loudscope": loudscope.__version__,
        "passed": _status(outcomes) == PASSED,
        "files": [_file(outcome) for outcome in outcomes],
    }


def _file(outcome: Outcome[Checks]) -> dict[str, object]:
    if outcome.failure is not None:
        error = {"type": outcome.failure.type, "message": outcome.failure.message}
        return {"file": valid(outcome.path), "error": error}
    return {
        "file": valid(outcome.path),
        "checks": [one.to_dict() for one in outcome.row or ()],
    }


def _list(*, json: bool) -> int:
    targets = [get(name) for name in names()]
    prepare(machine=json)
    if json:
        listed = [one.to_dict() for one in targets]
        write(dumps({"schema_version": SCHEMA_VERSION, "targets": listed}, indent=2))
    else:
        check_text.show_targets(targets)
    return PASSED
