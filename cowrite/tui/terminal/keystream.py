"""What a terminal sends, divided into keys, pastes and answers, before anything else reads it.

Textual reads the inside of a bracketed paste for escape sequences, so that a pasted ESC can become a key
that quits the program; and it would type a terminal's answer to a question about its colours into the
draft. Both are taken out of the stream here. Pure: text in, parts out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PASTE_BEGINS = "\x1b[200~"
PASTE_ENDS = "\x1b[201~"
_REPORT_BEGINS = "\x1b]1"
_REPORT = re.compile(r"\x1b\](1[01]);([^\x07\x1b]*)(?:\x07|\x1b\\)")
_LONGEST_REPORT = 64
_BEGIN_SEQUENCES = "\x1b[]OPX^_\\"
"""What makes a longer sequence, or its end, of an ESC before it."""
_RGB = re.compile(r"rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")


@dataclass(frozen=True, slots=True)
class Keys:
    """Text for the key parser."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """The inside of a bracketed paste, verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class Background:
    """The terminal said which colour it writes on. `luminance` is 0 (black) to 1 (white)."""

    luminance: float


Piece = Keys | Pasted | Background


class KeyStream:
    """Divides the input as it comes in, in chunks that may end anywhere.

    The beginning of a sequence at a chunk's end is held back until the next chunk, or until `release`.
    """

    def __init__(self) -> None:
        self._held = ""
        self._paste: list[str] | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is held that a lone key may be: release it when nothing follows soon."""
        return self._paste is None and bool(self._held)

    def feed(self, chunk: str) -> Iterator[Piece]:
        """The pieces that `chunk` completes."""
        text, self._held = self._held + chunk, ""
        while text:
            if self._paste is None:
                piece, text = self._outside(text)
            else:
                piece, text = self._inside(text, self._paste)
            if piece is not None:
                yield piece

    def release(self) -> Iterator[Piece]:
        """What was held, since it was a key after all."""
        if self.waiting:
            held, self._held = self._held, ""
            yield Keys(held)

    def _outside(self, text: str) -> tuple[Piece | None, str]:
        """The next piece, and what is left of the text."""
        if text.startswith(PASTE_BEGINS):
            self._paste = []
            return None, text[len(PASTE_BEGINS) :]
        report = _REPORT.match(text)
        if report is not None:
            return _background(report[1], report[2]), text[report.end() :]
        if _begins(text):
            self._held = text
            return None, ""
        if is_alt(text[:2]):
            return Keys(text[:2]), text[2:]
        following = text.find("\x1b", 1)
        if following < 0:
            return Keys(text), ""
        return Keys(text[:following]), text[following:]

    def _inside(self, text: str, paste: list[str]) -> tuple[Piece | None, str]:
        end = text.find(PASTE_ENDS)
        if end >= 0:
            self._paste = None
            return Pasted("".join([*paste, text[:end]])), text[end + len(PASTE_ENDS) :]
        kept = _partial(text, PASTE_ENDS)
        paste.append(text[: len(text) - kept])
        self._held = text[len(text) - kept :] if kept else ""
        return None, ""


def is_alt(text: str) -> bool:
    """Whether this is a key with Alt as terminals send it: ESC and a character that begins no sequence."""
    return len(text) == 2 and text[0] == "\x1b" and text[1] not in _BEGIN_SEQUENCES


def _begins(text: str) -> bool:
    """Whether all of `text` may be the beginning of a paste or a report."""
    if PASTE_BEGINS.startswith(text) or _REPORT_BEGINS.startswith(text):
        return True
    return text.startswith(_REPORT_BEGINS) and len(text) < _LONGEST_REPORT and "\x07" not in text


def _partial(text: str, mark: str) -> int:
    """How many characters at the end of `text` begin `mark`."""
    for size in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:size]):
            return size
    return 0


def _background(number: str, answer: str) -> Background | None:
    """The background's brightness, from `rgb:RRRR/GGGG/BBBB` (1 to 4 hexadecimal digits each)."""
    match = _RGB.match(answer)
    if number != "11" or match is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in match.groups())
    return Background(0.2126 * red + 0.7152 * green + 0.0722 * blue)
