"""`loudscope report`: a page about a track, or one for each of many and an index."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import loudscope
from loudscope.report import FORMATS, Format, Written, report, write_folder

from .arguments import Parser, add_jobs
from .gather import gather
from .output import prepare, write
from .progress import display
from .text import one_line, printable

__all__ = ["parse"]

OK, FAILED = 0, 1
STDOUT = "-"

_EPILOG = """\
examples:
  loudscope report mix.wav                           writes mix.wav.html
  loudscope report mix.wav --genre pop --target spotify -o report.html
  loudscope report mix.wav --reference ref.flac --format pdf
  loudscope report album/ -o reports/                a page per track, and an index

The page needs no network, and its reader can change target and genre.

exit status:
  0 all well, 1 a file could not be measured or written, 2 wrong usage,
  130 interrupted"""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What `loudscope report` was asked."""

    paths: tuple[str, ...]
    genre: str | None
    target: str | None
    references: tuple[str, ...]
    output: str | None
    format: Format
    jobs: int


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope report`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = _parser()
    given = parser.parse_args(argv)
    options = ReportOptions(
        paths=tuple(given.paths),
        genre=given.genre,
        target=given.target,
        references=tuple(given.references),
        output=given.output,
        format=_format(parser, given.format, given.output),
        jobs=given.jobs,
    )
    if options.output == STDOUT and options.format == "pdf":
        parser.error("argument -o: a PDF goes to a file, not to the terminal")
    return partial(_run, options)


def _parser() -> Parser:
    parser = Parser(
        prog="loudscope report",
        usage="loudscope report FILE... [options]",
        description="Write a report: verdict, loudness, peaks, tone, stereo, reference, data.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="FILE", help="audio file, directory or pattern")
    add("-g", "--genre", help="judge tone by this genre, or by a baseline's .json of yours")
    add("-t", "--target", help="judge delivery by this target, or by a .toml of yours")
    add(
        *("-r", "--reference"),
        dest="references",
        action="append",
        default=[],
        metavar="FILE",
        help="compare with this track at equal loudness; repeatable",
    )
    add("-o", "--output", metavar="PATH", help="file, folder for many files, or - for stdout")
    add("-f", "--format", choices=FORMATS, help="default: by the ending of PATH, else html")
    add_jobs(add)
    return parser


def _format(parser: Parser, chosen: str | None, output: str | None) -> Format:
    ending = "" if output is None else Path(output).suffix.lower().removeprefix(".")
    found = chosen or (ending if ending in FORMATS else "html")
    if chosen is None and ending and ending not in FORMATS and not Path(output or "").is_dir():
        parser.error(f"argument -o: the ending .{ending} is not one of {', '.join(FORMATS)}")
    return cast(Format, found)


def _run(options: ReportOptions) -> int:
    files = gather(options.paths)
    many = len(files) > 1 or any(os.path.isdir(path) for path in options.paths)
    try:
        if not many and files[0].problem is None:
            return _one(options, files[0].path)
        for found in files:
            if found.problem is not None:
                _tell(f"{found.path}: {found.problem}")
        measurable = [found.path for found in files if found.problem is None]
        fine = len(measurable) == len(files)
        return FAILED if not measurable else _many(options, measurable, fine)
    except loudscope.LoudscopeError as error:
        _tell(str(error))
        return FAILED


def _one(options: ReportOptions, path: str) -> int:
    with display([path], shown=True) as screen:
        made = report(
            path,
            genre=options.genre,
            target=options.target,
            reference=options.references or None,
            threads=options.jobs,
            progress=partial(screen.moved, 0),
        )
    if options.output == STDOUT:
        prepare(machine=options.format in {"json", "csv"})
        forms = {"html": made.html, "json": made.json, "md": made.markdown, "csv": made.csv}
        write(forms[options.format]())
        return OK
    place = _place(options, path)
    if place.exists() and os.path.samefile(place, path):
        raise loudscope.InvalidArgument(f"output={str(place)!r}: this is the audio file itself")
    written = made.write(place, options.format)
    prepare(machine=False)
    write(f"{printable(str(written))}\n")
    return OK


def _place(options: ReportOptions, path: str) -> Path:
    """Beside nothing that is there: in the working folder, named after the track."""
    name = f"{os.path.basename(path)}.{options.format}"
    if options.output is None:
        return Path(name)
    output = Path(options.output)
    return output / name if output.is_dir() else output


def _many(options: ReportOptions, paths: Sequence[str], fine: bool) -> int:
    folder = options.output or "loudscope-reports"
    if folder == STDOUT:
        raise loudscope.InvalidArgument("output='-': many reports need a folder")
    with display(paths, shown=True) as screen:
        places = {path: index for index, path in enumerate(paths)}

        def done(written: Written) -> None:
            screen.ended(places[written.source])
            if written.error is not None:
                screen.say(f"loudscope: {one_line(printable(str(written.error)))}")

        found = write_folder(
            paths,
            folder,
            genre=options.genre,
            target=options.target,
            reference=options.references,
            format=options.format,
            threads=options.jobs,
            done=done,
        )
    prepare(machine=False)
    write(f"{printable(str(Path(folder, 'index.html')))}\n")
    return OK if fine and all(one.error is None for one in found) else FAILED


def _tell(message: str) -> None:
    sys.stderr.write(f"loudscope: {one_line(printable(message))}\n")
