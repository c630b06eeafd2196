"""From what went wrong with an upload to a code for programs and a sentence for people.

An upload that is refused would be refused again: it is not tried a second time.
"""

from __future__ import annotations

import loudscope

from .._records import Reason

__all__ = ["NAME", "RefusedError", "refusal_of"]

NAME = "audio"  # what an upload is called while it is measured; whose it is does not matter


class RefusedError(Exception):
    """The upload cannot be measured or judged, however often it is tried."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.reason = Reason(code, message)


def refusal_of(error: Exception) -> RefusedError | None:
    """What to say of an error that the library raised on purpose; None: it is another's fault."""
    if isinstance(error, RefusedError):
        return error
    for kind, code, text in (
        (MemoryError, "out_of_memory", "Decoding or measuring it takes more memory than is given."),
        (loudscope.TruncatedFile, "truncated", "The file {why}. Please upload a whole copy."),
        (loudscope.UnknownFormat, "undecodable", "The file {why}."),
        (loudscope.FileError, "undecodable", "The file {why}."),
        (loudscope.NonFiniteSamples, "not_finite", "The audio holds NaN or infinity; {why}."),
        (loudscope.LayoutError, "unknown_layout", "What its channels are is not known: {why}."),
        (loudscope.InvalidAudio, "empty", "There is no audio in the file."),
    ):
        if isinstance(error, kind):
            return RefusedError(code, text.format(why=_why(error)))
    return None


def _why(error: Exception) -> str:
    """The error's own words without the name before and the remedy behind them.

    The remedies are those of a Python call; who uploads a file cannot pass arguments.
    """
    text = str(error).removeprefix(f"{NAME}: ").removeprefix("layout: ")
    head, _, _ = text.rpartition(";")
    return (head or text).strip().rstrip(".")
