"""The errors of loudscope: one small tree.

    LoudscopeError
    ├── InvalidArgument (ValueError)     an argument's value does not fit
    │   └── LayoutError                  channels and layout do not fit each other
    ├── UnsupportedType (TypeError)      a dtype or an object of the wrong kind
    ├── InvalidAudio (ValueError)        samples that cannot be measured
    │   └── NonFiniteSamples             NaN or infinity; .frame and .channel say where
    ├── FileError (OSError)              a file that cannot be opened, read or understood; .path
    │   ├── UnknownFormat                not a kind of audio that is known here
    │   └── TruncatedFile                the audio ends before the container says so
    ├── TableError (ValueError)          block tables that do not fit, or a foreign table file
    └── MissingExtra (ImportError)       an optional part is not installed

Every message names the argument, the value and the remedy.
"""

from __future__ import annotations

__all__ = [
    "FileError",
    "InvalidArgument",
    "InvalidAudio",
    "LayoutError",
    "LoudscopeError",
    "MissingExtra",
    "NonFiniteSamples",
    "TableError",
    "TruncatedFile",
    "UnknownFormat",
    "UnsupportedType",
]


class LoudscopeError(Exception):
    """Base of every error that loudscope raises on purpose."""


class InvalidArgument(LoudscopeError, ValueError):
    """An argument has a value that does not fit."""


class LayoutError(InvalidArgument):
    """The channel layout is ambiguous, unknown, or does not fit the audio."""


class UnsupportedType(LoudscopeError, TypeError):
    """A dtype or an object of a kind that cannot be measured."""


class InvalidAudio(LoudscopeError, ValueError):
    """The samples cannot be measured as they are."""


class NonFiniteSamples(InvalidAudio):
    """The audio holds NaN or infinity.

    Attributes:
        frame: Index of the first frame that holds one, counted from the start of the source.
        channel: Index of its first channel.
    """

    def __init__(self, message: str, frame: int, channel: int) -> None:
        super().__init__(message)
        self.frame = frame
        self.channel = channel

    def __reduce__(self) -> tuple[type[NonFiniteSamples], tuple[str, int, int]]:
        return type(self), (str(self), self.frame, self.channel)


class FileError(LoudscopeError, OSError):
    """A file cannot be opened, read or understood.

    Attributes:
        path: The path as it was given, or None for an open file without a name.
    """

    def __init__(self, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.path = path

    def __reduce__(self) -> tuple[type[FileError], tuple[str, str | None]]:
        return type(self), (str(self), self.path)


class UnknownFormat(FileError):
    """The file is not a kind of audio that is known here."""


class TruncatedFile(FileError):
    """The audio ends, or cannot be decoded, before the end that its container promises."""


class TableError(LoudscopeError, ValueError):
    """Block tables do not fit each other, or a file does not hold one."""


class MissingExtra(LoudscopeError, ImportError):
    """An optional part of loudscope is not installed."""
