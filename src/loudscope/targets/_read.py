"""From a TOML file to targets; docs/targets.md has the format."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, get_args

from loudscope import FileError, InvalidArgument

from ._entry import Entry
from ._figures import UNITS, UNJUDGED
from ._model import (
    GRADES,
    AlbumMode,
    Bounds,
    Condition,
    Playback,
    Rule,
    Target,
    UpwardGain,
)

__all__ = ["SCHEMA", "parse"]

SCHEMA = 1

Json = dict[str, Any]


def parse(
    text: str, name: str, known: Mapping[str, Json] | None = None
) -> list[tuple[Target, Json]]:
    """Read targets, each with the raw table that it was made of.

    Args:
        text: The file.
        name: Name of the file, for errors.
        known: Raw tables of other targets that `like` may name.

    Raises:
        FileError: It is not TOML.
        InvalidArgument: A key or a value does not fit.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{name}: this is not TOML: {error}", name) from error
    schema = document.pop("schema", SCHEMA)
    if schema != SCHEMA:
        raise InvalidArgument(f"{name}: schema = {schema!r}: this version reads schema {SCHEMA}")
    top = Entry(document, name)
    tables = top.tables("target")
    top.done()
    if not tables:
        raise InvalidArgument(f"{name}: it holds no target; begin one with [[target]]")
    raws = dict(known or {})
    found: list[tuple[Target, Json]] = []
    for number, raw in enumerate(document["target"], 1):
        merged = _inherit(raw, raws, f"{name}, target {number}")
        target = _target(merged, f"{name}, target {raw.get('name', number)!r}")
        if any(target.name == other.name for other, _ in found):
            raise InvalidArgument(
                f"{name}: two targets have name = {target.name!r}; rename one of them"
            )
        raws[target.name] = merged
        found.append((target, merged))
    return found


def _inherit(raw: Json, known: Mapping[str, Json], place: str) -> Json:
    """`like` takes over all but the names of another target; what is given here wins."""
    like = raw.get("like")
    if like is None:
        return raw
    if like not in known:
        raise InvalidArgument(
            f"{place}: like = {like!r}: no target above has this name; there are "
            f"{', '.join(sorted(known)) or 'none'}"
        )
    kept = {key: value for key, value in known[like].items() if key not in ("title", "aliases")}
    return {**kept, **{key: value for key, value in raw.items() if key != "like"}}


def _target(raw: Json, place: str) -> Target:
    entry = Entry(raw, place)
    name = entry.text("name")
    source, date = entry.text("source", ""), entry.date("date", "")
    grade = entry.choice("grade", GRADES, "own")
    above = {"source": source, "date": date, "grade": grade}
    rules = tuple(_rule(rule, above) for rule in entry.tables("rule"))
    ceiling = entry.number("ceiling_dbtp")
    target = Target(
        name=name,
        title=entry.text("title", name),
        rules=rules,
        source=source,
        date=date,
        grade=grade,  # type: ignore[arg-type]
        aliases=entry.texts("aliases"),
        reference_lufs=entry.number("reference_lufs"),
        ceiling_dbtp=_ceiling(rules) if ceiling is None else ceiling,
        playback=_playback(entry.table("playback")),
        when=_condition(entry.table("when")),
        notes=entry.texts("notes"),
    )
    entry.done()
    return target


def _ceiling(rules: tuple[Rule, ...]) -> float:
    """The strictest true peak that always applies, else full scale."""
    highs = [
        high
        for rule in rules
        if rule.figure == "true_peak" and rule.when is None and rule.cannot is None
        for _, high in rule.ranges
        if high is not None
    ]
    return min(highs, default=0.0)


def _rule(entry: Entry, above: Mapping[str, str]) -> Rule:
    figure = entry.text("figure")
    entry.place = f"{entry.place} ({figure})"
    cannot = entry.optional_text("cannot")
    unit = entry.text("unit", "") or UNITS.get(figure) or UNJUDGED.get(figure, "")
    if figure not in UNITS and cannot is None:
        raise entry.refuse(
            "figure", figure, f"it cannot be measured; give {', '.join(UNITS)}, or say cannot = ..."
        )
    rule = Rule(
        figure=figure,
        unit=unit,
        ranges=_ranges(entry),
        binding=not entry.flag("advice"),
        cannot=cannot,
        outside=entry.optional_text("outside"),
        when=_condition(entry.table("when")),
        source=entry.text("source", above["source"]),
        date=entry.date("date", above["date"]),
        grade=entry.choice("grade", GRADES, above["grade"]),  # type: ignore[arg-type]
    )
    entry.done()
    if not rule.ranges and cannot is None:
        raise InvalidArgument(
            f"{entry.place}: there is no limit; give low, high, ranges, or value with tolerance"
        )
    return rule


def _ranges(entry: Entry) -> tuple[Bounds, ...]:
    low, high, several = entry.number("low"), entry.number("high"), entry.ranges("ranges")
    value, tolerance = entry.number("value"), entry.number("tolerance")
    if tolerance is not None and tolerance < 0:
        raise entry.refuse("tolerance", tolerance, "give 0 or more")
    if (value is None) != (tolerance is None):
        there, missing = ("tolerance", "value") if value is None else ("value", "tolerance")
        raise InvalidArgument(f"{entry.place}: {there} needs {missing} beside it")
    bounded = low is not None or high is not None
    if bounded + bool(several) + (value is not None) > 1:
        raise InvalidArgument(
            f"{entry.place}: give one of low and high, ranges, or value with tolerance"
        )
    if value is not None and tolerance is not None:
        return ((round(value - tolerance, 9), round(value + tolerance, 9)),)
    if low is not None and high is not None and low > high:
        raise entry.refuse("low", low, f"it lies above high = {high:g}; swap them")
    return ((low, high),) if bounded else several


def _condition(entry: Entry | None) -> Condition | None:
    if entry is None:
        return None
    figure = entry.text("figure")
    if figure not in UNITS:
        raise entry.refuse("figure", figure, f"it cannot be measured; give {', '.join(UNITS)}")
    found = Condition(figure, entry.number("above"), entry.number("below"))
    entry.done()
    if found.above is None and found.below is None:
        raise InvalidArgument(f"{entry.place}: give above, below or both")
    return found


def _playback(entry: Entry | None) -> Playback | None:
    if entry is None:
        return None
    reference = entry.number("reference_lufs")
    if reference is None:
        raise InvalidArgument(f"{entry.place}: reference_lufs is missing; give it in LUFS")
    found = Playback(
        reference_lufs=reference,
        up=entry.choice("up", get_args(UpwardGain), "free"),  # type: ignore[arg-type]
        headroom_db=entry.number("headroom_db") or 0.0,
        limiter_dbfs=entry.number("limiter_dbfs") or 0.0,
        album=entry.choice("album", get_args(AlbumMode), "none"),  # type: ignore[arg-type]
    )
    entry.done()
    return found
