"""Names in a depot: hexadecimal digits and nothing else, so that none can mean another place."""

from __future__ import annotations

import re
from typing import Final

from loudscope import InvalidArgument

__all__ = ["NAME", "checked"]

NAME: Final = re.compile(r"[0-9a-f]{16,128}")


def checked(name: str) -> str:
    """The name as it is.

    Raises:
        InvalidArgument: It is not 16 to 128 hexadecimal digits in lower case.
    """
    if NAME.fullmatch(name) is None:
        raise InvalidArgument(
            f"name = {name!r} is no name in a depot: take 16 to 128 hexadecimal digits, 0-9a-f"
        )
    return name
