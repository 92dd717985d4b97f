"""What a remark on a draft's prose is, and the prose that those are made on who look for them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.language import language_at
from cowrite.core.reading import Reading
from cowrite.core.words import words
from cowrite.prose.passages import Passage, passages


class Kind(StrEnum):
    """What is remarked on."""

    DOUBLED = "doubled"
    NEAR = "near"
    LONG = "long"
    EVEN = "even"
    TENSE = "tense"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something at [start, end) of the draft, in code points. says: what, in some words."""

    start: int
    end: int
    kind: Kind
    says: str


class StoppedError(Exception):
    """It was told to stop before it was through."""


@dataclass(frozen=True, slots=True)
class Read:
    """A passage that was read: where in the draft it begins, and where the words of its text are."""

    start: int
    passage: Passage
    words: tuple[tuple[int, int], ...]

    def remark(self, start: int, end: int, kind: Kind, says: str) -> Remark:
        """A remark on its text[start:end]."""
        low, high = self.passage.place(start, end)
        return Remark(self.start + low, self.start + high, kind, says)


class Prose:
    """A draft's passages. Going through them raises StoppedError where `stopped` says so.

    language: the draft's, as `en`; empty where that can't be told.
    """

    def __init__(self, text: str, stopped: Callable[[], bool] = lambda: False) -> None:
        document = Document(text)
        self.stopped = stopped
        self._all: list[Read] = []
        for start, passage in passages(document, Reading(document)):
            self.go_on()
            self._all.append(Read(start, passage, tuple(words(passage.text))))
        middle = self._all[len(self._all) // 2].start if self._all else 0
        self.language = language_at(document, middle).partition("-")[0]

    def go_on(self) -> None:
        """Raises StoppedError where it is to be stopped."""
        if self.stopped():
            raise StoppedError

    def __iter__(self) -> Iterator[Read]:
        for one in self._all:
            self.go_on()
            yield one

    def paragraphs(self) -> Iterator[Read]:
        """Those that aren't headings."""
        return (one for one in self if one.passage.kind is BlockKind.PARAGRAPH)
