"""What is on a terminal's screen, from all that was written to it."""

from __future__ import annotations

import re

import pyte

_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[sr])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)


class Shown:
    """A screen of `columns` x `rows`, and `sent`: all that was written to it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.sent = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """Write on, in pieces that may end anywhere."""
        self.sent += data
        data = self._tail + data
        cut = data.rfind(b"\x1b")
        self._tail = b""
        if cut >= 0 and len(data) - cut < 16 and not re.search(rb"[a-zA-Z~]", data[cut + 1 :]):
            data, self._tail = data[:cut], data[cut:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))

    def wipe(self) -> None:
        """Empty it, as a terminal does that somebody has reset."""
        self._screen.reset()

    def resize(self, columns: int, rows: int) -> None:
        """Make it another size."""
        self._screen.resize(rows, columns)

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the spaces at their ends."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def prose(self) -> str:
        """The screen's words with one space between them, as if nothing were wrapped."""
        return " ".join(self.text.split())

    def holds(self, wanted: str) -> bool:
        """Whether these words are on it, in rows or across them."""
        return wanted in self.prose or wanted in self.text

    def cell(self, column: int, row: int) -> pyte.screens.Char:
        """The cell there, with its colours."""
        return self._screen.buffer[row][column]
