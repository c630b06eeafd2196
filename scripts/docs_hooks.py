"""Hooks of mkdocs: formulas as MathML, and the notebooks of examples/ as pages."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
NOTEBOOK = re.compile(r"^<!-- notebook: (\S+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Puts a notebook's cells and outputs where its name stands."""
    return NOTEBOOK.sub(lambda found: _notebook(EXAMPLES / found[1]), markdown)


def on_page_content(content: str, **_: object) -> str:
    """Formulas that browsers draw by themselves, without a script."""
    return FORMULA.sub(_formula, content)


def _formula(found: re.Match[str]) -> str:
    block = found[2] == "["
    drawn = convert(html.unescape(found[3]).strip(), display="block" if block else "inline")
    return f'<div class="formula">{drawn}</div>' if block else drawn


def _notebook(path: Path) -> str:
    parts = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
        else:
            parts.append(f"```python\n{source}\n```")
            parts += [_output(output) for output in cell["outputs"]]
    return "\n\n".join(parts)


def _output(output: dict[str, Any]) -> str:
    shown = output.get("data", {})
    if "text/html" in shown:  # as it is; a blank line would end the block
        page = re.sub(r"\n\s*", "\n", "".join(shown["text/html"]))
        return f'<div class="output">\n{page}\n</div>'
    text = "".join(output.get("text") or shown["text/plain"]).rstrip()
    return f"```text\n{text}\n```"
