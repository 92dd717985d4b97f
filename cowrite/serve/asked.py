"""What a request asks for: its body, read and checked, as parameters of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cowrite.core.conversation import Speaker, Turn
from cowrite.core.suggestion import Params, StopAt

MOST_PROMPTS, MOST_CANDIDATES, MOST_STOPS, MOST_TOKENS = 32, 16, 8, 4096

_BOTH = {
    *("model", "n", "seed", "stop", "max_tokens", "temperature", "top_p", "stream"),
    *("stream_options", "user", "logprobs"),
}
_TEXT, _CHAT = {"prompt", "suffix"}, {"messages", "max_completion_tokens", "top_logprobs"}
_NOTHING: tuple[object, ...] = (None, False, 0, 1, {}, [], "")
"""Values of what is not done here that ask for nothing. `best_of` is 1 then, penalties are 0."""

_SPEAKERS = {
    "system": Speaker.SYSTEM,
    "developer": Speaker.SYSTEM,
    "user": Speaker.USER,
    "assistant": Speaker.MODEL,
}


class RefusedError(Exception):
    """A request that is not answered, as OpenAI's interface says it. param: the field that is wrong."""

    def __init__(
        self, status: int, message: str, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code

    @property
    def body(self) -> dict[str, Any]:
        """The object that is sent."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        told = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return {"error": told}


@dataclass(frozen=True, slots=True)
class Asking:
    """One request. prompts: texts to go on with, or none where `turns` are. logprobs: whether they are told."""

    params: Params
    prompts: tuple[str, ...] = ()
    after: str = ""
    turns: tuple[Turn, ...] = ()
    ends: tuple[str, ...] = ()
    stream: bool = False
    usage: bool = False
    logprobs: bool = False
    user: str = ""


def read(body: bytes, usual: Params, model: str, *, chat: bool) -> Asking:
    """What a body asks for. usual: what holds where it says nothing. Raises RefusedError."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "The body is not JSON.") from None
    if not isinstance(fields, dict):
        raise RefusedError(400, "The body must be a JSON object.")
    _check_names(fields, chat)
    if fields.get("model") not in (None, model):
        said = f"There is no model {fields['model']!r} here; it is {model!r}."
        raise RefusedError(404, said, "model", "model_not_found")
    stream = _flag(fields, "stream")
    told, alternatives = _logprobs(fields, chat)
    if told and stream:
        raise RefusedError(400, "logprobs are told without stream only.", "logprobs")
    options = fields.get("stream_options") or {}
    asking = Asking(
        _params(fields, usual, alternatives),
        ends=_stops(fields),
        stream=stream,
        usage=isinstance(options, dict) and bool(options.get("include_usage")),
        logprobs=told,
        user=_text(fields, "user"),
    )
    if chat:
        return replace(asking, turns=_turns(fields))
    return replace(asking, prompts=_prompts(fields), after=_text(fields, "suffix"))


def _check_names(fields: Mapping[str, Any], chat: bool) -> None:
    known = _BOTH | (_CHAT if chat else _TEXT)
    for name, value in fields.items():
        if name not in known and (value is True or value not in _NOTHING):
            raise RefusedError(400, f"{name} is not done here.", name, "unsupported_parameter")


def _params(fields: Mapping[str, Any], usual: Params, alternatives: int) -> Params:
    named = "max_completion_tokens" if "max_completion_tokens" in fields else "max_tokens"
    sampling = usual.sampling
    sampling = replace(
        sampling,
        temperature=_number(fields, "temperature", 0, 2, sampling.temperature),
        top_p=_number(fields, "top_p", 0.001, 1, sampling.top_p),
    )
    return replace(
        usual,
        n=_whole(fields, "n", 1, MOST_CANDIDATES, 1),
        max_tokens=_whole(fields, named, 1, MOST_TOKENS, usual.max_tokens),
        seed=_whole(fields, "seed", 0, 2**31 - 1, -1) if fields.get("seed") is not None else None,
        stop=StopAt.NONE,
        sampling=sampling,
        logprobs=alternatives,
        deadline_ms=0,
    )


def _logprobs(fields: Mapping[str, Any], chat: bool) -> tuple[bool, int]:
    if chat:
        return _flag(fields, "logprobs"), _whole(fields, "top_logprobs", 0, 20, 0)
    if fields.get("logprobs") in (None, False):
        return False, 0
    return True, _whole(fields, "logprobs", 0, 20, 0)


def _number(fields: Mapping[str, Any], name: str, low: float, high: float, usual: float) -> float:
    value = fields.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RefusedError(400, f"{name} must be a number from {low:g} to {high:g}.", name)
    return float(value)


def _whole(fields: Mapping[str, Any], name: str, low: int, high: int, usual: int) -> int:
    value = fields.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RefusedError(400, f"{name} must be a whole number from {low} to {high}.", name)
    return value


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise RefusedError(400, f"{name} must be true or false.", name)
    return bool(value)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise RefusedError(400, f"{name} must be a text.", name)
    return value or ""


def _stops(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("stop")
    texts = [] if value is None else [value] if isinstance(value, str) else value
    good = isinstance(texts, list) and all(isinstance(text, str) and text for text in texts)
    if not good or len(texts) > MOST_STOPS:
        raise RefusedError(400, f"stop must be a text or up to {MOST_STOPS} of them.", "stop")
    return tuple(texts)


def _prompts(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("prompt")
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise RefusedError(400, "prompt must be a text or a list of texts.", "prompt")
    if not 1 <= len(texts) <= MOST_PROMPTS:
        raise RefusedError(400, f"prompt must be 1 to {MOST_PROMPTS} texts.", "prompt")
    return tuple(texts)


def _turns(fields: Mapping[str, Any]) -> tuple[Turn, ...]:
    wrong = RefusedError(
        400, "messages must be a list of {role, content}; contents are texts.", "messages"
    )
    found = fields.get("messages")
    if not isinstance(found, list) or not found:
        raise wrong
    turns = []
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("role"), str):
            raise wrong
        speaker, text = _SPEAKERS.get(one["role"]), one.get("content")
        if isinstance(text, list) and all(
            isinstance(part, dict) and isinstance(part.get("text"), str) for part in text
        ):
            text = "".join(part["text"] for part in text)
        if speaker is None or not isinstance(text, str):
            raise wrong
        turns.append(Turn(speaker, text))
    return tuple(turns)
