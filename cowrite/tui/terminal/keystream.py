"""What a terminal sends, divided into keys, pastes and reports. Pure: text and a clock in, parts out.

Each sequence is understood or left out; none is ever typed into the draft, and none that isn't finished
holds the keys that follow it: what doesn't go on for a while is over.

ESC is the difficult one. It is the key Escape, the first half of a key with Alt, or the beginning of a
sequence whose rest is still on the line. What follows it in the same moment belongs to it. What follows
later is told apart by what it is: a sequence (`[` or `O`) may have been cut by a slow line, anything else is
text that was typed behind Escape, and is not lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from cowrite.tui.terminal.answers import Background, Report, background, is_report
from cowrite.tui.terminal.keyreports import ESCAPE, Press, alt, press_of, presses
from cowrite.tui.terminal.modes import ESCAPE_PATIENCE, FAR_ESCAPE_PATIENCE
from cowrite.tui.terminal.pasting import BEGINS, ENDS, Paste, Pasted
from cowrite.tui.terminal.sequences import STRINGS, Form, String, first, is_believed, is_rest

AT_ONCE = 0.05
"""Seconds in which what follows belongs to the bytes before: a terminal writes a sequence in one go, and
nobody presses two keys much faster."""
PATIENCE, FAR_PATIENCE = 0.6, 1.5
"""Seconds that the beginning of a sequence waits for its end."""
REGRET = 0.5
"""Seconds behind Escape in which all of a sequence but its ESC is one still."""
LONGEST_STRING = 1.5
"""Seconds that a string of the terminal may take, however it goes on."""
_AFTER_PASTE = 10.0
"""Seconds in which the rest of a paste that was taken for ended may come."""
_MUCH = 64
"""Characters at once that nobody types."""
_LONGEST = 1 << 14
"""Characters of a sequence: an input method may write a page at once."""

Piece = Press | Pasted | Report | Background


class KeyStream:
    """Divides the input as it comes in, in chunks that may end anywhere.

    clock: seconds that only go on. far: the keys come over a network. escape: seconds that ESC waits,
    where somebody has chosen them.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        far: bool = False,
        escape: float | None = None,
    ) -> None:
        self._clock = clock
        self._far = far
        self._escape = escape or (FAR_ESCAPE_PATIENCE if far else ESCAPE_PATIENCE)
        self._patience = FAR_PATIENCE if far else PATIENCE
        self._text = ""
        """What is looked at; between two chunks, a sequence that isn't whole."""
        self._gap = 0
        """Where in it a late chunk began; 0 where none did."""
        self._last = self._now = clock()
        self._paste: Paste | None = None
        self._string: String | None = None
        self._paste_broke = self._escaped = -_AFTER_PASTE
        self._returned = False
        """Whether the last character was a carriage return, whose line feed may follow."""

    @property
    def due(self) -> float | None:
        """When `expire` has something to do, on the clock; None where nothing waits."""
        if self._paste is not None:
            return self._paste.due
        if self._string is not None:
            return min(self._last + self._patience, self._string.began + LONGEST_STRING)
        if not self._text:
            return None
        return self._last + (self._escape if self._text == "\x1b" else self._patience)

    def feed(self, chunk: str) -> Iterator[Piece]:
        """The pieces that `chunk` completes."""
        if not chunk:
            return
        self._now = self._clock()
        if self._now - self._last > AT_ONCE:
            self._part(chunk)
        self._last = self._now
        if self._now - self._escaped <= REGRET and not self._text and is_rest(chunk):
            self._text = "\x1b"
        self._escaped = -_AFTER_PASTE
        if self._string is not None and self._now > self._string.began + LONGEST_STRING:
            self._string = None
        self._text += chunk
        yield from self._divide()

    def expire(self) -> Iterator[Piece]:
        """What is due now: beginnings that nothing followed."""
        self._now = self._clock()
        due = self.due
        if due is None or self._now < due:
            return
        if self._paste is not None:
            yield from self._pasting(*self._paste.expire(self._now), broken=True)
        elif self._string is not None:
            self._string = None
        elif self._gap or len(self._text) <= len("\x1b["):
            yield from self._apart(self._gap or len(self._text))
        else:
            self._text = ""
        yield from self._divide()

    def _part(self, chunk: str) -> None:
        """See what a chunk that comes late can't belong to."""
        self._returned = False
        if self._string is not None and not self._string.goes_on(chunk):
            self._string = None
        if self._paste is not None or self._string is not None:
            return
        if self._text:
            self._gap = self._gap or len(self._text)
        elif self._now - self._paste_broke <= _AFTER_PASTE and _is_of_paste(chunk):
            self._paste = Paste(self._now, far=self._far, goes_on=True)

    def _divide(self) -> Iterator[Piece]:
        while self._text:
            if self._paste is not None:
                text, self._text = self._text, ""
                yield from self._pasting(*self._paste.feed(text, self._now))
            elif self._string is not None:
                yield from self._skip(self._string)
            elif self._text[0] != "\x1b":
                yield from self._typed()
            else:
                form, size = first(self._text)
                if self._gap and not is_believed(self._text, form, size, self._gap):
                    yield from self._apart(self._gap)
                elif form is Form.BEGUN:
                    self._text = self._text if len(self._text) < _LONGEST else ""
                    return
                else:
                    yield from self._take(form, size)

    def _typed(self) -> Iterator[Piece]:
        """What comes as itself, up to the next sequence. A line ending of two characters is one key."""
        text, escape, behind = self._text.partition("\x1b")
        self._text = escape + behind
        if self._returned:
            text = text.removeprefix("\n")
        self._returned = text.endswith("\r") and not escape
        for character in text.replace("\r\n", "\r"):
            yield from press_of(character)

    def _take(self, form: Form, size: int) -> Iterator[Piece]:
        taken, self._text = self._text[:size], self._text[size:]
        self._gap = 0
        if form is Form.ESCAPE:
            yield ESCAPE
        elif form is Form.ALT:
            yield from alt(taken[1])
        elif form is Form.STRING:
            self._string = String(taken[1], self._now)
        elif taken == BEGINS:
            self._paste = Paste(self._now, far=self._far)
        elif form is Form.SEQUENCE:
            keys = presses(taken)
            if keys is not None:
                yield from keys
            elif is_report(taken):
                yield Report(taken)

    def _apart(self, at: int) -> Iterator[Piece]:
        """What comes before `at` was no beginning: a key by itself, or a sequence that is left out."""
        before, self._text = self._text[:at], self._text[at:]
        self._gap = 0
        if before == "\x1b":
            self._escaped = self._now
            yield ESCAPE
        elif len(before) == 2 and before[1] in f"[O{STRINGS}":
            yield from alt(before[1])

    def _skip(self, string: String) -> Iterator[Piece]:
        behind = string.feed(self._text)
        self._text = behind or ""
        if behind is None:
            return
        self._string = None
        said = background(string.said or "")
        if said is not None:
            yield said

    def _pasting(
        self, piece: Pasted | None, behind: str | None, *, broken: bool = False
    ) -> Iterator[Piece]:
        if piece is not None:
            yield piece
        if behind is not None:
            self._paste = None
            self._text = behind + self._text
            self._paste_broke = self._now if broken else -_AFTER_PASTE


def _is_of_paste(chunk: str) -> bool:
    """Whether this, behind a paste that was taken for ended, is more of it: nobody types so much at once."""
    return ENDS in chunk or (len(chunk) > _MUCH and not chunk.startswith("\x1b"))
