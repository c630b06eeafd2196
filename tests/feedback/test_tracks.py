"""Tracks of known faults: each gives its own issue and no other, word for word as recorded.

`LOUDSCOPE_GOLDEN=write pytest -n0 tests/feedback/test_tracks.py` records them anew; read the
difference before keeping it.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from loudscope.feedback import Feedback, feedback, json_schema
from loudscope.qc import inspect

from .tracks import RATE_HZ, TRACKS

GOLDEN = Path(__file__).parent / "golden"
LEFT_OUT = ("engine", "limits")  # the version, and what other rooms say of their data

FOUND: dict[str, tuple[str, set[str]]] = {
    "clean": ("ready", set()),
    "clipped": ("needs_work", {"fault.clipping"}),
    "inverted": ("needs_work", {"fault.inverted_channel"}),
    "dc": ("minor_fixes", {"fault.dc_offset"}),
    "loud": ("needs_work", {"target.integrated"}),
    "overs": ("needs_work", {"fault.over_0_dbtp"}),
    "dull": ("minor_fixes", {"genre.high_mids", "genre.air"}),
    "bright": ("minor_fixes", {"genre.high_mids", "genre.air"}),
    "boomy": ("minor_fixes", {"genre.bass"}),
    "wide_bass": ("minor_fixes", {"fault.bass_not_mono"}),
    "dual_mono": ("ready", {"fault.dual_mono"}),
    "late": ("ready", {"fault.head_silence"}),
    "hum": ("minor_fixes", {"fault.hum"}),
    "limited": ("minor_fixes", {"fault.heavy_limiting"}),
    "speech": ("minor_fixes", {"target.integrated"}),
}


@cache
def feedback_on(name: str) -> Feedback:
    track = TRACKS[name]()
    inspection = inspect(track.samples, RATE_HZ)
    return feedback(inspection, genre=track.genre, target=track.target)


def recorded(found: Feedback) -> dict[str, Any]:
    return {name: value for name, value in found.to_dict().items() if name not in LEFT_OUT}


def assert_alike(found: Any, golden: Any, place: str = "") -> None:
    """Texts are equal; numbers as far as another machine's FFT lets them be."""
    if isinstance(golden, dict):
        assert list(found) == list(golden), place
        for name, value in golden.items():
            assert_alike(found[name], value, f"{place}.{name}")
    elif isinstance(golden, list):
        assert len(found) == len(golden), place
        for number, (one, other) in enumerate(zip(found, golden, strict=True)):
            assert_alike(one, other, f"{place}[{number}]")
    elif isinstance(golden, float):
        assert found == pytest.approx(golden, rel=1e-6, abs=1e-6), place
    else:
        assert found == golden, place


def test_every_track_is_recorded() -> None:
    assert set(TRACKS) == set(FOUND) == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize("name", TRACKS)
def test_each_fault_is_found_and_nothing_else(name: str) -> None:
    verdict, issues = FOUND[name]
    found = feedback_on(name)
    assert {issue.id for issue in found.issues} == issues
    assert found.verdict == verdict and found.source == "rules" and not found.warnings


@pytest.mark.parametrize("name", TRACKS)
def test_it_says_what_was_recorded(name: str) -> None:
    path, found = GOLDEN / f"{name}.json", recorded(feedback_on(name))
    if os.environ.get("LOUDSCOPE_GOLDEN") == "write":
        path.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    assert_alike(found, json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("name", TRACKS)
def test_it_fits_the_schema_and_comes_back_from_json(name: str) -> None:
    found = feedback_on(name)
    jsonschema.Draft202012Validator(json_schema()).validate(found.to_dict())
    assert Feedback.from_dict(json.loads(found.to_json())) == found


@pytest.mark.parametrize("name", TRACKS)
def test_every_issue_is_explained(name: str) -> None:
    """Measured, expected and its source, the consequence, one move, and how to hear it."""
    for issue in feedback_on(name).issues:
        assert issue.message.count(". ") >= 1 and issue.message.endswith(".")
        assert "(" in issue.message and issue.expected.source
        assert issue.action.text.endswith(".")
        assert issue.check_by_ear.endswith(("?", "."))
        assert "wrong" not in issue.message + issue.action.text + issue.check_by_ear


def test_the_same_audio_gives_the_same_feedback() -> None:
    first = feedback_on("wide_bass")
    feedback_on.cache_clear()
    assert feedback_on("wide_bass") == first


def test_a_gain_moves_no_judgement_of_tone() -> None:
    """Bands are aligned on 500 to 2000 Hz."""
    track = TRACKS["dull"]()
    quiet = feedback(inspect(0.25 * track.samples, RATE_HZ), genre="pop")
    for one, other in zip(quiet.issues, feedback_on("dull").issues, strict=True):
        assert (one.id, one.severity, one.action) == (other.id, other.severity, other.action)
        assert one.measured == pytest.approx(other.measured, abs=1e-6)
