"""One real track inspected once, and a real Chromium that has no network to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page

from loudscope.compare import compare
from loudscope.genres import get
from loudscope.qc import Inspection, inspect
from loudscope.report import Report
from loudscope.targets import find

from ..browser import launched

ROOT = Path(__file__).resolve().parents[2]
TRACK = ROOT / "examples" / "audio" / "night_drive.flac"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def inspection() -> Inspection:
    return inspect(TRACK)


@pytest.fixture(scope="session")
def darker(inspection: Inspection) -> Inspection:
    """Another track to compare with: noise, 20 s, louder than the first and with overs."""
    random = np.random.default_rng(5)
    noise = np.cumsum(random.standard_normal((20 * 44100, 2)), axis=0)
    noise -= np.linspace(noise[0], noise[-1], len(noise))
    return inspect(noise / np.abs(noise).max() * 1.2, inspection.analysis.rate_hz)


@pytest.fixture(scope="session")
def made(inspection: Inspection, darker: Inspection) -> Report:
    """A report with all that there can be in one."""
    return Report(inspection, find("spotify"), get("pop"), compare(inspection, darker))


@pytest.fixture(scope="session")
def page_file(made: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.write(tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="package")  # while it is open, no other test here can run an event loop
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a file; an error, a warning or a request for anything else fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(path: Path, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: _note(request.url, complaints))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(url: str, complaints: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        complaints.append(url)


@pytest.fixture
def noise(tmp_path: Path) -> Callable[..., Path]:
    """Writes seconds of noise under a name."""

    def noise(name: str, seconds: float = 4.0, gain: float = 0.1) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(len(name))
        samples = random.standard_normal((round(seconds * 48000), 2)) * gain
        with path.open("wb") as file:
            soundfile.write(file, np.clip(samples, -0.99, 0.99), 48000, format="WAV")
        return path

    return noise
