"""What a request asks for: its body, read and checked, as parameters of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cowrite.core.conversation import Speaker, Turn
from cowrite.core.suggestion import Params, StopAt
from cowrite.serve.openai.refusing import RefusedError

MOST_PROMPTS, MOST_CANDIDATES, MOST_STOPS = 32, 16, 8
MOST_TOKENS = 1_000_000
"""What may be asked for: a candidate ends anyway at half of the model's context, and says `length` then."""

_BOTH = {
    *(
        "model",
        "n",
        "seed",
        "stop",
        "max_tokens",
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "stream",
    ),
    *("stream_options", "user", "logprobs"),
}
_TEXT, _CHAT = {"prompt", "suffix"}, {"messages", "max_completion_tokens", "top_logprobs"}

_OF_NO_EFFECT = {"metadata", "service_tier", "safety_identifier", "prompt_cache_key"}
"""Fields that change no text, whatever they hold."""

_NOTHING: dict[str, tuple[object, ...]] = {
    "best_of": (1,),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "response_format": ({"type": "text"},),
    "tool_choice": ("none", "auto"),
    "parallel_tool_calls": (True,),
    "modalities": (["text"],),
    "reasoning_effort": ("none",),
}
"""Values, besides empty ones, of what is not done here that ask for nothing."""

_SPEAKERS = {
    "system": Speaker.SYSTEM,
    "developer": Speaker.SYSTEM,
    "user": Speaker.USER,
    "assistant": Speaker.MODEL,
}


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
        if name in known or name in _OF_NO_EFFECT or _asks_nothing(name, value):
            continue
        raise RefusedError(400, f"{name} is not done here.", name, "unsupported_parameter")


def _asks_nothing(name: str, value: object) -> bool:
    nothing = (None, False, {}, [], "", *_NOTHING.get(name, ()))
    return any(value == one and isinstance(value, bool) is isinstance(one, bool) for one in nothing)


def _params(fields: Mapping[str, Any], usual: Params, alternatives: int) -> Params:
    named = "max_completion_tokens" if "max_completion_tokens" in fields else "max_tokens"
    sampling = usual.sampling
    sampling = replace(
        sampling,
        temperature=_number(fields, "temperature", 0, 2, sampling.temperature),
        top_p=_number(fields, "top_p", 0.001, 1, sampling.top_p),
        top_k=_whole(fields, "top_k", 1, 1000, sampling.top_k),
        min_p=_number(fields, "min_p", 0, 1, sampling.min_p),
    )
    return replace(
        usual,
        n=_whole(fields, "n", 1, MOST_CANDIDATES, 1),
        max_tokens=_whole(fields, named, 1, MOST_TOKENS, usual.max_tokens),
        seed=_seed(fields),
        stop=StopAt.NONE,
        sampling=sampling,
        logprobs=alternatives,
        deadline_ms=0,
    )


def _seed(fields: Mapping[str, Any]) -> int | None:
    """Any seed that OpenAI's interface knows; None for a fresh one."""
    if fields.get("seed") is None:
        return None
    return _whole(fields, "seed", -(2**63), 2**63 - 1, 0) % 2**31


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
        said = "prompt must be a text or a list of texts; numbers of tokens are not read here."
        raise RefusedError(400, said, "prompt")
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
