"""How likely what stands behind the cursor is after each candidate: which of them fit between both texts.

A candidate is drawn by how likely it is after what stands before it. So what is left to weigh, by Bayes' rule,
is how likely the text behind it is once it is written; its own likelihood has counted already. The same tokens
are judged behind each candidate, so that the length of none counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cowrite.core.context import Context
from cowrite.engine.backend import Backend, Decoded
from cowrite.engine.generation.attempt import Attempt
from cowrite.engine.generation.kv_cache import BATCH, KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.sampling import Scratch, log_sum

TOKENS = 8
"""Tokens of the following text that are judged: 16 and 32 put no more true sentences first."""

_CHARACTERS = 160
"""Of the following text that are made tokens: more than enough for these."""


@dataclass(frozen=True, slots=True)
class Following:
    """What is judged behind every candidate of a place: the first tokens of what follows."""

    tokens: tuple[int, ...]

    @classmethod
    def of(cls, context: Context, backend: Backend, count: int = TOKENS) -> Following | None:
        """That of a place; None where nothing follows, or where the model sees what follows anyway."""
        if backend.facts.fim is not None or not context.after.strip():
            return None
        tokens = plain_tokens(backend, _joined(context.after))[:count]
        return cls(tuple(tokens)) if tokens else None


def _joined(after: str) -> str:
    """The following text with the white space that parts it from a candidate, which ends in none: what ends a
    paragraph, or a space.
    """
    body = after.lstrip()
    gap = after[: len(after) - len(body)]
    if "\n" in gap:
        return ("\n\n" if gap.count("\n") > 1 else "\n") + body[:_CHARACTERS]
    return (" " if gap or body[0].isalnum() else "") + body[:_CHARACTERS]


def plain_tokens(backend: Backend, text: str) -> list[int]:
    """The tokens of a text that goes on from another one, without the space that some models put before it."""
    if backend.facts.space_prefix and text[:1] == " ":
        text = text[1:]
    return backend.tokenize(text) if text else []


def tokens_of(attempt: Attempt, prompt: Prompt, backend: Backend) -> tuple[int, ...]:
    """The tokens of an ended candidate with those of its prompt, without what was cut off at its end."""
    text = attempt.final.rstrip().encode()
    size, kept = 0, 0
    for data, _, _ in attempt.pieces:
        if size + len(data) > len(text):
            break
        size += len(data)
        kept += 1
    rest = plain_tokens(backend, text[size:].decode("utf-8", "ignore"))
    return (*prompt.tokens[: attempt.base], *attempt.tokens[:kept], *rest)


def best_of(fits: Mapping[int, float], count: int, kept: Sequence[int]) -> dict[int, int]:
    """Which of the candidates that were written are shown: by each number below `count`, whose text it has.

    Those that are `kept` stay, and so do the best of the others; those that are not shown give their numbers to
    those that were written beside them.
    """
    ranked = sorted((n for n in fits if n not in kept), key=lambda n: (-fits[n], n))
    chosen = {*kept, *ranked[: max(0, count - len(kept))]}
    places = {number: number for number in chosen if number < count}
    free = iter([number for number in range(count) if number not in places])
    for number in ranked:
        if number in chosen and number >= count and (place := next(free, None)) is not None:
            places[place] = number
    return places


def likelihoods(
    following: Following,
    texts: Sequence[Sequence[int]],
    backend: Backend,
    kv: KvCache,
    scratch: Scratch,
) -> list[list[float]] | Decoded:
    """The natural log-probability of each token of what follows, behind each of these texts.

    texts: in tokens, the prompt with them; what is evaluated of one already is not evaluated again. Where it
    was interrupted, or there is no room, that is said instead. Nothing is left behind. Raises BackendError.
    """
    count = len(following.tokens)
    at_once = max(1, backend.facts.rows // count)
    out: list[list[float]] = []
    while len(out) < len(texts):
        group = texts[len(out) : len(out) + at_once]
        donors = [kv.donor(text[:-1]) for text in texts[len(out) :]]
        wanted = [sequence for sequence, _ in donors]
        claimed = kv.claim(len(group), avoid=wanted) or kv.claim(1, avoid=wanted[:1])
        group = group[: len(claimed)]
        for (donor, known), sequence in zip(donors, claimed, strict=False):
            backend.forget(sequence, 0)
            backend.share(donor, sequence, 0, known)
        starts = [known for _, known in donors[: len(group)]]
        found = _judged(following.tokens, group, starts, claimed, backend, scratch)
        for sequence in claimed:
            backend.forget(sequence, 0)
        if isinstance(found, Decoded):
            return found
        out += found
    return out


def _judged(
    target: tuple[int, ...],
    texts: Sequence[Sequence[int]],
    starts: Sequence[int],
    claimed: Sequence[int],
    backend: Backend,
    scratch: Scratch,
) -> list[list[float]] | Decoded:
    """The log-probabilities behind some texts, in one batch; what is read of each before it, by itself."""
    room = BATCH // len(texts)
    tokens: list[int] = []
    positions: list[int] = []
    sequences: list[int] = []
    wanted: list[bool] = []
    for text, start, sequence in zip(texts, starts, claimed, strict=True):
        whole = (*text, *target[:-1])
        while len(whole) - start > room:
            end = min(len(text) - 1, start + BATCH)
            where = range(start, end)
            none = [False] * len(where)
            result = backend.decode(whole[start:end], where, [sequence] * len(where), none)
            if result is not Decoded.DONE:
                return result
            start = end
        size = len(whole) - start
        tokens += whole[start:]
        positions += range(start, len(whole))
        sequences += [sequence] * size
        wanted += [index >= size - len(target) for index in range(size)]
    result = backend.decode(tokens, positions, sequences, wanted)
    if result is not Decoded.DONE:
        return result
    places = [place for place, one in enumerate(wanted) if one]
    found = [
        _logprob(backend, place, target[number % len(target)], scratch)
        for number, place in enumerate(places)
    ]
    return [found[at : at + len(target)] for at in range(0, len(found), len(target))]


def _logprob(backend: Backend, place: int, token: int, scratch: Scratch) -> float:
    row = backend.row(place)
    return float(row[token]) - log_sum(row, scratch)
