"""The id of a request: from a proxy or made here, it goes with the work to its end.

It is in every line of the logs that the request causes: of who serves, of workers, of sockets.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

__all__ = ["new_request_id", "request_id", "well_formed"]

_FORM: Final = re.compile(
    r"[0-9a-f]{16,64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)


def new_request_id() -> str:
    """64 random bits, in hexadecimal."""
    return secrets.token_hex(8)


def request_id(given: str | None) -> str:
    """What was given, if it is well-formed; else a new id."""
    return well_formed(given) or new_request_id()


def well_formed(given: object) -> str:
    """What was given, if it is a UUID or 16 to 64 hexadecimal digits; else "".

    It comes from outside and goes into logs and the store: nothing else may get in with it.
    """
    return given if isinstance(given, str) and _FORM.fullmatch(given) else ""
