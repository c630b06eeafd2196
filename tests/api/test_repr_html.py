"""An analysis in a notebook: its figures, charts drawn from its series, and nothing that runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from loudscope import Analysis, BlockTable, analyze, scan
from loudscope.qc import inspect

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "audio" / "night_drive.flac"
MOST_BYTES = 40_000
RATE = 48000


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(EXAMPLE)


class Reader(HTMLParser):
    """Tags, attributes and text of a page; fails where tags do not close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def drawings(page: str) -> list[ElementTree.Element]:
    return [
        ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    ]


def points(drawing: ElementTree.Element, kind: str) -> np.ndarray:
    [path] = [it for it in drawing.iter("path") if it.get("class") == kind]
    return np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d") or ""), np.float64)


def grid(drawing: ElementTree.Element) -> tuple[list[float], list[float]]:
    """Heights of the horizontal lines, from the top, and the levels that stand beside them."""
    lines = [it.get("d") or "" for it in drawing.iter("path") if it.get("class") == "ls-grid"]
    heights = [float(re.split("[ L]", line)[1]) for line in lines]
    texts = [(it.text or "").replace("−", "-") for it in drawing.iter("text")]
    levels = [float(text) for text in texts[: len(heights)]]
    return heights[::-1], levels[::-1]


def test_figures_are_those_of_the_analysis(analysis: Analysis) -> None:
    text = Reader(analysis._repr_html_()).text
    assert "night_drive.flac 0:24.1, 44100 Hz, stereo" in text
    for words in (
        f"Integrated −{-(analysis.integrated or 0):.1f} LUFS",
        f"Loudness range {analysis.loudness_range:.1f} LU",
        f"True peak −{-(analysis.true_peak or 0):.2f} dBTP",
        f"Correlation {analysis.correlation:.2f}",
    ):
        assert words in text


def test_notes_are_in_words(analysis: Analysis) -> None:
    text = Reader(analysis._repr_html_()).text
    assert all(note.message in text for note in analysis.notes)


def test_the_curve_is_the_short_term_loudness(analysis: Analysis) -> None:
    """By the labels of the grid: each point is a value of the series, at about that time."""
    loudness = drawings(analysis._repr_html_())[0]
    x, y = points(loudness, "ls-s").T
    seconds = (x - 34.0) / (560.0 - 34.0 - 8.0) * analysis.duration
    series = analysis.short_term
    lufs = np.interp(y, *grid(loudness))
    for at, level in zip(seconds, lufs, strict=True):
        near = series.values[np.abs(series.times - at) < 0.2]
        assert near.min() - 0.05 <= level <= near.max() + 0.05


def test_the_envelope_is_that_of_the_samples(analysis: Analysis) -> None:
    _, peaks, _ = drawings(analysis._repr_html_())
    y = points(peaks, "ls-p")[:, 1]
    assert analysis.table.sample_peak is not None
    largest = float(analysis.table.sample_peak.max())
    reach = (70.0 / 2 - 6.0) / max(1.0, largest)
    assert (y.max() - y.min()) / 2 == pytest.approx(reach * largest, abs=0.06)


def test_bars_are_the_bands(analysis: Analysis) -> None:
    *_, bands = drawings(analysis._repr_html_())
    bars = [float(it.get("width") or 0) for it in bands.iter("rect") if it.get("class") == "ls-b"]
    assert analysis.band_profile is not None
    shares = [1 + (band.relative or 0) / 48.0 for band in analysis.band_profile.bands]
    assert bars[::-1] == pytest.approx([182.0 * share for share in shares], abs=0.06)


HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"' onload='alert(1)",
    "&lt;script&gt;",
    "a\x00b\x1b[31m\udc80.wav",
    "x" * 5000,
)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_text_whatever_is_in_it(analysis: Analysis, name: str) -> None:
    page = Analysis(analysis.table, name=name)._repr_html_()
    plain = Reader(analysis._repr_html_())
    found = Reader(page)
    assert (found.tags, found.names) == (plain.tags, plain.names)
    assert name.isprintable() is False or name[:200] in " ".join(found.words)
    assert page.encode("utf-8").isascii() is False  # it can be encoded at all
    assert all(letter.isprintable() or letter == "\n" for letter in page)


def test_nothing_runs_and_nothing_is_fetched(analysis: Analysis) -> None:
    page = analysis._repr_html_()
    found = Reader(page)
    assert not {"script", "iframe", "link", "object", "embed", "img", "base"} & set(found.tags)
    assert not {name for name in found.names if name.startswith("on") or name in ("href", "src")}
    assert "url(" not in page
    assert "http" not in page
    assert "@import" not in page


def test_it_is_made_of_what_notebooks_leave_as_it_is(analysis: Analysis) -> None:
    """JupyterLab floats lists of definitions, stripes tables, and numbers headings."""
    styled = {"a", "blockquote", "code", "dd", "dl", "dt", "pre", "table", "p"}
    headings = {f"h{level}" for level in range(1, 7)}
    assert not (styled | headings) & set(Reader(analysis._repr_html_()).tags)


def test_it_is_small_whatever_the_length(analysis: Analysis) -> None:
    """Ten hours, as a table of 1,500 programmes."""
    table = BlockTable.album([analysis.table] * 1500)
    assert table.duration > 36000
    page = Analysis(table, name="x" * 300)._repr_html_()
    assert len(page.encode()) < MOST_BYTES
    assert "10:02:30" in Reader(page).text
    assert len(analysis._repr_html_().encode()) < MOST_BYTES


def test_schemes_light_and_dark_of_the_system_and_of_the_page(analysis: Analysis) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", analysis._repr_html_(), re.DOTALL)
    assert "@media (prefers-color-scheme:dark)" in style
    for said in ('data-jp-theme-light="true"', 'data-jp-theme-light="false"', "vscode-dark"):
        assert said in style
    rules = re.sub(r"@media[^{]*{(.*?})}", r"\1", style)
    selectors = re.findall(r"([^{}]+){", re.sub(r"@container[^{]*{(.*?})}", r"\1", rules))
    for selector in ",".join(selectors).split(","):
        assert ".loudscope" in selector, f"{selector} would style the rest of the notebook"


def test_drawings_are_described(analysis: Analysis) -> None:
    told = [drawing.get("aria-label") or "" for drawing in drawings(analysis._repr_html_())]
    assert [label.split(":")[0] for label in told] == [
        "Loudness over time",
        "Peaks over time",
        "Bands, dB of the whole",
    ]
    assert all(drawing.get("role") == "img" for drawing in drawings(analysis._repr_html_()))


@pytest.mark.parametrize(
    ("samples", "charts"),
    [
        (np.zeros((4 * RATE, 2)), 0),
        (np.zeros((1, 1)), 0),
        (0.1 * np.ones((RATE // 5, 2)), 1),
        (np.random.default_rng(0).normal(0, 0.1, (4 * RATE, 1)), 3),
        (np.random.default_rng(0).normal(0, 3.0, (4 * RATE, 2)), 3),
        (np.random.default_rng(0).normal(0, 0.1, (RATE, 24)), 3),
    ],
    ids=["silence", "a frame", "200 ms", "one channel", "loud", "22.2"],
)
def test_what_is_not_there_is_said_and_not_drawn(samples: np.ndarray, charts: int) -> None:
    analysis = Analysis(scan(samples, RATE, layout="22.2" if samples.shape[1] == 24 else None))
    page = analysis._repr_html_()
    found = Reader(page)
    assert sum(len(list(drawing)) > 0 for drawing in drawings(page)) == charts
    assert all(note.message in found.text for note in analysis.notes)
    assert "nan" not in page.lower().replace("nano", "")


def test_an_inspection_adds_its_findings() -> None:
    inspection = inspect(EXAMPLE)
    text = Reader(inspection._repr_html_()).text
    assert inspection.findings
    assert all(finding.message in text for finding in inspection.findings)
    assert "Integrated −12.7 LUFS" in text
