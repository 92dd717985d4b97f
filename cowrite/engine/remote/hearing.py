"""What a server's answer says: server-sent events or one JSON object, as deltas.

They come by completions, by chat, or in llama-server's own form, which `/infill` answers in.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cowrite.core.suggestion import Token, byte_name
from cowrite.engine.remote.faults import SOON, Fault

MOST_NONSENSE = 20
"""Events in a row that are none, after which a server is not listened to."""

_LARGEST_EVENT = 1 << 20
_MOST_OTHERS = 20


@dataclass(frozen=True, slots=True)
class Delta:
    """What is new of one candidate. finish: why it has ended, empty while it goes on."""

    index: int
    text: str = ""
    tokens: tuple[Token, ...] = ()
    finish: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt, and how many of them the server had read before."""

    prompt: int
    cached: int = 0


Heard = Delta | Usage


def events(lines: Iterable[bytes]) -> Iterator[str]:
    """The data of server-sent events, as the WHATWG's HTML standard divides them, until `[DONE]`."""
    parts: list[str] = []
    size = 0
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text.startswith("data:"):
            parts.append(text[5:].removeprefix(" "))
            size += len(text)
        if parts and (not text or size > _LARGEST_EVENT):
            data, parts, size = "\n".join(parts), [], 0
            if data.strip() == "[DONE]":
                return
            yield data
    if parts and parts != ["[DONE]"]:
        yield "\n".join(parts)


def heard(kind: str, lines: Iterator[bytes], place: str) -> Iterator[list[Heard]]:
    """What an answer of this content type says, as it comes. Raises Fault for what is no answer."""
    first = next(lines, b"")
    while not first.strip() and first:
        first = next(lines, b"")
    every = _behind(first, lines)
    if first.startswith((b"data:", b":", b"event:", b"id:", b"retry:")):
        nonsense = total = 0
        for data in events(every):
            said = parsed(data, place)
            nonsense = nonsense + 1 if said is None else 0
            if nonsense > MOST_NONSENSE:
                raise Fault(f"{place} answered nonsense.", "Is engine.remote a completion server?")
            total += said is not None
            yield said or []
        if not total:
            raise Fault(f"{place} cut its answer.", "Ask again.", again=SOON)
        return
    if not first:
        raise Fault(f"{place} cut its answer.", "Ask again.", again=SOON)
    said = parsed(b"".join(every).decode("utf-8", "replace"), place) if first[:1] == b"{" else None
    if said is None:
        what = f" ({kind[:60]})" if kind and kind.isprintable() else ""
        raise Fault(
            f"{place} did not answer as a completion server does{what}.",
            "engine.remote must be the address of its OpenAI-compatible interface.",
        )
    yield said


def _behind(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def parsed(data: str, place: str) -> list[Heard] | None:
    """What one event says; None where it is nonsense. Raises Fault for an error that the server tells so."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    if said.get("error"):
        raise Fault(f"{place} failed while it wrote.", _error(said["error"]))
    if "content" in said and "choices" not in said:
        return _native(said)
    choices = said.get("choices")
    listed = choices if isinstance(choices, list) else []
    deltas = (_delta(choice) for choice in listed if isinstance(choice, dict))
    out: list[Heard] = [delta for delta in deltas if delta is not None]
    usage = said.get("usage")
    if isinstance(usage, dict):
        details = usage.get("prompt_tokens_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else 0
        out.append(Usage(_count(usage.get("prompt_tokens")), _count(cached)))
    return out if out or isinstance(choices, list) else None


def _native(said: dict[str, Any]) -> list[Heard]:
    """One event in llama-server's own form: one candidate's next piece, or its end."""
    ended = said.get("stop") is True
    finish = "length" if said.get("stop_type") == "limit" else "stop"
    sure = {"content": said.get("completion_probabilities")}
    choice = {
        "index": said.get("index", 0),
        "text": said["content"],
        "logprobs": sure,
        "finish_reason": finish if ended else None,
    }
    delta = _delta(choice)
    out: list[Heard] = [] if delta is None else [delta]
    # How long the prompt is stands in each event, how much of it was known before in the last one alone.
    if "tokens_evaluated" in said:
        timings = said.get("timings")
        cached = timings.get("cache_n") if isinstance(timings, dict) else 0
        out.append(Usage(_count(said["tokens_evaluated"]), _count(cached)))
    return out


def _error(said: Any) -> str:
    if isinstance(said, dict):
        said = said.get("message")
    text = said if isinstance(said, str) else ""
    return " ".join(whole(text).split())[:200]


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 31 else 0


def _delta(choice: dict[str, Any]) -> Delta | None:
    index = choice.get("index", 0)
    text: object = choice.get("text")
    for name in ("delta", "message"):
        if isinstance(said := choice.get(name), dict):
            text = said.get("content")
    finish = choice.get("finish_reason")
    if not isinstance(index, int):
        return None
    words = whole(text) if isinstance(text, str) else ""
    tokens = _tokens(choice.get("logprobs")) if words else ()
    return Delta(index, words, tokens, finish[:40] if isinstance(finish, str) else "")


def whole(text: str) -> str:
    """A text without halves of characters, which JSON can spell and UTF-8 can't."""
    return text.encode("utf-8", "replace").decode()


def _tokens(said: object) -> tuple[Token, ...]:
    """The tokens of either form: lists beside one another (completions), or a list of objects (chat)."""
    if not isinstance(said, dict):
        return ()
    try:
        if isinstance(said.get("content"), list):
            return tuple(_token(one) for one in said["content"])
        texts, sure = said["tokens"], said["token_logprobs"]
        others = said.get("top_logprobs") or [None] * len(texts)
        return tuple(
            Token(whole(text), _sure(logprob), _others(top))
            for text, logprob, top in zip(texts, sure, others, strict=True)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return ()


def _token(one: dict[str, Any]) -> Token:
    others = [(_spelled(other), _sure(other["logprob"])) for other in one.get("top_logprobs") or ()]
    return Token(whole(one["token"]), _sure(one["logprob"]), _best(others))


def _spelled(one: dict[str, Any]) -> str:
    """An alternative's text; bytes that are no character are told as vocabularies write them."""
    data = one.get("bytes")
    if "\ufffd" in one["token"] and isinstance(data, list):
        return byte_name(int(value) & 255 for value in data)
    return whole(one["token"])


def _others(top: object) -> tuple[tuple[str, float], ...]:
    if not isinstance(top, dict):
        return ()
    return _best([(whole(text), _sure(logprob)) for text, logprob in top.items()])


def _best(others: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(others, key=lambda other: -other[1])[:_MOST_OTHERS])


def _sure(value: object) -> float:
    """A log-probability. Raises TypeError, ValueError for what is none."""
    if value is None:
        return 0.0
    number = float(value)  # type: ignore[arg-type]
    if math.isnan(number):
        raise ValueError(value)
    return max(-1000.0, min(0.0, number))
