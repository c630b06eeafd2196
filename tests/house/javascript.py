"""Where the functions of a JavaScript module begin and end: brackets, strings and templates read.

No parser: enough to tell code from text, for modules that `tests/report` and `tests/service/page`
run in a browser anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CODE = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | => | [`(){}\[\],;/]""",
    re.VERBOSE | re.DOTALL,
)
TEMPLATE = re.compile(r"\\. | ` | \$\{", re.VERBOSE | re.DOTALL)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/")
BEFORE_REGEX = re.compile(r"(?:[(,=:\[!&|?{};\n]|\breturn)\s*$")
CONTROL = re.compile(r"\b(?:if|for|while|switch|catch|with)\s*$")
CLOSING = {")": "(", "]": "[", "}": "{"}


def functions(text: str) -> Iterator[tuple[str, int]]:
    """First line and number of lines of every function, arrow and method, inner ones as well.

    Raises:
        ValueError: The brackets do not match: this is no JavaScript, or not understood.
    """
    for start, end in spans(text):
        first = text.rfind("\n", 0, start) + 1
        name = text[first : text.find("\n", first)].strip()
        yield name, text.count("\n", start, end) + 1


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each function's parameters begin and its body ends."""
    opened: list[tuple[str, int]] = []  # brackets, templates, and arrows whose body is expressed
    heads: dict[int, int] = {}  # from the end of a bracket pair to its beginning
    for token, at in tokens(text, opened):
        while opened and opened[-1][0] == "=>" and token in {",", ";", ")", "]", "}"}:
            yield opened.pop()[1], at
        if token == "=>" and text[at + 2 :].lstrip()[:1] != "{":
            opened.append((token, head(text, at, heads)))
        elif token in {"`", "(", "[", "{", "${"} and not closes_template(token, opened):
            opened.append((token, at))
        elif token in CLOSING or token == "`":
            kind, start = closed(token, opened, at)
            heads[at + 1] = start
            if kind == "{" and (begins := beginning(text, start, heads)) is not None:
                yield begins, at
    if [kind for kind, _ in opened if kind != "=>"]:
        raise ValueError(f"{opened[-1][0]} at {opened[-1][1]} is never closed")


def tokens(text: str, opened: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Brackets and the like in code; the stack tells whether a template is being read."""
    at = 0
    while True:
        inside = bool(opened) and opened[-1][0] == "`"
        found = (TEMPLATE if inside else CODE).search(text, at)
        if found is None:
            return
        token, at = found[0], found.end()
        if token == "/" and BEFORE_REGEX.search(text, 0, found.start()):
            literal = REGEX.match(text, found.start())
            at = literal.end() if literal else at
        elif token in {"`", "${", "=>"} or (not inside and len(token) == 1):
            yield token, found.start()


def closes_template(token: str, opened: list[tuple[str, int]]) -> bool:
    return token == "`" and bool(opened) and opened[-1][0] == "`"


def closed(token: str, opened: list[tuple[str, int]], at: int) -> tuple[str, int]:
    kind, start = opened.pop() if opened else ("", 0)
    if kind.removeprefix("$") != CLOSING.get(token, token):
        raise ValueError(f"{token} at {at} closes {kind or 'nothing'}")
    return kind, start


def beginning(text: str, brace: int, heads: dict[int, int]) -> int | None:
    """Of the function whose body opens at a brace; None if it is something else's."""
    before = text[:brace].rstrip()
    if before.endswith("=>"):
        return head(text, len(before) - 2, heads)
    start = heads.get(len(before)) if before.endswith(")") else None
    return None if start is None or CONTROL.search(text, 0, start) else start


def head(text: str, arrow: int, heads: dict[int, int]) -> int:
    """Where the parameters before an arrow begin."""
    end = len(text[:arrow].rstrip())
    return heads.get(end, end - 1)
