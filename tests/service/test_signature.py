"""Webhook signatures (Standard Webhooks 1.0.0) and the addresses that are called."""

from __future__ import annotations

import pytest

from loudscope import InvalidArgument
from loudscope.service import verify_webhook, webhook_secret
from loudscope.service._settings import Settings
from loudscope.service._signature import signed
from loudscope.service._tokens import digest
from loudscope.service._webhook import BadWebhook, check_url, secret_of, wait_after

BODY = b'{"test": 2432232314}'


def test_the_example_of_the_standard_webhooks_specification() -> None:
    """Its reference libraries publish this vector."""
    headers = signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                     1614265330, BODY)  # fmt: skip
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    verify_webhook(BODY, headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now=1614265331)


@pytest.mark.parametrize("secret", [webhook_secret("key"), "plain words", "whsec_not base64!"])
def test_what_is_signed_can_be_verified(secret: str) -> None:
    headers = {name.upper(): value for name, value in signed(secret, "n", 1000.9, BODY).items()}
    verify_webhook(BODY, headers, secret, now=1299)
    several = {**headers, "WEBHOOK-SIGNATURE": "v1,AAAA v2,x " + headers["WEBHOOK-SIGNATURE"]}
    verify_webhook(BODY, several, secret, now=1000)


@pytest.mark.parametrize(
    ("change", "body", "secret", "now"),
    [
        ({}, BODY + b" ", "s", 1000),
        ({}, BODY, "t", 1000),
        ({}, BODY, "s", 1301),
        ({}, BODY, "s", 699),
        ({"webhook-id": "other"}, BODY, "s", 1000),
        ({"webhook-timestamp": "1001"}, BODY, "s", 1000),
        ({"webhook-timestamp": "soon"}, BODY, "s", 1000),
        ({"webhook-timestamp": "٣٤"}, BODY, "s", 1000),
        ({"webhook-signature": ""}, BODY, "s", 1000),
        ({"webhook-signature": "v1,é"}, BODY, "s", 1000),
    ],
)
def test_what_was_changed_or_kept_is_refused(
    change: dict[str, str], body: bytes, secret: str, now: float
) -> None:
    with pytest.raises(InvalidArgument, match="headers: "):
        verify_webhook(body, {**signed("s", "n", 1000, BODY), **change}, secret, now=now)


def test_an_account_s_calls_are_signed_with_what_its_own_key_yields() -> None:
    settings = Settings(api_keys=frozenset({"one", "two"}))
    assert secret_of(settings, digest("one")) == webhook_secret("one")
    assert secret_of(settings, digest("two")) != webhook_secret("one")
    assert secret_of(settings, digest("gone")) is None
    assert secret_of(settings, "") is None
    assert secret_of(Settings.model_validate({"webhooks": {"secret": "s"}}), "") == "s"


@pytest.mark.parametrize(
    "url",
    [
        *("https://example.com/hook", "http://example.com:8080/?a=b", "https://93.184.216.34/"),
        "https://[2606:2800:220:1:248:1893:25c8:1946]/x",
    ],
)
def test_public_addresses_may_be_called(url: str) -> None:
    check_url(url, private=False)


PRIVATE = [
    *("http://localhost/", "http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1:6379/"),
    *("http://169.254.169.254/latest/meta-data", "http://192.168.1.1/", "http://0.0.0.0/"),
    *(
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://printer.local/",
    ),
    *(
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://x.localhost/",
    ),
]


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_called_only_where_it_is_allowed(url: str) -> None:
    check_url(url, private=True)
    with pytest.raises(BadWebhook, match="not public"):
        check_url(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com/", "file:///etc/passwd", "example.com", "https://", "//example.com"),
        *("https://user:word@example.com/", "https://example.com:0/", "https://example.com:99999/"),
        *("https://example.com/a b", "https://exämple.com/", "https://[::1", "gopher://x/"),
        "https://example.com/\r\nX: y",
    ],
)
def test_what_is_no_plain_http_address_is_refused(url: str) -> None:
    with pytest.raises(BadWebhook, match="webhook: "):
        check_url(url, private=True)


def test_attempts_are_bounded_and_each_waits_twice_as_long() -> None:
    settings = Settings.model_validate({"webhooks": {"attempts": 4, "first_seconds": 10}})
    waits = [wait_after(settings, attempt) for attempt in (1, 2, 3)]
    assert [round((wait or 0) / 10) for wait in waits] == [1, 2, 4]
    assert wait_after(settings, 4) is None
