"""`loudscope baseline`: ranges from references of one's own, and the built-in ones."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

import loudscope
from loudscope.genres import Baseline, get, names

from . import baseline_text, values
from .arguments import Parser
from .export import dumps
from .output import prepare, write
from .progress import Display, display
from .text import one_line, printable, valid

__all__ = ["parse"]

OK, FAILED = 0, 1
SCHEMA_VERSION = 1

_EPILOG = """\
examples:
  loudscope baseline build references/ -o mine.json
  loudscope baseline add mine.json more/ song.flac
  loudscope baseline show mine.json
  loudscope baseline show rock
  loudscope baseline show                   the built-in ones

A reference lasts 30 s or more; the same audio counts once. Figures are kept,
never audio. Under five references there are differences, and no range.

exit status:
  0 all well, 1 it could not be done, 2 wrong usage, 130 interrupted"""


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope baseline`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = _parser()
    given = parser.parse_args(argv)
    if given.action == "build":
        if os.path.exists(given.output) and not given.force:
            parser.error(
                f"argument -o: {given.output} is there; `add` extends it, --force drops it"
            )
        return partial(_told, partial(_build, given))
    if given.action == "add":
        return partial(_told, partial(_add, given))
    return partial(_told, partial(_show, given.baseline, json=given.json))


def _parser() -> Parser:
    parser = Parser(
        prog="loudscope baseline",
        description="What is usual: in a genre, or among references of your own.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="build|add|show")
    build = actions.add_parser("build", help="measure the tracks in a folder")
    build.add_argument("folder", metavar="FOLDER", help="where the references lie")
    build.add_argument("-o", "--output", required=True, metavar="FILE", help="JSON file to write")
    build.add_argument("--name", help="name of the baseline (default: the folder's)")
    build.add_argument("--force", action="store_true", help="write over a file that is there")
    add = actions.add_parser("add", help="add tracks to a baseline")
    add.add_argument("baseline", metavar="FILE", help="JSON file that `build` wrote")
    add.add_argument("places", nargs="+", metavar="FOLDER", help="folder or audio file")
    for action in (build, add):
        action.add_argument("--jobs", type=values.count, metavar="N", help="tracks at a time")
    show = actions.add_parser("show", help="print ranges, their source and their limits")
    show.add_argument("baseline", nargs="?", metavar="NAME", help="JSON file or genre")
    for action in (build, add, show):
        action.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _told(work: Callable[[], int]) -> int:
    """Do the work; say on stderr why it could not be done."""
    try:
        return work()
    except loudscope.LoudscopeError as error:
        sys.stderr.write(f"loudscope: {one_line(printable(str(error)))}\n")
        return FAILED


def _build(given: argparse.Namespace) -> int:
    with display([given.folder], shown=True) as screen:
        baseline = Baseline.from_folder(
            given.folder,
            name=given.name,
            threads=given.jobs,
            progress=partial(screen.moved, 0),
        )
        _tell_skipped(baseline, screen)
    baseline.save(given.output)
    return _answer(baseline, json=given.json)


def _add(given: argparse.Namespace) -> int:
    baseline = Baseline.load(given.baseline)
    with display(given.places, shown=True) as screen:
        for index, place in enumerate(given.places):
            baseline = baseline.extend(
                place, threads=given.jobs, progress=partial(screen.moved, index)
            )
            screen.ended(index)
            _tell_skipped(baseline, screen)
    baseline.save(given.baseline)
    return _answer(baseline, json=given.json)


def _tell_skipped(baseline: Baseline, screen: Display) -> None:
    for skipped in baseline.skipped:
        line = f"{printable(skipped.path)}: not taken: {one_line(skipped.reason)}"
        screen.say(f"loudscope: {line}")


def _show(name: str | None, *, json: bool) -> int:
    if name is not None:
        known = os.path.exists(name) or name.endswith(".json")
        return _answer(Baseline.load(name) if known else get(name), json=json)
    found = [get(each) for each in names()]
    prepare(machine=json)
    if json:
        listed = [baseline.to_dict() for baseline in found]
        write(dumps({"schema_version": SCHEMA_VERSION, "baselines": listed}, indent=2))
    else:
        baseline_text.show_all(found)
    return OK


def _answer(baseline: Baseline, *, json: bool) -> int:
    prepare(machine=json)
    if not json:
        baseline_text.show(baseline)
        return OK
    answer = {
        "schema_version": SCHEMA_VERSION,
        "loudscope": loudscope.__version__,
        "baseline": _valid(baseline.to_dict()),
    }
    write(dumps(answer, indent=2))
    return OK


def _valid(found: dict[str, object]) -> dict[str, object]:
    """The paths of what was skipped may hold bytes that are no text."""
    skipped = found["skipped"]
    assert isinstance(skipped, tuple)
    return {**found, "skipped": [{**it, "path": valid(it["path"])} for it in skipped]}
