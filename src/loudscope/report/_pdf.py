"""A page on paper: by Chromium, which draws its charts, else by WeasyPrint: tables only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from loudscope import FileError, MissingExtra

__all__ = ["chromium", "pdf_of"]

VARIABLE = "LOUDSCOPE_CHROMIUM"
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-pdf-header-footer", "--virtual-time-budget=3000"),
)
MOST_SECONDS = 60


def pdf_of(html: str) -> bytes:
    """A page as PDF.

    Raises:
        MissingExtra: Neither Chromium nor WeasyPrint is there.
        FileError: Chromium printed nothing.
    """
    browser = chromium()
    if browser is not None:
        return _by_chromium(browser, html)
    return _by_weasyprint(html)


def chromium() -> str | None:
    """Path of Chromium, Chrome or Edge; the environment's LOUDSCOPE_CHROMIUM comes first."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), next(filter(os.path.isfile, PLACES), None))


def _by_chromium(browser: str, html: str) -> bytes:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, paper = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html, "utf-8")
        # The superuser has no sandbox; the page is ours, and its policy forbids it the network.
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        profile = f"--user-data-dir={Path(folder, 'profile')}"
        command = [browser, *FLAGS, *sandbox, profile, f"--print-to-pdf={paper}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=MOST_SECONDS)
            return paper.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise FileError(f"{browser}: printed no PDF ({error})", browser) from error


def _by_weasyprint(html: str) -> bytes:
    try:
        weasyprint: Any = import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise MissingExtra(
            f"PDF needs Chromium or Chrome (set {VARIABLE} to its path if it is not found), "
            'or WeasyPrint, which prints the tables: pip install "loudscope[pdf]"'
        ) from error
    content: bytes = weasyprint.HTML(string=html).write_pdf()
    return content
