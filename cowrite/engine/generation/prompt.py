"""From a context to the tokens that a model sees."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cowrite.core.context import Context, whole_sentences
from cowrite.engine.backend import Backend
from cowrite.engine.generation.healing import PromptTail, find_tail

_BACK = 48
"""Tokens before an edit that are made again, so that they come out as if all were."""

_AGREE = 16
"""So many of them must come out the same, or the whole text is made again."""


NO_TAIL = PromptTail()
NOWHERE = Context((), "", "")
"""The context of a prompt that is not a place in a draft."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens of a context or a task, and which of them may be backed off to heal its end.

    body: where the draft's begin, behind the head's. end: where they end, at the position; for a model that
    fills in, more follow.
    """

    tokens: tuple[int, ...]
    tail: PromptTail = NO_TAIL
    context: Context = NOWHERE
    body: int = 0
    end: int = 0

    @property
    def first_row(self) -> int:
        """The first position whose logits a request needs; the last is the last token's."""
        return len(self.tokens) - 1 - len(self.tail.tokens)


class Tokenizer:
    """Text to tokens; a text that differs from the last one only near its end costs little.

    Seven thousand characters take 6 ms, too much for every key; a tokenizer looks no further than some
    words, so it is enough to make the end again and to see that it agrees with what is kept.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._text = b""
        self._tokens: list[int] = []
        self._ends: list[int] = []

    def tokens(self, text: str) -> list[int]:
        data = text.encode("utf-8", "replace")
        if data != self._text:
            tokens = None if self._backend.facts.space_prefix else self._patched(data)
            self._remember(data, self._backend.tokenize(text) if tokens is None else tokens)
        return list(self._tokens)

    def _remember(self, data: bytes, tokens: list[int]) -> None:
        common = 0
        for old, new in zip(self._tokens, tokens, strict=False):
            if old != new:
                break
            common += 1
        ends = self._ends[:common]
        at = ends[-1] if ends else 0
        for token in tokens[common:]:
            at += len(self._backend.piece(token))
            ends.append(at)
        self._text, self._tokens, self._ends = data, tokens, ends

    def _patched(self, data: bytes) -> list[int] | None:
        """The tokens made from those of the last text; None where that can't be trusted."""
        if not self._ends or self._ends[-1] != len(self._text):
            return None
        same = _common_bytes(self._text, data)
        kept = _count_up_to(self._ends, same) - _BACK
        if kept <= 0:
            return None
        start = self._ends[kept - 1]
        try:
            rest = data[start:].decode()
        except UnicodeDecodeError:
            return None
        fresh = self._backend.tokenize(rest)
        if fresh[:_AGREE] != self._tokens[kept : kept + _AGREE]:
            return None
        return self._tokens[:kept] + fresh


def _common_bytes(first: bytes, second: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(first), len(second))
    if first[:high] == second[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if first[:middle] == second[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _count_up_to(ends: list[int], offset: int) -> int:
    from bisect import bisect_right

    return bisect_right(ends, offset)


def build_prompt(
    context: Context, tokenizer: Tokenizer, backend: Backend, room: int, *, healing: bool
) -> Prompt:
    """The prompt of a context, at most `room` tokens: the beginning gives way in big steps.

    The model's start token always comes first: Gemma's prose is a third worse without it.
    """
    facts = backend.facts
    start = [] if facts.start is None else [facts.start]
    if facts.fim is not None and context.after.strip():
        return _infill(context, tokenizer, backend, room, start)
    context = fitted(context, backend, room // 2)  # half of the room is the draft's
    head = backend.tokenize(context.head) if context.head else []
    body = tokenizer.tokens(context.body)
    room -= len(start) + len(head)
    body = body[_cut(len(body), room) :]
    tokens = [*start, *head, *body] or [facts.blank]
    floor = max(1, len(start) + len(head))
    tail = find_tail(tokens, backend.piece, floor) if healing and body else PromptTail()
    return Prompt(tuple(tokens), tail, context, len(start) + len(head), len(tokens))


def fitted(context: Context, backend: Backend, most: int) -> Context:
    """The context with parts of at most so many tokens in all: each gives way by whole sentences at its end.

    Parts have budgets in characters; only where a model has unusual tokens, or little room, is this needed.
    """
    share = 1.0
    parts = context.parts
    while parts and (size := _size(replace(context, parts=parts), backend)) > most:
        share *= min(0.9, most / size)
        cut = (
            replace(part, text=whole_sentences(part.text, int(len(part.text) * share)))
            for part in context.parts
        )
        parts = tuple(part for part in cut if part.text)
    return context if parts == context.parts else replace(context, parts=parts)


def _size(context: Context, backend: Backend) -> int:
    return len(backend.tokenize(context.head)) + len(backend.tokenize(context.near))


def _infill(
    context: Context, tokenizer: Tokenizer, backend: Backend, room: int, start: list[int]
) -> Prompt:
    """Prefix, suffix, middle: for models that were made to write between two texts."""
    fim = backend.facts.fim
    assert fim is not None
    after = backend.tokenize(context.after)[: room // 4]
    body = tokenizer.tokens(context.text)
    body = body[_cut(len(body), room - len(after) - 4) :]
    tokens = (*start, fim[0], *body, fim[1], *after, fim[2])
    first = len(start) + 1
    return Prompt(tokens, PromptTail(), context, first, first + len(body))


def _cut(size: int, room: int) -> int:
    """How many tokens to leave out at the beginning: a multiple of a quarter of the room."""
    room = max(1, room)
    if size <= room:
        return 0
    step = max(1, room // 4)
    return min(size - 1, -(-(size - room) // step) * step)
