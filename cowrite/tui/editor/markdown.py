"""Markdown, as far as it is coloured: which parts of a paragraph are what.

Line by line and by regular expressions, so that only what is on screen is ever looked at. It colours, it
does not parse: where the two differ (nested emphasis, links over two lines) the text stays plain.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from cowrite.core.document import Document

Spans = tuple[tuple[int, int, str], ...]
"""`(start, end, kind)`; later ones lie over earlier ones."""

_HEADING = re.compile(r"#{1,6}(?=\s|$)")
_QUOTE = re.compile(r"(?:\s{0,3}>\s?)+")
_LIST = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=\s)(?:\s+\[[ xX]\](?=\s))?")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<link>!?\[(?P<label>[^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\))"
    r"|(?P<strong>\*\*(?=\S)(?P<strong_text>.+?)(?<=\S)\*\*(?!\*)|(?<!\w)__(?=\S).+?(?<=\S)__(?!\w))"
    r"|(?P<emphasis>\*(?=[^\s*])(?:[^*]|\*\*)+?(?<=[^\s*])\*(?!\*)|(?<!\w)_(?=[^\s_])[^_]+?(?<=\S)_(?!\w))"
    r"|(?P<strike>~~(?=\S).+?(?<=\S)~~)"
)
_MARKS = {"strong": 2, "emphasis": 1, "strike": 2}


@lru_cache(maxsize=1024)
def highlight(text: str) -> Spans:
    """The spans of one paragraph that is not in a code block."""
    if _RULE.match(text):
        return ((0, len(text), "mark"),)
    spans: list[tuple[int, int, str]] = []
    begin = 0
    if quote := _QUOTE.match(text):
        spans += [(0, len(text), "quote"), (0, quote.end(), "mark")]
        begin = quote.end()
    if heading := _HEADING.match(text, begin):
        spans += [(begin, len(text), "heading"), (begin, heading.end(), "mark")]
        begin = heading.end()
    elif item := _LIST.match(text, begin):
        spans.append((begin, item.end(), "list"))
        begin = item.end()
    if any(sign in text for sign in "*_`[~<\\"):
        _inline(text, begin, len(text), spans)
    return tuple(spans)


def _inline(text: str, begin: int, end: int, spans: list[tuple[int, int, str]]) -> None:
    for match in _INLINE.finditer(text, begin, end):
        kind = match.lastgroup or ""
        for name in ("code", "link", "strong", "emphasis", "strike"):
            if match[name] is not None:
                kind = name
        low, high = match.span()
        if kind == "escape":
            spans.append((low, low + 1, "mark"))
        elif kind == "comment":
            spans.append((low, high, "mark"))
        elif kind == "code":
            spans.append((low, high, "code"))
        elif kind == "link":
            label = match.span("label")
            spans += [(low, label[0], "mark"), (*label, "link"), (label[1], high, "mark")]
        else:
            size = _MARKS[kind]
            spans += [(low, high, kind), (low, low + size, "mark"), (high - size, high, "mark")]
            if kind == "strong":
                _inline(text, low + size, high - size, spans)


class Fences:
    """Which lines are in fenced code: the numbers of the fence lines, kept in step with the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        text = document.text
        self._lines: list[int] = []
        if "```" in text or "~~~" in text:
            self._lines = [line for line in range(document.line_count) if self._is_fence(line)]

    def _is_fence(self, line: int) -> bool:
        text = self._document.line(line)
        return ("```" in text or "~~~" in text) and _FENCE.match(text) is not None

    def changed(self, first: int, before: int, after: int) -> bool:
        """Follow a change of lines; true where it changes how lines below it look."""
        low = bisect_left(self._lines, first)
        high = bisect_left(self._lines, first + before)
        fresh = [line for line in range(first, first + after) if self._is_fence(line)]
        if after == before and self._lines[low:high] == fresh:
            return False
        odd = (high - low - len(fresh)) % 2 == 1
        behind = [line + after - before for line in self._lines[high:]]
        self._lines[low:] = fresh + behind
        return odd

    def is_code(self, line: int) -> bool:
        """Whether a line is in a code block, its fences with it."""
        above = bisect_right(self._lines, line)
        return above % 2 == 1 or (above > 0 and self._lines[above - 1] == line)
