"""A real Chromium that visits a real service, and complains of all that is not as it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page

from ...browser import launched
from ..served import EXAMPLE, Service, holding, wav, working

MEDIA = (
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--autoplay-policy=no-user-gesture-required",
    "--auto-accept-this-tab-capture",
)
Open = Callable[..., Page]
Serve = Callable[..., Service]


@pytest.fixture(scope="package")  # while it is open, no other test here can run an event loop
def browser() -> Iterator[Browser]:
    with launched(*MEDIA, heard=True) as browser:
        yield browser


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that works."""
    with working(tmp_path_factory.mktemp("shop")) as service:
        yield service


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts services whose work is done by the test, or that work themselves.

    They end after the pages that `visit` opened: a page whose server goes complains.
    """
    with ExitStack() as services:

        def serve(works: bool = False, **settings: Any) -> Service:
            started = (working if works else holding)(tmp_path / "service", **settings)
            return services.enter_context(started)

        yield serve


@pytest.fixture
def held(serve: Serve) -> Service:
    """A service whose work is done by the test."""
    return serve()


@pytest.fixture
def visit(browser: Browser, serve: Serve) -> Iterator[Open]:
    """Opens a service's page.

    An error, a warning, a dialog or a request to anybody else fails the test. A browser itself
    complains of each refused request: a test that provokes one names it in `expected`.
    """
    complaints: list[str] = []
    contexts = []

    def visit(service: Service, path: str = "/", expected: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()

        def complain(text: str) -> None:
            if not expected or not re.search(expected, text):
                complaints.append(text)

        page.on("console", lambda message: complain(message.text))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("dialog", lambda dialog: complain(dialog.message))
        page.on("request", lambda request: _note(request.url, service, complaints))
        page.on("websocket", lambda socket: _note(socket.url, service, complaints))
        page.goto(service.url + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def _note(url: str, service: Service, complaints: list[str]) -> None:
    if not url.startswith((f"{service.url}/", f"{service.ws}/", "data:", "blob:")):
        complaints.append(url)


def noise(name: str, seconds: float = 1.0, seed: int = 0, **form: int) -> FilePayload:
    """A file of quiet noise, as a person would choose it."""
    return {
        "name": name,
        "mimeType": "audio/wav",
        "buffer": wav(seconds, seed, **form),
    }


def text(name: str, content: str) -> FilePayload:
    """A file that is not audio, whatever its name says."""
    return {"name": name, "mimeType": "audio/wav", "buffer": content.encode()}


def choose(page: Page, *files: FilePayload | Path) -> None:
    """Chooses files to be uploaded."""
    chooser = page.locator("input[type=file]").first
    if isinstance(files[0], Path):
        chooser.set_input_files([file for file in files if isinstance(file, Path)])
    else:
        chooser.set_input_files([file for file in files if not isinstance(file, Path)])


def row(page: Page, name: str) -> Locator:
    """The row of a track in the list."""
    return page.locator(".track").filter(has=page.get_by_role("heading", name=name, exact=True))


def token_of(page: Page) -> str:
    """The newest token of the browser's list."""
    stored = page.evaluate("JSON.parse(localStorage.getItem('loudscope-tracks'))[0].token")
    return str(stored)


__all__ = ["EXAMPLE", "Open", "Serve", "choose", "noise", "row", "text", "token_of"]
