"""Dataclasses as strict JSON: one set of annotations gives the values, the parser and the schema.

A field is `str`, `int`, `float`, `bool`, a `Literal`, a dataclass, a union of dataclasses that
differ in their field `type`, a tuple of one of these, or one of these or None. `Annotated` adds a
`Range` to a number or a `Length` to a text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from loudscope import InvalidArgument

__all__ = ["Length", "Range", "from_plain", "schema_of", "to_plain", "verify"]


FIRST = {"schema", "type"}
MOST = 1e300  # NaN and infinity are not below it, nor is an integer that no float can hold
WANTED = {str: "a text", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Range:
    """Smallest and largest value of a number, both allowed."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Length:
    """Largest number of characters of a text."""

    most: int


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """Field names and annotations of a dataclass, in order."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def _fields(value: object) -> dict[str, Any]:
    kind: Any = type(value)
    found: dict[str, Any] = hints_of(kind)
    return found


def choices_of(hint: object) -> tuple[Any, ...]:
    """The members of a union, or the hint alone."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def tag_of(kind: type) -> str:
    """What the field `type` of a member of a union says."""
    return str(get_args(hints_of(kind)["type"])[0])


# -- values to JSON --------------------------------------------------------------------------------


def to_plain(value: object) -> object:
    """Dataclasses as dicts and tuples as lists, all the way down; what kind it is comes first."""
    if is_dataclass(value) and not isinstance(value, type):
        names = sorted(_fields(value), key=lambda name: name not in FIRST)
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


# -- JSON to values --------------------------------------------------------------------------------


def from_plain(hint: object, value: object, where: str) -> object:
    """The value that a piece of JSON means, or an error that says where it does not fit.

    Args:
        hint: The annotation it has to fit.
        value: What `json.loads` gave.
        where: Path of the value, for messages.

    Raises:
        InvalidArgument: A wrong type, an unknown or missing field, a number out of range, a text
            that is too long, NaN or infinity.
    """
    members = choices_of(hint)
    if value is None and NoneType in members:
        return None
    kinds = [member for member in members if member is not NoneType]
    if len(kinds) > 1:
        return value if type(value) in kinds else _tagged(kinds, value, where)
    return _single(kinds[0], value, where)


def _single(hint: object, value: object, where: str) -> object:
    hint, bounds = _annotated(hint)
    origin = get_origin(hint)
    if origin is Literal:
        return _literal(get_args(hint), value, where)
    if origin is tuple:
        return _tuple(get_args(hint), value, where)
    if is_dataclass(hint):
        return _dataclass(cast(type, hint), value, where)
    if hint is float:
        return _number(value, bounds, where)
    if type(value) is not hint:
        raise _unfit(where, value, WANTED[cast(type, hint)])
    if isinstance(value, str):
        _check_text(value, bounds, where)
    return value


def _annotated(hint: object) -> tuple[object, tuple[Range | Length, ...]]:
    if get_origin(hint) is not Annotated:
        return hint, ()
    plain, *bounds = get_args(hint)
    return plain, tuple(bounds)


def _tagged(members: list[Any], value: object, where: str) -> object:
    tags = {tag_of(member): member for member in members}
    tag = value.get("type") if isinstance(value, dict) else None
    if not isinstance(tag, str) or tag not in tags:
        raise _unfit(f"{where}.type", tag, f"one of {', '.join(tags)}")
    return _dataclass(tags[tag], value, where)


def _literal(allowed: tuple[Any, ...], value: object, where: str) -> object:
    if not isinstance(value, str) or value not in allowed:
        raise _unfit(where, value, f"one of {', '.join(map(str, allowed))}")
    return value


def _tuple(items: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _unfit(where, value, "a list")
    if items[-1] is Ellipsis:
        items = (items[0],) * len(value)
    if len(items) != len(value):
        raise _unfit(where, value, f"a list of {len(items)}")
    pairs = zip(items, value, strict=True)
    return tuple(from_plain(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(pairs))


def _dataclass(kind: type, value: object, where: str) -> object:
    if isinstance(value, kind):
        return value
    if not isinstance(value, dict):
        raise _unfit(where, value, "an object")
    hints = hints_of(kind)
    for name in value.keys() - hints.keys():
        raise InvalidArgument(f"{where}: unknown field {name!r}; there are {', '.join(hints)}")
    for name in hints.keys() - value.keys():
        raise InvalidArgument(f"{where}: field {name!r} is missing")
    return kind(**{n: from_plain(hint, value[n], f"{where}.{n}") for n, hint in hints.items()})


def _number(value: object, bounds: tuple[Range | Length, ...], where: str) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST
    if not fits:
        raise _unfit(where, value, "a finite number")
    found = float(cast(float, value))
    for bound in bounds:
        if isinstance(bound, Range) and not bound.low <= found <= bound.high:
            raise _unfit(where, value, f"{bound.low:g} to {bound.high:g}")
    return found


def _check_text(value: str, bounds: tuple[Range | Length, ...], where: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _unfit(where, value, "text without lone surrogates") from None
    for bound in bounds:
        if isinstance(bound, Length) and len(value) > bound.most:
            raise InvalidArgument(f"{where}: {len(value)} characters; at most {bound.most} fit")


def _unfit(where: str, value: object, wanted: str) -> InvalidArgument:
    shown = ascii(value)
    return InvalidArgument(f"{where}={shown[:60]}{'…' * (len(shown) > 60)}: give {wanted}")


def verify(value: object) -> None:
    """Checks the fields of a new dataclass as `from_plain` would, and stores them converted.

    Raises:
        InvalidArgument: A field does not fit its annotation.
    """
    kind: Any = type(value)
    for name, hint, is_plainly in checks(kind):
        given = getattr(value, name)
        if not is_plainly(given):
            found = from_plain(hint, given, f"{kind.__name__}.{name}")
            object.__setattr__(value, name, found)


# Almost every field is what it should be, and a page has thousands: those are told quickly.


@cache
def checks(kind: Any) -> list[tuple[str, object, Callable[[Any], bool]]]:  # noqa: ANN401 - a type
    """Name and annotation of each field, and what tells that a value fits as it is."""
    return [(name, hint, telling(hint)) for name, hint in hints_of(kind).items()]


def telling(hint: object) -> Callable[[Any], bool]:
    """True: `from_plain` would give the very same value. False: it converts it, or refuses it."""
    members = [_telling_one(member) for member in choices_of(hint)]
    return members[0] if len(members) == 1 else lambda value: any(it(value) for it in members)


def _telling_one(hint: object) -> Callable[[Any], bool]:
    hint, bounds = _annotated(hint)
    if hint is NoneType:
        return lambda value: value is None
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
        return lambda value: type(value) is str and value in allowed
    if get_origin(hint) is tuple:
        return _telling_tuple(get_args(hint))
    if hint is float:
        low = max((it.low for it in bounds if isinstance(it, Range)), default=-MOST)
        high = min((it.high for it in bounds if isinstance(it, Range)), default=MOST)
        return lambda value: type(value) is float and low <= value <= high and abs(value) < MOST
    if hint is str:
        most = min((it.most for it in bounds if isinstance(it, Length)), default=sys.maxsize)
        return lambda value: type(value) is str and value.isascii() and len(value) <= most
    return lambda value: type(value) is hint


def _telling_tuple(items: tuple[Any, ...]) -> Callable[[Any], bool]:
    fits = telling(items[0])
    count = None if items[-1] is Ellipsis else len(items)
    return lambda value: (
        type(value) is tuple and count in (None, len(value)) and all(map(fits, value))
    )


# -- the schema ------------------------------------------------------------------------------------

SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema_of(hint: object) -> dict[str, Any]:
    """JSON Schema (2020-12) of an annotation: every field required, no others allowed."""
    members = choices_of(hint)
    if len(members) > 1:
        return {"anyOf": [schema_of(member) for member in members]}
    if hint is NoneType:
        return {"type": "null"}
    hint, bounds = _annotated(hint)
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return _tuple_schema(get_args(hint))
    if is_dataclass(hint):
        return _object_schema(cast(type, hint))
    found: dict[str, Any] = {"type": SCALARS[cast(type, hint)]}
    for bound in bounds:
        found |= _bound_schema(bound)
    return found


def _bound_schema(bound: Range | Length) -> dict[str, Any]:
    if isinstance(bound, Length):
        return {"maxLength": bound.most}
    return {"minimum": bound.low, "maximum": bound.high}


def _tuple_schema(items: tuple[Any, ...]) -> dict[str, Any]:
    if items[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(items[0])}
    count = len(items)
    return {"type": "array", "items": schema_of(items[0]), "minItems": count, "maxItems": count}


def _object_schema(kind: type) -> dict[str, Any]:
    hints = hints_of(kind)
    return {
        "type": "object",
        "title": kind.__name__,
        "properties": {name: schema_of(hint) for name, hint in hints.items()},
        "required": list(hints),
        "additionalProperties": False,
    }
