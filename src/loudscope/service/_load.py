"""Reading settings, and saying what is wrong with them in words that tell where to look."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loudscope import FileError, InvalidArgument

if TYPE_CHECKING:
    from pydantic import ValidationError

    from ._settings import Settings

__all__ = ["load"]


def load(kind: type[Settings], path: str | PathLike[str] | None) -> Settings:
    """As `Settings.load`."""
    from pydantic import ValidationError
    from pydantic_settings import EnvSettingsSource, SettingsError

    file = {} if path is None else _read(Path(path))
    environment: dict[str, Any] = {}
    try:
        environment = EnvSettingsSource(kind)()
        return kind(**_merged(file, environment))
    except SettingsError as error:
        raise InvalidArgument(f"environment: {error}; a table is given as JSON") from None
    except ValidationError as error:
        raise InvalidArgument(_words(error, kind, path, environment)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{path}: cannot be read ({reason})", str(path)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidArgument(f"{path}: is not TOML ({error}); mend that place") from error


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Table by table; `above` wins."""
    found = dict(below)
    for name, value in above.items():
        old = found.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            found[name] = _merged(old, value)
        else:
            found[name] = value
    return found


def _words(
    error: ValidationError,
    kind: type[Settings],
    path: str | PathLike[str] | None,
    environment: Mapping[str, Any],
) -> str:
    lines = []
    for wrong in error.errors(include_url=False, include_input=False):
        keys = [str(key) for key in wrong["loc"]]
        if wrong["type"] == "extra_forbidden":
            remedy = f"there is no such key; there are {', '.join(_known(kind, keys[:-1]))}"
        else:
            remedy = wrong["msg"].removeprefix("Value error, ").removeprefix("Input ")
        lines.append(f"{_place(keys, path, environment)}: {remedy}")
    return "; ".join(lines)


def _place(
    keys: list[str], path: str | PathLike[str] | None, environment: Mapping[str, Any]
) -> str:
    """Where a value came from: a variable, or a key of the file."""
    inner: Any = environment
    for key in keys:
        if not isinstance(inner, Mapping) or key not in inner:
            break
        inner = inner[key]
    else:
        if keys:
            return "LOUDSCOPE_" + "__".join(keys).upper()
    where = "settings" if path is None else fspath(path)
    return f"{where}: {'.'.join(keys)}" if keys else where


def _known(kind: type[Any], keys: list[str]) -> list[str]:
    for key in keys:
        kind = kind.model_fields[key].annotation
    return list(kind.model_fields)
