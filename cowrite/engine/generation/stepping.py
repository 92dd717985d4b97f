"""One step of several attempts in one batch, for all that writes candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cowrite.core.suggestion import Candidate, Fit, StopReason
from cowrite.engine.backend import Backend, Decoded
from cowrite.engine.generation.attempt import Attempt
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.sampling import Shortlist
from cowrite.engine.generation.token_text import Likely

Event = tuple[int, str | Candidate | None]
"""The number of a candidate, with text to append, with its value when it has ended, or with None where what
was told of it is to be dropped."""


class Batch(Protocol):
    """The candidates of one request, written step by step until `done`."""

    prompt: Prompt
    seed: int
    done: bool
    sequences: list[int]

    @property
    def fit(self) -> Fit | None:
        """The order of the candidates by what follows, once it is known; None where there is none."""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The values as they are now, one for each that was asked for."""

    @property
    def attempts(self) -> list[Attempt]:
        """Those whose newest token is to be evaluated; none where a step does something else."""

    @property
    def in_use(self) -> list[int]:
        """The sequences that are written in now."""

    def step(self) -> list[Event]:
        """Begin what can begin, else evaluate and choose one token of each candidate."""

    def took(self, result: Decoded, first: int = 0) -> list[Event]:
        """The attempts' tokens were evaluated, from `first` on in a batch, or not: choose one more of each."""

    def stop(self, reason: StopReason) -> list[Event]:
        """End every candidate as it is."""


def evaluate(backend: Backend, kv: KvCache, attempts: Sequence[Attempt]) -> Decoded:
    """Evaluate the newest token of each attempt, in one batch. Where it is not DONE, nothing was evaluated."""
    tokens = [attempt.tokens[-1] for attempt in attempts]
    positions = [attempt.base + len(attempt.tokens) - 1 for attempt in attempts]
    sequences = [attempt.sequence for attempt in attempts]
    result = backend.decode(tokens, positions, sequences, [True] * len(tokens))
    if result is Decoded.FULL:
        kv.drop_branches(keep=sequences)
        result = backend.decode(tokens, positions, sequences, [True] * len(tokens))
    if result is not Decoded.DONE:
        for sequence, position in zip(sequences, positions, strict=True):
            backend.forget(sequence, position)
        return result
    for token, sequence in zip(tokens, sequences, strict=True):
        kv.grow(sequence, token)
    return result


def alternatives(backend: Backend, best: Shortlist, count: int) -> tuple[Likely, ...]:
    """The `count` likeliest tokens of a place, as they are told with the one that was chosen."""
    return tuple((backend.piece(token), logprob) for token, logprob in best.top(count))
