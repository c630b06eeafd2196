"""What programs read: --json, --csv and --ndjson."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

import loudscope
from loudscope._cli.export import CSV_COLUMNS, SCHEMA_VERSION

from .conftest import Record, Run


def strict(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    assert text.isascii()
    document: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return document


def as_json(path: Path) -> dict[str, Any]:
    """The figures of the API as they come out of strict JSON."""
    return said_once(loudscope.analyze(path))


def said_once(analysis: loudscope.Analysis) -> dict[str, Any]:
    """`to_dict` without the version of its schema, which the answer as a whole carries."""
    figures: dict[str, Any] = json.loads(analysis.to_json())
    assert figures.pop("schema_version") == SCHEMA_VERSION
    return figures


def test_json_is_one_object(run: Run, record: Record) -> None:
    """`schema_version`, the version, and per file its path and the figures of `to_dict`."""
    paths = [record("one.wav"), record("two é.wav", 0.2)]
    answer = run("one.wav", "two é.wav", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert strict(answer.stdout) == {
        "schema_version": SCHEMA_VERSION,
        "loudscope": loudscope.__version__,
        "files": [{"file": path.name, **as_json(path)} for path in paths],
    }


def test_json_of_one_file_has_the_same_shape(run: Run, record: Record) -> None:
    """A list of one: nobody has to tell two shapes apart."""
    path = record("one.wav")
    assert strict(run("one.wav", "--json").stdout)["files"] == [
        {"file": "one.wav", **as_json(path)}
    ]


def test_digital_silence_is_strict_json(run: Run, record: Record) -> None:
    """Silence has no level: null, never -Infinity."""
    record("silence.wav", gain=0.0)
    (silence,) = strict(run("silence.wav", "--json").stdout)["files"]
    assert silence["loudness"]["integrated"] is None
    assert silence["peaks"]["true_peak"] is None


def test_json_of_a_failure(run: Run, record: Record, damaged: Path) -> None:
    """A file that fails is an object with `error`, in its place among the others."""
    record("one.wav")
    answer = run(damaged.name, "one.wav", "missing.wav", "--json")
    assert answer.returncode == 1
    bad, good, missing = strict(answer.stdout)["files"]
    assert bad["file"] == damaged.name
    assert bad["error"]["type"] == "UnknownFormat"
    assert bad["error"]["message"]
    assert good["file"] == "one.wav"
    assert "error" not in good
    assert missing["error"]["type"] == "FileError"
    assert set(missing) == {"file", "error"}


def test_json_album_equals_the_pooled_tables(run: Run, record: Record) -> None:
    """The album is `a + b` of the files' tables, not a mean of their figures."""
    one, two = record("one.wav", 5, gain=0.3), record("two.wav", 4, gain=0.01)
    table = loudscope.analyze(one).table + loudscope.analyze(two).table
    pooled = loudscope.Analysis(table, False, "album")
    answer = strict(run("one.wav", "two.wav", "--album", "--json").stdout)
    assert answer["album"] == said_once(pooled)
    assert len(answer["files"]) == 2


def test_ndjson_has_a_line_per_file_and_one_for_the_album(
    run: Run, record: Record, damaged: Path
) -> None:
    """Each line is an object that stands for itself."""
    path = record("one.wav")
    record("two.wav")
    answer = run("one.wav", "two.wav", damaged.name, "--ndjson", "--album")
    lines = [strict(line) for line in answer.stdout.splitlines()]
    assert all(line["schema_version"] == SCHEMA_VERSION for line in lines)
    files = {line["file"]: line for line in lines[:-1]}
    assert set(files) == {"one.wav", "two.wav", damaged.name}
    assert files["one.wav"] == {
        "schema_version": SCHEMA_VERSION,
        "file": "one.wav",
        **as_json(path),
    }
    assert files[damaged.name]["error"]["type"] == "UnknownFormat"
    assert lines[-1]["album"]["duration"] == 8.0


def test_csv_columns_are_stable() -> None:
    """A column that a release has had keeps its name and its place."""
    columns = (
        "kind file duration_s rate_hz channels layout mono integrated_lufs relative_threshold_lufs "
        "loudness_range_lu loudness_range_low_lufs loudness_range_high_lufs momentary_max_lufs "
        "momentary_max_at_s short_term_max_lufs short_term_max_at_s true_peak_dbtp true_peak_at_s "
        "true_peak_channel sample_peak_dbfs clipped_samples plr_db psr_min_db psr_p10_db "
        "crest_factor_db rms_dbfs balance_db correlation mid_side_ratio_db mono_loss_lu "
        "band_sub_dbfs band_bass_dbfs band_low_mids_dbfs band_mids_dbfs band_high_mids_dbfs "
        "band_air_dbfs notes error"
    )
    assert " ".join(CSV_COLUMNS) == columns


def test_csv_has_a_row_per_file(run: Run, record: Record, damaged: Path) -> None:
    """Rows in the order of the arguments; floats to the last digit; failures keep their row."""
    path = record("one, with a comma.wav", channels=1)
    answer = run(path.name, damaged.name, "--csv", "--album")
    assert answer.returncode == 1
    rows = list(csv.DictReader(io.StringIO(answer.stdout), strict=True))
    assert [(row["kind"], row["file"]) for row in rows] == [
        ("file", path.name),
        ("file", damaged.name),
        ("album", ""),
    ]
    assert all(tuple(row) == CSV_COLUMNS for row in rows)
    expected = loudscope.analyze(path)
    for column, figure in (
        ("duration_s", expected.duration),
        ("integrated_lufs", expected.integrated),
        ("true_peak_dbtp", expected.true_peak),
        ("band_air_dbfs", loudscope.band_profile(path)["Air"].level),
    ):
        assert float(rows[0][column]) == figure
    assert rows[0]["balance_db"] == ""
    assert (rows[0]["channels"], rows[0]["mono"]) == ("1", "single")
    assert rows[1]["error"].startswith("UnknownFormat: ")
    assert rows[1]["integrated_lufs"] == ""
    assert rows[2]["integrated_lufs"] == rows[0]["integrated_lufs"]


def test_csv_of_a_low_rate_has_all_columns(run: Run, record: Record) -> None:
    """Bands above the Nyquist frequency do not exist: empty cells, same columns."""
    record("phone.wav", rate_hz=8000)
    (row,) = csv.DictReader(io.StringIO(run("phone.wav", "--csv").stdout), strict=True)
    assert row["band_bass_dbfs"]
    assert row["band_air_dbfs"] == ""
    assert None not in row


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no Unicode")
@pytest.mark.parametrize("form", ["--json", "--ndjson", "--csv", "--album"])
def test_a_name_that_is_no_unicode(run: Run, record: Record, form: str) -> None:
    """Its bytes become escapes, so that the answer is valid UTF-8 and strict JSON."""
    record(b"caf\xe9.wav")
    answer = run(".", form)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "caf\\" in answer.stdout
    answer.stdout.encode("utf-8")


@pytest.mark.parametrize("form", ["--json", "--ndjson", "--csv"])
def test_an_old_code_page_does_not_change_the_bytes(run: Run, record: Record, form: str) -> None:
    """Machines get UTF-8 whatever the locale: the answer is the same under cp1252."""
    record("日本.wav")
    assert run("日本.wav", form, PYTHONIOENCODING="cp1252").stdout == run("日本.wav", form).stdout
