"""From a file to its report, in a browser."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from loudscope.report import report
from loudscope.service._records import Stage
from loudscope.service._tokens import digest

from ..served import Service
from ..waiting import wait
from .conftest import EXAMPLE, Open, choose, noise, row, token_of


def test_a_track_is_followed_to_its_report(visit: Open, shop: Service) -> None:
    page = visit(shop)
    page.get_by_label("Target").select_option("spotify")
    page.get_by_label("Genre").select_option("pop")
    choose(page, EXAMPLE)
    track = row(page, EXAMPLE.name)
    expect(track).to_have_attribute("data-stage", "done", timeout=60_000)
    made = report(EXAMPLE, genre="pop", target="spotify")
    loud = made.inspection.analysis.integrated
    assert loud is not None
    expect(track).to_contain_text(made.feedback.verdict.replace("_", " ").capitalize())
    expect(track.locator("dd").first).to_have_text(f"−{-loud:.1f} LUFS")
    expect(track).to_contain_text("Spotify, normal: fails")
    track.get_by_role("link", name=f"Report of {EXAMPLE.name}", exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text(EXAMPLE.name)
    expect(frame.locator("#verdict h3").first).to_have_text("Minor fixes")
    expect(frame.get_by_label("Target")).to_have_value("spotify")
    page.get_by_role("link", name="Tracks").click()
    expect(row(page, EXAMPLE.name)).to_have_attribute("data-stage", "done")


def test_every_stage_is_shown(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, noise("steps.wav"))
    track = row(page, "steps.wav")
    expect(track.locator(".pill")).to_have_text("Queued")
    (task,) = held.tasks
    for stage, progress, words in (
        (Stage.DECODING, 0.0, "Decoding"),
        (Stage.MEASURING, 0.25, "Measuring, 25 %"),
        (Stage.MEASURING, 0.75, "Measuring, 75 %"),
    ):
        time.sleep(0.01)  # the claim before it has to lapse
        held.advance(task.id, stage, progress)
        expect(track.locator(".pill")).to_have_text(words)
        expect(page.get_by_role("progressbar", name=f"steps.wav: {words}")).to_be_visible()
    time.sleep(0.01)
    held.measure(task.id)
    expect(track.locator(".pill")).to_have_text("Judging")
    held.judge(digest(token_of(page)))
    expect(track).to_have_attribute("data-stage", "done")
    expect(page.get_by_role("status").last).to_contain_text("steps.wav: done.")


def test_a_track_that_waits_tells_how_many_are_before_it(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, noise("first.wav", seed=1))
    expect(row(page, "first.wav").locator(".pill")).to_have_text("Queued")
    choose(page, noise("second.wav", seed=2))
    expect(row(page, "second.wav").locator(".pill")).to_have_text("Queued, 1 before it")


def test_several_files_are_done_one_after_the_other(visit: Open, shop: Service) -> None:
    page = visit(shop)
    names = [f"take {number}.wav" for number in range(5)]
    choose(page, *(noise(name, seed=10 + at) for at, name in enumerate(names)))
    for name in names:
        expect(row(page, name)).to_have_attribute("data-stage", "done", timeout=60_000)
    expect(page.get_by_text("5 of 5 done")).to_be_visible()
    expect(page.locator(".track h3")).to_have_text(names)


def test_a_file_that_was_sent_twice_is_measured_once(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, noise("one.wav", seed=3))
    expect(row(page, "one.wav")).to_have_attribute("data-stage", "queued")
    choose(page, noise("same.wav", seed=3))
    expect(row(page, "same.wav")).to_have_attribute("data-stage", "queued")
    (task,) = {task for task in held.tasks if task.kind == "measure"}
    held.measure(task.id)
    for name in ("one.wav", "same.wav"):
        expect(row(page, name).locator(".pill")).to_have_text("Judging")


def test_a_reference_goes_with_the_track(visit: Open, shop: Service) -> None:
    page = visit(shop)
    page.locator("input[type=file]").nth(1).set_input_files([noise("reference.wav", 4.0, seed=5)])
    expect(page.get_by_text("reference.wav")).to_be_visible()
    choose(page, noise("mine.wav", 4.0, seed=6))
    track = row(page, "mine.wav")
    expect(track).to_contain_text("with a reference")
    expect(track).to_have_attribute("data-stage", "done", timeout=60_000)
    track.get_by_role("link", name="Report of mine.wav", exact=True).click()
    expect(page.frame_locator("iframe").locator("#reference-title")).to_be_visible()


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_files_may_be_dropped_and_pasted_anywhere(visit: Open, held: Service, way: str) -> None:
    page = visit(held)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.evaluate(
        """(way) => {
            const carried = new DataTransfer();
            carried.items.add(new File(["RIFF"], "carried.wav", { type: "audio/wav" }));
            const options = { bubbles: true, cancelable: true };
            document.body.dispatchEvent(way === "drop"
                ? new DragEvent("drop", { ...options, dataTransfer: carried })
                : new ClipboardEvent("paste", { ...options, clipboardData: carried }));
        }""",
        way,
    )
    expect(row(page, "carried.wav")).to_have_attribute("data-stage", "queued")


def test_an_upload_tells_how_far_it_is_and_can_be_cancelled(visit: Open, held: Service) -> None:
    page = visit(held)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    network.send("Network.emulateNetworkConditions", slow)
    choose(page, noise("slow.wav", 20.0))
    bar = page.get_by_role("progressbar", name="slow.wav: Uploading, ")
    expect(bar).to_have_attribute("value", re.compile(r"^0\.\d"))
    page.get_by_role("button", name="Cancel slow.wav").click()
    expect(row(page, "slow.wav")).to_have_count(0)
    assert held.tasks == []


def test_cancelling_ends_the_work_at_the_server(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, noise("away.wav"))
    expect(row(page, "away.wav")).to_have_attribute("data-stage", "queued")
    token = token_of(page)
    page.get_by_role("button", name="Cancel away.wav").click()
    expect(row(page, "away.wav")).to_have_count(0)
    wait(lambda: held.parts.store.result(digest(token), time.time()) is None)
    wait(lambda: held.parts.store.counts(time.time()).queued == 0)


def test_deleting_takes_the_report_off_the_server(visit: Open, shop: Service) -> None:
    page = visit(shop, expected="status of 404")
    choose(page, noise("old.wav", seed=7))
    expect(row(page, "old.wav")).to_have_attribute("data-stage", "done", timeout=60_000)
    token = token_of(page)
    page.get_by_role("button", name="Delete old.wav").click()
    expect(row(page, "old.wav")).to_have_count(0)
    wait(lambda: page.request.get(f"{shop.url}/result/{token}").status == 404)
    page.goto(f"{shop.url}/report/{token}")
    expect(page.locator("h1")).to_have_text("This report is not there")


def test_a_browser_remembers_its_tracks_until_it_is_told_to_forget(
    visit: Open, shop: Service
) -> None:
    page = visit(shop)
    choose(page, noise("kept.wav", seed=8), noise("too.wav", seed=9))
    for name in ("kept.wav", "too.wav"):
        expect(row(page, name)).to_have_attribute("data-stage", "done", timeout=60_000)
    page.reload()
    expect(page.get_by_text("2 of 2 done")).to_be_visible()
    another = page.context.new_page()
    another.goto(shop.url)
    expect(row(another, "kept.wav")).to_have_attribute("data-stage", "done")
    token = token_of(page)
    page.get_by_role("button", name="Forget this list").click()
    expect(page.locator(".track")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    expect(page.locator(".track")).to_have_count(0)
    assert page.request.get(f"{shop.url}/result/{token}").status == 200  # until it expires


def test_an_address_of_a_report_that_is_not_done_waits_for_it(visit: Open, held: Service) -> None:
    page = visit(held)
    choose(page, noise("soon.wav"))
    expect(row(page, "soon.wav")).to_have_attribute("data-stage", "queued")
    token = token_of(page)
    page.goto(f"{held.url}/report/{token}")
    expect(page.get_by_text("The report opens here when it is made.")).to_be_visible()
    held.measure(held.tasks[0].id)
    held.judge(digest(token))
    expect(page.frame_locator("iframe").get_by_text("report")).to_be_visible()


def test_choices_are_remembered(visit: Open, held: Service, tmp_path: Path) -> None:
    page = visit(held)
    page.get_by_label("Genre").select_option("jazz")
    page.get_by_label("Target").select_option("r128")
    page.reload()
    expect(page.get_by_label("Genre")).to_have_value("jazz")
    expect(page.get_by_label("Target")).to_have_value("r128")
