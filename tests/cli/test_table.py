"""What a person reads."""

from __future__ import annotations

import pytest

import loudscope

from .conftest import Record, Run


def level(value: float | None, decimals: int = 1) -> str:
    assert value is not None
    return f"{value:.{decimals}f}"


def test_one_file_shows_every_figure(run: Run, record: Record) -> None:
    """A single file is shown in detail: the figures of the API to 0.01, and their units."""
    path = record("track.wav", 6)
    expected = loudscope.analyze(path)
    answer = run("track.wav")
    assert (answer.returncode, answer.stderr) == (0, "")
    rows = {line[:19].strip(): line[19:].split() for line in answer.stdout.splitlines()}
    assert "48000 Hz, stereo (L R), 0:06.0" in answer.stdout
    assert rows["Integrated"] == [level(expected.integrated, 2), "LUFS"]
    assert rows["Loudness range"][:2] == [level(expected.loudness_range, 2), "LU"]
    assert rows["Max momentary"][:2] == [level(expected.momentary_max, 2), "LUFS"]
    assert rows["Max short-term"][:2] == [level(expected.short_term_max, 2), "LUFS"]
    assert rows["True peak"][:2] == [level(expected.true_peak, 2), "dBTP"]
    assert rows["PLR"][:2] == [level(expected.plr, 2), "dB"]


def test_one_file_shows_six_bands_with_bars(run: Run, record: Record) -> None:
    """White noise has more energy the wider the band: the bars grow from Sub to Air."""
    path = record("noise.wav")
    answer = run("noise.wav")
    bars = []
    profile = loudscope.band_profile(path)
    for band in profile.bands:
        line = next(it for it in answer.stdout.splitlines() if it.startswith(f"{band.name} "))
        assert level(band.level, 2) in line.split()
        bars.append(line.count("━"))
    assert len(bars) == 6
    assert bars == sorted(bars)
    assert bars[0] < bars[-1] <= 24


def test_several_files_make_a_table(run: Run, record: Record) -> None:
    """One row per file, in the order of the arguments, with the figures of the API."""
    paths = [record("loud.wav", 5, gain=0.3), record("a quiet one.wav", 4, gain=0.01)]
    answer = run("loud.wav", "a quiet one.wav")
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert " ".join(lines[0].split()) == "I LRA max M max S true pk PLR"
    assert lines[1].split() == [
        "file",
        "time",
        *["LUFS", "LU", "LUFS", "LUFS", "dBTP", "dB", "notes"],
    ]
    for line, path, time in zip(lines[3:5], paths, ("0:05.0", "0:04.0"), strict=True):
        expected = loudscope.analyze(path)
        figures = (
            *(expected.integrated, expected.loudness_range, expected.momentary_max),
            *(expected.short_term_max, expected.true_peak, expected.plr),
        )
        assert line.split() == [*path.name.split(), time, *map(level, figures), "1"]
    assert lines[-1].startswith("1  shorter than 60 s")


def test_a_figure_that_does_not_exist_is_a_dash_with_a_note(run: Run, record: Record) -> None:
    """Tech 3341: no integrated loudness below 400 ms; the reason stands below the table."""
    record("short.wav", 0.2)
    record("long.wav", 61)
    answer = run("short.wav", "long.wav")
    row = next(line for line in answer.stdout.splitlines() if line.startswith("short.wav"))
    assert row.split()[1:6] == ["0:00.2", "-", "-", "-", "-"]
    assert row.split()[-1] == "1"
    assert answer.stdout.splitlines()[-1].startswith("1  too short: ")


def test_the_detail_says_why_figures_do_not_exist(run: Run, record: Record) -> None:
    """Absent figures have no line of their own; one line names all that share a reason."""
    path = record("short.wav", 1, channels=1)
    answer = run("short.wav")
    assert "Max short-term" not in answer.stdout
    reason = next(it for it in loudscope.analyze(path).notes if it.figure == "short_term_max")
    assert answer.stdout.count(reason.message.partition(": ")[2]) == 1
    assert "no short_term_max, loudness_range" in answer.stdout


def test_album_adds_a_row(run: Run, record: Record) -> None:
    """--album pools the tables with `+`, as the API does."""
    one, two = record("one.wav", 5, gain=0.3), record("two.wav", 4, gain=0.01)
    tables = [loudscope.analyze(path).table for path in (one, two)]
    pooled = loudscope.Analysis(tables[0] + tables[1], False, "album")
    answer = run("one.wav", "two.wav", "--album")
    row = next(it for it in answer.stdout.splitlines() if it.startswith("album of 2 files"))
    assert row.split()[4:7] == ["0:09.0", level(pooled.integrated), level(pooled.loudness_range)]


@pytest.mark.parametrize("columns", [80, 100])
def test_a_narrow_terminal_cuts_no_figure(run: Run, record: Record, columns: int) -> None:
    """Long names wrap; the figures stay whole, and no line is wider than the terminal."""
    paths = [record(f"A name that is rather long, number {n}.wav") for n in range(2)]
    answer = run(*(path.name for path in paths), COLUMNS=str(columns))
    assert max(map(len, answer.stdout.splitlines())) <= columns
    for path in paths:
        assert f" {level(loudscope.analyze(path).integrated)} " in answer.stdout
    assert "…" not in answer.stdout


def test_names_are_shown_below_the_directory_that_they_share(run: Run, record: Record) -> None:
    """The common directory is named once."""
    record("album/disc 1/a.wav")
    record("album/disc 2/b.wav")
    lines = run("album", COLUMNS="80").stdout.splitlines()
    assert lines[0].replace("\\", "/").rstrip() == "album/"
    assert [line[:12].replace("\\", "/") for line in lines[4:6]] == ["disc 1/a.wav", "disc 2/b.wav"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_an_old_code_page_takes_every_name(run: Run, record: Record, encoding: str) -> None:
    """What the encoding of stdout lacks becomes an escape or plain ASCII, never an error."""
    record("日本 é.wav")
    record("b.wav")
    for arguments in (["日本 é.wav"], ["日本 é.wav", "b.wav"]):
        answer = run(*arguments, encoding=encoding)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert answer.stdout.isascii() or encoding != "ascii"
        assert "\\u65e5\\u672c" in answer.stdout


def test_control_characters_do_not_reach_the_terminal(run: Run, damaged: str) -> None:
    """A name cannot move the cursor: escapes are written out, and an error is one line."""
    answer = run("red\x1b[31m\nname.wav")
    assert answer.returncode == 1
    assert "\x1b" not in answer.stderr
    assert answer.stderr.startswith("loudscope: red\\x1b[31m\\nname.wav: ")
    assert answer.stderr.count("\n") == 1
