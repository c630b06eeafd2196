"""Photographs of the report and of the service's page for the docs, in Chromium.

    python scripts/screens.py           all of them
    python scripts/screens.py live      those whose names begin so

They are looked at when they are made; how a page looks is held by tests/report and
tests/service/page.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import soundfile
from pictures import FLAGS, PIECE, ROOT
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from loudscope.report import report as report_of

DOCS = ROOT / "docs"
MOST_BYTES = 60_000
MEDIA = ["--autoplay-policy=no-user-gesture-required"]
PLAYED_SECONDS = 19
START_SECONDS = 30.0
LONG_MINUTES = 20  # measuring it takes long enough to be photographed


def save(page: Page, name: str, *, whole: bool = False) -> None:
    """Writes what a page shows, in the form that the name's ending says."""
    image = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    path = DOCS / name
    if path.suffix == ".png":
        image = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        image.save(path, optimize=True)
    else:
        image.save(path, quality=82, method=6)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        sys.exit(f"{name}: {size} bytes are more than {MOST_BYTES}")


def report(browser: Browser, folder: Path, _url: str) -> None:
    """The top of a report."""
    path = folder / "report.html"
    report_of(PIECE, genre="pop", target="spotify").write(path)
    with closing(browser.new_page(viewport={"width": 1100, "height": 760})) as page:
        page.goto(path.as_uri())
        save(page, "report.png")


def tracks(browser: Browser, folder: Path, url: str) -> None:
    """One track is done, one is being measured."""
    samples, rate_hz = soundfile.read(PIECE, dtype="int16")
    long = folder / "side_b.flac"
    times = round(LONG_MINUTES * 60 * rate_hz / len(samples))
    soundfile.write(long, np.tile(samples, (times, 1)), rate_hz)
    with closing(browser.new_page(viewport={"width": 1080, "height": 980})) as page:
        page.goto(url)
        page.get_by_label("Target").select_option("spotify")
        page.get_by_label("Genre").select_option("pop")
        page.get_by_label("Choose files").set_input_files(PIECE)
        expect(page.get_by_text("Open report")).to_be_visible(timeout=60_000)
        page.get_by_label("Choose files").set_input_files(long)
        expect(page.get_by_text("Measuring, ")).to_be_visible(timeout=60_000)
        save(page, "service/tracks.webp")


def phone(browser: Browser, _folder: Path, url: str) -> None:
    """A track's verdict at the width of a phone."""
    with closing(browser.new_page(viewport={"width": 360, "height": 720})) as page:
        page.goto(url)
        page.get_by_label("Target").select_option("spotify")
        page.get_by_label("Choose files").set_input_files(PIECE)
        link = page.get_by_text("Open report")
        expect(link).to_be_visible(timeout=60_000)
        page.mouse.wheel(0, 10_000)
        page.wait_for_timeout(500)
        save(page, "service/phone.webp")


def live(browser: Browser, _folder: Path, url: str) -> None:
    """A file that is metered as it plays."""
    size: dict[str, int] = {"width": 1080, "height": 900}
    with closing(browser.new_page(viewport=size, color_scheme="dark")) as page:  # type: ignore[arg-type]
        page.goto(f"{url}/#/live")
        page.get_by_label("Target").select_option("r128")
        page.get_by_role("radio", name="A file").check()
        page.get_by_label("File to play").set_input_files(PIECE)
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_text(f"0:{PLAYED_SECONDS}", exact=True)).to_be_visible(timeout=60_000)
        save(page, "service/live.webp", whole=True)


SCREENS = {"report": report, "tracks": tracks, "phone": phone, "live": live}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of `loudscope serve`, once it is ready."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "loudscope", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    try:
        while True:
            try:
                urlopen(f"{url}/health/ready", timeout=5).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def main() -> None:
    """Takes those that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("wanted", nargs="?", default="", help="how their names begin")
    wanted = parser.parse_args().wanted
    path = os.environ.get("LOUDSCOPE_CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as made,
        served(Path(made)) as url,
        sync_playwright() as playwright,
        closing(
            playwright.chromium.launch(
                executable_path=path, args=[*FLAGS, *MEDIA], ignore_default_args=["--mute-audio"]
            )
        ) as browser,
    ):
        for name, take in SCREENS.items():
            if name.startswith(wanted):
                take(browser, Path(made), url)


if __name__ == "__main__":
    main()
