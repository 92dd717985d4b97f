"""Bytes to text and back, without losing one.

Of a file only its encoding and byte order mark are kept beside the text. Everything else, `\\r`, form
feeds, U+2028, a missing last newline, stays in the text as it is, so that there is nothing to restore.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from cowrite.errors import DraftError
from cowrite.small_text import MARKS


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a text lies in its file.

    encoding: a Python codec that writes no mark of its own. mark: the byte order mark, or nothing.
    lossless: whether the text, encoded, is the file again; where not, it may never be saved over it.
    """

    encoding: str = "utf-8"
    mark: bytes = b""
    lossless: bool = True

    @property
    def name(self) -> str:
        """What a writer calls it: `UTF-8`, `UTF-16 LE`, `UTF-8 with BOM`."""
        family, _, order = self.encoding.upper().partition("-")
        bits, _, end = order.partition("-")
        name = f"{family}-{bits} {end}".rstrip()
        return f"{name} with BOM" if self.mark and self.encoding == "utf-8" else name


UTF8 = FileFormat()

_MARKED = tuple(FileFormat(encoding, mark) for encoding, mark in MARKS)


def decode(data: bytes) -> tuple[str, FileFormat, str | None]:
    """The text of a file's bytes, its format, and why it can only be read (None where it can be saved).

    What is not text is shown with U+FFFD for the bytes that say nothing; such a format is not `lossless`.
    No text holds a lone surrogate, so that each can be logged, shown and given to a model.
    """
    for form in _MARKED:
        if data.startswith(form.mark) and (text := _strictly(data, form)) is not None:
            return text, form, _nul(text)
    form = FileFormat("utf-8", codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else UTF8
    body = data[len(form.mark) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start + len(form.mark)
        reason = f"it is not text in UTF-8: byte 0x{data[place]:02x} at {place}"
        return (
            body.decode("utf-8", "replace"),
            FileFormat(form.encoding, form.mark, lossless=False),
            reason,
        )
    return text, form, _nul(text)


def encode(text: str, form: FileFormat) -> bytes:
    """The bytes of a file with this text. Raises DraftError where they would not be the file's."""
    if not form.lossless:
        raise DraftError(
            "The draft was not saved: its file is not text, and would lose what is shown as \ufffd.",
            "Make a copy in UTF-8 and edit that: cowrite convert FILE",
        )
    try:
        return form.mark + text.encode(form.encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise DraftError(
            f"The text holds half of a character (U+{ord(text[error.start]):04X}) in line {line},"
            f" which {form.name} can't write.",
            "Delete it and save again.",
        ) from error


def _strictly(data: bytes, form: FileFormat) -> str | None:
    """The text, if it is one in this format and gives the same bytes again."""
    try:
        text = data[len(form.mark) :].decode(form.encoding)
        return text if form.mark + text.encode(form.encoding) == data else None
    except UnicodeError:
        return None


def _nul(text: str) -> str | None:
    place = text.find("\0")
    return f"it is not text: there is a NUL at character {place}" if place >= 0 else None
