"""Every way in which a track can be refused, in words that a person can act on."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from loudscope.service.web._problems import CODES

from ..served import EXAMPLE, Service, wav
from .conftest import Open, Serve, choose, noise, row, text

OF_WORK = (
    *("undecodable", "truncated", "empty", "not_finite", "unknown_layout", "too_long"),
    *("too_many_channels", "rate_unsupported", "too_slow", "out_of_memory", "crashed", "gave_up"),
    *("expired", "bad_reference", "unknown_genre", "unknown_target", "not_started"),
)


def _said(page: Page, name: str, *words: str) -> None:
    for part in words:
        expect(row(page, name)).to_contain_text(part, timeout=60_000)


def test_every_code_has_words_of_its_own(visit: Open, held: Service) -> None:
    page = visit(held)
    found: dict[str, str] = page.evaluate(
        """async (problems) => {
            const { trouble } = await import("/page/words.js");
            return Object.fromEntries(problems.map((it) => [it.code, trouble(it).title]));
        }""",
        [
            *({"code": code, "status": status} for code, (status, _) in CODES.items()),
            *({"code": code} for code in OF_WORK),
        ],
    )
    elsewhere = {"method_not_allowed", "no_account", "not_done", "bad_webhook"}  # for programs
    silent = {code for code, title in found.items() if title == "Something went wrong"}
    assert silent <= elsewhere


def test_a_file_that_is_too_large_is_not_even_sent(visit: Open, serve: Serve) -> None:
    service = serve(limits={"upload_bytes": 100_000})
    page = visit(service)
    choose(page, noise("large.wav", 2.0))
    _said(page, "large.wav", "The file is too large", "this server takes")
    assert service.tasks == []


def _with_options(page: Page, **changed: object) -> None:
    """The page is told other options than the server keeps to."""

    def answer(route: Route) -> None:
        found = route.fetch()
        route.fulfill(response=found, body=json.dumps({**found.json(), **changed}))

    page.route("**/options", answer)
    page.reload()


def test_the_server_refuses_what_is_too_large(visit: Open, serve: Serve) -> None:
    service = serve(limits={"upload_bytes": 100_000})
    page = visit(service, expected="status of 413|ERR_CONNECTION|ERR_EMPTY")
    _with_options(page, limits={"upload_bytes": 10**9})
    choose(page, noise("large.wav", 2.0))
    _said(page, "large.wav", "The file is too large")


def test_an_empty_file_is_refused_by_the_page(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, text("empty.wav", ""))
    _said(page, "empty.wav", "There is no audio in the file")


def test_too_many_uploads_count_down_and_go_on(visit: Open, serve: Serve) -> None:
    limits = {"requests": 1, "window_seconds": 5.0}
    service = serve(limits=limits)
    page = visit(service, expected="status of 429")
    choose(page, noise("one.wav", seed=1), noise("two.wav", seed=2))
    held = page.locator("[data-phase=held]")
    expect(held.locator(".pill")).to_have_text(re.compile(r"^Next try in \d s$"))
    expect(held).to_contain_text("Too many uploads in a short time")
    expect(page.locator("[data-stage=queued]")).to_have_count(2)


def test_a_full_queue_is_waited_for(visit: Open, serve: Serve) -> None:
    service = serve(limits={"queued": 1})
    page = visit(service, expected="status of 503")
    choose(page, noise("one.wav", seed=1))
    expect(row(page, "one.wav")).to_have_attribute("data-stage", "queued")
    page.wait_for_timeout(1100)  # the server counts once a second
    choose(page, noise("two.wav", seed=2))
    _said(page, "two.wav", "The server has enough to do", "Next try in")
    service.measure(service.tasks[0].id)
    expect(row(page, "two.wav")).to_have_attribute("data-stage", "queued", timeout=30_000)


def test_a_key_is_asked_for_and_used(visit: Open, serve: Serve) -> None:
    service = serve(api_keys={"s3cret é"})
    page = visit(service, expected="status of 401")
    choose(page, noise("locked.wav"))
    expect(row(page, "locked.wav").locator(".pill")).to_have_text("Waiting")
    field = page.get_by_label("This server wants an API key:")
    field.fill("wrong")
    page.get_by_role("button", name="Use this key").click()
    _said(page, "locked.wav", "The server wants an API key")
    again = page.get_by_label("The server does not accept this API key. Another one:")
    again.fill("s3cret é")
    page.get_by_role("button", name="Use this key").click()
    expect(row(page, "locked.wav")).to_have_attribute("data-stage", "queued")
    expect(again).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(page.get_by_role("button", name="Use this key")).to_have_count(0)


def test_a_genre_that_the_server_does_not_know_is_named(visit: Open, held: Service) -> None:
    page = visit(held, expected="status of 422")
    _with_options(page, genres=[{"name": "polka", "title": "polka"}])
    page.get_by_label("Genre").select_option("polka")
    choose(page, noise("dance.wav"))
    _said(page, "dance.wav", "The server does not know this genre")


def test_an_upload_that_breaks_off_is_told_from_a_server_that_is_gone(
    visit: Open, held: Service
) -> None:
    page = visit(held, expected="ERR_FAILED|ERR_CONNECTION")
    page.route("**/analyze", lambda route: route.abort("connectionreset"))
    choose(page, noise("broken.wav"))
    _said(page, "broken.wav", "The upload was broken off")
    page.route("**/options", lambda route: route.abort())
    page.get_by_role("button", name="Try broken.wav again").click()
    _said(page, "broken.wav", "The server does not answer")
    page.unroute_all()
    page.get_by_role("button", name="Try broken.wav again").click()
    expect(row(page, "broken.wav")).to_have_attribute("data-stage", "queued")


def test_what_cannot_be_measured_is_told_with_its_reason(visit: Open, shop: Service) -> None:
    page = visit(shop)
    whole = EXAMPLE.read_bytes()
    half = whole[: len(whole) // 2]
    choose(page, {"name": "cut.flac", "mimeType": "audio/flac", "buffer": half})
    choose(page, text("letter.wav", "Dear listener"))
    _said(page, "letter.wav", "This is not audio that can be decoded")
    _said(page, "cut.flac", "The file ends too early")
    expect(row(page, "letter.wav").locator(".pill")).to_have_text("Failed")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"samples": 48000}, "The track is too long"),
        ({"channels": 1}, "The track has too many channels"),
        ({"rate_hz": 44100}, "The sampling rate is not supported"),
    ],
)
def test_what_is_beyond_the_limits_is_told(
    visit: Open, serve: Serve, limits: dict[str, int], words: str
) -> None:
    service = serve(works=True, limits=limits)
    page = visit(service)
    choose(page, noise("beyond.wav", 1.0))
    _said(page, "beyond.wav", words)


def test_a_bad_reference_is_told_as_the_reference(visit: Open, shop: Service) -> None:
    page = visit(shop)
    page.locator("input[type=file]").nth(1).set_input_files([text("reference.wav", "no audio")])
    choose(page, {"name": "good.wav", "mimeType": "audio/wav", "buffer": wav(1.0, 44)})
    _said(page, "good.wav", "The reference: this is not audio that can be decoded")
