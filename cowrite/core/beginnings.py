"""What kind of place a text begins at: a paragraph of prose, an item of a list, or the middle of something.

A model that has read the whole web begins a paragraph with anything: a date, a heading, half a menu. What may
begin one here follows from what the draft itself does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"([ \t]*)(?:([-*+])|(\d{1,3})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"#{1,6}[ \t]|[=-]{3,}[ \t]*\Z")
_OPENING = '"\u2018\u201c\u201e\u00ab\u00bb\u2039\u203a\u300c\u300e\u00bf\u00a1\u2014\u2013'
_OVER = re.compile(r"[.!?\u2026:\u3002\uff01\uff1f][\"'\u2019\u201d\u00bb)*_\]]*\Z")
_FENCE = re.compile(r"(?m)^ {0,3}(?:```|~~~)")
_TABLE = ("|", ">", "<", "\t")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What may begin at a place of a draft.

    prose: whether a paragraph of prose begins there. marker: what the next item of a list begins with, as far
    as the line has it not yet. like: the first character of the paragraph before, which may be used again.
    """

    prose: bool = False
    marker: str = ""
    like: str = ""

    @property
    def strange(self) -> bool:
        """Whether paragraphs of this draft begin in a way of their own, or in another script."""
        return bool(self.like) and not ("A" <= self.like <= "Z" or self.like in _OPENING)

    @property
    def is_free(self) -> bool:
        """Whether anything may stand there."""
        return not self.prose and not self.marker

    def fits(self, text: str) -> bool:
        """Whether a text, or the beginning of one, may begin here. White space before it is not looked at."""
        if self.marker:
            return bool(text) and (self.marker.startswith(text) or text.startswith(self.marker))
        first = text.lstrip()[:1]
        if not self.prose:
            return True
        if not first:
            return False
        if first.isalpha():
            return not first.islower() or self.like.islower()
        if first.isdigit():
            return self.like.isdigit()
        return first in _OPENING or first == self.like

    def without_marker(self, text: str) -> str:
        """What a text says here, without the marker of its item."""
        return text.removeprefix(self.marker) if self.marker else text


NOTHING = Beginning()


def beginning_at(before: str) -> Beginning:
    """What may begin behind a draft's text."""
    line = before[before.rfind("\n") + 1 :]
    if line.strip():
        return NOTHING
    if len(_FENCE.findall(before)) % 2:
        return NOTHING
    body = before.rstrip()
    if not body:
        return Beginning(prose=True)
    lines = body.rsplit("\n", 12)
    last = lines[-1]
    gap = before[len(body) :].count("\n")
    item = _ITEM.match(last)
    if item is not None and gap == 1 and not line:
        return Beginning(marker=_next_marker(item))
    if _HEADING.match(last):
        return Beginning(prose=True)
    if last.startswith(_TABLE) or (item is not None and last[:1] in " \t"):
        return NOTHING
    if gap == 1 and not _OVER.search(last):
        return NOTHING  # a line of a poem, or of a text with hard line ends
    if item is not None:
        return Beginning(prose=True)
    return Beginning(prose=True, like=last.lstrip()[:1])


def _next_marker(item: re.Match[str]) -> str:
    indent, bullet, number, point, space, box = item.groups()
    mark = bullet or f"{int(number) + 1}{point}"
    return f"{indent}{mark}{space}{'[ ] ' if box else ''}"
