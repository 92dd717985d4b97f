"""One try at a candidate: its tokens, its text, and what may be shown of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Protocol

from cowrite.core.suggestion import Candidate, StopReason, Token
from cowrite.engine.generation.healing import Start
from cowrite.engine.generation.repetition import Repetition
from cowrite.engine.generation.stopping import Verdict
from cowrite.engine.generation.token_text import Likely, Piece, spelled

MOST_REWINDS = 24
MOST_BANS = 6
"""Tokens forbidden at one place before the search goes back by one more."""


class Ending(Protocol):
    """Where a text ends by itself, and what of it can be shown before it has ended."""

    def judge(self, text: str) -> Verdict | None:
        """Whether the text written so far has come to an end of its own."""

    def shown(self, text: str) -> str:
        """What of the text will stay."""

    def finish(self, text: str) -> str:
        """The text as it is when it has ended."""


@dataclass(slots=True)
class Attempt:
    """A candidate in the making.

    number: of the candidate. base: tokens of the prompt that its sequence begins with. tokens: those
    that were chosen, without the kept part of the tail. waiting: those to be evaluated next.
    muted: nothing of it is streamed, since another text was streamed for this candidate.
    """

    number: int
    start: Start
    rng: random.Random
    repetition: Repetition
    stopping: Ending
    muted: bool = False
    sequence: int = -1
    base: int = 0
    tokens: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    bans: dict[int, set[int]] = field(default_factory=dict)
    streamed: str = ""
    stop: StopReason | None = None
    final: str = ""
    rewinds: int = 0
    _bytes: bytearray = field(default_factory=bytearray)
    _ends: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that was written, an unfinished character at the end left out."""
        return self._bytes.decode("utf-8", "ignore")

    @property
    def banned_here(self) -> set[int]:
        """Tokens that may not be chosen next."""
        return self.bans.get(len(self.tokens), set())

    @property
    def ends_in_space(self) -> bool:
        return self._bytes[-1:] == b" "

    def push(
        self, token: int, data: bytes, logprob: float, alternatives: tuple[Likely, ...]
    ) -> None:
        """Take a token that was chosen; `data` is what it adds to the text."""
        self.tokens.append(token)
        self._bytes += data
        self._ends.append(len(self._bytes))
        self.pieces.append((data, logprob, alternatives))
        self.repetition.push(token)

    def judge(self) -> Verdict | None:
        return self.stopping.judge(self.text)

    def fresh(self) -> str:
        """The text that can be shown since the last call; empty where nothing can."""
        shown = self.stopping.shown(self.text)
        if len(shown) <= len(self.streamed) or not shown.startswith(self.streamed):
            return ""
        piece = shown[len(self.streamed) :]
        self.streamed = shown
        return piece

    def rewind(self, at: int) -> bool:
        """Take back the tokens from the one that wrote character `at`, and forbid it there.

        False where the first token is the one to change, or where too much was tried already.
        """
        self.rewinds += 1
        offset = len(self.text[:at].encode())
        place = next((i for i, end in enumerate(self._ends) if end > offset), len(self._ends) - 1)
        while place > 0 and len(self.bans.get(place, ())) >= MOST_BANS:
            place -= 1
        if place <= 0 or self.rewinds > MOST_REWINDS:
            return False
        self.bans.setdefault(place, set()).add(self.tokens[place])
        for later in [p for p in self.bans if p > place]:
            del self.bans[later]
        self._cut(place)
        return True

    def _cut(self, count: int) -> None:
        self.repetition.pop(len(self.tokens) - count)
        del self.tokens[count:], self.pieces[count:], self._ends[count:]
        del self._bytes[self._ends[-1] if self._ends else 0 :]

    def end(self, text: str, stop: StopReason) -> None:
        self.final = self.stopping.finish(text)
        self.stop = stop

    def candidate(self) -> Candidate:
        """The value that goes to the client; tokens behind the text's end are left out."""
        text = self.final if self.stop is not None else self.streamed
        used: list[Token] = []
        size = 0
        for token in spelled(self.pieces):
            if size >= len(text):
                break
            used.append(token)
            size += len(token.text)
        return Candidate(text, tuple(used), self.stop)
