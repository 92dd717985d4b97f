"""A text read by the model token by token ("teacher forcing"): what it expected at each place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cowrite.engine.backend import Backend, BackendError, Decoded, Row
from cowrite.engine.generation.kv_cache import BATCH, common_length

ROWS = 64
"""Tokens whose logits are made at a time: 64 MB for a vocabulary of 262,144."""


class ForcedReader:
    """Reads texts with one model, whose context it has for itself; what two texts begin with is read once.

    rows: the most rows of logits in a batch that the backend was opened for.
    """

    def __init__(self, backend: Backend, rows: int = ROWS) -> None:
        self.backend = backend
        self._rows = rows
        self._tokens: list[int] = []
        self.evaluated = 0
        """Tokens that were evaluated in all."""

    def rows(self, prompt: Sequence[int], tokens: Sequence[int]) -> Iterator[tuple[int, Row]]:
        """The logits from which each of `tokens` is chosen, behind `prompt` and those before it.

        Yields the token's index and a view that the next step overwrites. `prompt` must not be empty, and
        all must fit into the context. Raises BackendError.
        """
        whole = [*prompt, *tokens]
        first = len(prompt) - 1
        done = min(common_length(self._tokens, whole), first)
        self._trim(done)
        while done < first:
            end = min(first, done + BATCH)
            self._decode(whole[done:end], done, wanted=False)
            done = end
        while done < len(whole) - 1:
            end = min(len(whole) - 1, done + self._rows)
            self._decode(whole[done:end], done, wanted=True)
            for index in range(end - done):
                yield done + index - first, self.backend.row(index)
            done = end

    def _decode(self, tokens: list[int], start: int, *, wanted: bool) -> None:
        count = len(tokens)
        places = range(start, start + count)
        result = self.backend.decode(tokens, places, [0] * count, [wanted] * count)
        if result is not Decoded.DONE:
            self._trim(start)
            raise BackendError("the text does not fit into the model's context")
        self._tokens += tokens
        self.evaluated += count

    def _trim(self, length: int) -> None:
        if length < len(self._tokens):
            if not self.backend.forget(0, length):
                self.backend.forget(0, 0)
                length = 0
            del self._tokens[length:]


def windows(size: int, most: int) -> Iterator[tuple[int, int, int]]:
    """How a text of `size` tokens is read in windows of at most `most`: each (start, first, end).

    A window shows the tokens from `start` and judges those from `first` to `end`; each token is judged once,
    with half a window before it or all that there is.
    """
    start = first = 0
    while first < size:
        end = min(size, start + most)
        yield start, first, end
        first, start = end, end - most // 2


Tell = Callable[[int, int], None]
"""Called with what is done and what there is to do."""
