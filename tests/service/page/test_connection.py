"""The socket is cut, the network goes, the result expires: the page says so and goes on."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from loudscope.service._records import Stage
from loudscope.service._tokens import digest

from ..served import Service, holding
from .conftest import Open, Serve, choose, noise, row, token_of

SOCKETS = re.compile(r"/ws/")


def test_polling_takes_over_when_the_socket_is_cut(visit: Open, held: Service) -> None:
    page = visit(held, expected="WebSocket connection")
    cut: list[WebSocketRoute] = []

    def pass_one_message(socket: WebSocketRoute) -> None:
        if cut:
            socket.close(code=1011)
            return
        cut.append(socket)
        socket.connect_to_server()

    page.route_web_socket(SOCKETS, pass_one_message)
    choose(page, noise("cut.wav"))
    track = row(page, "cut.wav")
    expect(track).to_have_attribute("data-link", "socket")
    cut[0].close(code=1011)
    expect(track).to_have_attribute("data-link", "polling")
    held.advance(held.tasks[0].id, Stage.MEASURING, 0.5)
    expect(track.locator(".pill")).to_have_text("Measuring, 50 %")
    held.measure(held.tasks[0].id)
    held.judge(digest(token_of(page)))
    expect(track).to_have_attribute("data-stage", "done")


def test_a_socket_that_was_cut_is_tried_again(visit: Open, held: Service) -> None:
    page = visit(held, expected="WebSocket connection")
    tried: list[WebSocketRoute] = []

    def cut_the_first(socket: WebSocketRoute) -> None:
        tried.append(socket)
        if len(tried) == 1:
            socket.close(code=1012)
        else:
            socket.connect_to_server()

    page.route_web_socket(SOCKETS, cut_the_first)
    choose(page, noise("again.wav"))
    track = row(page, "again.wav")
    expect(track).to_have_attribute("data-link", "polling")
    expect(track).to_have_attribute("data-link", "socket")
    assert len(tried) == 2


def test_a_server_that_comes_back_is_followed_on(visit: Open, tmp_path: Path) -> None:
    """The work is in the store: another server on the same port goes on with it."""
    with holding(tmp_path / "data") as first:
        page = visit(first, expected="WebSocket connection|ERR_CONNECTION|Failed to load")
        choose(page, noise("survivor.wav"))
        track = row(page, "survivor.wav")
        expect(track).to_have_attribute("data-stage", "queued")
    expect(track).to_contain_text("The connection is lost; it is tried again.")
    with holding(tmp_path / "data", port=first.port) as second:
        claimed = second.parts.store.pending(time.time() + 60, 0.0)
        second.measure(claimed[0].id)
        second.judge(digest(token_of(page)))
        expect(track).to_have_attribute("data-stage", "done", timeout=30_000)
        page.close()


def test_uploads_wait_while_the_browser_is_offline(visit: Open, held: Service) -> None:
    page = visit(held, expected="ERR_INTERNET_DISCONNECTED")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_role("alert").first).to_contain_text("You are offline.")
    choose(page, noise("later.wav"))
    track = row(page, "later.wav")
    expect(track.locator(".pill")).to_have_text("Waits for the network")
    page.context.set_offline(False)
    expect(track).to_have_attribute("data-stage", "queued")
    expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_a_page_whose_server_is_away_says_so_and_tries_again(visit: Open, held: Service) -> None:
    page = visit(held, expected="ERR_FAILED")
    page.route("**/options", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert").last).to_contain_text("The server does not answer")
    page.unroute("**/options")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()


@pytest.fixture
def brief(serve: Serve) -> Service:
    """A service that keeps results for four seconds."""
    return serve(works=True, result_seconds=4.0, sweep_seconds=0.2)


def test_a_result_that_has_expired_is_dropped(visit: Open, brief: Service) -> None:
    page = visit(brief, expected="status of 410")
    choose(page, noise("brief.wav"))
    track = row(page, "brief.wav")
    expect(track).to_have_attribute("data-stage", "done", timeout=60_000)
    address = track.get_by_role("link", name="Report of brief.wav", exact=True)
    token = (address.get_attribute("href") or "").rpartition("/")[2]
    expect(track).to_have_attribute("data-phase", "gone")
    expect(track).to_contain_text("Results are kept for a short time only.")
    page.goto(f"{brief.url}/#/report/{token}")
    expect(page.get_by_role("alert")).to_contain_text("The result has expired")
    expect(page.get_by_role("alert")).to_contain_text("It expired on")
    page.get_by_role("link", name="Tracks").click()
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(page.locator(".track")).to_have_count(0)
    answer = page.goto(f"{brief.url}/report/{token}")
    assert answer is not None and answer.status == 410
    expect(page.locator("h1")).to_have_text("This report has expired")
    expect(page.locator("time")).to_contain_text(re.compile(r"\w+ \d+, 20\d\d|\d+ \w+ 20\d\d"))


def test_an_expired_track_can_be_sent_again(visit: Open, brief: Service) -> None:
    page = visit(brief, expected="status of 410")
    choose(page, noise("anew.wav"))
    track = row(page, "anew.wav")
    expect(track).to_have_attribute("data-phase", "gone", timeout=60_000)
    page.get_by_role("button", name="Try anew.wav again").click()
    expect(track).to_have_attribute("data-stage", "done", timeout=60_000)


def test_a_token_that_nobody_has_is_told_kindly(visit: Open, held: Service) -> None:
    page = visit(held, f"/#/report/{secrets.token_urlsafe(16)}", expected="status of 404")
    expect(page.get_by_role("alert")).to_contain_text("There is no such result")
    page.goto(f"{held.url}/report/{secrets.token_urlsafe(16)}")
    expect(page.locator("h1")).to_have_text("This report is not there")
    page.get_by_role("link", name="Upload a track").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
