"""Curves are told apart by everybody: every two of a palette, by every kind of eyes.

What is read are the palettes themselves: the report's and the service's page, the charts, the
notebook. Contrast is that of WCAG 2.2: 3:1 for what is drawn (1.4.11), 4.5:1 for text (1.4.3).
"""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import pytest

from loudscope import _repr_html
from loudscope.plot import _style

from ..colours import EYES, contrast, distance

SRC = Path(__file__).resolve().parents[2] / "src" / "loudscope"
REPORT = SRC / "report" / "page"
SERVICE = SRC / "service" / "page"
SERIES = {"strong", "faint", "left", "right", "third", "other", "bad", "ink"}
WORDS = {"ink", "soft", "bad", "good", "warn"}
APART = 0.1  # in OKLab, where 0.02 is just noticeable
SEEN, READ = 3.0, 4.5
COLOUR = r"#[0-9a-f]{3}(?:[0-9a-f]{3})?\b"


def declared(text: str, prefix: str) -> dict[str, str]:
    """Opaque colours by name."""
    return dict(re.findall(rf"--{prefix}(\w+): ?({COLOUR})", text))


def of_the_page(theme: str) -> dict[str, str]:
    """Charts and text lie on cards."""
    style = (REPORT / "style.css").read_text("utf-8")
    start = style.index(':root[data-theme="dark"]' if theme == "dark" else ":root {")
    found = declared(style[start : style.index("}", start)], "")
    return {**found, "page": found["card"]}


PALETTES = {
    "page, light": of_the_page("light"),
    "page, dark": of_the_page("dark"),
    "charts, light": asdict(_style.LIGHT),
    "charts, dark": asdict(_style.DARK),
    "notebook, light": declared(_repr_html.LIGHT, "ls-"),
    "notebook, dark": declared(_repr_html.DARK, "ls-"),
}
each_palette = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)


@each_palette
@pytest.mark.parametrize("eyes", EYES)
def test_every_two_curves_are_told_apart(palette: dict[str, str], eyes: str) -> None:
    curves = sorted(SERIES & palette.keys())
    assert len(curves) > 3
    near = {
        (one, other): round(apart, 3)
        for one, other in combinations(curves, 2)
        if (apart := distance(palette[one], palette[other], eyes)) < APART
    }
    assert near == {}


@each_palette
def test_every_curve_and_every_word_is_seen(palette: dict[str, str]) -> None:
    wanted = {name: READ if name in WORDS else SEEN for name in (SERIES | WORDS) & palette.keys()}
    pale = {
        name: round(ratio, 2)
        for name, least in wanted.items()
        if (ratio := contrast(palette[name], palette["page"])) < least
    }
    assert pale == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_colour_means_the_same_everywhere(theme: str) -> None:
    """The second curve of a chart has the colour of the right channel."""
    page = PALETTES[f"page, {theme}"]
    charts = {
        "right" if name == "other" else name: it for name, it in asdict(_style.OWN[theme]).items()
    }
    for other in (charts, PALETTES[f"notebook, {theme}"]):
        for name in SERIES & other.keys() & page.keys():
            assert other[name] == page[name], name


def test_the_service_takes_its_colours_from_the_report() -> None:
    """Of the page's own, what is no icon of a browser's tab has none."""
    for part in (*SERVICE.glob("*.css"), *SERVICE.glob("*.js"), REPORT / "charts.css"):
        assert re.findall(rf"(?i)(?<![\w&\"']){COLOUR}", part.read_text("utf-8")) == [], part.name


def test_what_is_known_of_colours_and_eyes() -> None:
    """Black on white; red and green, which two kinds of eyes confuse; grey, which all see alike."""
    assert contrast("#000", "#fff") == pytest.approx(21.0)
    assert distance("#000", "#fff") == pytest.approx(1.0, abs=1e-6)
    red, green = "#b4502d", "#7a7a2d"
    assert distance(red, green) > 0.1 > distance(red, green, "deuteranopia")
    for eyes in EYES:
        assert distance("#808080", "#7f7f7f", eyes) == pytest.approx(
            distance("#808080", "#7f7f7f"), abs=1e-4
        )
