"""Settings: a file, the environment, and errors that say where to look and quote no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from loudscope import FileError, InvalidArgument
from loudscope.service import Settings


def write(folder: Path, text: str) -> Path:
    path = folder / "prod.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_environment_wins_over_the_file_and_that_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, 'host = "::1"\nport = 80\n[limits]\nqueued = 7\nchannels = 6\n')
    monkeypatch.setenv("LOUDSCOPE_PORT", "81")
    monkeypatch.setenv("LOUDSCOPE_LIMITS__QUEUED", "8")
    found = Settings.load(path)
    assert (found.host, found.port) == ("::1", 81)
    assert (found.limits.queued, found.limits.channels) == (8, 6)
    assert found.result_seconds == Settings().result_seconds


def test_lists_in_the_environment_have_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUDSCOPE_API_KEYS", "one, two")
    monkeypatch.setenv("LOUDSCOPE_ORIGINS", "https://a.example")
    found = Settings.load()
    assert found.api_keys == {"one", "two"}
    assert found.origins == ("https://a.example",)


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("[limits]\nqueued = 0\n", "prod.toml: limits.queued", "greater than or equal to 1"),
        ("prot = 80\n", "prod.toml: prot", "there is no such key; there are host, port"),
        ("[limits]\nqueue = 1\n", "prod.toml: limits.queue", "there are upload_bytes"),
        ('runner = "cellery"\n', "prod.toml: runner", "'local' or 'celery'"),
        ('runner = "celery"\n', "prod.toml", "needs a broker"),
        ('store = "postgres://secret@x"\n', "prod.toml: store", "mongodb://"),
        ('depot = "ftp://secret@x"\n', "prod.toml: depot", "s3://"),
        ('redis = "secret"\n', "prod.toml: redis", "redis://"),
        ("port = \n", "prod.toml", "is not TOML"),
    ],
)
def test_an_error_names_place_and_remedy_and_no_value(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Settings.load(write(tmp_path, text))
    message = str(caught.value)
    assert place in message and remedy in message and "secret" not in message


def test_an_error_of_a_variable_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUDSCOPE_LIMITS__QUEUED", "secret")
    with pytest.raises(InvalidArgument, match=r"^LOUDSCOPE_LIMITS__QUEUED: .*integer") as caught:
        Settings.load()
    assert "secret" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.toml: cannot be read"):
        Settings.load(tmp_path / "none.toml")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUDSCOPE_WEBHOOKS__SECRET", "hush")
    found = Settings(
        api_keys=frozenset({"hush"}),
        redis="redis://:hush@host/0",
        store="mongodb://me:hush@host/loudscope",
    )
    assert "hush" not in repr(found) + str(found)
