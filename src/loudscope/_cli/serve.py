"""`loudscope serve`: the service, all of it or the part that answers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial

import loudscope

from .arguments import Parser
from .output import prepare, write
from .values import count

__all__ = ["fail", "parse"]

OK, FAILED, MISUSED = 0, 1, 2

_EPILOG = """\
examples:
  loudscope serve                            page, API and work at 127.0.0.1:8765
  loudscope serve --host 0.0.0.0 --port 80   for other machines
  loudscope serve --config prod.toml         Redis, MongoDB, S3 and workers elsewhere

Variables such as LOUDSCOPE_LIMITS__QUEUED=50 win over the file, options over both.
Ctrl-C ends it: work under way is handed back and goes on at the next start.

exit status:
  0 ended in order, 1 a part failed, 2 wrong usage or settings"""


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """Read the arguments of `loudscope serve`.

    Raises:
        SystemExit: After --help (status 0), or with a usage error (status 2).
    """
    parser = Parser(
        prog="loudscope serve",
        description="Serve the page and the API: upload a track, watch it measured, read on.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--config", metavar="FILE", help="settings in TOML; docs/service.md lists them")
    add("--host", help="address to answer at (default: 127.0.0.1)")
    add("--port", type=_port, metavar="N", help="port (default: 8765)")
    add("--workers", type=count, metavar="N", help="measuring processes (default: all cores)")
    given = parser.parse_args(argv)
    asked = {"host": given.host, "port": given.port, "workers": given.workers}
    return partial(_run, given.config, {key: it for key, it in asked.items() if it is not None})


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give 1 to 65535")
    return int(text)


def _run(config: str | None, asked: dict[str, object]) -> int:
    try:
        from loudscope.service import Settings, serve

        settings = Settings.load(config).model_copy(update=asked)
    except loudscope.LoudscopeError as error:
        return fail("serve", error, MISUSED)
    prepare(machine=False)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    write(f"loudscope: http://{host}:{settings.port} (Ctrl-C ends it)\n")
    try:
        serve(settings)
    except (loudscope.LoudscopeError, OSError) as error:
        return fail("serve", error, FAILED)
    return OK


def fail(verb: str, error: Exception, status: int) -> int:
    """Says on stderr what is wrong; the exit status."""
    sys.stderr.write(f"loudscope {verb}: {error}\n")
    return status
