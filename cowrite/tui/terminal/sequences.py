"""Where an escape sequence ends, and what it is the beginning of. Pure; what it means is said elsewhere.

Forms are those of ECMA-48, and what terminals send beside them: the Linux console's `CSI [ letter`, rxvt's
`CSI number $`, digits in `SS3`, and the mouse's three bytes behind `CSI M`.
"""

from __future__ import annotations

import re
from enum import Enum

from cowrite.tui.terminal.answers import is_report
from cowrite.tui.terminal.keyreports import presses
from cowrite.tui.terminal.pasting import BEGINS, ENDS

STRINGS = "]PX^_"
"""What ESC begins a string with that goes on to its end mark: OSC, DCS, SOS, PM, APC."""

_CSI = r"(?a)\x1b\[(?:\[[A-E]|[0-9]{1,3}\$|(?!\[)[0-?]*[ -/]*[@-~])"
_CSI_BEGINS = r"(?a)\x1b\[(?:\[|[0-?]*[ -/]*)"
_SS3 = r"(?a)\x1bO[0-9]?[ A-Za-z]"
_SS3_BEGINS = r"(?a)\x1bO[0-9]?"
_LATE = r"(?a)\x1b(?:\[[0-9;:<?]*\$?[A-DFHIMOP-SZmtuy~]|O[A-DFHMP-S])"
"""Sequences that are believed behind a late ESC: a writer seldom begins a sentence so."""
_WITHOUT_ESCAPE = r"(?a)(?:\[(?:[0-9]+(?:;[0-9]+)*)?[A-DFHZ~]|O[A-DFHP-S])\Z|\[200~"
_BYTES_OF_MOUSE = 3


class Form(Enum):
    """What a text that begins with ESC begins with."""

    BEGUN = "a sequence that isn't whole"
    ESCAPE = "the key"
    ALT = "a key with Alt"
    SEQUENCE = "a whole sequence"
    STRING = "the beginning of a string"
    BROKEN = "a sequence that is none"


def first(text: str) -> tuple[Form, int]:
    """What `text`, which begins with ESC, begins with, and how many characters of it that is."""
    match text[1:2]:
        case "":
            return Form.BEGUN, 1
        case "\x1b":
            return Form.ESCAPE, 1
        case "[":
            return _sequence(text, _CSI, _CSI_BEGINS)
        case "O":
            return _sequence(text, _SS3, _SS3_BEGINS)
        case kind if kind in STRINGS:
            return (Form.STRING if len(text) > 2 else Form.BEGUN), 2
    return Form.ALT, 2


def _sequence(text: str, whole: str, begins: str) -> tuple[Form, int]:
    found = re.match(whole, text)
    if found is None:
        begun = re.match(begins, text)
        size = begun.end() if begun is not None else 2
        return (Form.BEGUN if size == len(text) else Form.BROKEN), size
    if found[0] == "\x1b[M":
        behind = text[3 : 3 + _BYTES_OF_MOUSE].partition("\x1b")[0]
        return Form.SEQUENCE, 3 + len(behind)
    return Form.SEQUENCE, found.end()


def is_known(sequence: str) -> bool:
    """Whether anybody here understands a whole sequence."""
    return sequence in (BEGINS, ENDS) or presses(sequence) is not None or is_report(sequence)


def is_believed(text: str, form: Form, size: int, gap: int) -> bool:
    """Whether what `first` found is that, though a part of it came late; else the two parts are apart.

    gap: where the late part begins. Sequences that a line has cut are believed; letters that a writer has
    typed behind Escape, or behind Alt and a bracket, are not taken for the rest of one.
    """
    if gap > 2 and text[2] in "<=>?":
        return True
    match form:
        case Form.ESCAPE:
            return True
        case Form.BEGUN:
            return gap > 1 or text[1:2] in ("[", "O", "]")
        case Form.STRING:
            return text[1] == "]" and text[2].isdigit()
        case Form.SEQUENCE:
            sequence = text[:size]
            return is_known(sequence) and (gap > 1 or re.fullmatch(_LATE, sequence) is not None)
    return False


def is_rest(chunk: str) -> bool:
    """Whether a chunk is all of a sequence but its ESC, which was taken for the key."""
    return re.match(_WITHOUT_ESCAPE, chunk) is not None


class String:
    """A string of the terminal while it comes in; it says nothing that a key could say.

    kind: the character behind ESC. `said` is how it begins, once it has ended as it should.
    """

    MOST = 64
    """Characters of it that are kept."""

    def __init__(self, kind: str, now: float) -> None:
        self.began = now
        self.said: str | None = None
        self._kind = kind
        self._content = self._escape = ""
        bell = "" if kind != "]" else "\x07|"
        self._end = rf"{bell}\x1b\\|\x1b(?=[^\\])"

    def feed(self, text: str) -> str | None:
        """What comes behind its end, None where that isn't there yet. Another sequence ends it too."""
        text, self._escape = self._escape + text, ""
        found = re.search(self._end, text)
        if found is None:
            if text.endswith("\x1b"):
                text, self._escape = text[:-1], "\x1b"
            self._content = (self._content + text)[: self.MOST]
            return None
        if found[0] == "\x1b":
            return text[found.start() :]
        self.said = f"\x1b{self._kind}{(self._content + text[: found.start()])[: self.MOST]}"
        return text[found.end() :]

    def goes_on(self, chunk: str) -> bool:
        """Whether a chunk that comes late is of it: where it brings the end."""
        found = re.search(self._end, self._escape + chunk)
        return found is not None and (found[0] != "\x1b" or not found.start())
