"""How text was sent to a terminal: its attributes and colours, from the bytes."""

from __future__ import annotations

import re

_RUN = re.compile(rb"\x1b\[([\d;]*)m([^\x1b\r\n]+)")
_SIGNS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
_FIRST_EIGHT = {*range(30, 38), *range(40, 48)}
_BRIGHT = {*range(90, 98), *range(100, 108)}
_MORE = {38, 48}


def runs(sent: bytes) -> list[tuple[tuple[int, ...], str]]:
    """All text that followed a change of style, with the style's numbers. Each of Rich's runs has them all."""
    return [
        (tuple(int(code) for code in codes.split(b";") if code), text.decode("utf-8", "replace"))
        for codes, text in _RUN.findall(sent)
    ]


def codes_of(sent: bytes, text: str) -> tuple[int, ...]:
    """The numbers of the last run that holds `text`."""
    found = [codes for codes, run in runs(sent) if text in run]
    assert found, f"{text!r} was not sent in one run"
    return found[-1]


def signs_of(sent: bytes, text: str) -> set[str]:
    """What the last run with `text` is told by without colour."""
    return _signs(codes_of(sent, text))


def signs_in(sent: bytes) -> set[str]:
    """All such signs that were sent."""
    return set().union(*(_signs(codes) for codes, _ in runs(sent)))


def _signs(codes: tuple[int, ...]) -> set[str]:
    end = next((at for at, code in enumerate(codes) if code in _MORE), len(codes))
    return {_SIGNS[code] for code in codes[:end] if code in _SIGNS}


def colours_in(sent: bytes) -> set[str]:
    """Which kinds of colours were sent: `eight`, `bright`, `more`. The terminal's own two are none."""
    kinds = set()
    for codes, _ in runs(sent):
        for code in codes:
            if code in _MORE:
                kinds.add("more")
                break
            kinds |= {"eight"} if code in _FIRST_EIGHT else set()
            kinds |= {"bright"} if code in _BRIGHT else set()
    return kinds
