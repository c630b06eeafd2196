"""`loudscope compare`: a mix beside its references, at equal loudness."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import loudscope
from loudscope.compare import Comparison, compare

from . import compare_text, values
from .arguments import Parser, add_jobs
from .export import dumps
from .output import prepare, write
from .progress import display
from .text import one_line, printable, valid

__all__ = ["parse"]

OK, FAILED = 0, 1
SCHEMA_VERSION = 1
DEFAULT_SECTIONS = 8

_EPILOG = """\
examples:
  loudscope compare mix.wav reference.flac
  loudscope compare mix.wav references/*.flac --json
  loudscope compare new_master.wav old_master.wav --sections 16

Each reference is brought to the loudness of the mix; no file is changed. With
five references and more, a range takes the place of a plain difference.

exit status:
  0 all well, 1 a file could not be measured, 2 wrong usage, 130 interrupted"""


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What `loudscope compare` was asked."""

    mix: str
    references: tuple[str, ...]
    sections: int
    jobs: int
    json: bool


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope compare`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    given = _parser().parse_args(argv)
    options = CompareOptions(
        given.mix, tuple(given.references), given.sections, given.jobs, given.json
    )
    return partial(_run, options)


def _parser() -> Parser:
    parser = Parser(
        prog="loudscope compare",
        usage="loudscope compare MIX REFERENCE... [options]",
        description="Compare a mix with references: figures, bands, third octaves and sections.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("mix", metavar="MIX", help="audio file")
    add("references", nargs="+", metavar="REFERENCE", help="audio file")
    add(
        "--sections",
        type=values.count,
        metavar="N",
        default=DEFAULT_SECTIONS,
        help="stretches of equal length to cut the mix into (default: %(default)s)",
    )
    add_jobs(add)
    add("--json", action="store_true", help="one JSON object")
    return parser


def _run(options: CompareOptions) -> int:
    try:
        comparison = _compare(options)
    except loudscope.LoudscopeError as error:
        sys.stderr.write(f"loudscope: {one_line(printable(str(error)))}\n")
        return FAILED
    prepare(machine=options.json)
    if options.json:
        write(dumps(_answer(options, comparison), indent=2))
    else:
        compare_text.show(comparison)
    return OK


def _compare(options: CompareOptions) -> Comparison:
    with display([options.mix], shown=True) as screen:
        return compare(
            options.mix,
            *options.references,
            sections=options.sections,
            threads=options.jobs,
            progress=partial(screen.moved, 0),
        )


def _answer(options: CompareOptions, comparison: Comparison) -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "loudscope": loudscope.__version__,
        "files": [valid(path) for path in (options.mix, *options.references)],
        "comparison": comparison.to_dict(),
    }
