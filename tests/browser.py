"""The system's Chromium for tests: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

expect.set_options(timeout=20_000)  # ms; a machine may be busy


def chromium() -> str:
    """Its path; without one the test is skipped."""
    found = os.environ.get("LOUDSCOPE_CHROMIUM") or shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium: install it, or set LOUDSCOPE_CHROMIUM to its path")
    return found


@contextmanager
def launched(*more: str, heard: bool = False) -> Iterator[Browser]:
    """A browser that has these flags, too, and asks its maker for nothing.

    With `heard` its pages are not mute: another page, or they themselves, can listen to them.
    """
    flags, unwanted = [*FLAGS, *more], ["--mute-audio"] if heard else None
    path = chromium()
    with sync_playwright() as playwright:
        launch = playwright.chromium.launch
        started = launch(executable_path=path, args=flags, ignore_default_args=unwanted)
        with closing(started) as browser:
            yield browser
