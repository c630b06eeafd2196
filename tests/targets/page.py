"""The table of docs/targets.md, as it follows from the data file."""

from __future__ import annotations

from loudscope.targets import Rule, Target, get, names

FIGURES = {
    "integrated": "LUFS",
    "true_peak": "dBTP",
    "short_term_max": "LUFS max S",
    "loudness_range": "LU range",
    "dialogue_loudness": "LUFS of dialogue",
    "dialogue_range": "LU range of dialogue",
    "loudness_to_dialogue_ratio": "LU over dialogue",
}


def page_table() -> list[str]:
    """Its lines: one per target."""
    return [
        "| name | target | rules | played at | date | grade | source |",
        "|---|---|---|---|---|---|---|",
        *(_line(get(name)) for name in names()),
    ]


def _line(target: Target) -> str:
    rules = "; ".join(_rule(rule) for rule in target.rules if rule.ranges)
    cells = (
        f"`{target.name}`",
        target.title,
        rules or "none",
        _played(target),
        target.date or "undated",
        target.grade,
        target.source,
    )
    return f"| {' | '.join(cells)} |"


def _rule(rule: Rule) -> str:
    limits = " or ".join(_bounds(low, high) for low, high in rule.ranges)
    parts = [f"{limits} {FIGURES[rule.figure]}"]
    if rule.when is not None:
        parts.append(f"above {rule.when.above:g} LUFS")
    if rule.grade not in ("P", "C") and rule.figure == "true_peak" and rule.when is not None:
        parts.append(f"[{rule.grade}]")
    if not rule.binding:
        parts.append("(advice)")
    if rule.cannot is not None:
        parts.append("*")
    return " ".join(parts)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {high:g}"
    if high is None:
        return f"≥ {low:g}"
    return f"{low:g}" if low == high else f"{low:g} … {high:g}"


def _played(target: Target) -> str:
    playback = target.playback
    if playback is None:
        return "–"
    up = {
        "none": "down only",
        "headroom": f"up to {-playback.headroom_db:g} dBTP",
        "limiter": f"limiter at {playback.limiter_dbfs:g}",
        "free": "both ways",
    }[playback.up]
    album = {"none": "", "pooled": ", albums pooled", "loudest": ", by the loudest track"}
    return f"{playback.reference_lufs:g}, {up}{album[playback.album]}"
