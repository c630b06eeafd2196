"""Multipart forms, read piece by piece: bytes in, events out, nothing kept but short fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ._problems import Problem

__all__ = ["FileBegins", "FileBytes", "FileEnds", "FormReader", "Text", "shown_name"]

MOST_PARTS = 16
MOST_TEXT_BYTES = 4096
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Text:
    """A field that is not a file."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class FileBegins:
    """A file begins, under the name that the client gives it."""

    field: str
    name: str


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The next bytes of the file."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FileEnds:
    """The file is over."""


Event = Text | FileBegins | FileBytes | FileEnds


class FormReader:
    """Reads one form.

    Args:
        boundary: What separates its parts.

    Raises:
        Problem: The boundary cannot be one.
    """

    def __init__(self, boundary: bytes) -> None:
        self._events: list[Event] = []
        self._parts, self._over = 0, False
        self._field: str | None = None
        self._is_file = False
        self._text = bytearray()
        self._header = self._value = b""
        self._disposition = b""
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_part_end": self._part_ends,
                    "on_end": self._ends,
                },
            )
        except FormParserError as error:
            raise Problem("bad_multipart", "The boundary is not one.") from error

    def feed(self, data: bytes) -> Iterator[Event]:
        """What these bytes bring.

        Raises:
            Problem: They are no part of a form.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise Problem("bad_multipart", f"The form is damaged: {error}.") from error
        events, self._events = self._events, []
        return iter(events)

    def finish(self) -> None:
        """Notes that there are no more bytes.

        Raises:
            Problem: The form is not over.
        """
        if not self._over:
            raise Problem("bad_multipart", "The form ends before its last boundary.")

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise Problem("bad_multipart", f"A form may have {MOST_PARTS} fields.")
        self._disposition = b""
        self._header = self._value = b""
        self._text = bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        name = self._header.lower()
        if name == b"content-disposition":
            self._disposition = self._value
        elif name == b"content-transfer-encoding" and self._value.lower() not in (
            *(b"binary", b"8bit", b"7bit"),
        ):
            raise Problem("bad_multipart", "Send files as they are, without a transfer encoding.")
        self._header = self._value = b""

    def _headers_end(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind.lower() != b"form-data" or b"name" not in options:
            raise Problem("bad_multipart", "A part of the form has no name.")
        self._field = options[b"name"].decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if self._is_file:
            name = shown_name(options[b"filename"].decode("utf-8", "replace"))
            self._events.append(FileBegins(self._field, name))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._events.append(FileBytes(data[start:end]))
            return
        self._text += data[start:end]
        if len(self._text) > MOST_TEXT_BYTES:
            raise Problem("bad_field", f"`{self._shown()}` is too long.", field=self._shown())

    def _part_ends(self) -> None:
        if self._is_file:
            self._events.append(FileEnds())
            return
        try:
            value = self._text.decode("utf-8")
        except UnicodeDecodeError as error:
            detail = f"`{self._shown()}` is not UTF-8."
            raise Problem("bad_field", detail, field=self._shown()) from error
        self._events.append(Text(self._field or "", value))

    def _ends(self) -> None:
        self._over = True

    def _shown(self) -> str:
        return shown_name(self._field or "")


def shown_name(text: str) -> str:
    """A file's name as it may be shown: its last part, without what cannot be seen."""
    last = text.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if _can_be_seen(c))
    return seen.strip()[:MOST_NAME] or "untitled"


def _can_be_seen(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")
