"""The OpenAPI document: complete, and true under requests that schemathesis makes up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok

from loudscope.service._tokens import digest

from ..served import Service, holding, wav

KEY = "key"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With a key, so that all of it can be asked for."""
    folder = tmp_path_factory.mktemp("openapi")
    with holding(folder, api_keys=frozenset({KEY}), limits={"queued": 1_000_000}) as found:
        yield found


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{service.url}/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_named_tagged_described_and_says_what_it_refuses(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    found = operations(document)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names) >= 15
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, operation in found:
        assert set(operation["tags"]) <= tags and operation["tags"], path
        assert operation["description"], path
        for status, answer in operation["responses"].items():
            assert answer["description"], (path, status)
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
                assert answer["content"]["application/problem+json"]["examples"], (path, status)


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"'))) == set(
        schemas
    )
    assert "HTTPValidationError" not in schemas


def test_the_form_of_an_upload_is_described_though_it_streams(document: dict[str, Any]) -> None:
    for path, more in (("/analyze", set()), ("/v1/jobs", {"webhook"})):
        body = document["paths"][path]["post"]["requestBody"]
        assert body["required"]
        form = body["content"]["multipart/form-data"]["schema"]
        assert set(form["properties"]) == {"audio", "reference", "genre", "target", *more}
        assert form["required"] == ["audio"]


@pytest.fixture(scope="module")
def names(service: Service) -> dict[str, str]:
    """A request that is done: its token and its id."""
    files, headers = {"audio": ("mix.wav", wav(0.1))}, {"X-API-Key": KEY}
    answer = httpx.post(f"{service.url}/v1/jobs", files=files, headers=headers)
    found = answer.json()
    service.measure(service.tasks[-1].id)
    service.judge(digest(found["token"]))
    return {"token": found["token"], "job": found["id"]}


class Answers:
    """Asks what schemathesis makes up, every other time about a request that is there."""

    def __init__(self, names: dict[str, str], key: str | None) -> None:
        self.names, self.headers = names, {} if key is None else {"X-API-Key": key}
        self.statuses = Counter[int]()
        self.checks = CHECKS.get_by_names(
            [
                *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
                *("response_headers_conformance", "response_schema_conformance"),
            ]
        )

    def ask(self, case: Any) -> None:
        there = self.statuses.total() % 2 and case.method != "DELETE"
        for name in case.path_parameters or ():
            if there and name in self.names:
                case.path_parameters[name] = self.names[name]
        answer = case.call_and_validate(checks=self.checks, headers=self.headers, timeout=60)
        self.statuses[answer.status_code] += 1


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        (KEY, GenerationMode.POSITIVE),
        (None, GenerationMode.POSITIVE),
        (KEY, GenerationMode.NEGATIVE),
    ],
)
def test_no_request_brings_a_5xx_or_an_answer_that_is_not_documented(
    service: Service, names: dict[str, str], key: str | None, mode: GenerationMode
) -> None:
    """Statuses, media types, headers and schemas of all answers, to good and to bad requests."""
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    answers = Answers(names, key)
    bounded = settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue  # any text may stand in a path: nothing can be wrong with it
        cases = operation.as_strategy(generation_mode=mode)
        bounded(given(case=cases)(answers.ask))()
    assert answers.statuses.total() >= 40
    assert answers.statuses.keys() >= ({401} if key is None else {422})
