"""How an endpoint is asked: the ladder, one retry, the cache, and which arguments are refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from loudscope import InvalidArgument
from loudscope.feedback import Feedback, LanguageModel

from .endpoint import Endpoint, raw, says, serving
from .samples import OVERS, TAIL, found, issue, reply_to


def ask(endpoint: Endpoint, feedback: Feedback, **options: Any) -> Feedback:
    return LanguageModel(endpoint.url, "tiny", **options).rephrase(feedback)


# -- the ladder ------------------------------------------------------------------------------------


def test_the_ladder_goes_down_once_and_is_remembered() -> None:
    """json_schema strict, then json_object, then the prompt alone; probed once."""
    rules = found()
    refused = raw(b'{"error": "response_format"}', 400)
    good = says("Here you are:\n```json\n" + json.dumps(reply_to(rules)) + "\n```\nAnything else?")
    with serving(refused, refused, good) as endpoint:
        model = LanguageModel(endpoint.url, "tiny")
        assert model.rephrase(rules).source == "llm"
        other = found(OVERS)
        endpoint.answers = [says(reply_to(other))]
        assert model.rephrase(other).source == "llm"
    assert endpoint.formats == ["json_schema", "json_object", "prompt", "prompt"]


def test_the_strict_schema_is_one_that_strict_endpoints_take() -> None:
    """Every object closed, every property required, no keyword that strict mode refuses."""
    rules = found()
    with serving(says(reply_to(rules))) as endpoint:
        ask(endpoint, rules)
    form = json.loads(endpoint.bodies[0])["response_format"]["json_schema"]
    assert form["strict"] is True

    def check(schema: Any) -> None:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                assert schema["additionalProperties"] is False
                assert schema["required"] == list(schema["properties"])
            assert not {"maxLength", "minLength", "maxItems"} & set(schema)
            for part in schema.values():
                check(part)
        elif isinstance(schema, list):
            for part in schema:
                check(part)

    check(form["schema"])


def test_proxies_and_credentials_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A proxy would read the figures; a .netrc would add a password to the request."""
    rules = found()
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password hush\n", "utf-8")
    with serving(raw(b"{}", 500)) as proxy, serving(says(reply_to(rules))) as endpoint:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NETRC", str(netrc))
        assert ask(endpoint, rules).source == "llm"
    assert proxy.bodies == [] and "authorization" not in endpoint.heads[0].lower()


# -- retry, cache, and being off -------------------------------------------------------------------


def test_one_retry_is_told_what_did_not_fit() -> None:
    rules = found()
    with serving(says({"summary": "x"}), says(reply_to(rules))) as endpoint:
        phrased = ask(endpoint, rules)
    assert phrased.source == "llm" and len(endpoint.bodies) == 2
    again = json.loads(endpoint.bodies[1])["messages"]
    assert [part["role"] for part in again] == ["system", "user", "assistant", "user"]
    assert "issues: Field required" in again[3]["content"]


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    """The cache is keyed by metrics, prompt version and model."""
    rules = found()
    with serving(says(reply_to(rules))) as endpoint:
        first = ask(endpoint, rules, cache=tmp_path)
        model = LanguageModel(endpoint.url, "tiny", cache=tmp_path)
        assert model.rephrase(rules) == model.rephrase(rules) == first
        assert len(endpoint.bodies) == 1
        LanguageModel(endpoint.url, "other", cache=tmp_path).rephrase(rules)
        assert len(endpoint.bodies) == 2
        model.rephrase(found(issue(measured=13.31), OVERS, TAIL))
        assert len(endpoint.bodies) == 3
    assert len(list(tmp_path.iterdir())) == 3


def test_a_damaged_cache_is_not_trusted(tmp_path: Path) -> None:
    rules = found()
    with serving(says(reply_to(rules))) as endpoint:
        good = ask(endpoint, rules, cache=tmp_path)
        (kept,) = tmp_path.iterdir()
        padded = kept.read_text("utf-8") + " " * 300_000
        for damage in (padded, '{"summary": "owned", "issues": [{}]}', "", "\xff", "x" * 1_000_000):
            kept.write_text(damage, "latin-1")
            assert ask(endpoint, rules, cache=tmp_path) == good
    assert len(endpoint.bodies) == 6


def test_nothing_is_asked_where_there_is_nothing_to_say() -> None:
    clean = found()
    with serving(raw(b"", 500)) as endpoint:
        nothing = Feedback("rules", "x", None, "ready", "Nothing.", (), (), (), ())
        assert ask(endpoint, nothing) == nothing
        assert clean.source == "rules"
    assert endpoint.bodies == []


def test_it_works_inside_a_running_event_loop() -> None:
    """As in a notebook, where `asyncio.run` is not allowed."""
    rules = found()

    async def cell(endpoint: Endpoint) -> Feedback:
        return ask(endpoint, rules)

    with serving(says(reply_to(rules))) as endpoint:
        assert asyncio.run(cell(endpoint)).source == "llm"


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:1234/v1",
        "file:///etc/passwd",
        "ftp://example.org",
        "http://user:pass@example.org/v1",
        "http://example.org/v1?key=1",
        "http://[::1/v1",
        "http://example.org:99999/v1",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(InvalidArgument, match="plain http or https"):
        LanguageModel(url, "tiny")


def test_other_arguments_and_the_key_that_is_not_shown() -> None:
    with pytest.raises(InvalidArgument, match="model=''"):
        LanguageModel("http://localhost/v1", "")
    for seconds in (0.0, -1.0, float("nan"), float("inf"), 601.0):
        with pytest.raises(InvalidArgument, match="timeout_s"):
            LanguageModel("http://localhost/v1", "tiny", timeout_s=seconds)
    for key in ("", "two words", "a\nX-Evil: 1", "schlüssel"):
        with pytest.raises(InvalidArgument, match="key: give printable ASCII"):
            LanguageModel("http://localhost/v1", "tiny", key)
    assert "hush" not in repr(LanguageModel("http://localhost/v1", "tiny", "hush"))


def test_it_is_off_unless_the_environment_names_one() -> None:
    assert LanguageModel.from_environment({}) is None
    assert LanguageModel.from_environment({"LOUDSCOPE_LLM_URL": "http://localhost/v1"}) is None
    both = {"LOUDSCOPE_LLM_URL": "http://localhost/v1", "LOUDSCOPE_LLM_MODEL": "tiny"}
    assert LanguageModel.from_environment(both) == LanguageModel("http://localhost/v1", "tiny")
