"""Which parts of a text are words to be checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

Found = tuple[int, int, str]
"""`(start, end, word)`, as code points."""

Skipped = Callable[[str], Iterable[tuple[int, int, str]]]
"""A paragraph's Markdown: `(start, end, kind)`."""

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_WORD = re.compile(rf"(?<!\w){_LETTER}+(?:['\u2019]{_LETTER}+)*(?!\w)")
_REST = r"[^\s()\[\]<>]"
_ADDRESS = re.compile(
    rf"\b\w+://{_REST}+|\bwww\.{_REST}+|{_REST}+@{_REST}+|{_REST}+\.\w+/{_REST}*|<[^<>\n]*>|\\\w+"
)
_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")
_QUIET = ("code", "mark")
"""Kinds of Markdown whose words are not prose: code, and the marks with the addresses of links."""


@lru_cache(maxsize=1024)
def prose_words(text: str, markdown: Skipped) -> tuple[Found, ...]:
    """The words of a paragraph that isn't in a code block: no code, addresses, tags, or words with digits."""
    quiet = [(start, end) for start, end, kind in markdown(text) if kind in _QUIET]
    quiet += [match.span() for match in _ADDRESS.finditer(text)]
    found = ((*match.span(), match.group()) for match in _WORD.finditer(text))
    if not quiet:
        return tuple(found)
    return tuple(
        (start, end, word)
        for start, end, word in found
        if not any(low < end and start < high for low, high in quiet)
    )


def misspelling(
    text: str, place: int, step: int, is_right: Callable[[str], bool], markdown: Skipped
) -> tuple[int, int] | None:
    """The first wrong word at or behind `place` (step -1: the last one that ends at or before it).

    Goes round the draft's end (or start) once; None where every word is right.
    """
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    code = list(_in_code(lines))
    here = max(index for index, start in enumerate(starts[: len(lines)]) if start <= place)
    count = len(lines)
    for turn in range(count + 1):
        index = (here + step * turn) % count
        if code[index]:
            continue
        base = starts[index]
        wrong = [
            (base + start, base + end)
            for start, end, word in prose_words(lines[index], markdown)
            if not is_right(word)
        ]
        if turn == 0:
            wrong = [w for w in wrong if (w[0] >= place if step > 0 else w[1] <= place)]
        if wrong:
            return wrong[0 if step > 0 else -1]
    return None


def _in_code(lines: list[str]) -> Iterator[bool]:
    inside = False
    for line in lines:
        if _FENCE.match(line):
            inside = not inside
            yield True
        else:
            yield inside
