"""Where a link of Markdown leads: its destination and title in brackets, and addresses without any sign.

CommonMark 0.31, 6.3; addresses as GitHub Flavored Markdown finds them, and paths on a host.
"""

from __future__ import annotations

import re

_DESTINATION = re.compile(r"<(?:[^<>\n\\]|\\.)*+>", re.DOTALL)
_PARENTHESES = 5
"""How deep they may be nested in a link's destination: CommonMark asks for three levels and allows a limit."""
_TITLES = {'"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.S), "'": re.compile(r"'(?:[^'\\]|\\.)*+'", re.S),
           "(": re.compile(r"\((?:[^()\\]|\\.)*+\)", re.S)}  # fmt: skip
_SPACE = re.compile(r"\s*")
TOKEN = re.compile(r"[^\s()\[\]<>]+")
"""What may be an address: no white space, no brackets."""


def link_target(text: str, place: int) -> int:
    """The end of `(destination "title")` at a place, or -1."""
    if not text.startswith("(", place):
        return -1
    place = _after_space(text, place + 1)
    end = _destination(text, place)
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


def _destination(text: str, place: int) -> int:
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


def address_in(token: str) -> int | None:
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


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
