"""The prose of a draft: paragraphs, headings, items, as they are read, each with the way back to the draft.

What a reader doesn't see is left out: signs of Markdown, tags, comments, the addresses of links. What is read
and is no prose (code, an address, an entity) stands as one `GAP`, so that what is beside it isn't taken for
neighbours. Code blocks, tables, blocks of HTML, definitions and front matter are none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.inline import LONGEST, Spans
from cowrite.core.reading import Reading
from cowrite.core.recent import Recent
from cowrite.core.segmentation import next_sentence_end

GAP = "\ufffc"
"""Stands for what is no prose: the object replacement character of Unicode."""

_GAPS = frozenset(("code", "url", "entity"))
_SIGNS = frozenset(("delimiter", "escape", "mark", "address", "html", "comment"))
_PROSE = frozenset((BlockKind.PARAGRAPH, BlockKind.HEADING))
_MOST_LINES = 200
"""Lines, up and down, in which a paragraph begins and ends that is read as a whole on the screen."""
_MARGIN = 2000
"""Characters of a very long line that are read before and behind what is asked for."""
_KEPT = 1 << 17
"""Characters of paragraphs that are kept as they were read: more than a screen."""


class Sentence(NamedTuple):
    """A sentence of a passage: where it stands in its text, [start, end)."""

    start: int
    end: int


class Passage(NamedTuple):
    """A paragraph, heading or item as it is read.

    text: without signs of Markdown; its line breaks are one character each. pieces: (index in the text, offset
    from the passage's beginning in the draft) of each run that stands there as it is here. kind: of block.
    """

    text: str
    pieces: tuple[tuple[int, int], ...]
    kind: BlockKind

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, stands in the draft, from the passage's beginning."""
        return self._offset(start), self._offset(end - 1) + 1

    def _offset(self, index: int) -> int:
        at, offset = self.pieces[bisect_right(self.pieces, (index, 1 << 60)) - 1]
        return offset + index - at

    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, without the white space around them."""
        return _cut.get(self.text, lambda: tuple(_sentences(self.text)))


_read: Recent[Passage] = Recent(_KEPT)
_cut: Recent[tuple[Sentence, ...]] = Recent(_KEPT)


def _sentences(text: str) -> Iterator[Sentence]:
    flat = text.replace("\n", " ").replace("\r", " ")
    place = 0
    while place < len(flat):
        end = next_sentence_end(flat, place)
        start = place
        while start < end and flat[start].isspace():
            start += 1
        stop = end
        while stop > start and flat[stop - 1].isspace():
            stop -= 1
        if start < stop:
            yield Sentence(start, stop)
        place = max(end, place + 1)


class Found(NamedTuple):
    """A passage, and where in the draft it begins."""

    start: int
    passage: Passage


def passages(
    document: Document, reading: Reading, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Found]:
    """The passages of a draft, in order, until it is to be stopped."""
    index = 0
    while index < document.line_count and not stopped():
        if reading.line(index).kind not in _PROSE:
            index += 1
            continue
        last = index
        while last + 1 < document.line_count and _goes_on(reading, last + 1):
            last += 1
        yield _passage(document, reading, index, last)
        index = last + 1


def passage_at(
    document: Document, reading: Reading, index: int, low: int = 0, high: int | None = None
) -> Found | None:
    """The passage that a line is in, None where it isn't prose.

    Of one that is very long: this line alone, and of a very long line the sentences around [low, high).
    """
    if reading.line(index).kind not in _PROSE:
        return None
    text = document.line(index)
    if len(text) > LONGEST:
        return _part(document, reading, index, low, len(text) if high is None else high)
    return whole_passage(document, reading, index)


def whole_passage(document: Document, reading: Reading, index: int) -> Found | None:
    """The passage that a line is in, None where it isn't prose; of one that is very long this line alone."""
    if reading.line(index).kind not in _PROSE:
        return None
    first = last = index
    while first > max(0, index - _MOST_LINES) and _goes_on(reading, first):
        first -= 1
    below = min(document.line_count - 1, index + _MOST_LINES)
    while last < below and _goes_on(reading, last + 1):
        last += 1
    if document.line_end(last) - document.line_start(first) > LONGEST:
        first = last = index
    return _passage(document, reading, first, last)


def _goes_on(reading: Reading, index: int) -> bool:
    line = reading.line(index)
    return line.goes_on and line.kind in _PROSE


def _part(document: Document, reading: Reading, index: int, low: int, high: int) -> Found:
    """Whole sentences of a very long line, around two columns."""
    text = document.line(index)
    low, high = max(0, low - _MARGIN), min(len(text), high + _MARGIN)
    spans = reading.spans(index, low, high)
    near = tuple((max(0, a - low), b - low, kind) for a, b, kind in spans if b > low and a < high)
    passage = _as_read(
        [(0, text[low:high], near, max(0, reading.line(index).start - low))],
        reading.line(index).kind,
    )
    cut = passage.sentences()
    whole = cut[1 if low else 0 : -1 if high < len(text) else None]
    if whole:
        start, end = whole[0].start, whole[-1].end
        pieces = [(max(at, start), offset + max(0, start - at)) for at, offset in passage.pieces]
        kept = [
            piece
            for piece, after in zip(pieces, [*pieces[1:], (1 << 60, 0)], strict=True)
            if after[0] > start
        ]
        passage = Passage(
            passage.text[start:end],
            tuple((at - start, offset) for at, offset in kept),
            passage.kind,
        )
    else:
        passage = Passage("", (), passage.kind)
    return Found(document.line_start(index) + low, passage)


def _passage(document: Document, reading: Reading, first: int, last: int) -> Found:
    start = document.line_start(first)
    lines = []
    for index in range(first, last + 1):
        end = document.line_start(index + 1) if index < last else document.line_end(index)
        base = document.line_start(index)
        begin = reading.line(index).start
        lines.append((base - start, document.slice(base, end), reading.spans(index), begin))
    kind = reading.line(first).kind
    about = tuple((spans, begin) for _, _, spans, begin in lines)
    raw = "".join(text for _, text, _, _ in lines)
    return Found(start, _read.get(raw, lambda: _as_read(lines, kind), with_=about))


def _as_read(lines: list[tuple[int, str, Spans, int]], kind: BlockKind) -> Passage:
    """What is read of some lines: (offset, text with its ending, spans, where its content begins)."""
    out: list[str] = []
    pieces: list[tuple[int, int]] = []
    size = 0

    def add(text: str, offset: int) -> None:
        nonlocal size
        if text:
            if not pieces or pieces[-1][1] + size - pieces[-1][0] != offset:
                pieces.append((size, offset))
            out.append(text)
            size += len(text)

    for number, (base, text, spans, place) in enumerate(lines):
        body = text.rstrip("\r\n")
        for low, high, is_gap in _cuts(spans, place, body):
            add(body[place:low], base + place)
            if is_gap and (not out or out[-1] != GAP):
                add(GAP, base + low)
            place = max(place, high)
        add(body[place:], base + place)
        if number + 1 < len(lines) and text:
            add(text[-1], base + len(text) - 1)
    return Passage("".join(out), tuple(pieces), kind)


def _cuts(spans: Spans, place: int, text: str) -> Iterator[tuple[int, int, bool]]:
    """What isn't read as it stands, from `place` on, in order: (start, end, whether it leaves a gap)."""
    size = len(text)
    for low, high, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        gap = kind in _GAPS or (kind == "address" and text.startswith("<", low))
        if (gap or kind in _SIGNS) and high > place:
            yield max(low, place), min(high, size), gap
            place = min(high, size)
