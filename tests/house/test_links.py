"""Links: files, headings and names that there are, and addresses that are well formed.

`python scripts/links.py` looks the addresses up where there is a network; mkdocs checks those
between its own pages once more, as they are built.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, reduce
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from .pages import PAGES, ROOT, name_of

TEXTS = sorted([*PAGES, ROOT / "CHANGELOG.md", *(ROOT / "examples").glob("*.ipynb")])
LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|(?:href|src)=\"([^\"]+)\"")
SHADES = {"only-light", "only-dark"}  # not places in a picture: which theme shows it
PAGES_IN_SOURCE = re.compile(r"\bdocs/[\w/-]+\.md\b")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("links", ROOT / "scripts" / "links.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose(path: Path) -> str:
    """Text without code."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(it["source"]) for it in cells if it["cell_type"] == "markdown")
    return re.sub(r"`[^`\n]*`", "``", re.sub(r"(?ms)^```.*?^```$", "", text))


def links(path: Path) -> Iterator[str]:
    """Those that lead nowhere but into the checkout."""
    for found in LINK.finditer(prose(path)):
        link = found[1] or found[2]
        if not urlsplit(link).scheme:
            yield link


@cache
def headings(path: Path) -> frozenset[str]:
    """As Python-Markdown names them: lower case, words joined by dashes."""
    text = re.sub(r"(?ms)^```.*?^```$", "", path.read_text("utf-8"))
    found = set(re.findall(r"\{[^}]*#([\w-]+)[^}]*\}|<\w+ id=\"([\w-]+)\"", text))
    own = {one or other for one, other in found}
    for title in re.findall(r"(?m)^#{1,6} +(.*?)(?: *\{.*\})?$", text):
        words = re.sub(r"[^\w\s-]", "", re.sub(r"\]\([^)]*\)", "", title)).strip().lower()
        own.add(re.sub(r"[-\s]+", "-", words))
    return frozenset(own)


def is_public(name: str) -> bool:
    """Whether a dotted name leads to something: the anchors of the API pages are such names."""
    module, _, rest = name.partition(".")
    try:
        reduce(getattr, rest.split("."), importlib.import_module(module))
    except AttributeError:
        return importlib.util.find_spec(name) is not None
    return True


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_files_and_headings_that_are_linked_are_there(path: Path) -> None:
    for link in links(path):
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), link
        assert file.is_relative_to(ROOT), link
        if anchor and anchor not in SHADES:
            assert anchor in headings(file) or is_public(anchor), link


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (path.parent / link.partition("#")[0]).resolve() for path in TEXTS for link in links(path)
    }
    kinds = {".png", ".svg", ".webp"}
    pictures = {path for path in (ROOT / "docs").rglob("*") if path.suffix in kinds}
    assert len(pictures) > 20
    assert pictures - shown == set()


def test_pages_that_the_source_names_are_there() -> None:
    """In docstrings and in the command's help."""
    named = {
        page: path
        for path in (ROOT / "src").rglob("*.py")
        for page in PAGES_IN_SOURCE.findall(path.read_text("utf-8"))
    }
    assert len(named) > 3
    assert [page for page in named if not (ROOT / page).is_file()] == []


def test_addresses_are_https_and_of_one_form(script: ModuleType) -> None:
    """A host in lower case and without a port or a user; none that differs by its last slash."""
    found = script.addresses()
    assert found
    for address in found:
        parts = urlsplit(address)
        assert parts.scheme == "https", address
        assert parts.hostname == parts.netloc, address
        assert "." in parts.netloc and not parts.netloc.endswith("."), address
        assert "//" not in parts.path, address
    assert len({address.rstrip("/").lower() for address in found}) == len(found)


class Site(BaseHTTPRequestHandler):
    """Answers with the status that its path asks for, and knows no HEAD below /get."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()

    def do_HEAD(self) -> None:
        if self.path.endswith("/get"):
            self.send_response(404)
            self.end_headers()
        else:
            self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "told"),
    [("200", ""), ("403", ""), ("429", ""), ("200/get", ""), ("404", "404"), ("410", "410")],
)
def test_a_page_that_is_gone_is_told_and_a_refusal_is_not(
    script: ModuleType, site: str, path: str, told: str
) -> None:
    assert script.look_up(f"{site}/{path}").startswith(told)
    assert bool(script.look_up(f"{site}/{path}")) == bool(told)


def test_no_network_is_told_apart(script: ModuleType) -> None:
    assert script.look_up("https://nobody.invalid/").startswith("no network")


def test_the_script_names_what_it_looks_up() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "links.py"), "--list"]
    listed = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert "https://tech.ebu.ch/" in listed
    assert "127.0.0.1" not in listed
