"""The page in Chromium: it draws everything, asks for nothing, and anybody can use it."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from loudscope.qc import Inspection
from loudscope.report import Report

from .conftest import Open

SECTIONS = ["Verdict", "Loudness", "Peaks", "Tone", "Stereo", "Reference", "Data"]
OVER_TIME = ("Loudness over time", "Waveform", "True peak of each channel", "Correlation over time")


def test_every_section_is_there_and_nothing_is_asked_for(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file)
    expect(page.locator("section h2")).to_have_text(SECTIONS)
    expect(page.locator("h1")).to_have_text("night_drive.flac")
    expect(page.locator("nav a")).to_have_text(SECTIONS)


def test_the_policy_forbids_the_network(browser: Browser, page_file: Path) -> None:
    """Not even a script of the page's own could send anything away."""
    with closing(browser.new_page()) as page:
        page.goto(page_file.as_uri())
        blocked = page.evaluate(
            """() => new Promise((done) => {
                document.addEventListener("securitypolicyviolation", (event) =>
                    done(event.effectiveDirective));
                fetch("data:,x").catch(() => {});
            })"""
        )
    assert blocked == "connect-src"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_no_violation(open_page: Open, page_file: Path, scheme: str, width: int) -> None:
    page = open_page(page_file, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_wider_than_a_phone(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file, viewport={"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert _text_beyond(page, 360) == []


def _text_beyond(page: Page, width: int) -> list[str]:
    """Text that sticks out, of what does not scroll by itself."""
    found: list[str] = page.evaluate(
        """(width) => [...document.querySelectorAll("p, li, dt, dd, h1, h2, h3, button, text")]
            .filter((it) => !it.closest(".scroll, nav") && it.getBoundingClientRect().width)
            .filter((it) => it.getBoundingClientRect().right > width + 1)
            .map((it) => it.textContent)""",
        width,
    )
    return found


def test_one_crosshair_for_all_charts_over_time(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file)
    page.get_by_role("slider", name=OVER_TIME[0]).hover(position={"x": 500, "y": 100})
    first, *others = (page.get_by_role("slider", name=name) for name in OVER_TIME)
    expect(first).not_to_have_attribute("aria-valuenow", "0")
    place = first.get_attribute("aria-valuenow") or ""
    for chart in others:
        expect(chart).to_have_attribute("aria-valuenow", place)


def _stands(page: Page, name: str, seconds: str) -> None:
    """The crosshair of the chart stands there, once it is drawn."""
    chart = page.get_by_role("slider", name=name)
    expect(chart).to_have_attribute("aria-valuenow", re.compile(f"^{seconds}"))


def test_the_crosshair_moves_and_zooms_by_keys(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file)
    chart = page.get_by_role("slider", name=OVER_TIME[0])
    chart.focus()
    for key in ("Home", "ArrowRight", "PageUp"):
        chart.press(key)
    _stands(page, OVER_TIME[3], r"2\.6[3-6]")  # 11 % of 24.1 s
    shown = page.locator(".buttons [role=status]")
    chart.press("+")
    expect(shown).to_contain_text("to")
    chart.press("Escape")
    expect(shown).to_have_text("")


def test_a_screen_reader_hears_the_values_at_the_crosshair(
    open_page: Open, page_file: Path, inspection: Inspection
) -> None:
    page = open_page(page_file)
    chart = page.get_by_role("slider", name=OVER_TIME[0])
    chart.focus()
    chart.press("End")
    short = float(inspection.analysis.short_term.values[-1])
    said = rf"^0:24\.1: momentary −\d+\.\d LUFS, short-term −{abs(short):.1f} LUFS$"
    expect(chart).to_have_attribute("aria-valuetext", re.compile(said))


def test_a_place_of_an_issue_is_shown_in_the_charts(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file)
    page.get_by_role("button", name=re.compile("^Show .* in the charts")).first.click()
    _stands(page, "Waveform", r"20\.[678]")
    expect(page.locator("#peaks-title")).to_be_focused()


def test_the_spectrum_tells_its_third_octaves(open_page: Open, page_file: Path) -> None:
    """IEC 61260-1: from 20 Hz to 20 kHz, three for each octave."""
    page = open_page(page_file)
    chart = page.get_by_role("slider", name="Third-octave spectrum: frequency")
    chart.focus()
    chart.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("^20 Hz: "))
    for _ in range(17):
        chart.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("^1 kHz: "))
    expect(page.locator(".tip")).to_be_visible()


def test_colours_follow_the_system_until_one_is_chosen(open_page: Open, page_file: Path) -> None:
    """`expect` asks from outside: the page's policy forbids the eval of `wait_for_function`."""
    page = open_page(page_file, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_label("Colours").select_option("light")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_label("Colours").select_option("auto")
    expect(root).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "light")


def test_paper_is_white_whatever_the_screen(open_page: Open, page_file: Path) -> None:
    page = open_page(page_file, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(root).to_have_attribute("data-theme", "light")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("button", "ending"),
    [
        ("Download JSON", ".loudscope.json"),
        ("Figures as CSV", ".figures.csv"),
        ("History as CSV", ".history.csv"),
    ],
)
def test_figures_are_downloaded_without_a_network(
    open_page: Open, page_file: Path, made: Report, button: str, ending: str
) -> None:
    page = open_page(page_file)
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert download.value.suggested_filename == f"night_drive{ending}"
    text = Path(download.value.path()).read_text("utf-8")
    if ending.endswith("json"):
        assert json.loads(text)["verdict"]["verdict"] == made.feedback.verdict
    else:
        assert len(text.splitlines()) > 50


def test_a_reader_without_scripts_has_the_verdict_and_the_figures(
    open_page: Open, page_file: Path, made: Report
) -> None:
    page = open_page(page_file, java_script_enabled=False)
    expect(page.locator("body")).to_contain_text(made.feedback.summary, use_inner_text=True)
    expect(page.locator("body")).to_contain_text(
        re.compile(r"[−-]12\.65 LUFS"), use_inner_text=True
    )
