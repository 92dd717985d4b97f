"""A long text in pieces that a small model can take, which respect paragraphs. Pure.

Only prose is for a model: headings, code, tables, front matter and the like stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.reading import Reading
from cowrite.core.segmentation import next_sentence_end, sentence_end, word_count
from cowrite.core.words import words as words_of

MOST = 1200
"""Characters of a piece: a long paragraph. Small models lose the thread in more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, [start, end) in code points; `prose` where a model may change it."""

    start: int
    end: int
    prose: bool


def pieces(text: str, most: int = MOST) -> tuple[Piece, ...]:
    """The text in pieces that follow one another: each paragraph of prose, in parts of at most `most`
    characters that end with a sentence where they can, and what stands between.
    """
    out: list[Piece] = []
    at = 0
    for start, end in paragraphs(text):
        if start > at:
            out.append(Piece(at, start, prose=False))
        out += _parts(text, start, end, most)
        at = end
    if at < len(text):
        out.append(Piece(at, len(text), prose=False))
    return tuple(out)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs of prose, [start, end) each: without the signs of lists and quotations before them, and
    without the line's end behind.
    """
    document = Document(text)
    reading = Reading(document)
    open_at: int | None = None
    end = 0
    for index in range(document.line_count):
        line = reading.line(index)
        prose = line.kind is BlockKind.PARAGRAPH
        if open_at is not None and not (prose and line.goes_on):
            yield open_at, end
            open_at = None
        if prose:
            first = document.line_start(index)
            content = document.line(index)
            if open_at is None and content[line.start :].strip():
                open_at = first + line.start
            end = first + len(content.rstrip())
    if open_at is not None:
        yield open_at, end


def _parts(text: str, start: int, end: int, most: int) -> Iterator[Piece]:
    """A paragraph whole, or where it is too long by its sentences; white space between two is nobody's."""
    while end - start > most:
        window = text[start : start + most + 1]
        cut = start
        while (found := sentence_end(window, cut - start)) is not None and found <= most:
            if start + found <= cut:
                break
            cut = start + found
        if cut == start:  # one endless sentence
            space = window.rfind(" ", 0, most)
            cut = start + (space if space > 0 else most)
        yield Piece(start, cut, prose=True)
        start = cut
        while start < end and text[start].isspace():
            start += 1
        if start > cut:
            yield Piece(cut, start, prose=False)
    if start < end:
        yield Piece(start, end, prose=True)


def grouped(text: str, most: int) -> tuple[tuple[int, int], ...]:
    """Paragraphs together, up to `most` characters, for what is read as a whole; [start, end) each."""
    groups: list[tuple[int, int]] = []
    for piece in pieces(text, most):
        if not piece.prose:
            continue
        if groups and piece.end - groups[-1][0] <= most:
            groups[-1] = (groups[-1][0], piece.end)
        else:
            groups.append((piece.start, piece.end))
    return tuple(groups)


def relevant(question: str, text: str, most: int) -> tuple[tuple[int, int], ...]:
    """The paragraphs that a question is most likely about, up to `most` characters of them, in their order.

    By the words they share with it, the rarer the more, for their length: what BM25 does (Robertson and
    Zaragoza, 2009), with k1 = 1.2 and b = 0.75. All of the text where it is short enough, and its beginning
    where no paragraph shares a word.
    """
    spans = [(piece.start, piece.end) for piece in pieces(text, min(most, MOST)) if piece.prose]
    if sum(end - start for start, end in spans) <= most:
        return tuple(spans)
    asked = set(_terms(question))
    counts = [Counter(_terms(text[start:end])) for start, end in spans]
    scores = _bm25(asked, counts)
    order = sorted(range(len(spans)), key=lambda at: (-scores[at], at))
    taken: list[int] = []
    room = most
    for at in order:
        size = spans[at][1] - spans[at][0]
        if size <= room and (scores[at] > 0 or not any(scores)):
            taken.append(at)
            room -= size
    return tuple(spans[at] for at in sorted(taken))


def _terms(text: str) -> list[str]:
    return [text[start:end].casefold() for start, end in words_of(text)]


def _bm25(asked: set[str], counts: Sequence[Counter[str]]) -> list[float]:
    from math import log

    average = max(1.0, sum(count.total() for count in counts) / max(1, len(counts)))
    having = {term: sum(term in count for count in counts) for term in asked}
    out = []
    for count in counts:
        norm = 1.2 * (0.25 + 0.75 * count.total() / average)
        out.append(
            sum(
                log(1 + (len(counts) - having[term] + 0.5) / (having[term] + 0.5))
                * count[term]
                * 2.2
                / (count[term] + norm)
                for term in asked
                if count[term]
            )
        )
    return out


def within(text: str, words: int) -> str:
    """As many whole sentences from the beginning as have so many words; empty where the first has more."""
    end = 0
    while end < len(text):
        after = next_sentence_end(text, end)
        if after <= end or word_count(text[:after]) > words:
            break
        end = after
    return text[:end].strip()
