"""What a model is shown at a position of the draft: parts from elsewhere, and the draft around the position.

A prompt's KV cache is reused as far as its beginning stays the same. So the window does not slide: its start
stays where it is while the writer goes on, and then moves in one big step to a paragraph's end. And parts
have a fixed order: what seldom changes stands before the draft, and what changes with the last words stands
in it, some paragraphs before the position, so that a change there leaves what was read of the draft before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.document import Document, one_line_end
from cowrite.core.segmentation import next_sentence_end


class PartKind(StrEnum):
    """What a part is, in the order in which parts stand."""

    HEAD = "head"
    """Frozen text of the settings."""
    NOTES = "notes"
    SUMMARY = "summary"
    """What happens in another chapter."""
    PASSAGE = "passage"
    """Of another chapter, or of an earlier work."""
    FRAME = "frame"
    """What kind of text the draft is, while it is short; see `core.frames`."""
    LORE = "lore"
    AUTHOR = "author's note"

    @property
    def near(self) -> bool:
        """Whether it stands in the draft, some paragraphs before the position."""
        return self in (PartKind.LORE, PartKind.AUTHOR)


ORDER = {kind: place for place, kind in enumerate(PartKind)}

BETWEEN = "\n\n"
"""What stands behind a part."""


@dataclass(frozen=True, slots=True)
class ContextPart:
    """A text that the model is shown besides the draft, as it is sent but for what divides parts.

    source: where it comes from, for the writer: a file's name, an entry of it, a setting.
    """

    kind: PartKind
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a model is shown at a position of the draft.

    parts: in the order in which they stand. before, after: the draft on both sides of the position, line ends
    as `\\n`. start, end: the offsets in the draft (code points) where `before` begins and `after` ends.
    split: how many characters of `before` stand before the parts that are near.
    """

    parts: tuple[ContextPart, ...]
    before: str
    after: str
    start: int = 0
    end: int = 0
    split: int = 0

    @property
    def head(self) -> str:
        """What stands before the draft, with what divides it from the draft; empty where nothing does."""
        return "".join(as_sent(part) for part in self.parts if not part.kind.near)

    @property
    def near(self) -> str:
        """What stands in the draft, some paragraphs before the position; empty where nothing does."""
        return "".join(as_sent(part) for part in self.parts if part.kind.near)

    @property
    def body(self) -> str:
        """The draft before the position, with the parts that stand in it."""
        return self.before[: self.split] + self.near + self.before[self.split :]

    @property
    def text(self) -> str:
        """All that stands before the position, as it is sent."""
        return self.head + self.body


def as_sent(part: ContextPart) -> str:
    """A part's text with what divides it from what follows. What the settings put first is taken as it is."""
    if part.kind is PartKind.HEAD or not part.text:
        return part.text
    return part.text.rstrip("\n") + BETWEEN


def ordered(parts: Iterator[ContextPart] | tuple[ContextPart, ...]) -> tuple[ContextPart, ...]:
    """The parts in the order of their kinds, and as they were within a kind."""
    return tuple(sorted(parts, key=lambda part: ORDER[part.kind]))


def window_start(document: Document, position: int, budget: int) -> int:
    """The offset where the window that ends at `position` begins, for at most `budget` characters.

    The earliest start that fits is rounded up to half a budget, then moved to the next paragraph's end,
    or to the next space where a paragraph is very long. So between a quarter of a budget and all of it is
    shown, and while the writer goes on the start moves once in half a budget.
    """
    if position <= budget:
        return 0
    step = max(1, budget // 2)
    start = -(-(position - budget) // step) * step
    ahead = document.slice(start, min(position, start + step // 2))
    for mark in ("\n\n", "\r\n\r\n", "\r\r", "\n", "\r", " "):
        found = ahead.find(mark)
        if found >= 0:
            return start + found + len(mark)
    return start


NEAR = 1000
"""Characters between the parts that are near and the position, at the most, about; a quarter at the least.
They are read anew when one of the parts changes, and when the place moves: once in half of it."""

_ENDS = ("\n\n", "\r\n\r\n", "\r\r"), ("\n", "\r")
"""Of paragraphs, and of lines."""


def near_place(document: Document, start: int, position: int) -> int:
    """The offset in the draft where parts stand that are near `position`: a paragraph's end, or a sentence's
    where paragraphs are very long, not before `start`. It stays while the writer goes on, then moves in one
    step.
    """
    if position - start <= NEAR:
        return start
    step = NEAR // 2
    place = -(-(position - NEAR) // step) * step
    low = max(start, place - step // 2)
    around = document.slice(low, place + step // 2)
    for marks in _ENDS:
        ends = [at + len(mark) for mark in marks if (at := around.rfind(mark)) >= 0]
        if ends:
            return low + max(ends)
    ends = [end for _, end in sentences(around) if end < len(around)]
    return low + ends[-1] if ends else start


def context_at(
    document: Document,
    position: int,
    *,
    budget: int,
    parts: tuple[ContextPart, ...] = (),
    reserved: int = 0,
    after_budget: int = 600,
) -> Context:
    """The context at `position` of the draft.

    budget: the most characters of `before` and what is `reserved` for parts together; what parts have in fact
    does not count, so that the window stays where it is when they change. after_budget: the most of `after`.
    """
    start = window_start(document, position, max(1, budget - reserved))
    before = one_line_end(document.slice(start, position))
    end = min(len(document), position + after_budget)
    after = one_line_end(document.slice(position, end))
    parts = ordered(parts)
    split = 0
    if any(part.kind.near for part in parts):
        place = near_place(document, start, position)
        split = len(one_line_end(document.slice(start, place)))
    return Context(parts, before, after, start, end, split)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends, the white space behind it with it. All of it is
    covered.
    """
    at = 0
    while at < len(text):
        end = max(at + 1, next_sentence_end(text, at))
        while end < len(text) and text[end].isspace():
            end += 1
        yield at, end
        at = end


_AHEAD = 200
"""Characters behind a limit that tell whether a sentence ends before it."""


def whole_sentences(text: str, size: int, *, last: bool = False) -> str:
    """As many whole sentences of a text's beginning (last: of its end) as have `size` characters at most.

    Empty where not one fits: no part is ever cut within a sentence.
    """
    if len(text) <= size:
        return text
    if not last:
        end = 0
        for start, stop in sentences(text[: size + _AHEAD]):
            if start + len(text[start:stop].rstrip()) > size:
                break
            end = stop
        return text[:end].rstrip()
    starts = [start for start, _ in sentences(text) if len(text) - start <= size]
    return text[starts[0] :] if starts else ""
