"""An analysis as it shows itself in a notebook: figures, small charts, and notes in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from ._buckets import clock
from ._repr_charts import bands_chart, figure_text, loudness_chart, peaks_chart

if TYPE_CHECKING:
    from ._analysis import Analysis

__all__ = ["as_html"]

MOST_NOTES = 30
MOST_NAME = 200  # letters

LIGHT = (
    "--ls-page:#fff;--ls-ink:#14212b;--ls-soft:#4d5d69;--ls-grid:#e1e7ea;--ls-strong:#00696e;"
    "--ls-faint:#909395;--ls-gone:#e9edf0;--ls-bad:#b3261e"
)
DARK = (
    "--ls-page:#151e24;--ls-ink:#e8eef1;--ls-soft:#a3b3bd;--ls-grid:#2a363e;--ls-strong:#5fd0cd;"
    "--ls-faint:#66737b;--ls-gone:#243038;--ls-bad:#fc8c83"
)
# What a page says of itself goes before what the system prefers: JupyterLab and Notebook, VS Code,
# Colab, Sphinx's and MkDocs' themes.
SAID_LIGHT = (
    'body[data-jp-theme-light="true"]', "body.vscode-light", 'html[theme="light"]',
    'html[data-theme="light"]', '[data-md-color-scheme="default"]',
)  # fmt: skip
SAID_DARK = (
    'body[data-jp-theme-light="false"]', "body.vscode-dark", 'html[theme="dark"]',
    'html[data-theme="dark"]', '[data-md-color-scheme="slate"]',
)  # fmt: skip
RULES = """
.loudscope{background:var(--jp-layout-color0,var(--ls-page));color:var(--ls-ink);
font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;padding:12px 14px;
max-width:940px;border:1px solid var(--ls-grid);border-radius:8px;box-sizing:border-box;
font-variant-numeric:tabular-nums}
.loudscope .ls-head{overflow-wrap:anywhere;margin-bottom:8px}
.loudscope .ls-head b{font-size:15px}
.loudscope .ls-soft{color:var(--ls-soft)}
.loudscope .ls-tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(96px,1fr));
gap:8px;margin:0 0 10px}
.loudscope .ls-name{display:block;white-space:nowrap;
color:var(--ls-soft);font-size:12px;font-weight:400}
.loudscope .ls-figure{font-size:18px;font-weight:600}
.loudscope .ls-figure small{font-size:12px;font-weight:400;color:var(--ls-soft)}
.loudscope .ls-charts{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:flex-start}
.loudscope figure{margin:0;min-width:0;flex:3 1 340px;container-type:inline-size}
@container (max-width:440px){.loudscope figure:first-child text{font-size:16px}}
.loudscope figure+figure{flex:2 1 230px;max-width:420px}
.loudscope figcaption{display:flex;flex-wrap:wrap;gap:0 12px;font-size:12px;color:var(--ls-soft);
margin-bottom:3px}
.loudscope svg{display:block;width:100%;height:auto;overflow:visible}
.loudscope text{fill:var(--ls-soft);font-size:11px}
.loudscope .ls-value{fill:var(--ls-ink)}
.loudscope path{fill:none}
.loudscope .ls-grid,.loudscope .ls-axis{stroke:var(--ls-grid)}
.loudscope .ls-axis{stroke:var(--ls-soft)}
.loudscope rect.ls-gone,.loudscope i.ls-gone{fill:var(--ls-gone);background:var(--ls-gone)}
.loudscope path.ls-p{fill:var(--ls-faint)}
.loudscope path.ls-m{fill:var(--ls-faint);fill-opacity:.3;stroke:var(--ls-faint)}
.loudscope .ls-s{stroke:var(--ls-strong);stroke-width:2;stroke-linejoin:round}
.loudscope .ls-i{stroke:var(--ls-ink);stroke-width:1.3;stroke-dasharray:5 3}
.loudscope .ls-b{fill:var(--ls-strong)}
.loudscope path.ls-over{fill:var(--ls-bad)}
.loudscope i{display:inline-block;width:14px;height:9px;margin:0 4px 0 0}
.loudscope i.ls-m{background:var(--ls-faint)}
.loudscope i.ls-s{background:var(--ls-strong);height:3px;vertical-align:3px}
.loudscope i.ls-i{border-top:2px dashed var(--ls-ink);height:0;vertical-align:3px}
.loudscope ul{margin:10px 0 0;padding-left:18px;color:var(--ls-soft)}
"""
CAPTION = "".join(
    f'<span><i class="{kind}"></i>{words}</span>'
    for kind, words in (
        ("ls-m", "momentary"),
        ("ls-s", "short-term"),
        ("ls-i", "integrated, LUFS"),
        ("ls-gone", "left out by the gates"),
    )
)


def as_html(analysis: Analysis, findings: Iterable[str] = ()) -> str:
    """The figures, the charts and the notes; `findings` are words that go before the notes."""
    charts = [loudness_chart(analysis), peaks_chart(analysis)]
    bands = bands_chart(analysis)
    parts = [
        f'<div class="loudscope"><style>{_style()}</style>',
        _head(analysis),
        f'<div class="ls-tiles">{"".join(_tiles(analysis))}</div>',
        '<div class="ls-charts">',
        f"<figure><figcaption>{CAPTION}</figcaption>{''.join(charts)}</figure>"
        if charts[0]
        else "",
        f"<figure><figcaption>bands, dB of the whole</figcaption>{bands}</figure>" if bands else "",
        "</div>",
        _notes([*findings, *(note.message for note in analysis.notes)]),
        "</div>",
    ]
    return "".join(parts)


def _style() -> str:
    light, dark = (
        ",".join(f"{said} .loudscope" for said in rules) for rules in (SAID_LIGHT, SAID_DARK)
    )
    return (
        f".loudscope{{{LIGHT}}}@media (prefers-color-scheme:dark){{.loudscope{{{DARK}}}}}"
        f"{light}{{{LIGHT}}}{dark}{{{DARK}}}{RULES}"
    )


def _head(analysis: Analysis) -> str:
    name = "" if analysis.name is None else _printable(analysis.name)
    if len(name) > MOST_NAME:
        name = f"{name[:MOST_NAME]}…"
    facts = f"{clock(analysis.duration, 1)}, {analysis.rate_hz} Hz, {analysis.layout}"
    mono = ", as dual mono" if analysis.mono == "dual" else ""
    start = f"<b>{escape(name)}</b> " if name else ""
    return f'<div class="ls-head">{start}<span class="ls-soft">{escape(facts + mono)}</span></div>'


def _printable(name: str) -> str:
    """Control characters and what no encoding can carry become escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in name
    )


def _tiles(analysis: Analysis) -> Iterator[str]:
    rows: list[tuple[str, float | None, str, int]] = [
        ("Integrated", analysis.integrated, "LUFS", 1),
        ("Loudness range", analysis.loudness_range, "LU", 1),
        ("True peak", analysis.true_peak, "dBTP", 2),
        ("Max short-term", analysis.short_term_max, "LUFS", 1),
        ("Max momentary", analysis.momentary_max, "LUFS", 1),
        ("PLR", analysis.plr, "dB", 1),
    ]
    if analysis.layout.count > 1:
        rows.append(("Correlation", analysis.correlation, "", 2))
        rows.append(("Mono loss", analysis.mono_loss, "LU", 1))
    for name, value, unit, decimals in rows:
        told = f" <small>{unit}</small>" if unit and value is not None else ""
        shown = f'<span class="ls-figure">{figure_text(value, decimals)}{told}</span>'
        yield f'<div><span class="ls-name">{name}</span>{shown}</div>'


def _notes(messages: list[str]) -> str:
    shown = [f"<li>{escape(message)}</li>" for message in messages[:MOST_NOTES]]
    rest = len(messages) - len(shown)
    more = [f"<li>{rest} more</li>"] if rest > 0 else []
    return f"<ul>{''.join([*shown, *more])}</ul>" if shown else ""
