"""Answers as OpenAI's interface has them: objects, and pieces of a stream."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import Any

from cowrite.core.suggestion import Candidate, StopReason, Token, bytes_of
from cowrite.engine.protocol import Done

LOWEST = -9999.0
"""What OpenAI's interface says of a token that could not come."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Says one request's answers. logprobs: whether they were asked for."""

    model: str
    chat: bool
    logprobs: bool = False
    identity: str = field(default_factory=lambda: os.urandom(12).hex())
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, dones: list[Done], n: int) -> dict[str, Any]:
        """The answer to a request that was not streamed."""
        choices = [
            self._choice(prompt * n + index, candidate)
            for prompt, done in enumerate(dones)
            for index, candidate in enumerate(done.candidates)
        ]
        return {**self._frame(""), "choices": choices, "usage": usage(dones)}

    def piece(self, index: int, text: str, *, first: bool = False) -> dict[str, Any]:
        """A piece of a candidate's text."""
        return self._streamed(index, text, None, first)

    def end(self, index: int, candidate: Candidate) -> dict[str, Any]:
        """The last of a candidate."""
        return self._streamed(index, "", reason(candidate), False)

    def figures(self, dones: list[Done]) -> dict[str, Any]:
        """The last of a stream, where figures were asked for."""
        return {**self._frame(".chunk"), "choices": [], "usage": usage(dones)}

    def _streamed(self, index: int, text: str, why: str | None, first: bool) -> dict[str, Any]:
        if self.chat:
            delta = {"role": "assistant"} if first else {}
            said: dict[str, Any] = {"delta": {**delta, **({"content": text} if text else {})}}
        else:
            said = {"text": text}
        choice = {"index": index, **said, "logprobs": None, "finish_reason": why}
        return {**self._frame(".chunk"), "choices": [choice]}

    def _frame(self, part: str) -> dict[str, Any]:
        return {
            "id": f"{'chatcmpl' if self.chat else 'cmpl'}-{self.identity}",
            "object": f"chat.completion{part}" if self.chat else "text_completion",
            "created": self.created,
            "model": self.model,
        }

    def _choice(self, index: int, candidate: Candidate) -> dict[str, Any]:
        told: dict[str, Any] | None = None
        if self.logprobs:
            told = _of_chat(candidate) if self.chat else _of_text(candidate)
        if self.chat:
            said: dict[str, Any] = {"message": {"role": "assistant", "content": candidate.text}}
        else:
            said = {"text": candidate.text}
        return {"index": index, **said, "logprobs": told, "finish_reason": reason(candidate)}


def reason(candidate: Candidate) -> str:
    """Why a candidate ended."""
    return "length" if candidate.stop is StopReason.LENGTH else "stop"


def usage(dones: list[Done]) -> dict[str, int]:
    """Tokens that were read and written."""
    read = sum(done.prompt_tokens for done in dones)
    written = sum(len(c.tokens) for done in dones for c in done.candidates)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _nats(value: float) -> float:
    """A log-probability as JSON can say it: that of what can't be is no number there."""
    return max(value, LOWEST)


def _of_text(candidate: Candidate) -> dict[str, Any]:
    offsets, at = [], 0
    for token in candidate.tokens:
        offsets.append(at)
        at += len(token.text)
    return {
        "tokens": [token.label for token in candidate.tokens],
        "token_logprobs": [_nats(token.logprob) for token in candidate.tokens],
        "top_logprobs": [
            {text: _nats(logprob) for text, logprob in token.alternatives}
            for token in candidate.tokens
        ],
        "text_offset": offsets,
    }


def _of_chat(candidate: Candidate) -> dict[str, Any]:
    return {"content": [_token(token) for token in candidate.tokens]}


def _token(token: Token) -> dict[str, Any]:
    others = [
        {"token": text, "logprob": _nats(logprob), "bytes": None}
        for text, logprob in token.alternatives
    ]
    own = {"token": token.label, "logprob": _nats(token.logprob), "bytes": list(bytes_of(token))}
    return {**own, "top_logprobs": others}
