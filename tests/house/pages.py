"""The pages of the documentation, and the blocks of code in them.

A comment in the line before a block, or with a blank line between, says how it is run:

    <!-- needs: torch -->             left out where that library is not installed
    <!-- not run: why -->             read, not run: it needs a network, a browser, an hour
    <!-- with: loudscope serve -->    run while this server answers
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(
    r"^(?:<!-- (needs|not run|with): ([^\n]+?) -->\n+)?```(\w*)[^\n]*\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, and the line of its first line of code."""

    page: Path
    line: int
    language: str
    text: str
    mark: str
    value: str

    @property
    def place(self) -> str:
        return f"{name_of(self.page)}:{self.line}"

    def marked(self, mark: str) -> str | None:
        """What the mark says, or None if the block has another or none."""
        return self.value if self.mark == mark else None


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start(4)) + 1,
            found[3],
            found[4],
            found[1] or "",
            found[2] or "",
        )
        for found in FENCE.finditer(text)
    ]


def all_blocks(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language in languages]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()
