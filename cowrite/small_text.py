"""Small text files that people write by hand: settings, word lists, model cards. One way to read them all.

Editors leave a byte order mark, CR LF or UTF-16 in them; that is read as what it says, and kept where we
write the file again. What is no text is a sentence with the file and the line.
"""

from __future__ import annotations

import codecs
import re
import shlex
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.errors import CowriteError, UsageError

MOST = 1_000_000
"""Bytes of a small file at most, where its reader doesn't say otherwise."""

MARKS = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-8", codecs.BOM_UTF8),
)
"""Encodings that begin with a mark. UTF-32 stands before UTF-16, whose little-endian mark begins its own."""

_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class SmallText:
    """A text without its mark, and how it lies in its file. raw: with the line ends that it has."""

    raw: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def text(self) -> str:
        """The text, each line ended by a line feed."""
        return _END.sub("\n", self.raw)

    @property
    def lines(self) -> list[str]:
        """Its lines, without what ends them."""
        return self.text.split("\n")

    @property
    def newline(self) -> str:
        """What ends a new line: what ends the first one."""
        found = _END.search(self.raw)
        return found[0] if found else "\n"

    def rewritten(self, text: str) -> bytes:
        """The file with another text (line feeds): lines that stay keep their ends, new ones get `newline`."""
        old, new = self.lines, text.split("\n")
        ends = _END.findall(self.raw)
        first = _same(old, new)
        last = min(_same(old[::-1], new[::-1]), len(old) - first, len(new) - first)
        kept = ends[len(ends) - last + 1 :] if last > 1 else []
        start = ends[: min(first, len(new) - 1)]
        middle = [self.newline] * (len(new) - 1 - len(start) - len(kept))
        all_ends = [*start, *middle, *kept]
        for place, line in enumerate(new[1:-1], 1):  # an empty line between CR and LF would be none
            if not line and all_ends[place - 1] == "\r" and all_ends[place] == "\n":
                all_ends[place] = "\r"
        pieces = zip(new, [*all_ends, ""], strict=True)
        return self.mark + "".join(map("".join, pieces)).encode(self.encoding, "replace")

    def added(self, line: str) -> bytes:
        """The bytes that put one more line at the file's end."""
        gap = "" if not self.raw or self.raw[-1] in "\r\n" else self.newline
        return f"{gap}{line}{self.newline}".encode(self.encoding, "replace")


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def read(
    path: Path,
    what: str,
    *,
    error: type[CowriteError] = UsageError,
    most: int = MOST,
    pipes: bool = False,
    lenient: bool = False,
) -> SmallText:
    """The text of a file.

    what: the subject of the sentence where it can't be read: `The settings in /home/a/config.toml`.
    most: bytes that it may have. pipes: whether it may be no ordinary file, as `<(...)` of a shell is none.
    lenient: take bytes that are no text for U+FFFD.
    Raises `error`, also where there is no such file.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not (pipes and not stat.S_ISDIR(mode)):
            raise error(
                f"{what} can't be read: that is not a file.", "Give the name of a text file."
            )
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as trouble:  # ValueError: a NUL in the name
        reason = getattr(trouble, "strerror", None) or trouble
        raise error(f"{what} can't be read: {reason}.") from trouble
    if len(data) > most:
        size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} kB"
        raise error(f"{what} can't be read: the file is too large.", f"It may have {size}.")
    return decoded(data, path, what, error=error, lenient=lenient)


def decoded(
    data: bytes,
    path: Path,
    what: str,
    *,
    error: type[CowriteError] = UsageError,
    lenient: bool = False,
) -> SmallText:
    """The text of a file's bytes. Raises `error` that names the line which is no text; see `read`."""
    encoding, mark = next(
        ((name, mark) for name, mark in MARKS if data.startswith(mark)), ("utf-8", b"")
    )
    body = data[len(mark) :]
    hint = f"`cowrite convert {shlex.quote(str(path))}` makes a copy in UTF-8."
    try:
        raw = body.decode(encoding, "replace" if lenient else "strict")
    except UnicodeDecodeError as wrong:
        line = 1 + len(_END.findall(body[: wrong.start].decode(encoding, "replace")))
        shown = f"byte 0x{body[wrong.start]:02x}"
        raise error(
            f"{what} can't be read: line {line} is not text in {_spelt(encoding)} ({shown}).", hint
        ) from wrong
    place = raw.find("\0")
    if place >= 0 and not lenient:
        line = 1 + len(_END.findall(raw[:place]))
        raise error(f"{what} can't be read: line {line} holds a NUL, which no text does.", hint)
    return SmallText(raw, encoding, mark)


def _spelt(encoding: str) -> str:
    return "-".join(encoding.upper().split("-")[:2])
