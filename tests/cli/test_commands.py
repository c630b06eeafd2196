"""`selftest`, `info`, --version and --help."""

from __future__ import annotations

import json

import loudscope
from loudscope._cli.export import SCHEMA_VERSION

from .conftest import Run


def test_selftest_passes(run: Run) -> None:
    """EBU Tech 3341 and 3342: all cases that can be synthesised, each on its line, status 0."""
    answer = run("selftest", "--rates", "48000")
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    passed = sum(line.startswith("pass ") for line in lines)
    assert passed > 60
    assert f"{passed} of {passed} pass" in lines


def test_selftest_as_json(run: Run) -> None:
    """The same cases as strict JSON, at the rate asked for."""
    answer = run("selftest", "--rates", "44100", "--json")
    document = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["passed"] is True
    for case in document["cases"]:
        assert case["rate_hz"] == 44100
        assert case["passed"] is True
        keys = {"case", "source", "metric", "rate_hz", "expected", "low", "high", "measured"}
        assert keys < set(case)


def test_info_names_what_is_in_use(run: Run) -> None:
    """Version, kernel, kernels and packages, as the API tells them."""
    answer = run("info")
    facts = loudscope.info()
    assert (answer.returncode, answer.stderr) == (0, "")
    rows = dict(line.split(maxsplit=1) for line in answer.stdout.splitlines())
    assert rows["loudscope"] == loudscope.__version__
    assert rows["kernel"].startswith(f"{facts['kernel']} (available: ")
    assert all(kernel in rows["kernel"] for kernel in facts["kernels"])
    assert int(rows["CPUs"]) >= 1
    for name, version in facts["packages"].items():
        assert rows[name] == version if version else rows[name].startswith("not installed (pip ")


def test_info_obeys_the_variable_that_forces_a_kernel(run: Run) -> None:
    """Each kernel that is available can be the one in use."""
    for kernel in loudscope.info()["kernels"]:
        assert json.loads(run("info", "--json", LOUDSCOPE_KERNEL=kernel).stdout)["kernel"] == kernel


def test_version(run: Run) -> None:
    """--version prints one line."""
    assert run("--version").stdout == f"loudscope {loudscope.__version__}\n"


def test_help_has_examples_and_the_exit_status(run: Run) -> None:
    """--help tells enough to begin with."""
    answer = run("--help", COLUMNS="80")
    assert answer.returncode == 0
    for part in ("examples:", "--album", "loudscope selftest", "loudscope info", "exit status:"):
        assert part in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 80
