"""What the command line says: the parsers, and the options that come out of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

import loudscope

from . import values

__all__ = [
    "Form",
    "InfoOptions",
    "Options",
    "Parser",
    "SelftestOptions",
    "add_jobs",
    "add_measuring",
    "measuring_options",
    "parse",
]

Form = Literal["table", "json", "csv", "ndjson"]

_DESCRIPTION = """\
Measure loudness (ITU-R BS.1770-5, EBU R 128), true peak, dynamics, stereo and
six bands of audio files.

  loudscope FILE...     measure files, directories (to the bottom) and patterns
  loudscope check       hold files against a delivery target
  loudscope compare     a mix beside its references, at equal loudness
  loudscope baseline    ranges from references of your own
  loudscope report      a page per track: verdict, charts, what to do
  loudscope tags        ReplayGain and R128 tags of files and albums
  loudscope serve       the service: a page and an API, for files and live sound
  loudscope worker      measure for a service, on another machine
  loudscope selftest    measure the signals of EBU Tech 3341 and 3342
  loudscope info        versions, packages and the kernel in use"""

_EPILOG = """\
examples:
  loudscope track.wav                       everything about one file
  loudscope album/ --album                  a table, and all as one programme
  loudscope "masters/**/*.flac" --csv       a row per file, for a spreadsheet
  loudscope --ndjson archive/ > log.ndjson  a line per file as it is done
  loudscope mix.wav --between 1:30 2:10     that stretch only
  loudscope mix.wav --plot                  loudness over time, in letters
  loudscope ./info                          a file that is called like a command

exit status:
  0 all well, 1 a file or a case failed, 2 wrong usage, 130 interrupted"""


@dataclass(frozen=True, slots=True)
class Options:
    """What `loudscope FILE...` was asked to do.

    Attributes:
        paths: Files, directories and patterns as they were typed.
        form: The form of the answer.
        album: Whether the files are also pooled into one programme.
        start: Seconds at which the stretch to measure begins, or None for the beginning.
        stop: Seconds at which it ends, or None for the end.
        layout: The layout of every file, or None to take what the file says.
        dual_mono: Whether one channel counts as if it were played by two loudspeakers.
        jobs: How many cores may be busy, at least 1.
        partial: What to do with a file that ends early.
        on_nonfinite: What to do with NaN and infinity.
        plot: Whether each file's loudness is drawn over time as well.
    """

    paths: tuple[str, ...]
    form: Form
    album: bool
    start: float | None
    stop: float | None
    layout: loudscope.Layout | None
    dual_mono: bool
    jobs: int
    partial: Literal["raise", "accept"]
    on_nonfinite: Literal["raise", "zero"]
    plot: bool = False


@dataclass(frozen=True, slots=True)
class SelftestOptions:
    """What `loudscope selftest` was asked: the rates in Hz, and whether in JSON."""

    rates_hz: tuple[int, ...]
    json: bool


@dataclass(frozen=True, slots=True)
class InfoOptions:
    """What `loudscope info` was asked: whether in JSON."""

    json: bool


def parse(argv: Sequence[str]) -> Options | SelftestOptions | InfoOptions:
    """Turn the arguments into options. Only a first argument can be a command.

    Args:
        argv: The arguments without the name of the program.

    Raises:
        SystemExit: After --help and --version (status 0), or with a usage error (status 2).
    """
    if argv[:1] == ["selftest"]:
        return _parse_selftest(argv[1:])
    if argv[:1] == ["info"]:
        return _parse_info(argv[1:])
    return _parse_measure(argv)


class Parser(argparse.ArgumentParser):
    """A parser whose usage error is one line and a hint."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")


def _measure_parser() -> Parser:
    parser = Parser(
        prog="loudscope",
        usage="loudscope FILE... [options]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--version", action="version", version=f"loudscope {loudscope.__version__}")
    add("paths", nargs="+", metavar="FILE", help="audio file, directory or pattern")
    _add_forms(parser)
    add_measuring(parser, "also pool the files into one programme")
    return parser


def _add_forms(parser: argparse.ArgumentParser) -> None:
    output = parser.add_argument_group("output")
    output.add_argument("--plot", action="store_true", help="draw loudness over time, too")
    forms = output.add_mutually_exclusive_group()
    for form, help_text in (
        ("json", "one JSON object for all files"),
        ("csv", "a header and a row per file"),
        ("ndjson", "a JSON object per line, each as soon as its file is done"),
    ):
        forms.add_argument(
            f"--{form}", dest="form", action="store_const", const=form, help=help_text
        )
    parser.set_defaults(form="table")


def add_jobs(add: Callable[..., object], purpose: str = "cores to use") -> None:
    """Add --jobs by `add`, an `add_argument`; it is all cores unless said otherwise."""
    add(
        "--jobs",
        type=values.count,
        metavar="N",
        default=loudscope.available_cores(),
        help=f"{purpose} (default: all, here %(default)s)",
    )


def add_measuring(parser: argparse.ArgumentParser, album: str) -> None:
    """Add the options that say how files are measured; `album` is the help of --album."""
    add = parser.add_argument_group("measuring").add_argument
    add("--album", action="store_true", help=album)
    add(
        "--between",
        nargs=2,
        type=values.seconds,
        metavar=("START", "STOP"),
        help="measure a stretch only: seconds, mm:ss or hh:mm:ss, on the 100 ms grid",
    )
    add(
        "--layout",
        type=values.layout,
        help="take the channels for this layout: a name such as 5.1, or labels such as L,R,C,LFE",
    )
    add("--dual-mono", action="store_true", help="one channel plays on two loudspeakers (+3 LU)")
    add_jobs(add, "cores to keep busy with files in parallel")
    add(
        "--partial",
        choices=("raise", "accept"),
        default="raise",
        help="a file that ends early is an error, or measured as far as it goes (default: raise)",
    )
    add(
        "--on-nonfinite",
        choices=("raise", "zero"),
        default="raise",
        help="NaN and infinity are an error, or count as silence (default: raise)",
    )


def _parse_measure(argv: Sequence[str]) -> Options:
    parser = _measure_parser()
    given = parser.parse_args(argv)
    if given.plot and given.form != "table":
        parser.error(f"argument --plot: it draws for people, not beside --{given.form}")
    return replace(measuring_options(parser, given, given.form), plot=given.plot)


def measuring_options(parser: Parser, given: argparse.Namespace, form: Form) -> Options:
    """What `add_measuring` and `paths` have read, as options.

    Raises:
        SystemExit: The stretch to measure is empty (status 2).
    """
    start, stop = given.between or (None, None)
    if start is not None and stop is not None and not start < stop:
        parser.error(f"argument --between: the stretch from {start:g} s to {stop:g} s is empty")
    return Options(
        paths=tuple(given.paths),
        form=form,
        album=given.album,
        start=start,
        stop=stop,
        layout=given.layout,
        dual_mono=given.dual_mono,
        jobs=given.jobs,
        partial=given.partial,
        on_nonfinite=given.on_nonfinite,
    )


def _parse_selftest(argv: Sequence[str]) -> SelftestOptions:
    parser = Parser(
        prog="loudscope selftest",
        description="Measure the synthesised signals of EBU Tech 3341 and 3342 and compare.",
    )
    parser.add_argument(
        "--rates",
        type=values.rates_hz,
        default=(44100, 48000, 88200, 96000, 192000),
        metavar="HZ,HZ",
        help="sample rates to test at (default: 44100,48000,88200,96000,192000)",
    )
    parser.add_argument("--json", action="store_true", help="the cases as one JSON object")
    given = parser.parse_args(argv)
    return SelftestOptions(rates_hz=given.rates, json=given.json)


def _parse_info(argv: Sequence[str]) -> InfoOptions:
    parser = Parser(
        prog="loudscope info",
        description="Versions, packages and the kernel in use.",
    )
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    return InfoOptions(json=parser.parse_args(argv).json)
