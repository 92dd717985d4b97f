"""What is what within a paragraph of Markdown: code, links, emphasis, tags, comments, addresses.

CommonMark 0.31, chapter 6, with strikethrough of GitHub Flavored Markdown. Left out are what needs the whole
draft (links by reference) and what has no sign (hard line breaks). Time is linear in the text, whatever it
holds: what was looked for in vain is not looked for again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from cowrite.core.emphasis import Emphasis, Run
from cowrite.core.link_targets import TOKEN, address_in, link_target

Span = tuple[int, int, str]
"""`(start, end, kind)`; kinds are `code`, `strong`, `emphasis`, `strike`, `link` (its text), and signs that
are no text: `delimiter` (of emphasis), `escape` (the backslash), `mark`, `address`, `html`, `comment`; and
what is text but no prose: `url`, `entity`."""

Spans = tuple[Span, ...]
"""Spans by their start, longer ones first, so that each lies over those that it is part of."""

_SIGNS = r"\\[\n!-/:-@\[-`{-~]|`+|\*+|_+|~+|<|&"
_WITHOUT_LINKS, _WITH_LINKS = re.compile(_SIGNS), re.compile(rf"{_SIGNS}|!?\[|\]")
LONGEST = 8000
"""Characters of a paragraph that is read as a whole; of a longer one each line is read on its own."""

COMMENT = re.compile(r"<!(?=--).*?(?:-->|\Z)", re.DOTALL)
"""A comment, whatever else is in a text: for lines that are too long to be read as a whole at each key."""

_TICKS = re.compile("`+")
_AUTOLINK = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~\-]+@[A-Za-z0-9.\-]+)>",
    re.ASCII,
)
_VALUE = r"(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\")"
_ATTRIBUTE = rf"\s++[A-Za-z_:][\w.:\-]*+(?:\s*+=\s*+{_VALUE})?+"
TAG = re.compile(
    rf"<[A-Za-z][A-Za-z0-9\-]*+(?:{_ATTRIBUTE})*+\s*+/?>|</[A-Za-z][A-Za-z0-9\-]*+\s*+>", re.ASCII
)
"""An opening or closing tag (CommonMark 6.6)."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_OPENED = (("<!--", "-->", 2), ("<?", "?>", 2), ("<![CDATA[", "]]>", 9), ("<!", ">", 2))
"""What HTML leaves out of the page: how it begins and ends, and how far behind the beginning it may end."""


def inline(
    text: str, start: int = 0, *, opened: str = "", markup: bool = True, whole: bool = True
) -> Spans:
    """The spans of `text[start:]`.

    opened: what ends the comment that the text begins in, such as `-->`. markup: false in a block of HTML,
    where tags and comments alone have a meaning. whole: false where the text is a line of more, so that a
    comment that doesn't end in it goes on below.
    """
    spans: list[Span] = []
    if opened:
        end = text.find(opened, start)
        end = len(text) if end < 0 else end + len(opened)
        spans.append((start, end, "comment"))
        start = end
    scan = _Scan(text, start, markup=markup)
    spans += scan.spans()
    if scan.unclosed >= 0 and not whole:
        spans = [span for span in spans if span[1] <= scan.unclosed]
        spans.append((scan.unclosed, len(text), "comment"))
    return tuple(sorted(spans, key=lambda span: (span[0], -span[1], span[2] != "link")))


def comment_left_open(text: str, start: int, opened: str = "") -> str:
    """What has to end the comment that the text ends in, or an empty string where it ends in none."""
    if opened:
        end = text.find(opened, start)
        if end < 0:
            return opened
        start = end + len(opened)
    if "<!--" not in text:
        return ""
    if len(text) > LONGEST:
        behind = max(start, text.rfind("-->") + 3)
        return "-->" if text.find("<!--", behind) >= 0 else ""
    scan = _Scan(text, start, markup=True)
    scan.run()
    return "-->" if scan.unclosed >= 0 else ""


@dataclass(slots=True, eq=False)
class _Bracket:
    start: int
    end: int
    image: bool
    below: Run | None
    active: bool = True


class _Scan:
    """One way through a text."""

    def __init__(self, text: str, start: int, *, markup: bool) -> None:
        self._text = text
        self._start = start
        self._markup = markup
        self._out: list[Span] = []
        self._runs = Emphasis(text, self._out)
        self._brackets: list[_Bracket] = []
        self._dead = 0
        """How many of them are known to begin no link."""
        self._ticks: dict[int, list[int]] | None = None
        self._absent: set[str] = set()
        """Ends that don't come any more."""
        self.unclosed = -1
        """Where a comment begins that doesn't end."""

    def spans(self) -> list[Span]:
        """All of them, in no order."""
        self.run()
        self._runs.settle(None)
        if self._markup:
            self._addresses()
        return self._out

    def run(self) -> None:
        """Find everything but emphasis."""
        text, place = self._text, self._start
        signs = _WITH_LINKS if "](" in text else _WITHOUT_LINKS
        while (match := signs.search(text, place)) is not None:
            place = self._token(match)

    def _token(self, match: re.Match[str]) -> int:
        """Take a sign; returns where to go on."""
        sign, place, end = match.group(), match.start(), match.end()
        if sign == "<":
            return self._angle(place)
        if sign == "&":
            return self._entity(place)
        if not self._markup:
            return end
        match sign[0]:
            case "\\":
                self._out.append((place, place + 1, "escape"))
            case "`":
                return self._code(place, end)
            case "]":
                return self._close_bracket(place)
            case "[" | "!":
                self._brackets.append(_Bracket(place, end, sign[0] == "!", self._runs.last))
            case _:
                self._runs.push(sign[0], place, end)
        return end

    # Code, tags, comments

    def _code(self, place: int, end: int) -> int:
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self._text, place):
                self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        size = end - place
        same = self._ticks.get(size, [])
        found = bisect_right(same, place)
        if found == len(same):
            return end
        close = same[found] + size
        self._out.append((place, close, "code"))
        return close

    def _angle(self, place: int) -> int:
        text = self._text
        for begin, finish, least in _OPENED:
            if text.startswith(begin, place):
                if begin == "<!" and not text[place + 2 : place + 3].isalpha():
                    break
                end = self._find(finish, place + least)
                if end < 0:
                    if self.unclosed < 0 and begin == "<!--":
                        self.unclosed = place
                    break
                self._out.append((place, end, "comment"))
                return end
        if self._markup and (match := _AUTOLINK.match(text, place)):
            self._out.append((place, match.end(), "address"))
            return match.end()
        if match := TAG.match(text, place):
            self._out.append((place, match.end(), "html"))
            return match.end()
        return place + 1

    def _find(self, finish: str, place: int) -> int:
        """The end of the next `finish`, or -1."""
        if finish in self._absent:
            return -1
        found = self._text.find(finish, place)
        if found < 0:
            self._absent.add(finish)
            return -1
        return found + len(finish)

    def _entity(self, place: int) -> int:
        match = _ENTITY.match(self._text, place)
        if match is None:
            return place + 1
        self._out.append((place, match.end(), "entity"))
        return match.end()

    # Links

    def _close_bracket(self, place: int) -> int:
        if not self._brackets:
            return place + 1
        opener = self._brackets.pop()
        self._dead = min(self._dead, len(self._brackets))
        end = link_target(self._text, place + 1) if opener.active else -1
        if end < 0:
            return place + 1
        self._runs.settle(opener.below)
        self._out += [
            (opener.start, opener.end, "mark"),
            (opener.end, place, "link"),
            (place, end, "address"),
        ]
        if not opener.image:  # no link within a link
            for bracket in self._brackets[self._dead :]:
                bracket.active = bracket.image
            self._dead = len(self._brackets)
        return end

    def _addresses(self) -> None:
        if not any(sign in self._text for sign in ("://", "www.", "@", "/")):
            return
        for match in TOKEN.finditer(self._text, self._start):
            found = address_in(match.group())
            if found is not None:
                self._out.append((match.start() + found, match.end(), "url"))
