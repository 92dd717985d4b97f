"""Emphasis of Markdown: which runs of `*`, `_` and `~` belong together (CommonMark 0.31, 6.2, and GitHub's
strikethrough)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Run:
    """A run of `*`, `_` or `~`, of which `size` signs are not used yet, between `start` and `end`."""

    sign: str
    start: int
    end: int
    opens: bool
    closes: bool
    place: int
    whole: int
    before: Run | None = None
    after: Run | None = None

    @property
    def size(self) -> int:
        return self.end - self.start


class Emphasis:
    """The runs of one text, in a list that links them. What they make goes into `out`, as spans.

    last: the run that was pushed last and is still there.
    """

    def __init__(self, text: str, out: list[tuple[int, int, str]]) -> None:
        self._text, self._out = text, out
        self.last: Run | None = None

    def push(self, sign: str, start: int, end: int) -> None:
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
        run = Run(sign, start, end, opens, closes, start, end - start, self.last)
        if self.last is not None:
            self.last.after = run
        self.last = run

    def settle(self, bottom: Run | None) -> None:
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

    def _opener(self, closer: Run, bottom: Run | None, lowest: int) -> Run | None:
        opener = closer.before
        while opener is not None and opener is not bottom and opener.place >= lowest:
            if _pair(opener, closer):
                return opener
            opener = opener.before
        return None

    def _first(self, bottom: Run | None) -> Run | None:
        if bottom is not None:
            return bottom.after
        run = self.last
        while run is not None and run.before is not None:
            run = run.before
        return run

    def _join(self, opener: Run, closer: Run) -> Run | None:
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

    def _remove(self, run: Run) -> None:
        if run.before is not None:
            run.before.after = run.after
        if run.after is not None:
            run.after.before = run.before
        else:
            self.last = run.before

    def _cut_behind(self, bottom: Run | None) -> None:
        if bottom is not None:
            bottom.after = None
        self.last = bottom

    # Addresses without signs


def _pair(opener: Run, closer: Run) -> bool:
    if opener.sign != closer.sign or not opener.opens:
        return False
    both_ways = opener.closes or closer.opens
    return not (both_ways and closer.whole % 3 and (opener.whole + closer.whole) % 3 == 0)


def _is_sign(character: str) -> bool:
    """Whether a character is punctuation or a symbol, as CommonMark has it."""
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character)[0] in "PS"
