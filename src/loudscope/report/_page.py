"""The page: one file that holds its styles, its script and its data, and asks for nothing else.

Its content security policy names the digests of its own style and scripts and forbids the rest:
no network, no frame, no form, and no script that came in with a name or a tag.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

__all__ = [
    "MODULES",
    "embedded",
    "fill",
    "inlined",
    "page_of",
    "page_parts",
    "policy_of",
    "read_part",
    "style",
]

MODULES = (
    *("preact", "format", "axes", "theme", "score", "state", "parts", "timechart", "loudness"),
    *("peaks", "tone", "stereo", "verdict", "reference", "data", "app"),
)
"""The page's modules, each after those that it imports."""
STYLES = ("style", "charts", "narrow")
SHARED = (
    *(f"{name}.css" for name in STYLES),
    *(f"{name}.js" for name in ("preact", "format", "axes", "theme", "parts")),
    *(f"vendor/{name}" for name in ("htm-preact.js", "preact-LICENSE.txt", "htm-LICENSE.txt")),
)
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (const|function) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_HOLE = re.compile(r"@(\w+)@")


def page_of(payload: Mapping[str, Any], title: str, static: str) -> str:
    """The report as HTML.

    Args:
        payload: What the page draws.
        title: Of the window; any text.
        static: HTML for readers without JavaScript.
    """
    parts = {"style": style(), "vendor": _vendor(), "script": _script()}
    return fill(
        read_part("template.html"),
        {
            **parts,
            "policy": policy_of((parts["vendor"], parts["script"]), parts["style"]),
            "title": escape(title),
            "version": escape(str(payload["version"])),
            "static": static,
            "data": embedded(payload),
        },
    )


def embedded(payload: Mapping[str, Any]) -> str:
    """JSON that no HTML parser takes for anything else: ``<``, ``>`` and ``&`` are escaped."""
    text = json.dumps(payload, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def policy_of(scripts: tuple[str, ...], style_text: str) -> str:
    """A content security policy that allows these scripts and this style, and nothing else."""
    allowed = " ".join(map(_digest, scripts)) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style_text)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into ``@holes@``, in one pass: what is put in is not looked into."""
    return _HOLE.sub(lambda hole: values[hole[1]], template)


@cache
def style() -> str:
    """The styles of the page and of the index."""
    return "".join(read_part(f"{name}.css") for name in STYLES)


@cache
def read_part(name: str) -> str:
    """A part of the page that lies beside this module."""
    return files("loudscope.report").joinpath("page", *name.split("/")).read_text("utf-8")


def page_parts() -> dict[str, str]:
    """Styles, modules and vendored scripts for other pages that are to look as a report does.

    Returns:
        Text of each by its name; modules import one another as ``./name.js``.
    """
    return {name: read_part(name) for name in SHARED}


@cache
def _vendor() -> str:
    return read_part("vendor/htm-preact.js")


@cache
def _script() -> str:
    """The modules as one script: each a function that is called once, in order."""
    return "const modules = {};\n" + "".join(map(inlined, MODULES))


def inlined(name: str) -> str:
    text = _COMMENT.sub("", read_part(f"{name}.js"))
    exported = ", ".join(found[2] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(r"const \1 = modules.\2;", text))
    return f"modules.{name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
