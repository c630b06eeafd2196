"""A sheet of text and tables on stdout, for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Final, TextIO

from .output import write
from .styled import Styled
from .tables import Table

__all__ = ["Sheet", "columns", "is_unicode", "takes_escapes"]

_WIDE: Final = 1000  # a pipe or a file has no edge at which to cut


class Sheet:
    """Lines that are written together, as wide as the terminal, or as the text elsewhere.

    COLUMNS sets the width, NO_COLOR and FORCE_COLOR say whether there are colours.

    Attributes:
        width: Cells of a line.
        unicode: False where stdout's encoding has no more than ASCII for sure.
    """

    def __init__(self) -> None:
        terminal = sys.stdout.isatty()
        self.width = columns(sys.stdout) if terminal or "COLUMNS" in os.environ else _WIDE
        self.unicode = is_unicode(sys.stdout)
        self._colours = not os.environ.get("NO_COLOR") and (
            bool(os.environ.get("FORCE_COLOR")) or takes_escapes(sys.stdout)
        )
        self._lines: list[str] = []

    def line(self, text: str | Styled = "", style: str = "") -> None:
        """Add a line. It is not broken: the terminal does that, and a copy of it stays whole."""
        self._lines.append(Styled.of(text, style).painted(colours=self._colours))

    def words(self, text: str) -> None:
        """Add a text that is broken at spaces where the terminal ends."""
        for line in Styled.of(text).folded(self.width):
            self.line(line)

    def table(self, table: Table) -> None:
        """Add a table."""
        self.lines(table.lines(self.width, "─" if self.unicode else "-"))

    def lines(self, lines: Iterable[Styled]) -> None:
        """Add lines."""
        for line in lines:
            self.line(line)

    def show(self) -> None:
        """Write all of it to stdout.

        Raises:
            StdoutClosedError: The pipe is closed.
            StdoutFailedError: It cannot be written for another reason, such as a full disk.
        """
        write("".join(f"{line}\n" for line in self._lines))
        self._lines.clear()


def columns(terminal: TextIO) -> int:
    """Cells of a line: what COLUMNS says, else what the terminal does, else 80."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    try:
        return os.get_terminal_size(terminal.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def is_unicode(stream: TextIO) -> bool:
    """Whether the stream takes any letter."""
    return (stream.encoding or "").lower().startswith("utf")


def takes_escapes(stream: TextIO) -> bool:
    """Whether the stream is a terminal that obeys escape sequences."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    if sys.platform == "win32":
        return _windows_escapes(stream)
    return True


if sys.platform == "win32":

    def _windows_escapes(stream: TextIO) -> bool:
        """Ask the console for them (ENABLE_VIRTUAL_TERMINAL_PROCESSING); old ones refuse."""
        import ctypes
        import msvcrt

        kernel = ctypes.WinDLL("kernel32")
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
        mode = ctypes.c_ulong()
        if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return True  # a terminal that is no console, such as mintty
        return bool(kernel.SetConsoleMode(handle, mode.value | 4))
