"""The Live tab: what is heard is what is measured, and every way to fail is told."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, Page, expect

from loudscope import analyze

from ..served import Service
from ..waiting import wait
from .conftest import Open, Serve

LISTEN = {"permissions": ["microphone"]}
NUMBER = re.compile(r"^−?\d+\.\d LUFS")


def _start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()


def _tile(page: Page, name: str) -> Locator:
    tile = page.locator(".tile").filter(has=page.get_by_text(name, exact=True))
    return tile.locator(".value")


def _tones(path: Path, seconds: int) -> Path:
    """Tones that change their level; no band of them is lost at another rate."""
    at = np.arange(seconds * 48000) / 48000
    level = np.where(at < seconds / 2, 0.05, 0.2)
    left, right = (level * np.sin(2 * np.pi * hertz * at) for hertz in (997.0, 440.0))
    soundfile.write(path, np.stack([left, right], axis=1), 48000)
    return path


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Four seconds."""
    return _tones(tmp_path / "tune.wav", 4)


@pytest.fixture
def long_tune(tmp_path: Path) -> Path:
    """Long enough to do something while it plays, on a busy machine."""
    return _tones(tmp_path / "long.wav", 9)


def _play(page: Page, path: Path) -> None:
    page.get_by_role("radio", name="A file").check()
    page.get_by_label("File to play").set_input_files(path)
    _start(page)


def test_the_microphone_is_metered(visit: Open, held: Service) -> None:
    page = visit(held, "/#/live", **LISTEN)
    _start(page)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    meter = page.get_by_role("meter", name="Short-term")
    expect(meter).to_have_attribute("aria-valuetext", NUMBER)  # after 3 s
    expect(page.get_by_role("meter", name="Correlation of left and right")).to_be_visible()
    for channel in ("Left", "Right"):
        expect(page.get_by_role("meter", name=channel, exact=True)).to_be_visible()
    for band in ("Sub", "Bass", "Low-mids", "Mids", "High-mids", "Air"):
        expect(page.get_by_role("meter", name=band, exact=True)).to_be_visible()
    expect(page.locator(".history canvas")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    expect(_tile(page, "Integrated")).to_have_text(NUMBER)
    wait(lambda: held.app.state.site.live.taken == 0)


def test_a_file_that_was_played_has_the_figures_of_the_library(
    visit: Open, held: Service, tune: Path
) -> None:
    """The browser may resample the file to the device's rate, so 0.1 LU are allowed."""
    page = visit(held, "/#/live")
    _play(page, tune)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    found = analyze(tune)
    for name, figure in (
        ("Integrated", found.integrated),
        ("Max momentary", found.momentary_max),
        ("Max short-term", found.short_term_max),
    ):
        assert figure is not None
        shown = float(_tile(page, name).inner_text().split()[0].replace("−", "-"))
        assert shown == pytest.approx(figure, abs=0.1 + 0.05), name
    expect(_tile(page, "Measured")).to_have_text("0:04")


def test_a_pause_of_the_file_is_a_pause_of_the_meter(
    visit: Open, held: Service, long_tune: Path
) -> None:
    page = visit(held, "/#/live")
    _play(page, long_tune)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    page.locator("audio").evaluate("(it) => it.pause()")
    expect(page.locator(".standing .pill")).to_have_text("Paused")
    page.wait_for_timeout(500)
    before = _tile(page, "Measured").inner_text()
    page.wait_for_timeout(1500)
    expect(_tile(page, "Measured")).to_have_text(before)
    page.locator("audio").evaluate("(it) => it.play()")
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    expect(_tile(page, "Measured")).to_have_text("0:09")


def test_playing_the_file_starts_the_meter_and_playing_it_again_a_new_one(
    visit: Open, held: Service, long_tune: Path
) -> None:
    page = visit(held, "/#/live")
    _play(page, long_tune)
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    expect(_tile(page, "Measured")).to_have_text("0:09")
    # As its own controls would: the page pauses it until all of it is heard, which rejects `play`.
    page.locator("audio").evaluate("(it) => { it.play().catch(() => {}); }")
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    expect(_tile(page, "Measured")).to_have_text(re.compile("0:0[1-7]"))
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    expect(_tile(page, "Measured")).to_have_text("0:09")


def test_the_history_is_saved(visit: Open, held: Service, tune: Path) -> None:
    page = visit(held, "/#/live")
    _play(page, tune)
    expect(page.locator(".standing .pill")).to_have_text("Stopped")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    lines = Path(download.value.path()).read_text("utf-8").split()
    assert lines[0] == "seconds,momentary_lufs,short_term_lufs,integrated_lufs"
    seconds = [float(line.split(",")[0]) for line in lines[1:]]
    assert seconds == sorted(seconds) and seconds[-1] == pytest.approx(4.0, abs=0.5)
    assert 30 <= len(seconds) <= 60  # ten a second, and one more where a busy browser paused


def test_a_target_is_held_against_it(visit: Open, held: Service, tune: Path) -> None:
    page = visit(held, "/#/live")
    page.get_by_label("Target").select_option("r128")
    _play(page, tune)
    expect(page.locator(".tiles.live .tile.warn")).to_contain_text("LU above −23.0")
    expect(page.locator(".tiles.live")).to_contain_text("at most −1.0")


def test_leaving_the_tab_ends_the_session(visit: Open, held: Service) -> None:
    page = visit(held, "/#/live", **LISTEN)
    _start(page)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    assert held.app.state.site.live.taken == 1
    page.get_by_role("link", name="Tracks").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    wait(lambda: held.app.state.site.live.taken == 0)


def test_a_microphone_that_is_not_allowed(visit: Open, held: Service) -> None:
    page = visit(held, "/#/live")
    _start(page)
    expect(page.get_by_role("alert").last).to_contain_text("Allow the microphone")
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_a_machine_without_a_microphone(visit: Open, held: Service) -> None:
    page = visit(held, "/#/live", **LISTEN)
    page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException("Requested device not found", "NotFoundError")); }"""
    )
    _start(page)
    expect(page.get_by_role("alert").last).to_contain_text("There is no microphone.")


def test_what_is_shared_without_sound(visit: Open, held: Service) -> None:
    page = visit(held, "/#/live")
    page.evaluate(
        """() => { navigator.mediaDevices.getDisplayMedia = async () =>
            document.createElement("canvas").captureStream(); }"""
    )
    page.get_by_role("radio", name="A tab's sound").check()
    _start(page)
    expect(page.get_by_role("alert").last).to_contain_text("What was shared has no sound.")


def test_the_sound_of_a_tab_is_metered_until_it_is_shared_no_more(
    visit: Open, held: Service
) -> None:
    """BS.1770: a sine of -20 dBFS on both sides has -20.7 LUFS at 440 Hz, where K weighs 0 dB."""
    # Chromium asks for the camera's policy, too, whenever pictures of a tab are shared.
    page = visit(held, "/#/live", expected="camera is not allowed")
    page.evaluate(
        """() => {
            const context = new AudioContext();
            const tone = new OscillatorNode(context, { frequency: 440 });
            tone.connect(new GainNode(context, { gain: 0.1 })).connect(context.destination);
            tone.start();
            const real = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getDisplayMedia = async (wanted) => {
                window.shared = await real({ ...wanted, preferCurrentTab: true });
                return window.shared;
            };
        }"""
    )
    page.get_by_role("radio", name="A tab's sound").check()
    _start(page)
    expect(page.get_by_role("meter", name="Momentary")).to_have_attribute(
        "aria-valuetext", "−20.7 LUFS"
    )
    page.evaluate("window.shared.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.locator(".standing .pill")).to_have_text("Stopped")


def test_every_place_is_taken(visit: Open, serve: Serve) -> None:
    service = serve(live={"sessions": 1})
    first = visit(service, "/#/live", **LISTEN)
    _start(first)
    expect(first.locator(".standing .pill")).to_have_text("Measuring")
    second = visit(service, "/#/live", **LISTEN)
    _start(second)
    expect(second.get_by_role("alert").last).to_contain_text("All places of the live meter")
    first.get_by_role("button", name="Stop").click()
    expect(first.locator(".standing .pill")).to_have_text("Stopped")
    _start(second)
    expect(second.locator(".standing .pill")).to_have_text("Measuring")


def test_a_session_that_hears_nothing_or_lasts_too_long(
    visit: Open, serve: Serve, long_tune: Path
) -> None:
    limits = {"idle_seconds": 1.5, "total_seconds": 4.0}
    service = serve(live=limits)
    page = visit(service, "/#/live")
    _play(page, long_tune)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")
    page.locator("audio").evaluate("(it) => it.pause()")
    expect(page.get_by_role("alert").last).to_contain_text("No sound came for a while")
    _start(page)
    expect(page.get_by_role("alert").last).to_contain_text("A session may last only so long.")
    expect(_tile(page, "Integrated")).to_have_text(NUMBER)


def test_a_key_is_asked_for_live(visit: Open, serve: Serve) -> None:
    service = serve(api_keys={"schlüssel"})
    page = visit(service, "/#/live", expected="WebSocket connection", **LISTEN)
    page.get_by_label("This server wants an API key:").fill("wrong")
    page.get_by_role("button", name="Use this key").click()
    _start(page)
    expect(page.get_by_role("alert").last).to_contain_text("does not let this page in")
    page.get_by_label("The server does not accept this API key.").fill("schlüssel")
    page.get_by_role("button", name="Use this key").click()
    _start(page)
    expect(page.locator(".standing .pill")).to_have_text("Measuring")


def test_a_connection_that_is_too_slow_is_told(visit: Open, held: Service) -> None:
    """What waits to be sent is bounded, and what is left out is counted."""
    page = visit(held, "/#/live", **LISTEN)
    page.evaluate(
        """Object.defineProperty(WebSocket.prototype, "bufferedAmount",
            { configurable: true, get: () => 1e8 })"""
    )
    _start(page)
    expect(page.locator(".standing")).to_contain_text("The connection is too slow:")


def test_a_server_without_live_metering(visit: Open, serve: Serve) -> None:
    service = serve(live={"sessions": 0})
    page = visit(service, "/#/live")
    expect(page.get_by_text("This server does not meter live.")).to_be_visible()
