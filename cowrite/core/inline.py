"""What is what within a paragraph of Markdown: code, links, emphasis, tags, comments, addresses.

CommonMark 0.31, chapter 6, with strikethrough of GitHub Flavored Markdown. Left out are what needs the whole
draft (links by reference) and what has no sign (hard line breaks). Time is linear in the text, whatever it
holds: what was looked for in vain is not looked for again.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

Span = tuple[int, int, str]
"""`(start, end, kind)`; kinds are `code`, `strong`, `emphasis`, `strike`, `link` (its text), and signs that
are no text: `delimiter` (of emphasis), `escape` (the backslash), `mark`, `address`, `html`, `comment`; and
what is text but no prose: `url`, `entity`."""

Spans = tuple[Span, ...]
"""Spans by their start, longer ones first, so that each lies over those that it is part of."""

_SIGNS = r"\\[\n!-/:-@\[-`{-~]|`+|\*+|_+|~+|<|&"
_WITHOUT_LINKS, _WITH_LINKS = re.compile(_SIGNS), re.compile(rf"{_SIGNS}|!?\[|\]")
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
_DESTINATION = re.compile(r"<(?:[^<>\n\\]|\\.)*+>", re.DOTALL)
_PARENTHESES = 5
"""How deep they may be nested in a link's destination: CommonMark asks for three levels and allows a limit."""
_TITLES = {'"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.S), "'": re.compile(r"'(?:[^'\\]|\\.)*+'", re.S),
           "(": re.compile(r"\((?:[^()\\]|\\.)*+\)", re.S)}  # fmt: skip
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(r"[^\s()\[\]<>]+")


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
    scan = _Scan(text, start, markup=True)
    scan.run()
    return "-->" if scan.unclosed >= 0 else ""


@dataclass(slots=True, eq=False)
class _Run:
    """A run of `*`, `_` or `~`, of which `size` signs are not used yet, between `start` and `end`."""

    sign: str
    start: int
    end: int
    opens: bool
    closes: bool
    place: int
    whole: int
    before: _Run | None = None
    after: _Run | None = None

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(slots=True, eq=False)
class _Bracket:
    start: int
    end: int
    image: bool
    below: _Run | None
    active: bool = True


class _Scan:
    """One way through a text."""

    def __init__(self, text: str, start: int, *, markup: bool) -> None:
        self._text = text
        self._start = start
        self._markup = markup
        self._out: list[Span] = []
        self._last: _Run | None = None
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
        self._emphasis(None)
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
                self._brackets.append(_Bracket(place, end, sign[0] == "!", self._last))
            case _:
                self._push(sign[0], place, end)
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
        end = self._target(place + 1) if opener.active else -1
        if end < 0:
            return place + 1
        self._emphasis(opener.below)
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

    def _target(self, place: int) -> int:
        """The end of `(destination "title")` at a place, or -1."""
        text = self._text
        if not text.startswith("(", place):
            return -1
        place = _after_space(text, place + 1)
        end = self._destination(place)
        if end < 0:
            return -1
        place = _after_space(text, end)
        if place > end and text[place : place + 1] in _TITLES:
            sign = text[place]
            title = _TITLES[sign].match(text, place)
            if title is None:
                return -1
            place = _after_space(text, title.end())
        return place + 1 if text.startswith(")", place) else -1

    def _destination(self, place: int) -> int:
        text = self._text
        if text.startswith("<", place):
            match = _DESTINATION.match(text, place)
            return match.end() if match else -1
        depth = 0
        while place < len(text):
            sign = text[place]
            if sign == "\\" and text[place + 1 : place + 2] not in ("", " ", "\n"):
                place += 1
            elif sign == "(":
                depth += 1
                if depth > _PARENTHESES:
                    return -1
            elif sign == ")":
                if not depth:
                    break
                depth -= 1
            elif sign <= " " or sign == "\x7f":
                break
            place += 1
        return place if not depth else -1

    # Emphasis

    def _push(self, sign: str, start: int, end: int) -> None:
        text = self._text
        before = text[start - 1] if start > 0 else " "
        after = text[end] if end < len(text) else " "
        blank = before.isspace(), after.isspace()
        signs = _is_sign(before), _is_sign(after)
        left = not blank[1] and (not signs[1] or blank[0] or signs[0])
        right = not blank[0] and (not signs[0] or blank[1] or signs[1])
        if sign == "_":
            opens, closes = left and (not right or signs[0]), right and (not left or signs[1])
        else:
            opens, closes = left, right
        if sign == "~" and end - start != 2:
            return
        run = _Run(sign, start, end, opens, closes, start, end - start, self._last)
        if self._last is not None:
            self._last.after = run
        self._last = run

    def _emphasis(self, bottom: _Run | None) -> None:
        """Pair the runs behind `bottom` (all of them for None), as the specification's appendix has it."""
        lowest: dict[tuple[str, bool, int], int] = {}
        """By kind of closer, the place before which no opener for it stands."""
        closer = self._first(bottom)
        while closer is not None:
            if not closer.closes:
                closer = closer.after
                continue
            key = (closer.sign, closer.opens, closer.whole % 3)
            opener = self._opener(closer, bottom, lowest.get(key, 0))
            if opener is None:
                lowest[key] = closer.place
                following = closer.after
                if not closer.opens:
                    self._remove(closer)
                closer = following
                continue
            closer = self._join(opener, closer)
        self._cut_behind(bottom)

    def _opener(self, closer: _Run, bottom: _Run | None, lowest: int) -> _Run | None:
        opener = closer.before
        while opener is not None and opener is not bottom and opener.place >= lowest:
            if _pair(opener, closer):
                return opener
            opener = opener.before
        return None

    def _first(self, bottom: _Run | None) -> _Run | None:
        if bottom is not None:
            return bottom.after
        run = self._last
        while run is not None and run.before is not None:
            run = run.before
        return run

    def _join(self, opener: _Run, closer: _Run) -> _Run | None:
        """Make two runs one emphasis; returns the run to go on with."""
        used = 2 if opener.size >= 2 and closer.size >= 2 else 1
        kind = "strike" if closer.sign == "~" else "strong" if used == 2 else "emphasis"
        low, high = opener.end - used, closer.start + used
        self._out += [
            (low, high, kind),
            (low, opener.end, "delimiter"),
            (closer.start, high, "delimiter"),
        ]
        opener.after, closer.before = closer, opener  # what lay between pairs no more
        opener.end, closer.start = low, high
        if not opener.size:
            self._remove(opener)
        if closer.size:
            return closer
        following = closer.after
        self._remove(closer)
        return following

    def _remove(self, run: _Run) -> None:
        if run.before is not None:
            run.before.after = run.after
        if run.after is not None:
            run.after.before = run.before
        else:
            self._last = run.before

    def _cut_behind(self, bottom: _Run | None) -> None:
        if bottom is not None:
            bottom.after = None
        self._last = bottom

    # Addresses without signs

    def _addresses(self) -> None:
        if not any(sign in self._text for sign in ("://", "www.", "@", "/")):
            return
        for match in _TOKEN.finditer(self._text, self._start):
            found = _address_in(match.group())
            if found is not None:
                self._out.append((match.start() + found, match.end(), "url"))


def _address_in(token: str) -> int | None:
    """Where a web or mail address, or a path on a host, begins in a text without spaces; None for no such."""
    place = token.find("://")
    if place > 0:
        low = place
        while low and (token[low - 1].isalnum() or token[low - 1] in "+.-"):
            low -= 1
        return low if low < place else None
    if token.startswith("www.") and len(token) > 4:
        return 0
    name, _, host = token.partition("@")
    if name and "." in host:
        return 0
    head, slash, _ = token.partition("/")
    host, dot, last = head.rpartition(".")
    return 0 if slash and dot and host and last.isalnum() else None


def _pair(opener: _Run, closer: _Run) -> bool:
    if opener.sign != closer.sign or not opener.opens:
        return False
    both_ways = opener.closes or closer.opens
    return not (both_ways and closer.whole % 3 and (opener.whole + closer.whole) % 3 == 0)


def _is_sign(character: str) -> bool:
    """Whether a character is punctuation or a symbol, as CommonMark has it."""
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character)[0] in "PS"


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
