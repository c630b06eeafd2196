"""`loudscope FILE --plot`: loudness over time below the figures."""

from __future__ import annotations

import pytest

import loudscope

from .conftest import Record, Run


def test_below_the_figures_of_one_file(run: Run, record: Record) -> None:
    path = record("track.wav", 8.0)
    plain, drawn = run("track.wav"), run("track.wav", "--plot")
    assert (drawn.returncode, drawn.stderr) == (0, "")
    chart = loudscope.analyze(path).chart(120)
    assert drawn.stdout == f"{plain.stdout}\n{chart}\n"


def test_below_the_table_of_many_each_under_its_name(run: Run, record: Record) -> None:
    paths = [record(name, 5.0) for name in ("a.wav", "b.wav")]
    answer = run("a.wav", "b.wav", "--plot", "--album")
    plain = run("a.wav", "b.wav", "--album")
    assert answer.stdout.startswith(plain.stdout)
    charts = answer.stdout.removeprefix(plain.stdout)
    album = loudscope.BlockTable.album([loudscope.scan(path) for path in paths])
    expected = [loudscope.analyze(path).chart(120) for path in paths]
    expected.append(loudscope.Analysis(album).chart(120))
    names = ("a.wav", "b.wav", "album of 2 files")
    assert charts == "".join(
        f"\n{name}\n{chart}\n" for name, chart in zip(names, expected, strict=True)
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_where_the_encoding_has_no_blocks_it_is_ascii(
    run: Run, record: Record, encoding: str
) -> None:
    record("track.wav", 8.0)
    answer = run("track.wav", "--plot", encoding=encoding)
    assert answer.stdout.isascii()
    assert "####" in answer.stdout


@pytest.mark.parametrize("columns", ["40", "66", "200"])
def test_as_wide_as_the_terminal(run: Run, record: Record, columns: str) -> None:
    record("track.wav", 8.0)
    chart = run("track.wav", "--plot", COLUMNS=columns).stdout.split("short-term")[-1]
    assert max(map(len, chart.splitlines()[1:])) in range(int(columns) - 12, int(columns) + 1)


def test_what_has_no_loudness_says_so(run: Run, record: Record) -> None:
    record("click.wav", 0.1)
    answer = run("click.wav", "--plot")
    assert answer.returncode == 0
    assert "no whole window of 0.4 s" in answer.stdout.splitlines()[-1]


@pytest.mark.parametrize("form", ["--json", "--csv", "--ndjson"])
def test_machines_get_no_pictures(run: Run, record: Record, form: str) -> None:
    record("track.wav")
    answer = run("track.wav", "--plot", form)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"argument --plot: it draws for people, not beside {form}" in answer.stderr


def test_colours_where_they_are_forced(run: Run, record: Record) -> None:
    record("track.wav", 8.0)
    plain = run("track.wav", "--plot").stdout
    coloured = run("track.wav", "--plot", FORCE_COLOR="1", TERM="xterm").stdout
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured.split("short-term")[-1]
