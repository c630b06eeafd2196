"""`loudscope check`: the exit status is the verdict."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from loudscope.targets import names

from .conftest import Record, Run, Silence
from .test_terminal import on_a_terminal

PASSED, FAILED, USAGE, ERROR, NOT_JUDGED = 0, 1, 2, 3, 4


def tone(path: Path, lufs: float, seconds: float = 2.0) -> Path:
    """A file that reads this loudness: 997 Hz in both channels (Tech 3341 2.9)."""
    time = np.arange(round(48000 * seconds)) / 48000
    sine = 10 ** (lufs / 20) * np.sin(2 * np.pi * 997 * time)
    soundfile.write(path, np.column_stack([sine, sine]), 48000, subtype="FLOAT")
    return path


@pytest.mark.parametrize(
    ("lufs", "target", "status"),
    [
        (-22.9, "R128", PASSED),
        (-22.7, "R128", FAILED),
        (-22.9, "Spotify", PASSED),
        (-0.5, "Spotify", FAILED),
        (-22.9, "youtube", NOT_JUDGED),
        (-22.9, "netflix", NOT_JUDGED),
        (-1.0, "netflix", FAILED),
    ],
)
def test_the_exit_status_is_the_verdict(
    lufs: float, target: str, status: int, tmp_path: Path, run: Run
) -> None:
    answer = run("check", tone(tmp_path / "a.wav", lufs).name, "--target", target)
    assert (answer.returncode, answer.stderr) == (status, "")
    word = {PASSED: "pass", FAILED: "fail", NOT_JUDGED: "not judged"}[status]
    assert answer.stdout.splitlines()[0].endswith(f": {word}")


def test_the_worst_of_several_files_decides(tmp_path: Path, run: Run, damaged: Path) -> None:
    """An error before a failure before what could not be judged."""
    good, bad = tone(tmp_path / "good.wav", -23.0), tone(tmp_path / "bad.wav", -9.0)
    short = tone(tmp_path / "short.wav", -23.0, seconds=0.3)
    target = ("--target", "r128")
    assert run("check", good.name, *target).returncode == PASSED
    assert run("check", good.name, short.name, *target).returncode == NOT_JUDGED
    assert run("check", good.name, short.name, bad.name, *target).returncode == FAILED
    answer = run("check", good.name, short.name, bad.name, damaged.name, *target)
    assert answer.returncode == ERROR
    assert answer.stderr.startswith("loudscope: damaged.wav: ")
    assert "3 checks: 1 pass, 1 fail, 1 not judged" in answer.stdout
    assert [line.split()[2] for line in answer.stdout.splitlines() if ".wav" in line] == [
        "pass",
        "not",
        "fail",
    ]


def test_one_file_in_full(tmp_path: Path, run: Run) -> None:
    """Per rule what was measured, what is required and by how much; then the gains."""
    answer = run("check", tone(tmp_path / "a.wav", -20.0).name, "--target", "r128")
    lines = answer.stdout.splitlines()
    assert lines[0] == "a.wav · EBU R 128: fail"
    assert [" ".join(line.split()) for line in lines[3:6]] == [
        "integrated -20.00 -23.2 to -22.8 LUFS -2.80 fail P",
        "true peak -19.99 at most -1 dBTP 18.99 pass P",
        "gain to the target -3.00 dB",
    ]


def test_json_holds_every_rule(tmp_path: Path, run: Run, damaged: Path) -> None:
    answer = run(
        *("check", tone(tmp_path / "a.wav", -23.0).name, damaged.name, "--json"),
        *("-t", "r128", "-t", "spotify"),
    )
    document = json.loads(answer.stdout)
    assert (answer.returncode, document["passed"], document["schema_version"]) == (ERROR, False, 1)
    good, bad = document["files"]
    assert [one["verdict"] for one in good["checks"]] == ["pass", "pass"]
    assert [one["target"]["name"] for one in good["checks"]] == ["r128", "spotify"]
    assert good["checks"][0]["rules"][0]["measured"] == pytest.approx(-23.0, abs=1e-3)
    assert bad["file"] == "damaged.wav"
    assert bad["error"]["type"] == "UnknownFormat"


def test_an_album_is_set_as_a_whole(tmp_path: Path, run: Run) -> None:
    """Spotify turns all tracks of an album by the same amount."""
    (tmp_path / "album").mkdir()
    tone(tmp_path / "album" / "1.wav", -5.0)
    tone(tmp_path / "album" / "2.wav", -30.0)

    def gains(*options: str) -> list[float]:
        answer = run("check", "album", "-t", "spotify", "--json", *options)
        files = json.loads(answer.stdout)["files"]
        return [one["checks"][0]["platform_gain_db"] for one in files]

    assert gains() == pytest.approx([-9.0, 16.0], abs=0.01)
    assert gains("--album") == pytest.approx([-9.0, -9.0], abs=0.01)


def test_a_target_of_ones_own(tmp_path: Path, run: Run) -> None:
    rule = '[[target]]\nname = "game"\nrule = [{ figure = "true_peak", high = %s }]\n'
    (tmp_path / "studio.toml").write_text(rule % -3.0)
    tone(tmp_path / "a.wav", -4.0)
    assert run("check", "a.wav", "--target", "studio.toml").returncode == PASSED
    assert run("check", "a.wav", "--target", "studio.toml#game").returncode == PASSED
    (tmp_path / "studio.toml").write_text(rule % "'low'")
    answer = run("check", "a.wav", "--target", "studio.toml")
    assert answer.returncode == USAGE
    assert "rule 1 (true_peak): high = 'low': give a number" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.wav",), "required: --target"),
        (("--target", "r128"), "required: FILE"),
        (("a.wav", "--target", "spotfy"), "did you mean spotify"),
        (("a.wav", "--target", "none.toml"), "none.toml: cannot be read"),
        (("a.wav", "--target", "r128", "--between", "2", "1"), "is empty"),
    ],
)
def test_usage_errors_are_told_before_anything_is_measured(
    arguments: tuple[str, ...], message: str, run: Run
) -> None:
    answer = run("check", *arguments)
    assert (answer.returncode, answer.stdout) == (USAGE, "")
    assert message in answer.stderr
    assert "Try 'loudscope check --help'." in answer.stderr


def test_list_names_all_targets(run: Run) -> None:
    answer = run("check", "--list")
    assert answer.returncode == PASSED
    assert tuple(line.split()[0] for line in answer.stdout.splitlines()[2:]) == names()
    document = json.loads(run("check", "--list", "--json").stdout)
    assert tuple(one["name"] for one in document["targets"]) == names()
    assert all(one["source"] for one in document["targets"])


def test_help_tells_the_exit_status(run: Run) -> None:
    answer = run("check", "--help", COLUMNS="80")
    assert answer.returncode == 0
    for part in ("examples:", "--target", "--album", "exit status:", "3 a file could not be"):
        assert part in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 80


def test_measuring_options_hold_here_too(tmp_path: Path, run: Run, record: Record) -> None:
    record("mono.wav", channels=1)

    def loudness(*options: str) -> float:
        answer = run("check", "mono.wav", "-t", "r128", "--json", *options)
        found: float = json.loads(answer.stdout)["files"][0]["checks"][0]["rules"][0]["measured"]
        return found

    assert loudness("--dual-mono") == pytest.approx(loudness() + 3.0103, abs=1e-4)
    assert loudness("--between", "1", "2") != loudness()


def test_progress_is_shown_on_a_terminal(
    tmp_path: Path, environment: dict[str, str], silence: Silence
) -> None:
    names = [silence(f"{n}.wav", hours=0.4).name for n in range(3)]
    arguments = ("check", *names, "-t", "r128", "--json")
    output, screen, status = on_a_terminal(tmp_path, environment, *arguments)
    assert status == NOT_JUDGED
    assert "3 files" in screen
    assert len(json.loads(output)["files"]) == 3
