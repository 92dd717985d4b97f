"""Which parts of a text are words to be checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cowrite.core.diff import difference
from cowrite.core.document import Document
from cowrite.core.inline import LONGEST, Spans
from cowrite.core.reading import Reading
from cowrite.core.recent import Recent
from cowrite.core.words import words

Found = tuple[int, int, str]
"""`(start, end, word)`, as code points. The word is without the marks of emphasis that lie in it."""

_NO_PROSE = frozenset(("code", "mark", "address", "html", "comment", "url"))
_KEPT = 1 << 16
"""Characters of paragraphs whose words are kept: some screens full."""

_paragraphs: Recent[tuple[Found, ...]] = Recent(_KEPT)


def prose_words(text: str, spans: Spans) -> tuple[Found, ...]:
    """The words of a text with these spans of Markdown: no code, addresses, tags, or words with digits."""
    return _paragraphs.get(text, lambda: tuple(_prose_words(text, spans)), with_=spans)


def _prose_words(text: str, spans: Spans) -> Iterator[Found]:
    quiet = _Ahead(spans, _NO_PROSE)
    entities = _Ahead(spans, frozenset(("entity",)))
    signs = _Ahead(spans, frozenset(("delimiter",)))
    start = end = -1
    word = ""
    checked = True
    for low, high in words(text):
        found = text[low:high]
        right = (
            not quiet.touches(low, high)
            and not entities.touches(low - 1, high + 1)  # `caf&eacute;` is no word `caf`
            and not (low and text[low - 1] == "\\")
            and (found.isalpha() or not any(sign.isdigit() or sign == "_" for sign in found))
        )
        if word and signs.cover(end, low):
            word, end, checked = word + found, high, checked and right
            continue
        if word and checked:
            yield start, end, word
        start, end, word, checked = low, high, found, right
    if word and checked:
        yield start, end, word


class _Ahead:
    """Spans of some kinds, asked about places that lie ever further on."""

    def __init__(self, spans: Spans, kinds: frozenset[str]) -> None:
        self._spans = [(low, high) for low, high, kind in spans if kind in kinds]
        self._next = 0
        self._reach = -1

    def touches(self, low: int, high: int) -> bool:
        """Whether one of them has a character between these places."""
        while self._next < len(self._spans) and self._spans[self._next][0] < high:
            self._reach = max(self._reach, self._spans[self._next][1])
            self._next += 1
        return self._reach > low

    def cover(self, low: int, high: int) -> bool:
        """Whether they leave no character out between these places, of which there is at least one."""
        place = low
        while self._next < len(self._spans) and self._spans[self._next][0] < high:
            start, end = self._spans[self._next]
            if start <= place < end:
                place = end
            self._next += 1
        return low < high <= place


def misspelling(
    text: str, place: int, step: int, is_right: Callable[[str], bool]
) -> tuple[int, int] | None:
    """The first wrong word at or behind `place` (step -1: the last one that ends at or before it).

    Goes round the draft's end (or start) once; None where every word is right.
    """
    document = Document(text)
    reading = Reading(document)
    here = document.line_at(place)
    count = document.line_count
    for turn in range(count + 1):
        index = (here + step * turn) % count
        base = document.line_start(index)
        found = line_words(document, reading, index)
        wrong = ((base + start, base + end) for start, end, word in found if not is_right(word))
        if turn == 0:
            wrong = (w for w in wrong if (w[0] >= place if step > 0 else w[1] <= place))
        first = next(wrong, None) if step > 0 else _last(wrong)
        if first is not None:
            return first
    return None


def _last(places: Iterator[tuple[int, int]]) -> tuple[int, int] | None:
    last = None
    for last in places:  # noqa: B007 - it is what is left
        pass
    return last


def line_words(document: Document, reading: Reading, index: int) -> Iterator[Found]:
    """The words of a line of a draft; of a very long one piece by piece, divided at spaces."""
    text = document.line(index)
    if len(text) <= LONGEST:
        yield from prose_words(text, reading.spans(index))
        return
    low = 0
    while low < len(text):
        high = low + LONGEST
        if high < len(text):
            space = text.rfind(" ", low + 1, high)
            high = space if space > 0 else high
        spans = reading.spans(index, low, high)
        near = tuple((start - low, end - low, kind) for start, end, kind in spans)
        for start, end, word in _prose_words(text[low:high], near):
            yield low + start, low + end, word
        low = high


def exchanged(raw: str, start: int, word: str, fresh: str) -> list[tuple[int, int, str]]:
    """The edits that make the word `fresh` of `word`, which the draft has as `raw` from `start` on.

    Where marks of emphasis lie in it they stay, and only the letters that differ give way.
    """
    if raw == word:
        return [(start, start + len(raw), fresh)]
    places: list[int] = []
    for index, sign in enumerate(raw):
        if len(places) < len(word) and sign == word[len(places)]:
            places.append(index)
    low, high, new = difference(word, fresh)
    if low == high:
        at = start + (places[low - 1] + 1 if low else places[0])
        return [(at, at, fresh[low:new])]
    runs: list[list[int]] = []
    for place in places[low:high]:
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    edits, text = [], fresh[low:new]
    alike = len(text) == high - low  # letter for letter; else the first run takes all
    for number, (first, last) in enumerate(runs):
        size = last - first if alike else 0 if number else len(text)
        edits.append((start + first, start + last, text[:size]))
        text = text[size:]
    return edits
