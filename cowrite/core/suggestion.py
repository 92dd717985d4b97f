"""What is asked of a model, and what it answers: parameters, candidates, their tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum


class StopAt(StrEnum):
    """Where a candidate ends by itself."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    NONE = "none"


class StopReason(StrEnum):
    """Why a candidate did end."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    LENGTH = "length"
    DEADLINE = "deadline"
    END = "end"
    """The model said that the text is over."""
    SUFFIX = "suffix"
    """It ran into the text behind the cursor and was trimmed there."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen. The defaults are the preset `balanced`."""

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 1.0
    min_p: float = 0.05
    dry_multiplier: float = 0.8
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    repeat_penalty: float = 1.0
    banned: tuple[str, ...] = ()
    """Phrases that no candidate may hold."""


PRESETS: dict[str, Sampling] = {
    "precise": Sampling(temperature=0.4, top_k=20, min_p=0.1),
    "balanced": Sampling(),
    "wild": Sampling(temperature=1.15, top_k=100, min_p=0.03),
}


@dataclass(frozen=True, slots=True)
class Params:
    """What one request asks for.

    n: candidates. max_tokens: the most tokens of each. seed: None for a fresh one.
    logprobs: alternatives kept per token. deadline_ms: none where 0.
    """

    n: int = 3
    max_tokens: int = 48
    stop: StopAt = StopAt.SENTENCE
    seed: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    logprobs: int = 0
    deadline_ms: int = 0


_BYTES = re.compile(r"(?:<0x[0-9A-F]{2}>)+")


def byte_name(data: Iterable[int]) -> str:
    """Bytes that are no whole character, as vocabularies write them: `<0xF0><0x9F>`."""
    return "".join(f"<0x{value:02X}>" for value in data)


def is_part(text: str) -> bool:
    """Whether an alternative ends in a part of a character, so that no text can go on from it."""
    found = list(_BYTES.finditer(text))
    return bool(found) and found[-1].end() == len(text)


def bytes_of(token: Token) -> bytes:
    """What a token is: those of all tokens of a candidate are its text in UTF-8."""
    return token.text.encode("utf-8", "replace") if token.bytes is None else bytes(token.bytes)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a candidate: its text, natural log-probability, and what else was likely.

    The log-probability is the model's own, before sampling changes it. Where a character is made of several
    tokens, it is the text of the last one, the others have none, and `bytes` are what each of them is; else
    that is None. An alternative that is a part of a character is told as `byte_name` says it.
    """

    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...] = ()
    bytes: tuple[int, ...] | None = None

    @property
    def label(self) -> str:
        """The text for people, who have to see something of a part of a character too."""
        return self.text or byte_name(self.bytes or ())


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the n texts of a request."""

    text: str
    tokens: tuple[Token, ...] = ()
    stop: StopReason | None = None

    @property
    def mean_logprob(self) -> float | None:
        """Mean natural log-probability of its tokens, None without tokens."""
        if not self.tokens:
            return None
        return sum(token.logprob for token in self.tokens) / len(self.tokens)

    def alternative(self, token: int, number: int) -> Token | None:
        """One of a token's alternatives as the token that takes its place; a part of a character can't."""
        if not 0 <= token < len(self.tokens):
            return None
        others = self.tokens[token].alternatives
        if not 0 <= number < len(others):
            return None
        text, logprob = others[number]
        return None if is_part(text) else Token(text, logprob, others)


@dataclass(frozen=True, slots=True)
class Fit:
    """The order of a request's candidates by how likely what follows is behind each.

    order: their numbers, the best first. fits: of each number, the log-probability of what is judged, in nats;
    None of one without text.
    """

    order: tuple[int, ...]
    fits: tuple[float | None, ...]

    def best_first(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """The candidates in this order; those that it does not name come last, as they were."""
        named = [number for number in self.order if number < len(candidates)]
        rest = [number for number in range(len(candidates)) if number not in named]
        return tuple(candidates[number] for number in (*named, *rest))


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of one request, in the engine. `first` is the time to the first text."""

    prefill: float = 0.0
    first: float | None = None
    total: float = 0.0


def one_kind_of_line(text: str) -> str:
    """A model's text with `\\n` between its lines: the draft's own ending takes its place when it is taken.

    What a chunk ends with may be half of a `\\r\\n`, so `\\r` is left out wherever it stands.
    """
    return text.replace("\r", "")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was generated before: the suggestion that it was, and the candidates to show again."""

    suggestion_id: str
    candidates: tuple[Candidate, ...]


def rest_of(candidate: Candidate, said: str) -> Candidate | None:
    """What a candidate says behind `said`, with the tokens of that; None where it says something else.

    A token that `said` ends in is cut, and its log-probability stays that of the whole.
    """
    text = one_kind_of_line(candidate.text)
    if not text.startswith(said) or len(text) == len(said):
        return None
    if not said:
        return candidate
    tokens, at = [], 0
    for token in candidate.tokens:
        fresh = one_kind_of_line(token.text)
        at += len(fresh)
        if at > len(said):
            tokens.append(replace(token, text=fresh[-(at - len(said)) :]))
    return Candidate(text[len(said) :], tuple(_whole(tokens)), candidate.stop)


def _whole(tokens: list[Token]) -> Iterable[Token]:
    """The tokens; where the first was cut, it is no longer made of its bytes."""
    for index, token in enumerate(tokens):
        yield replace(token, bytes=None) if index == 0 else token
