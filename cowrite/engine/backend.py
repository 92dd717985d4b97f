"""What the engine needs of a model runtime. `engine.llama` is the real one; tests bring a toy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float32]
"""Logits over the whole vocabulary, shape (vocabulary,)."""


class Decoded(Enum):
    """How a decode ended."""

    DONE = 0
    FULL = 1
    """No room in the context for the batch; nothing was evaluated."""
    INTERRUPTED = 2


class BackendError(Exception):
    """The runtime refused a batch. The request fails, the process goes on."""


class NoDeviceError(Exception):
    """The runtime finds no graphics processor here."""


class NoRoomError(Exception):
    """The graphics processor has no memory free for a single layer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine must know of a loaded model.

    context: tokens in all sequences together. sequences: how many there may be, 0 to sequences - 1.
    start: the token that a prompt begins with, None where it needs none. blank: a token to evaluate where
    the prompt would be empty. fim: the tokens before prefix, suffix and middle, where the model has them.
    rows: the most rows of logits that one batch may keep.
    """

    vocabulary: int
    context: int
    sequences: int
    start: int | None
    blank: int
    fim: tuple[int, int, int] | None = None
    space_prefix: bool = False
    rows: int = 9


class Weights(Protocol):
    """Adds up how much weight each cell of a context had, while it is `on`; see `engine.llama.attention`."""

    on: bool

    def weights(self) -> NDArray[np.float64] | None:
        """By token of the batch and by cell: the mean over heads and layers, None where none were seen."""


class Cells(Protocol):
    """A context's cells, and the batches that are evaluated over them."""

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        """Evaluate one batch. `wanted` says whose logits are kept. Raises BackendError."""

    def row(self, index: int) -> Row:
        """The logits of the batch's token at `index`: a view that the next decode overwrites."""

    def share(self, source: int, target: int, start: int, end: int) -> None:
        """Let sequence `target` hold the positions from `start` to `end` of `source` too."""

    def forget(self, sequence: int, start: int, end: int = -1) -> bool:
        """Remove positions of a sequence; false where the model can't forget a part."""

    def save(self, sequence: int) -> bytes:
        """The evaluated state of a sequence."""

    def restore(self, sequence: int, state: bytes) -> bool:
        """Put a saved state in the place of an empty sequence; false where it does not fit."""


class Backend(Cells, Protocol):
    facts: Facts
    adapted: bool
    """Whether an adapter is applied. What was evaluated with it is of no use without it, nor the reverse."""

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """The tokens of plain text, without a start token.

        special: whether what is written like a control token (`<|im_end|>`) is one. Never for a writer's text.
        """

    def piece(self, token: int) -> bytes:
        """The bytes of a token; empty for control tokens."""

    def ends(self, token: int) -> bool:
        """Whether the token says that the text is over."""

    def attention(self) -> Weights:
        """What can see the attention of a second context; see `beside`."""

    def beside(
        self, tokens: int, sequences: int, rows: int, attention: Weights | None = None
    ) -> AbstractContextManager[Cells]:
        """A second context for a while: of so many tokens, sequences, and tokens and rows in a batch.

        Raises BackendError where it can't be made.
        """

    def adapt(self, *, on: bool) -> None:
        """Apply the model's adapter from now on, or don't; nothing where it has none."""

    def interrupt(self) -> None:
        """End the running decode, and each one to come until `resume`. For other threads."""

    def resume(self) -> None:
        """Allow decoding again."""
