"""Sentences that are very long for this draft, and runs of sentences that are all of one length."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from cowrite.core.segmentation import is_ideograph, word_count
from cowrite.prose.passages import Sentence
from cowrite.prose.remarks import Kind, Prose, Read, Remark

_LONG = 50
"""Words of a sentence that is long in any draft."""
_TIMES = 4
"""How many times the draft's usual sentence it has to be besides: who writes long ones means to."""
_RUN = 6
"""Sentences of one length that are monotone."""
_LEAST, _WITHIN = 5, 1
"""Words of each at least, and how far apart their lengths may be from the first one's."""


def lengths(prose: Prose) -> Iterator[Remark]:
    """Remarks on sentences' lengths, in words. Scripts without spaces are left alone."""
    measured = [
        (one, [(s, word_count(one.passage.text[s.start : s.end])) for s in one.passage.sentences()])
        for one in prose.paragraphs()
        if not _is_spaceless(one.passage.text)
    ]
    usual = median([size for _, sizes in measured for _, size in sizes] or [0])
    most = max(_LONG, _TIMES * usual)
    for one, sizes in measured:
        for sentence, size in sizes:
            if size > most:
                says = f"{size} words in one sentence"
                yield one.remark(sentence.start, sentence.end, Kind.LONG, says)
        yield from _even(one, sizes)


def _even(one: Read, sizes: list[tuple[Sentence, int]]) -> Iterator[Remark]:
    first = 0
    while first < len(sizes):
        size = sizes[first][1]
        last = first
        while last < len(sizes) and size >= _LEAST and abs(sizes[last][1] - size) <= _WITHIN:
            last += 1
        if last - first >= _RUN:
            start, end = sizes[first][0].start, sizes[last - 1][0].end
            yield one.remark(
                start, end, Kind.EVEN, f"{last - first} sentences of about {size} words"
            )
        first = max(last, first + 1)


def _is_spaceless(text: str) -> bool:
    letters = [sign for sign in text[:400] if sign.isalpha()]
    return 4 * sum(map(is_ideograph, letters)) > len(letters)
