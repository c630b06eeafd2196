"""The site as it is built: links hold, search works without a server, it fits a phone."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ..browser import launched

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("mkdocs", "material", "mkdocstrings", "latex2mathml")

if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
    pytest.skip(f"{', '.join(missing)} not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with every warning an error: links, anchors, pages left out, names without docs."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may not ask any host for anything."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_a_search_finds_pages_without_a_server(site: Path, page: Page) -> None:
    """Opened from the disk, as a reader of an unpacked archive would."""
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto((site / "index.html").as_uri())
    page.fill("input.md-search__input", "loudness range")
    page.wait_for_selector(".md-search-result__item")
    found = [title.inner_text() for title in page.query_selector_all(".md-search-result__item h1")]
    assert {"Figures", "Standards"} <= set(found)


def test_every_page_fits_a_phone(site: Path, page: Page) -> None:
    """360 px wide: code and tables scroll by themselves, the page does not; formulas are drawn."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    for path in pages:
        page.goto(path.as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path.relative_to(site)} is {width} px wide"
        assert page.query_selector(".arithmatex") is None, path.name
    page.goto((site / "figures.html").as_uri())
    assert len(page.query_selector_all("math")) > 20


def test_every_picture_is_there_and_has_words(site: Path, page: Page) -> None:
    """In both themes; the alternative text says what the picture shows."""
    for name in ("figures", "pictures", "guide/multichannel", "performance"):
        page.goto((site / f"{name}.html").as_uri())
        for image in page.query_selector_all(".md-content img"):
            assert len(image.get_attribute("alt") or "") > 10
            source = (site / f"{name}.html").parent / str(image.get_attribute("src"))
            assert Path(str(source).partition("#")[0]).exists()
