"""What is to be rewritten: a text, the part of it that `--range` says, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cowrite.core import presets
from cowrite.core.document import one_line_end
from cowrite.core.pieces import Piece, pieces
from cowrite.core.task import Task
from cowrite.errors import UsageError

NEAR = 1500
"""Characters on each side of a paragraph that its task knows of."""


@dataclass(slots=True)
class Job:
    """A text, the part of it that is to be rewritten, and how."""

    text: str
    span: str | None
    words: str
    preset: presets.Preset | None
    start: int = field(init=False)
    end: int = field(init=False)
    parts: tuple[Piece, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.start, self.end = range_of(self.text, self.span)
        self.parts = tuple(
            Piece(max(piece.start, self.start), min(piece.end, self.end), piece.prose)
            for piece in pieces(self.text)
            if piece.start < self.end and piece.end > self.start
        )
        if not any(piece.prose and self.of(piece).strip() for piece in self.parts):
            raise UsageError("There is no prose to work on.", "Headings and code are left alone.")

    def of(self, piece: Piece) -> str:
        """A piece's text."""
        return self.text[piece.start : piece.end]

    def task(self, piece: Piece) -> Task:
        """What is asked of the model for a piece."""
        passage = one_line_end(self.of(piece))
        before = one_line_end(self.text[max(0, piece.start - NEAR) : piece.start])
        after = one_line_end(self.text[piece.end : piece.end + NEAR])
        if self.preset is not None:
            return presets.task(self.preset, passage, before=before, after=after)
        return presets.own_task(self.words, passage, before=before, after=after)

    def like_this(self, answer: str) -> str:
        """An answer with the line ends of the text."""
        return answer.replace("\n", "\r\n") if "\r\n" in self.text else answer


_END = re.compile(r"(L?)(\d+)", re.ASCII)


def range_of(text: str, span: str | None) -> tuple[int, int]:
    """[start, end) in code points of what `--range` says. Raises UsageError.

    `120:480` are characters, from 0 on; `L3:L7` lines, from 1 on, the last one included.
    """
    if span is None:
        return 0, len(text)
    wrong = UsageError(
        f"--range can't be {span!r}.", "For instance: --range 120:480, or lines: --range L3:L7"
    )
    first, colon, last = span.partition(":")
    if not colon:
        raise wrong
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def place(said: str, default: int, *, closing: bool) -> int:
        if not said:
            return default
        match = _END.fullmatch(said.strip())
        if match is None or len(match[2]) > 12:
            raise wrong
        number = int(match[2])
        if not match[1]:
            return number
        if number < 1 or number > len(starts):
            raise UsageError(f"There is no line {number}: the text has {len(starts)}.", wrong.hint)
        line = number if closing else number - 1
        return starts[line] if line < len(starts) else len(text)

    start, end = place(first, 0, closing=False), place(last, len(text), closing=True)
    if end > len(text) or start >= end:
        raise UsageError(
            f"--range {span} is not a part of the text, which has {len(text):,} characters.",
            wrong.hint,
        )
    return start, end
