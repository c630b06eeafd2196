"""The page's files: complete, light, and nothing in them runs inline."""

from __future__ import annotations

import gzip
import posixpath
import re
from importlib.resources import files

import pytest

from loudscope.report import page_parts
from loudscope.service._options import options
from loudscope.service._page import MEDIA_TYPES, POLICY, part
from loudscope.service._settings import Settings

FOLDER = files("loudscope.service") / "page"
OWN = sorted(entry.name for entry in FOLDER.iterdir() if entry.is_file())
MODULES = [name for name in OWN if name.endswith(".js")]
PAGES = [name for name in OWN if name.endswith(".html")]
MOST_LINES = 300
IMPORTED = re.compile(r"""(?:from |import\(|new URL\()"(\./[^"]+)\"""")


def _read(name: str) -> str:
    found = part(name)
    assert found is not None, name
    return found.content.decode("utf-8")


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_imports_is_served(name: str) -> None:
    for address in IMPORTED.findall(_read(name)):
        assert part(posixpath.normpath(address)) is not None, address


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_is_served_and_nothing_is_inline(name: str) -> None:
    text = _read(name)
    for address in re.findall(r'(?:href|src)="((?:\.\./)?page/[^"]+)"', text):
        assert part(address.partition("page/")[2]) is not None, address
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", text)


def test_every_module_that_the_first_view_needs_is_preloaded() -> None:
    """Else a browser finds them one behind the other."""
    wanted, seen = ["app.js"], {"app.js"}
    while wanted:
        module = wanted.pop()
        for address in re.findall(r'from "(\./[^"]+)"', _read(module)):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(module), address))
            if name not in seen:
                seen.add(name)
                wanted.append(name)
    named = set(
        re.findall(r'(?:modulepreload" href|module" src)="page/([^"]+)"', _read("index.html"))
    )
    assert named == seen


@pytest.mark.parametrize("name", [name for name in OWN if not name.endswith(".html")])
def test_files_are_under_300_lines(name: str) -> None:
    assert len(_read(name).splitlines()) < MOST_LINES


def test_the_first_view_is_light() -> None:
    """gzip: what a browser fetches before a file can be dropped."""
    text = _read("index.html")
    names = re.findall(r'(?:href|src)="page/([^"]+)"', text)
    weight = sum(len(gzip.compress(_read(name).encode())) for name in ["index.html", *set(names)])
    assert weight < 36_000


def test_the_live_meter_is_fetched_when_it_is_opened() -> None:
    first = _read("index.html")
    assert "live.js" not in first and "uPlot" not in first
    assert re.search(r'import\("\./live\.js"\)', _read("app.js"))


def test_only_listed_names_are_served() -> None:
    for name in ("../_page.py", "vendor", "", "/etc/passwd", "vendor/../app.js", "APP.JS"):
        assert part(name) is None


def test_a_part_knows_its_type_and_its_content() -> None:
    found = part("app.js")
    assert found is not None
    assert found.media_type == MEDIA_TYPES["js"]
    assert gzip.decompress(found.packed) == found.content
    assert re.fullmatch(r'"[0-9a-f]{32}"', found.etag)


def test_the_report_is_shared_and_not_copied() -> None:
    for name, text in page_parts().items():
        assert _read(f"report/{name}") == text
        assert name not in OWN or name == "style.css"


def test_what_is_vendored_has_its_licence() -> None:
    assert "MIT" in _read("vendor/uPlot-LICENSE.txt")
    assert "leeoniya/uPlot (v1.6.32)" in _read("vendor/uPlot.iife.min.js")
    assert "MIT" in _read("report/vendor/preact-LICENSE.txt")


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in POLICY and "http" not in POLICY and "*" not in POLICY
    assert "default-src 'none'" in POLICY


def test_options_name_what_there_is() -> None:
    found = options(Settings(api_keys=frozenset({"k"})))
    assert found["key"] is True
    (r128,) = (one for one in found["targets"] if one["name"] == "r128")
    assert r128["lufs"] == -23.0 and r128["true_peak"] == -1.0
    assert r128["ranges"] == [[-23.2, -22.8]]
    assert {"name": "pop", "title": "pop"} in found["genres"]
