"""What the lines of a Markdown draft are: one line at a time, each with what the lines before leave open.

CommonMark 0.31, chapters 4 and 5, with the tables of GitHub Flavored Markdown and, at the very start of a
draft, front matter. `step` goes from a line to the next with a small state, so that an edit costs the lines
around it and not the draft. What only a later line tells (a heading by its underline, a table by its second
row) is for `core.reading`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from cowrite.core.columns import Cursor
from cowrite.core.html_blocks import RAW_END, RAW_ENDS, UNTIL_BLANK, html_ends
from cowrite.core.inline import Span, comment_left_open


class BlockKind(StrEnum):
    """What a line is."""

    BLANK = "blank"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    UNDERLINE = "underline"
    """The line below a heading that makes it one."""
    CODE = "code"
    """Within a block of code, fenced, indented or HTML's own."""
    FENCE = "fence"
    HTML = "html"
    TABLE = "table"
    RULE = "rule"
    DEFINITION = "definition"
    """The address of a link by reference."""
    FRONT = "front"
    """Front matter: what a draft says of itself before it begins."""


class Line(NamedTuple):
    """A line as the lines before it let it be read.

    start: where its content begins, behind the signs of quotations and lists. marks: those signs. level: of
    a heading, 1 to 6. goes_on: it belongs to the paragraph that the line above is in. opened: what ends the
    comment that it begins in, or an empty string.
    """

    kind: BlockKind
    start: int = 0
    marks: tuple[Span, ...] = ()
    level: int = 0
    goes_on: bool = False
    opened: str = ""


class Leaf(NamedTuple):
    """The block that is open at a line's end.

    sign, size, indent: of a fence. sign: what ends a block of HTML. opened: what ends the comment in it.
    """

    kind: BlockKind
    sign: str = ""
    size: int = 0
    indent: int = 0
    opened: str = ""


class State(NamedTuple):
    """What is open at a line's end. containers: 0 for a quotation; for an item of a list the columns that its
    content is indented by, negative while it has none."""

    containers: tuple[int, ...]
    leaf: Leaf | None


QUOTATION = 0
START = State((), None)
_IN_PARAGRAPH = State((), Leaf(BlockKind.PARAGRAPH))
_BLANK = Line(BlockKind.BLANK)
_FIRST_LINE, _NEXT_LINE = Line(BlockKind.PARAGRAPH), Line(BlockKind.PARAGRAPH, goes_on=True)

_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_CLOSING_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*$")
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)")
_TASK = re.compile(r"[ \t]+\[[ xX]\](?=[ \t])")
_TABLE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(
    r"\[(?!\^)(?=[^\]\s]|\s+[^\]\s])(?:[^\[\]\\]|\\.)+\]:[ \t]*(?:<[^<>]*>|[^\s<]\S*)"
    r"(?:[ \t]+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*$"
)
_BAR = re.compile(r"(?<!\\)\|")
_CODE_INDENT = 4
_DEEPEST = 50
"""Quotations and lists within one another; what is deeper is text."""
_PLAIN = re.compile(r"[^\W\d_]")
"""A line that begins so is text, unless a block of code or HTML is open."""


def step(state: State, text: str, above: Callable[[], str] = str) -> tuple[Line, State]:
    """What a line is behind `state`, and what it leaves open.

    text: the line without its ending. above: gives the content of the line above, for a table's second row.
    """
    if state is START or state is _IN_PARAGRAPH:
        if not text:
            return _BLANK, START
        if _PLAIN.match(text) and "<!--" not in text:
            return (_FIRST_LINE if state is START else _NEXT_LINE), _IN_PARAGRAPH
    return _Step(state, text, above).run()


class _Step:
    """One line on its way through the containers to what it is."""

    def __init__(self, state: State, text: str, above: Callable[[], str]) -> None:
        self._state = state
        self._above = above
        self._text = text
        self._at = Cursor(text)
        self._containers: list[int] = []
        self._marks: list[Span] = []

    def run(self) -> tuple[Line, State]:
        self._follow()
        kept = len(self._containers)
        inside = kept == len(self._state.containers)
        leaf = self._state.leaf if inside else None
        if leaf is not None and (found := self._in_leaf(leaf)) is not None:
            return found
        lazy = self._state.leaf is not None and self._state.leaf.kind is BlockKind.PARAGRAPH
        in_paragraph = inside and lazy
        while True:
            indent, place = self._at.indent()
            if place == len(self._text):
                return self._done(BlockKind.BLANK, place)
            if indent < _CODE_INDENT and len(self._containers) < _DEEPEST:
                if self._quotation(place):
                    in_paragraph = lazy = False
                    continue
                found = self._block(place, in_paragraph=in_paragraph, lazy=lazy)
                if found is not None:
                    return found
                if self._item(indent, place, in_paragraph=in_paragraph):
                    in_paragraph = lazy = False
                    continue
            elif indent >= _CODE_INDENT and not lazy:
                return self._done(BlockKind.CODE, place, Leaf(BlockKind.CODE))
            return self._paragraph(place, in_paragraph=in_paragraph, lazy=lazy)

    # Containers

    def _follow(self) -> None:
        """Go on in the containers that are open, as far as the line does."""
        at = self._at
        for container in self._state.containers:
            indent, place = at.indent()
            blank = place == len(self._text)
            if container == QUOTATION:
                if indent >= _CODE_INDENT or blank or not self._quotation(place):
                    return
                continue
            if blank and container > 0:
                at.jump(place)
            elif not blank and indent >= abs(container):
                at.take(abs(container))
            else:
                return
            self._containers.append(container)

    def _quotation(self, place: int) -> bool:
        if self._text[place] != ">":
            return False
        low = self._at.place
        self._at.jump(place + 1)
        self._at.take(1)
        if self._marks and self._marks[-1][2] == "quote" and self._marks[-1][1] == low:
            low = self._marks.pop()[0]
        self._marks.append((low, self._at.place, "quote"))
        self._containers = [*map(abs, self._containers), QUOTATION]
        return True

    def _item(self, indent: int, place: int, *, in_paragraph: bool) -> bool:
        match = _ITEM.match(self._text, place)
        if match is None:
            return False
        blank = not self._text[match.end() :].strip(" \t")
        if in_paragraph and (blank or match[1] not in (None, "1")):
            return False
        low = self._at.place
        self._at.jump(match.end())
        width = indent + match.end() - place
        space, _ = self._at.indent()
        taken = 1 if blank or space > _CODE_INDENT else space
        self._at.take(taken)
        task = _TASK.match(self._text, match.end())
        self._marks.append((low, task.end() if task else match.end(), "list"))
        self._containers = [*map(abs, self._containers), -(width + taken)]
        return True

    # Blocks

    def _in_leaf(self, leaf: Leaf) -> tuple[Line, State] | None:
        """The line in the block that is open, or None where that ends before it."""
        at = self._at
        indent, place = at.indent()
        blank = place == len(self._text)
        match leaf.kind:
            case BlockKind.FENCE:
                closing = _CLOSING_FENCE.match(self._text, place) if indent < _CODE_INDENT else None
                if closing and closing[1][0] == leaf.sign and len(closing[1]) >= leaf.size:
                    return self._done(BlockKind.FENCE, place)
                at.take(min(indent, leaf.indent))
                return self._done(BlockKind.CODE, at.place, leaf)
            case BlockKind.CODE if indent >= _CODE_INDENT or blank:
                return self._done(BlockKind.BLANK if blank else BlockKind.CODE, place, leaf)
            case BlockKind.HTML:
                if blank and leaf.sign == UNTIL_BLANK:
                    return self._done(BlockKind.BLANK, place)
                return self._html(leaf.sign, at.place, leaf)
        return None

    def _block(self, place: int, *, in_paragraph: bool, lazy: bool) -> tuple[Line, State] | None:
        """The block that begins here without a container, if one does."""
        text = self._text
        match text[place]:
            case "#" if heading := _HEADING.match(text, place):
                level = len(heading[1])
                self._marks += [(place, len(text), "heading"), (place, heading.end(), "mark")]
                return self._done(BlockKind.HEADING, heading.end(), level=level)
            case "`" | "~" if fence := _FENCE.match(text, place):
                sign = fence[1] or fence[2]
                indent = self._at.indent()[0]
                return self._done(
                    BlockKind.FENCE, place, Leaf(BlockKind.FENCE, sign[0], len(sign), indent)
                )
            case "<":
                ends = html_ends(text, place, whole_tags=not in_paragraph and not lazy)
                if ends:
                    return self._html(ends, place)
            case "=" | "-" if in_paragraph and (under := _UNDERLINE.match(text, place)):
                return self._done(BlockKind.UNDERLINE, place, level=1 if under[1][0] == "=" else 2)
        if in_paragraph and text[place] in "|:-" and self._is_table(place):
            return self._done(BlockKind.TABLE, place, Leaf(BlockKind.TABLE))
        if text[place] in "-*_" and _is_rule(text[place:]):
            return self._done(BlockKind.RULE, place)
        return None

    def _is_table(self, place: int) -> bool:
        row = self._text[place:]
        if row.startswith("- ") or row.strip("|:- \t") or "|" not in (above := self._above()):
            return False
        return _cells(row) == _cells(above) and _TABLE.match(row) is not None

    def _html(self, ends: str, start: int, leaf: Leaf | None = None) -> tuple[Line, State]:
        """A line of HTML that goes on to where `ends` stands; leaf: the block that it is in already."""
        opened = leaf.opened if leaf is not None else ""
        if ends == RAW_ENDS:
            over = RAW_END.search(self._text, start) is not None
            return self._done(BlockKind.CODE, start, None if over else Leaf(BlockKind.HTML, ends))
        if ends == UNTIL_BLANK:
            left = comment_left_open(self._text, start, opened)
            return self._done(
                BlockKind.HTML, start, Leaf(BlockKind.HTML, ends, opened=left), opened=opened
            )
        over = self._text.find(ends, start if opened else start + 1) >= 0
        rest = None if over else Leaf(BlockKind.HTML, ends, opened=ends)
        return self._done(BlockKind.HTML, start, rest, opened=opened)

    def _paragraph(self, place: int, *, in_paragraph: bool, lazy: bool) -> tuple[Line, State]:
        leaf = self._state.leaf
        if lazy and not in_paragraph:
            self._containers = list(self._state.containers)
        goes_on = lazy
        if not goes_on:
            if leaf is not None and leaf.kind is BlockKind.TABLE and self._is_row():
                return self._done(BlockKind.TABLE, place, leaf)
            if _DEFINITION.match(self._text, place):
                return self._done(BlockKind.DEFINITION, place)
        opened = leaf.opened if goes_on and leaf is not None else ""
        rest = Leaf(BlockKind.PARAGRAPH, opened=comment_left_open(self._text, place, opened))
        return self._done(BlockKind.PARAGRAPH, place, rest, goes_on=goes_on, opened=opened)

    def _is_row(self) -> bool:
        """Whether the line is a row of the table above: in the same containers, without new ones."""
        return tuple(map(abs, self._containers)) == tuple(map(abs, self._state.containers))

    def _done(
        self,
        kind: BlockKind,
        start: int,
        leaf: Leaf | None = None,
        *,
        level: int = 0,
        goes_on: bool = False,
        opened: str = "",
    ) -> tuple[Line, State]:
        containers = self._containers
        if kind is not BlockKind.BLANK:
            containers = [abs(one) for one in containers]
        line = Line(kind, start, tuple(self._marks), level, goes_on, opened)
        if not containers and leaf in (None, _IN_PARAGRAPH.leaf):
            return line, START if leaf is None else _IN_PARAGRAPH
        return line, State(tuple(containers), leaf)


def _is_rule(text: str) -> bool:
    """Whether a text that begins with `-`, `*` or `_` has three of them or more, and nothing else."""
    return not text.strip(text[0] + " \t") and text.count(text[0]) > 2


def _cells(row: str) -> int:
    """How many cells a row of a table has."""
    row = row.strip()
    bars = len(_BAR.findall(row))
    return bars + 1 - row.startswith("|") - (len(row) > 1 and row[-1] == "|" and row[-2] != "\\")
