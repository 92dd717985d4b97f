"""The draft's text, held verbatim and addressed by code point.

The text is kept exactly as it was decoded, so that saving without an edit gives the same bytes. A *line* ends
with `\\r\\n`, `\\n` or a `\\r` alone; its ending is not shown. Other separators (form feeds, U+2028) are text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def split_lines(text: str) -> list[str]:
    """The text's lines with their endings; the last one has none, and may be empty."""
    if "\r" not in text:
        lines = [line + "\n" for line in text.split("\n")]
        lines[-1] = lines[-1][:-1]
        return lines
    lines = _LINE.findall(text)
    return lines if lines and lines[-1][-1] not in "\r\n" else [*lines, ""]


def one_line_end(text: str) -> str:
    """The text with `\\n` for each of its line endings, as models, logs and patterns have it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class Document:
    """A text as lines, with edits near one another in constant time.

    Offsets are code points from the start of the text, 0 to `len(document)`.

    Where each line starts is kept as prefix sums with one pending shift: the starts of the lines behind
    `_pivot` are `_shift` short of the truth. Writers edit in one place, so the pivot rarely moves far, and
    an edit in a text of 20,000 lines costs as much as in one of 20.
    """

    __slots__ = ("_length", "_lines", "_pivot", "_shift", "_starts", "version")

    def __init__(self, text: str = "") -> None:
        self._lines = split_lines(text)
        self._starts = [0, *accumulate(map(len, self._lines[:-1]))]
        self._length = len(text)
        self._pivot = len(self._lines)
        self._shift = 0
        self.version = 0

    def __len__(self) -> int:
        return self._length

    @property
    def text(self) -> str:
        return "".join(self._lines)

    @property
    def line_count(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> str:
        """The line without its ending."""
        line = self._lines[index]
        end = len(line)
        if end and line[-1] == "\n":
            end -= 2 if line.endswith("\r\n") else 1
        elif end and line[-1] == "\r":
            end -= 1
        return line[:end]

    def line_start(self, index: int) -> int:
        return self._starts[index] + (self._shift if index > self._pivot else 0)

    def line_end(self, index: int) -> int:
        """The offset behind the line's last visible character."""
        return self.line_start(index) + len(self.line(index))

    def line_at(self, offset: int) -> int:
        """The index of the line that holds `offset`; between `\\r` and `\\n` the line that they end."""
        behind = self._pivot + 1
        if behind < len(self._starts) and offset >= self._starts[behind] + self._shift:
            return bisect_right(self._starts, offset - self._shift, lo=behind) - 1
        return bisect_right(self._starts, offset, hi=min(behind, len(self._starts))) - 1

    def locate(self, offset: int) -> tuple[int, int]:
        """Line index and column (code points) of an offset; inside of a line's ending, its visible end."""
        index = self.line_at(offset)
        return index, min(offset - self.line_start(index), len(self.line(index)))

    def offset(self, line: int, column: int) -> int:
        """The offset of a place, clamped to the line."""
        return self.line_start(line) + min(column, len(self.line(line)))

    def slice(self, start: int, end: int) -> str:
        """The text from `start` to `end`."""
        if start >= end:
            return ""
        first, last = self.line_at(start), self.line_at(end)
        head = start - self.line_start(first)
        tail = end - self.line_start(last)
        if first == last:
            return self._lines[first][head:tail]
        middle = self._lines[first + 1 : last]
        return "".join([self._lines[first][head:], *middle, self._lines[last][:tail]])

    def replace(self, start: int, end: int, inserted: str) -> tuple[str, int, int, int]:
        """Put `inserted` in the place of the text from `start` to `end`.

        Returns the deleted text, the first line touched, and how many lines were there before and after:
        what a layout needs to renew. Raises IndexError where the range is not in the text.
        """
        if not 0 <= start <= end <= self._length:
            raise IndexError(f"range {start}:{end} is outside of 0:{self._length}")
        first = self.line_at(start)
        if (deleted := self._replace_within(first, start, end, inserted)) is not None:
            return deleted, first, 1, 1
        deleted, last = self.slice(start, end), self.line_at(end)
        head = self._lines[first][: start - self.line_start(first)]
        tail = self._lines[last][end - self.line_start(last) :]
        if (
            not head
            and first
            and (inserted or tail)[:1] == "\n"
            and self._lines[first - 1][-1] == "\r"
        ):
            first -= 1  # the two signs are one ending from now on
            head = self._lines[first]
        fresh = split_lines(head + inserted + tail)
        if last + 1 < len(self._lines):
            fresh.pop()  # nothing: the line behind begins there
        self._move_pivot(last)
        base = self._starts[first]
        self._lines[first : last + 1] = fresh
        self._starts[first : last + 1] = accumulate(map(len, fresh[:-1]), initial=base)
        self._pivot = first + len(fresh) - 1
        change = len(inserted) - len(deleted)
        self._shift += change
        self._length += change
        self.version += 1
        return deleted, first, last - first + 1, len(fresh)

    def _replace_within(self, index: int, start: int, end: int, inserted: str) -> str | None:
        """Change one line where no line's end is touched, as nearly all edits do; None where one is."""
        line = self._lines[index]
        at = start - self.line_start(index)
        stop = at + end - start
        if not (at or inserted) or stop > len(self.line(index)):
            return None
        if "\n" in inserted or "\r" in inserted:
            return None
        deleted = line[at:stop]
        self._move_pivot(index)
        self._lines[index] = f"{line[:at]}{inserted}{line[stop:]}"
        change = len(inserted) - len(deleted)
        self._shift += change
        self._length += change
        self.version += 1
        return deleted

    def _move_pivot(self, pivot: int) -> None:
        """Make the starts true up to and with `pivot`, and pending behind it."""
        starts, shift = self._starts, self._shift
        if shift:
            if pivot > self._pivot:
                for index in range(self._pivot + 1, min(pivot + 1, len(starts))):
                    starts[index] += shift
            else:
                for index in range(pivot + 1, min(self._pivot + 1, len(starts))):
                    starts[index] -= shift
        self._pivot = pivot

    @property
    def newline(self) -> str:
        """The line ending that a new line gets: the first one in the text, `\\n` where there is none."""
        return self._lines[0][len(self.line(0)) :] or "\n"
