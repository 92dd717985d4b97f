"""Which tokens are evaluated, and in which sequence: the keeper of the KV cache.

Sequence 0, the prefix, holds the prompt. Candidates fork off it into sequences of their own, which share
the prefix's cells. After a request they are kept, so that a candidate which was accepted is evaluated
already. Nothing is ever cleared: a new prompt trims the prefix to what both have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cowrite.engine.backend import Backend, Decoded, Row
from cowrite.engine.generation.prompt import Prompt

BATCH = 128
MOST_ROWS = 8
"""Rows of logits that are kept, a megabyte each for a vocabulary of 262,144."""


class KvCache:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.tokens: list[int] = []
        self._rows: dict[int, Row] = {}
        self._branches: dict[int, list[int]] = {}
        self._held: frozenset[int] = frozenset()
        self.evaluated = 0
        """How many tokens were evaluated in all: what the benchmark and the tests count."""

    # The prompt

    def settle(self, prompt: Prompt) -> int:
        """Make the prefix the longest part of the prompt that is evaluated anywhere. Returns its length."""
        tokens = prompt.tokens
        common = common_length(self.tokens, tokens)
        donor, best = self.donor(tokens)
        self._trim(common)
        if donor:
            self._backend.share(donor, 0, common, best)
            self.tokens = list(tokens[:best])
        return len(self.tokens)

    def donor(self, tokens: Sequence[int]) -> tuple[int, int]:
        """The sequence that holds most of these tokens' beginning, and how many: the prefix before others."""
        best, donor = common_length(self.tokens, tokens), 0
        for sequence, branch in self._branches.items():
            length = common_length(branch, tokens)
            if length > best:
                best, donor = length, sequence
        return donor, best

    def ready(self, prompt: Prompt) -> bool:
        """Whether a request for this prompt needs no evaluation."""
        size = len(prompt.tokens)
        return (
            len(self.tokens) >= size
            and common_length(self.tokens, prompt.tokens) == size
            and all(place in self._rows for place in range(prompt.first_row, size))
        )

    def advance(self, prompt: Prompt) -> Decoded:
        """Evaluate one batch of what the prompt still lacks. INTERRUPTED leaves what was done before."""
        self.settle(prompt)
        size = len(prompt.tokens)
        start = len(self.tokens)
        for place in range(prompt.first_row, size):
            if place < start and place not in self._rows:
                start = place
                break
        if start >= size:
            return Decoded.DONE
        self._trim(start)
        end = min(size, start + BATCH)
        wanted = [place >= prompt.first_row for place in range(start, end)]
        batch = prompt.tokens[start:end]
        result = self._backend.decode(batch, range(start, end), [0] * len(batch), wanted)
        if result is Decoded.FULL and self._branches:
            self.drop_branches()
            result = self._backend.decode(batch, range(start, end), [0] * len(batch), wanted)
        if result is not Decoded.DONE:
            self._backend.forget(0, start)
            return result
        self.evaluated += len(batch)
        self.tokens += batch
        for index, place in enumerate(range(start, end)):
            if wanted[index]:
                self._keep_row(place, self._backend.row(index).copy())
        return Decoded.DONE

    def rows(self, prompt: Prompt) -> list[Row]:
        """The logits that `healing.starts` needs. Only where the prompt is `ready`."""
        return [self._rows[place] for place in range(prompt.first_row, len(prompt.tokens))]

    def _keep_row(self, place: int, row: Row) -> None:
        self._rows.pop(place, None)
        self._rows[place] = row
        while len(self._rows) > MOST_ROWS:
            self._rows.pop(next(iter(self._rows)))

    def _trim(self, length: int) -> None:
        if length >= len(self.tokens):
            return
        if not self._backend.forget(0, length):
            self._backend.forget(0, 0)
            length = 0
        del self.tokens[length:]
        self._rows = {place: row for place, row in self._rows.items() if place < length}

    # The branches

    def claim(self, count: int, avoid: Sequence[int] = ()) -> list[int]:
        """`count` sequences to write in; the oldest branches give way, but those of `avoid` and those held."""
        avoid = [*avoid, *self._held]
        free = [s for s in range(1, self._backend.facts.sequences) if s not in self._branches]
        old = [s for s in self._branches if s not in avoid]
        claimed = ([s for s in free if s not in avoid] + old)[:count]
        for sequence in claimed:
            self.release(sequence)
        return claimed

    def hold(self, sequences: Iterable[int]) -> None:
        """Keep what is in these branches until others are held: somebody else writes in them."""
        self._held = frozenset(sequences)

    def fork(self, sequence: int, length: int, source: int = 0) -> None:
        """Let `sequence` begin with the first `length` tokens of the prefix, or of the branch `source`."""
        self._backend.forget(sequence, 0)
        self._backend.share(source, sequence, 0, length)
        self._branches[sequence] = (self._branches[source] if source else self.tokens)[:length]

    def grow(self, sequence: int, token: int) -> None:
        """Note that `token` was evaluated at the end of `sequence`."""
        self._branches[sequence].append(token)

    def shrink(self, sequence: int, length: int) -> None:
        """Take back all but the first `length` tokens of `sequence`."""
        branch = self._branches[sequence]
        if length < len(branch):
            self._backend.forget(sequence, length)
            del branch[length:]

    def length(self, sequence: int) -> int:
        return len(self._branches[sequence])

    def release(self, sequence: int) -> None:
        if self._branches.pop(sequence, None) is not None:
            self._backend.forget(sequence, 0)

    def drop_branches(self, keep: Sequence[int] = ()) -> None:
        for sequence in [s for s in self._branches if s not in keep and s not in self._held]:
            self.release(sequence)

    # The state on disk

    def save(self, length: int) -> tuple[list[int], bytes]:
        """The first `length` tokens of the prefix and their state."""
        self._trim(length)
        return list(self.tokens), self._backend.save(0)

    def put_aside(self) -> tuple[list[int], bytes]:
        """The whole prefix and its state; what is left is empty, and its logits are forgotten too."""
        self.drop_branches()
        tokens = list(self.tokens)
        state = self._backend.save(0) if tokens else b""
        self._trim(0)
        self._backend.forget(0, 0)
        return tokens, state

    def restore(self, tokens: list[int], state: bytes) -> bool:
        """Begin with a saved state; false, and empty, where it does not fit."""
        self.drop_branches()
        self._trim(0)
        if not self._backend.restore(0, state):
            self._backend.forget(0, 0)
            return False
        self.tokens = list(tokens)
        return True


def common_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens both begin with."""
    end = min(len(first), len(second))
    if list(first[:end]) == list(second[:end]):
        return end
    for index in range(end):
        if first[index] != second[index]:
            return index
    return end
