"""A baseline as a JSON file: figures of its references, never audio."""

from __future__ import annotations

import json
import os
from os import PathLike
from typing import TYPE_CHECKING, Any

from .. import DEFAULT_EDGES_HZ, FileError, InvalidArgument, LoudscopeError
from ._reference import FIGURES, Reference

if TYPE_CHECKING:
    from ._baseline import Baseline

__all__ = ["load", "save"]

CONVENTIONS: dict[str, Any] = {
    "schema": "loudscope-baseline/1",
    "edges_hz": list(DEFAULT_EDGES_HZ),
    "window": "Hann 8192, half overlapped",
    "gating": "BS.1770-5, blocks of 400 ms",
    "figures": list(FIGURES),
}
"""What two files have to agree in for their references to be comparable."""


def save(baseline: Baseline, path: str | PathLike[str]) -> None:
    """See `Baseline.save`."""
    document = {
        **CONVENTIONS,
        "name": baseline.name,
        "n": baseline.n,
        "references": [reference.to_dict() for reference in baseline.references],
    }
    text = json.dumps(document, allow_nan=False, indent=1)
    place = os.fspath(path)
    beside = f"{place}.{os.getpid()}.tmp"
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
        os.replace(beside, place)
    except OSError as error:
        if os.path.exists(beside):
            os.unlink(beside)
        reason = error.strerror or str(error)
        raise FileError(f"{place}: cannot be written: {reason}", place) from error


def load(path: str | PathLike[str]) -> Baseline:
    """See `Baseline.load`."""
    place = os.fspath(path)
    document = _document(place)
    for key, ours in CONVENTIONS.items():
        if document.get(key) != ours:
            raise InvalidArgument(
                f"{place}: its {key} is {document.get(key)!r}, and {ours!r} is what can be "
                "compared here; build it anew from the tracks"
            )
    try:
        return _baseline(document)
    except (LoudscopeError, KeyError, TypeError, ValueError) as error:
        raise FileError(f"{place}: not a whole baseline: {error}", place) from error


def _document(place: str) -> dict[str, Any]:
    try:
        with open(place, encoding="utf-8") as file:
            document = json.load(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{place}: cannot be read: {reason}", place) from error
    except (ValueError, RecursionError) as error:
        raise FileError(f"{place}: not a baseline, nor JSON at all: {error}", place) from error
    if not isinstance(document, dict):
        raise FileError(f"{place}: not a baseline: a JSON object was expected", place)
    return document


def _baseline(document: dict[str, Any]) -> Baseline:
    from ._baseline import Baseline

    name, n = document["name"], document["n"]
    references = [Reference.from_dict(dict(found)) for found in document["references"]]
    if not isinstance(name, str) or len({it.sha256 for it in references}) != n:
        raise InvalidArgument(f"it says n={n!r} and name={name!r}; it holds {len(references)}")
    return Baseline.from_references(references, name=name)
