"""What the service's parts raise when they cannot be used."""

from __future__ import annotations

from loudscope import LoudscopeError

__all__ = ["StartError", "UnavailableError"]


class UnavailableError(LoudscopeError, OSError):
    """A part of the service cannot be used now; nothing of what was asked for is half done.

    Attributes:
        part: "store" or "depot".
    """

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part

    def __reduce__(self) -> tuple[type[UnavailableError], tuple[str, str]]:
        return type(self), (self.part, str(self))


class StartError(LoudscopeError, RuntimeError):
    """A measuring process does not even start: no upload is to blame.

    The message says why in words of the service's own, which may be shown.
    """
