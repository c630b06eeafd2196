"""The pictures of docs/pictures.md, drawn from examples/audio/night_drive.flac.

    python scripts/pictures.py              draws them anew; needs Playwright and Chromium, too
    python scripts/pictures.py loudness     those whose names begin so
    python scripts/pictures.py --check      draws none, fails where one would be another

A picture bears a hash of what it shows: a chart of its curves, marks, colours and words, a notebook
of its HTML. That is what is compared, for pixels change with every version of a font or a browser.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import loudscope
from loudscope import plot
from loudscope.plot import Theme
from loudscope.qc import Inspection, inspect

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PIECE = ROOT / "examples" / "audio" / "night_drive.flac"
THEMES: tuple[Theme, ...] = ("light", "dark")
MOST_BYTES = 60_000
COLOURS = 128
DPI = 100
NOTEBOOK_WIDTH = 900
MOST_PATHS = 1000  # of a collection, compared
SOURCE = "Source"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@cache
def piece() -> Inspection:
    """The example, measured once."""
    return inspect(PIECE)


def figure_of(ax: Axes) -> Figure:
    """The figure of a chart that was made for it."""
    assert isinstance(ax.figure, Figure)
    return ax.figure


CHARTS: dict[str, Callable[[Theme], Figure]] = {
    "overview": lambda theme: plot.overview(
        piece(), target="r128", genre="rock", level_dbtp=-1.0, theme=theme
    ),
    "loudness": lambda theme: figure_of(plot.loudness(piece(), target="spotify", theme=theme)),
    "peaks": lambda theme: figure_of(plot.peaks(piece(), level_dbtp=-1.0, theme=theme)),
    "bands": lambda theme: figure_of(plot.bands(piece(), theme=theme)),
    "genre": lambda theme: figure_of(plot.bands(piece(), genre="rock", theme=theme)),
    "spectrum": lambda theme: figure_of(plot.spectrum(piece(), guide_db=-4.5, theme=theme)),
    "stereo": lambda theme: figure_of(plot.stereo(piece(), theme=theme)),
    "goniometer": lambda theme: figure_of(plot.goniometer(PIECE, theme=theme)),
}


def painted(figure: Figure) -> Image.Image:
    """A figure in few colours, which is what makes a small file."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    return Image.open(content).convert("RGB")


def drawn(ax: Axes) -> Iterator[str]:
    """What there is on axes, in words and rounded numbers."""
    yield from (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel())
    yield from (text.get_text() for text in ax.texts)
    for line in ax.get_lines():
        points = np.asarray(line.get_xydata(), np.float64)
        yield f"{line.get_label()} {to_hex(line.get_color())} {points.round(3).tolist()}"
    for patch in ax.patches:
        box = patch.get_path().get_extents(patch.get_patch_transform())
        yield f"{to_hex(patch.get_facecolor())} {np.asarray(box.extents).round(3).tolist()}"
    for collection in ax.collections:
        paths = collection.get_paths()[:MOST_PATHS]
        colours = np.asarray(collection.get_facecolor()).round(3).tolist()
        values = collection.get_array()
        shown = None if values is None else np.ma.filled(values, 0.0).round(2).tolist()
        outlines = [np.asarray(path.vertices, np.float64).round(3).tolist() for path in paths]
        yield f"{collection.get_label()} {colours} {shown} {outlines}"
    for child in ax.child_axes:
        if isinstance(child, Axes):
            yield from drawn(child)


def digest_of(figure: Figure) -> str:
    """A hash of all that a figure shows."""
    words = [figure.get_suptitle(), *(line for ax in figure.axes for line in drawn(ax))]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def page() -> str:
    """What a notebook shows, on a page of its own."""
    shown = loudscope.analyze(PIECE)._repr_html_()
    return f'<!doctype html><meta charset="utf-8"><body style="margin:0">{shown}'


def digest_of_page() -> str:
    """A hash of that page."""
    return hashlib.sha256(page().encode()).hexdigest()


def photographed(theme: Theme) -> Image.Image:
    """That page in Chromium."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("LOUDSCOPE_CHROMIUM") or shutil.which("chromium")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=path, args=FLAGS)) as browser,
    ):
        opened = browser.new_page(
            viewport={"width": NOTEBOOK_WIDTH, "height": 100},
            color_scheme="dark" if theme == "dark" else "light",
        )
        opened.set_content(page())
        image = Image.open(io.BytesIO(opened.locator(".loudscope").screenshot()))
        return image.convert("RGB")


def save(image: Image.Image, path: Path, source: str) -> None:
    """Writes a picture with the hash of what it shows."""
    info = PngInfo()
    info.add_text(SOURCE, source)
    few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True, pnginfo=info)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        sys.exit(f"{path.name}: {size} bytes are more than {MOST_BYTES}")


def draw(wanted: str) -> None:
    """Draws all pictures whose names begin so."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for name, chart in CHARTS.items():
            if name.startswith(wanted):
                figure = chart(theme)
                source = digest_of(figure)
                save(painted(figure), PICTURES / f"{name}-{theme}.png", source)
        if "notebook".startswith(wanted):
            save(photographed(theme), PICTURES / f"notebook-{theme}.png", digest_of_page())


def complaints() -> Iterator[str]:
    """What is out of date, in words."""
    there = {path.name for path in PICTURES.glob("*")}
    expected = {f"{name}-{theme}.png" for name in (*CHARTS, "notebook") for theme in THEMES}
    yield from (f"{name}: nothing draws it" for name in sorted(there - expected))
    yield from (f"{name}: it is not there" for name in sorted(expected - there))
    for theme in THEMES:
        sources = {name: digest_of(chart(theme)) for name, chart in CHARTS.items()}
        for name, source in {**sources, "notebook": digest_of_page()}.items():
            path = PICTURES / f"{name}-{theme}.png"
            if path.exists() and source_of(path) != source:
                yield f"{path.name}: it is not what would be drawn now"


def source_of(path: Path) -> object:
    """The hash of what a picture shows."""
    with Image.open(path) as image:
        return image.info.get(SOURCE)


def main() -> None:
    """Draws, or checks."""
    options = argparse.ArgumentParser(description="pictures of docs/pictures.md")
    options.add_argument("name", nargs="?", default="", help="draw those that begin so")
    options.add_argument("--check", action="store_true", help="draw nothing, compare")
    given = options.parse_args()
    if not given.check:
        draw(given.name)
        return
    found = list(complaints())
    if found:
        sys.exit("\n".join([*found, "run python scripts/pictures.py"]))


if __name__ == "__main__":
    main()
