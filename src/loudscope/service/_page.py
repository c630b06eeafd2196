"""The page's files: its own and those that it shares with the report.

All are read once and known by name, so a name from a client is looked up and never joined to a
path.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from loudscope.report import page_parts

__all__ = ["POLICY", "Part", "part"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src blob:; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)
"""The page's content security policy: nothing inline, nothing from elsewhere."""

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the page.

    Attributes:
        content: Its bytes.
        packed: The same, compressed by gzip.
        media_type: For Content-Type.
        etag: A quoted entity tag, of the content.
    """

    content: bytes
    packed: bytes
    media_type: str
    etag: str


def part(name: str) -> Part | None:
    """The file of this name, for example "app.js" or "report/format.js"; None: there is none."""
    return _parts().get(name)


@cache
def _parts() -> dict[str, Part]:
    own = dict(_walk(files("loudscope.service") / "page", ""))
    shared = {f"report/{name}": text.encode() for name, text in page_parts().items()}
    return {name: _part_of(name, content) for name, content in {**own, **shared}.items()}


def _walk(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{above}{entry.name}/")
        elif entry.name.rpartition(".")[2] in MEDIA_TYPES:
            yield f"{above}{entry.name}", entry.read_bytes()


def _part_of(name: str, content: bytes) -> Part:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    packed = gzip.compress(content, mtime=0)
    return Part(content, packed, MEDIA_TYPES[name.rpartition(".")[2]], etag)
