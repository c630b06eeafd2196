"""Dataclasses of figures as JSON values and back, by the types of their fields."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

__all__ = ["packed_value", "unpacked_value"]

T = TypeVar("T")
# What stands before the brackets of NDArray[…]; later NumPys have an alias with a name there.
ARRAY = (np.ndarray, get_origin(NDArray[np.float64]))


def packed_value(value: object, but: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any JSON value
    """A dataclass as a dict, without the fields `but`; a tuple as a list, an array as a dict."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value) if field.name not in but)
        return {name: packed_value(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [packed_value(item) for item in value]
    if isinstance(value, np.ndarray):
        data = value.astype(value.dtype.newbyteorder("<")).tobytes()
        return {"shape": value.shape, "base64": base64.b64encode(data).decode("ascii")}
    return value


def unpacked_value(kind: type[T], value: Any, **others: object) -> T:  # noqa: ANN401 - any JSON value
    """The dataclass that `packed_value` was given.

    Args:
        kind: The dataclass.
        value: What was made of it.
        others: The fields that were left out.

    Raises:
        LookupError, TypeError, ValueError: The value does not have its fields, or one is of
            another type.
    """
    record: Any = kind
    hints = _hints(record)
    if not isinstance(value, Mapping) or value.keys() != hints.keys() - others.keys():
        raise TypeError(f"{kind.__name__} has other fields")
    found = {name: _unpacked(hints[name], item) for name, item in value.items()}
    return kind(**found, **others)


@cache
def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a class
    return get_type_hints(kind)


def _unpacked(hint: Any, value: Any) -> Any:  # noqa: ANN401 - any type and its value
    origin, parts = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return None if value is None else _unpacked(_other_than_none(parts), value)
    if origin is tuple:
        return _tuple(parts, value)
    if origin in ARRAY:
        return _array(parts[-1], value)
    if dataclasses.is_dataclass(hint):
        return unpacked_value(hint, value)  # type: ignore[arg-type]
    if type(value) is hint or (hint is float and type(value) is int):
        return value
    raise TypeError(f"{value!r:.40} is no {getattr(hint, '__name__', hint)}")


def _array(kind: Any, value: Any) -> NDArray[Any]:  # noqa: ANN401 - any JSON value
    dtype = np.dtype(get_args(kind)[0] if get_origin(kind) is np.dtype else kind)
    data = base64.b64decode(value["base64"], validate=True)
    flat = np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype)
    return flat.reshape([int(size) for size in value["shape"]])


def _other_than_none(parts: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a type
    (kind,) = (part for part in parts if part is not NoneType)
    return kind


def _tuple(parts: tuple[Any, ...], value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any value
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is no list")
    if parts[1:] == (...,):
        return tuple(_unpacked(parts[0], item) for item in value)
    return tuple(_unpacked(part, item) for part, item in zip(parts, value, strict=True))
