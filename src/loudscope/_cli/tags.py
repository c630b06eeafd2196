"""`loudscope tags`: ReplayGain 2.0 and Opus R128 tags of files and albums."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import loudscope
from loudscope.tags import (
    AlbumMode,
    OpusTags,
    Peak,
    TagValues,
    Track,
    require_writer,
    tag_values,
)
from loudscope.tags import write as write_tags

from . import tags_text
from .arguments import Options, Parser, add_measuring, measuring_options
from .export import dumps
from .measure import Failure, Outcome
from .output import prepare, write
from .progress import display
from .text import valid
from .work import measure_all, tell

__all__ = ["parse"]

OK, FAILED = 0, 1
SCHEMA_VERSION = 1

_EPILOG = """\
examples:
  loudscope tags album/ --album                 print, and change nothing
  loudscope tags album/ --album --write         write them, atomically
  loudscope tags album/ --album --aes77         the loudest track decides
  loudscope tags song.opus --json               values of both families

exit status:
  0 all well, 1 a file failed, 2 wrong usage, 130 interrupted"""


@dataclass(frozen=True, slots=True)
class TagsOptions:
    """What `loudscope tags` was asked: how to measure, which tags, whether to write them."""

    measuring: Options
    album: AlbumMode | None
    peak: Peak
    opus: OpusTags
    write: bool


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope tags`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = _parser()
    given = parser.parse_args(argv)
    if given.write:
        if given.between:
            parser.error("argument --write: tags are of whole files, leave --between out")
        try:
            require_writer()
        except loudscope.MissingExtra as error:
            parser.error(f"argument --write: {error}")
    options = measuring_options(parser, given, "json" if given.json else "table")
    album: AlbumMode | None = None
    if given.album or given.aes77:
        album = "loudest" if given.aes77 else "pooled"
    measuring = replace(options, album=False)  # tracks are kept here, and tables not
    return partial(_run, TagsOptions(measuring, album, given.peak, given.opus, given.write))


def _parser() -> Parser:
    parser = Parser(
        prog="loudscope tags",
        usage="loudscope tags FILE... [options]",
        description="The ReplayGain 2.0 (-18 LUFS) and Opus R128 (-23 LUFS) tags of files.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="FILE", help="audio file, directory or pattern")
    add("--write", action="store_true", help="write the tags into the files; audio is untouched")
    add("--json", action="store_true", help="one JSON object for all files")
    add("--aes77", action="store_true", help="an album, whose loudest track decides")
    add(
        "--peak",
        choices=("sample", "true"),
        default="sample",
        help="which peak goes into REPLAYGAIN_*_PEAK (default: sample, as proposed)",
    )
    add(
        "--opus",
        choices=("r128", "replaygain", "both"),
        default="r128",
        help="what Opus files get (default: r128 alone, as RFC 7845 asks)",
    )
    add_measuring(parser, "the files are an album: its gain is that of all tracks pooled")
    return parser


def _run(options: TagsOptions) -> int:
    outcomes = _values(measure_all(options.measuring, Track.of), options.album)
    written: dict[int, dict[str, str]] = {}
    if options.write:
        outcomes, written = _write(outcomes, options)
    machine = options.measuring.form == "json"
    prepare(machine=machine)
    if machine:
        write(dumps(_answer(outcomes, written), indent=2))
    else:
        tags_text.show(outcomes, options.peak, len(written) if options.write else None)
    return OK if all(outcome.failure is None for outcome in outcomes) else FAILED


def _values(
    outcomes: Sequence[Outcome[Track]], album: AlbumMode | None
) -> list[Outcome[TagValues]]:
    """From tracks to their tags. An album that lacks a track has no gain: nothing is guessed."""
    tracks = [outcome.row for outcome in outcomes if outcome.row is not None]
    whole = album if len(tracks) == len(outcomes) else None
    found = iter(tag_values(tracks, album=whole) if tracks else ())
    return [
        Outcome(
            index=outcome.index,
            path=outcome.path,
            row=None if outcome.row is None else next(found),
            failure=outcome.failure,
        )
        for outcome in outcomes
    ]


def _write(
    outcomes: Sequence[Outcome[TagValues]], options: TagsOptions
) -> tuple[list[Outcome[TagValues]], dict[int, dict[str, str]]]:
    written: dict[int, dict[str, str]] = {}
    after: list[Outcome[TagValues]] = []
    with display([outcome.path for outcome in outcomes], shown=True) as screen:
        for outcome in outcomes:
            done = outcome
            if outcome.row is not None:
                try:
                    written[outcome.index] = write_tags(
                        outcome.path, outcome.row, peak=options.peak, opus=options.opus
                    )
                except loudscope.LoudscopeError as error:
                    done = replace(outcome, failure=Failure(type(error).__name__, str(error)))
                    tell(done, screen)
            screen.ended(outcome.index)
            after.append(done)
    return after, written


def _answer(
    outcomes: Sequence[Outcome[TagValues]], written: dict[int, dict[str, str]]
) -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "loudscope": loudscope.__version__,
        "files": [_file(outcome, written.get(outcome.index)) for outcome in outcomes],
    }


def _file(outcome: Outcome[TagValues], written: dict[str, str] | None) -> dict[str, object]:
    answer: dict[str, object] = {"file": valid(outcome.path)}
    if outcome.row is not None:
        answer["tags"] = outcome.row.to_dict()
        answer["written"] = written
    if outcome.failure is not None:
        answer["error"] = {"type": outcome.failure.type, "message": outcome.failure.message}
    return answer
