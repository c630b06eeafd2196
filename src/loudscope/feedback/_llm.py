"""A language model that phrases what the rules found; off unless one is given."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from loudscope import InvalidArgument, MissingExtra

from ._cache import Answers
from ._combine import ENGINE
from ._model import Feedback
from ._prompt import fingerprint, messages, payload_of
from ._transport import Unanswered, post, within

__all__ = ["LanguageModel"]

SECONDS = 20.0
KEY = re.compile(r"[!-~]+")
FORMATS = ("json_schema", "json_object", "prompt")
"""How an endpoint can be asked for JSON, the strictest first."""
NOT_SUPPORTED = (400, 404, 415, 422, 501)
"""Statuses with which an endpoint refuses a `response_format` that it does not know."""


@dataclass(frozen=True)
class LanguageModel:
    """An OpenAI-compatible chat endpoint, local or remote.

    It gets figures: never audio, path, file name or tags. It may rank, merge and phrase what the
    rules found, and nothing else.

    Attributes:
        url: Base address, for example ``"http://localhost:11434/v1"``; ``/chat/completions`` is
            added.
        model: Name of the model.
        key: Sent as a bearer token, or None.
        timeout_s: Seconds for all attempts together, up to 600.
        cache: Folder for answers, or None: in memory only.

    Raises:
        InvalidArgument: The address is no plain http(s) address, or the time is not positive.
        MissingExtra: ``loudscope[llm]`` is not installed.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = SECONDS
    cache: str | os.PathLike[str] | None = None
    _answers: Answers = field(init=False, repr=False, compare=False)
    _format: list[int] = field(init=False, repr=False, compare=False, default_factory=lambda: [0])

    def __post_init__(self) -> None:
        for package in ("httpx", "pydantic"):
            if find_spec(package) is None:
                raise MissingExtra(
                    f"language_model: {package} is not installed; pip install 'loudscope[llm]'"
                )
        _check_url(self.url)
        if not self.model:
            raise InvalidArgument("model='': give the name of a model that the endpoint knows")
        if self.key is not None and not KEY.fullmatch(self.key):
            raise InvalidArgument("key: give printable ASCII without blanks, or None")
        if not (math.isfinite(self.timeout_s) and 0.0 < self.timeout_s <= 600.0):
            raise InvalidArgument(f"timeout_s={self.timeout_s}: give seconds above 0, up to 600")
        folder = None if self.cache is None else Path(self.cache)
        object.__setattr__(self, "_answers", Answers(folder))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> LanguageModel | None:
        """The model that the environment names, or None.

        Args:
            environment: LOUDSCOPE_LLM_URL, LOUDSCOPE_LLM_MODEL and, where needed,
                LOUDSCOPE_LLM_KEY; None: that of the process.

        Raises:
            InvalidArgument: As for the class.
            MissingExtra: As for the class.
        """
        found = os.environ if environment is None else environment
        url, model = found.get("LOUDSCOPE_LLM_URL"), found.get("LOUDSCOPE_LLM_MODEL")
        return cls(url, model, found.get("LOUDSCOPE_LLM_KEY")) if url and model else None

    def rephrase(self, feedback: Feedback) -> Feedback:
        """The same feedback in the model's words, or the rules' with a warning.

        Args:
            feedback: What the rules found; without issues it comes back as it is.
        """
        from ._phrasing import phrased
        from ._reply import Misfit, read_reply

        payload = payload_of(feedback)
        if not payload["issues"]:
            return feedback
        question = fingerprint(payload, self.model)
        engine = f"{ENGINE}, {self.model}"
        held = self._answers.get(question)
        if held is not None:
            try:
                return phrased(feedback, read_reply(held, feedback), engine)
            except Misfit:
                pass  # a damaged file: ask again
        try:
            content = within(self.timeout_s, lambda: self._converse(payload, feedback))
        except (Unanswered, Misfit) as error:
            why = error.reason if isinstance(error, Unanswered) else "its answer did not fit"
            warning = f"the language model was left out: {why}"
            return replace(feedback, warnings=(*feedback.warnings, warning))
        self._answers.put(question, content)
        return phrased(feedback, read_reply(content, feedback), engine)

    async def _converse(self, payload: dict[str, Any], feedback: Feedback) -> str:
        """An answer that fits; one more try with what did not fit about the first."""
        from ._reply import Misfit, read_reply

        asked = messages(payload)
        content = await self._ask(asked)
        try:
            read_reply(content, feedback)
        except Misfit as error:
            again = f"Your answer does not fit: {error}. Answer again with the JSON object alone."
            asked += [
                {"role": "assistant", "content": content[:4000]},
                {"role": "user", "content": again},
            ]
            content = await self._ask(asked)
            read_reply(content, feedback)
        return content

    async def _ask(self, asked: list[dict[str, str]]) -> str:
        """One answer; a format that the endpoint refuses is not asked for again."""
        while True:
            step = self._format[0]
            body = {"model": self.model, "messages": asked, "temperature": 0, "stream": False}
            wanted = _response_format(FORMATS[step])
            if wanted is not None:
                body["response_format"] = wanted
            url = f"{self.url.rstrip('/')}/chat/completions"
            try:
                raw = await post(url, json.dumps(body).encode(), self.key, self.timeout_s)
            except Unanswered as error:
                if error.status not in NOT_SUPPORTED or step + 1 == len(FORMATS):
                    raise
                self._format[0] = step + 1
                continue
            return _content_of(raw)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        fits = fits and "@" not in parts.netloc and not parts.query and not parts.fragment
    except ValueError:
        fits = False
    if not fits:
        raise InvalidArgument(
            "url: give a plain http or https address without user, query and fragment, such as "
            "http://localhost:11434/v1; a key goes into key="
        )


def _response_format(kind: str) -> dict[str, Any] | None:
    from ._reply import reply_schema

    if kind == "json_schema":
        schema = {"name": "feedback", "strict": True, "schema": reply_schema()}
        return {"type": "json_schema", "json_schema": schema}
    return {"type": "json_object"} if kind == "json_object" else None


def _content_of(raw: bytes) -> str:
    """The text of the first choice; what lies around it does not matter."""
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str):
        raise Unanswered("it did not answer as a chat endpoint does")
    return content
