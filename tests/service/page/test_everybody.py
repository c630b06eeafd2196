"""Anybody can use the page: axe, the keyboard, a phone, less motion; and it needs nobody else."""

from __future__ import annotations

import time

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ..served import Service, wav
from .conftest import Open, Serve, choose, noise, row, text

SIZES = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1200, "height": 900}}


def _lawful(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def _fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = page.evaluate(
        """(width) => [...document.querySelectorAll("p, dt, dd, h1, h2, h3, a, button, label, li")]
            .filter((it) => !it.closest(".visually-hidden, nav, iframe, .skip"))
            .filter((it) => it.getBoundingClientRect().width)
            .filter((it) => it.getBoundingClientRect().right > width + 1)
            .map((it) => it.textContent)""",
        width,
    )
    assert beyond == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_violation(visit: Open, shop: Service, scheme: str, size: str) -> None:
    viewport = SIZES[size]
    page = visit(shop, color_scheme=scheme, viewport=viewport, permissions=["microphone"])
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.get_by_label("Target").select_option("spotify")
    long = "a name that goes on_and_on_without_a_blank_for_longer_than_a_phone_is_wide.wav"
    choose(page, noise(long, 1.0, 70), text("broken.wav", "no audio"), text("empty.wav", ""))
    expect(row(page, long)).to_have_attribute("data-stage", "done", timeout=60_000)
    expect(row(page, "broken.wav")).to_have_attribute("data-stage", "failed", timeout=60_000)
    _lawful(page)
    _fits(page, viewport["width"])
    page.get_by_role("link", name="Live", exact=True).click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    expect(page.locator(".history canvas")).to_be_visible()
    _lawful(page)
    _fits(page, viewport["width"])


@pytest.mark.parametrize("size", SIZES)
def test_a_report_that_is_not_there_is_told_lawfully(visit: Open, serve: Serve, size: str) -> None:
    service = serve(result_seconds=0.2)
    files = {"audio": ("a.wav", wav(0.1))}
    token = httpx.post(f"{service.url}/analyze", files=files).json()["token"]
    time.sleep(0.3)
    for name, status, title in (
        (token, 410, "This report has expired"),
        ("nobody-was-given-this", 404, "This report is not there"),
    ):
        page = visit(service, f"/report/{name}", viewport=SIZES[size], expected=f"{status}")
        expect(page.locator("h1")).to_have_text(title)
        _lawful(page)
        _fits(page, SIZES[size]["width"])


@pytest.mark.parametrize("size", SIZES)
def test_a_report_in_place_is_lawful_too(visit: Open, shop: Service, size: str) -> None:
    page = visit(shop, viewport=SIZES[size])
    choose(page, noise("read.wav", 1.0, 71))
    row(page, "read.wav").get_by_role("link", name="Report of read.wav", exact=True).click()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("read.wav")
    _lawful(page)
    _fits(page, SIZES[size]["width"])


def test_the_keyboard_goes_everywhere(visit: Open, held: Service) -> None:
    page = visit(held)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.textContent + (document.activeElement.labels?.[0] ? "
                "document.activeElement.labels[0].firstChild.textContent : '')"
            )
        )
    order = ("Skip to", "Colours", "Tracks", "Live", "Choose files", "Target", "Genre", "Choose a")
    for words, found in zip(order, seen, strict=True):
        assert words in found
    page.get_by_text("Skip to the content").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_heading_is_focused_when_the_view_changes(visit: Open, held: Service) -> None:
    page = visit(held)
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("h1")).to_have_text("Live meter")
    expect(page.get_by_role("link", name="Live", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_a_screen_reader_hears_what_becomes_of_a_track(visit: Open, held: Service) -> None:
    page = visit(held)
    said = page.locator("p[role=status].visually-hidden")
    expect(said).to_have_text("")
    choose(page, noise("told.wav"))
    expect(said).to_have_text("told.wav: queued.")
    page.get_by_role("button", name="Cancel told.wav").click()
    expect(said).to_have_text("told.wav: removed.")


def test_less_motion_is_respected(visit: Open, held: Service) -> None:
    page = visit(held, reduced_motion="reduce")
    choose(page, noise("calm.wav"))
    bar = page.get_by_role("progressbar").first
    expect(bar).to_be_visible()
    expect(bar).to_have_css("animation-name", "none")


def test_colours_are_chosen_for_page_and_report_at_once(visit: Open, shop: Service) -> None:
    page = visit(shop, color_scheme="light")
    choose(page, noise("paint.wav", 1.0, 72))
    row(page, "paint.wav").get_by_role("link", name="Report of paint.wav", exact=True).click()
    inside = page.frame_locator("iframe")
    inside.get_by_label("Colours").select_option("dark")
    expect(inside.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Tracks").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Colours")).to_have_value("dark")


def test_the_policy_forbids_what_is_not_the_services_own(visit: Open, held: Service) -> None:
    page = visit(held, expected="Content Security Policy|violates the following")
    for script in (
        "document.body.append(Object.assign(document.createElement('script'), "
        "{ textContent: 'window.inline = 1' }))",
    ):
        page.evaluate(script)
    assert page.evaluate("window.inline") is None
    blocked = page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) =>
                done(event.effectiveDirective));
            fetch("http://elsewhere.example/").catch(() => {});
        })"""
    )
    assert blocked == "connect-src"


def test_without_scripts_the_page_says_what_it_needs(visit: Open, held: Service) -> None:
    page = visit(held, java_script_enabled=False)
    expect(page.locator("body")).to_contain_text("it needs JavaScript", use_inner_text=True)
