"""Footnotes and links of Markdown by key. Pure: they give the change to make, or the place to go to."""

from __future__ import annotations

import re

from cowrite.core.change import Change
from cowrite.core.document import Document

_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*", re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\[\]\\]|\\.)*\]\(([^()\r\n]*)\)")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+")


def footnote(document: Document, high: int) -> Change:
    """A new footnote at `high`, with the cursor in its text at the draft's end.

    On a footnote's sign only the cursor moves, to its text; in the text, back to the sign.
    """
    text = document.text
    line = document.line_at(high)
    start, end = document.line_start(line), document.line_end(line)
    note = _NOTE.match(text, start, end)
    if note is not None:
        found = re.search(rf"\[\^{re.escape(note[1])}\](?!:)", text)
        place = found.end() if found else high
        return Change((), (place, place))
    for sign in _REFERENCE.finditer(text, start, end):
        if sign.start() <= high <= sign.end():
            found = re.search(rf"^ {{0,3}}\[\^{re.escape(sign[1])}\]:[ \t]*", text, re.MULTILINE)
            if found:
                place = document.line_end(document.line_at(found.start()))
                return Change((), (place, place))
    return _new_note(document, text, high)


def _new_note(document: Document, text: str, high: int) -> Change:
    taken = {*_REFERENCE.findall(text), *_NOTE.findall(text)}
    number = max((int(label) for label in taken if label.isdecimal()), default=0) + 1
    last = max(len(text.rstrip()), high)
    newline = document.newline
    beside = _NOTE.match(text, document.line_start(document.line_at(last)), last) is not None
    sign, note = f"[^{number}]", newline * (1 if beside else 2) + f"[^{number}]: "
    place = last + len(sign) + len(note)
    if high == last:
        return Change(((high, high, sign + note),), (place, place))
    return Change(((high, high, sign), (last, last, note)), (place, place))


def link(document: Document, low: int, high: int, copied: str = "") -> Change | None:
    """A link of the selection, with the cursor where its address goes, or its text where that is missing.

    copied: what was copied last; an address in it is taken. In a link, its address is selected and nothing
    changed. None for a selection of several lines.
    """
    line = document.line_at(low)
    start, end = document.line_start(line), document.line_end(line)
    if high > end:
        return None
    for found in _LINK.finditer(document.line(line)):
        if start + found.start() < low and high < start + found.end():
            return Change((), (start + found.start(1), start + found.end(1)))
    chosen = document.slice(low, high)
    address = copied.strip() if _ADDRESS.fullmatch(copied.strip()) else ""
    if _ADDRESS.fullmatch(chosen):
        before, behind, place = "[](", ")", low + 1
    else:
        before, behind = "[", f"]({address})"
        place = low + 1 if not chosen else high + 1 + (len(behind) if address else 2)
    if not chosen:
        return Change(((low, low, before + behind),), (place, place))
    return Change(((low, low, before), (high, high, behind)), (place, place))
