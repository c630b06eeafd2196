"""Reports of many tracks: one each, and an index with the worst first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import loudscope
from loudscope.report import Written, write_folder

from .conftest import Open

Noise = Callable[..., Path]


def test_each_track_has_its_report_and_the_index_its_link(
    tmp_path: Path, noise: Noise, open_page: Open
) -> None:
    """A track that is no audio stops no other, and two of one name get two reports."""
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no audio")
    loud = noise("a/take.wav", gain=1.0)
    sources = [noise("quiet.wav", gain=0.05), broken, loud, noise("b/take.wav")]
    seen: list[Written] = []
    found = write_folder(
        sources, tmp_path / "out", target="r128", genre="rock", reference=[loud], done=seen.append
    )
    assert [one.source for one in found] == [str(path) for path in sources]
    assert sorted(one.source for one in seen) == sorted(one.source for one in found)
    assert [one.path.name if one.path else None for one in found] == [
        *("quiet.wav.html", None, "take.wav.html", "take.wav (2).html"),
    ]
    assert isinstance(found[1].error, loudscope.UnknownFormat)
    page = open_page(tmp_path / "out" / "index.html")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.last).to_contain_text("not measured")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="quiet.wav").click()
    expect(page.locator("section h2")).to_have_count(7)


def test_an_error_of_the_caller_cancels_the_rest(tmp_path: Path, noise: Noise) -> None:
    def stop(_: Written) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder([noise(f"{n}.wav") for n in range(6)], tmp_path / "out", threads=1, done=stop)
    assert not (tmp_path / "out" / "index.html").exists()
    assert len(list((tmp_path / "out").iterdir())) < 6


def test_a_place_that_is_a_file_is_a_file_error(tmp_path: Path, noise: Noise) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(loudscope.FileError, match="folder"):
        write_folder([noise("a.wav")], tmp_path / "out")


def test_other_formats_have_their_index_too(tmp_path: Path, noise: Noise) -> None:
    write_folder([noise("a.wav")], tmp_path / "out", format="md")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.wav.md", "index.html"]
