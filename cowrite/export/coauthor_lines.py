"""A CoAuthor log as lines: what can be read of a file before anything is made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cowrite import small_text
from cowrite.errors import CowriteError
from cowrite.export.coauthor import Line

MAX_BYTES = 256 * 1024 * 1024


class NotCoAuthor(CowriteError):  # noqa: N818 - said to the user as a sentence
    """A file is no CoAuthor log."""


def read_lines(path: Path) -> tuple[list[Line], str]:
    """The lines of a file and its sha256. Raises NotCoAuthor, which names the line."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise NotCoAuthor(f"{path} can't be read: {error.strerror}.") from error
    if raw is None:
        raise NotCoAuthor(f"{path} is larger than {MAX_BYTES // 2**20} MB.")
    found = small_text.decoded(raw, path, str(path), error=NotCoAuthor)
    lines: list[Line] = []
    for number, piece in enumerate(found.lines, 1):
        if not piece.strip():
            continue
        try:
            line = msgspec.json.decode(piece)
        except msgspec.DecodeError as error:
            raise NotCoAuthor(f"{path}: line {number} is no JSON.") from error
        if not isinstance(line, dict) or not isinstance(line.get("eventTimestamp"), int):
            raise NotCoAuthor(
                f"{path}: line {number} is no event of CoAuthor's.", "It needs an eventTimestamp."
            )
        if not isinstance(line.get("eventName"), str):
            raise NotCoAuthor(f"{path}: line {number} has no eventName.")
        lines.append(line)
    if not lines or lines[0]["eventName"] != "system-initialize":
        raise NotCoAuthor(f"{path} does not begin with system-initialize.", "Is it a CoAuthor log?")
    return lines, hashlib.sha256(raw).hexdigest()


def changes(ops: list[Any]) -> Iterator[tuple[int, int, str]]:
    """A delta as (how far from the change before, how much is deleted, what is inserted), in its units.

    Raises ValueError where it is no delta.
    """
    skip, gone, text = 0, 0, ""
    for op in ops:
        if not isinstance(op, dict):
            raise ValueError("an operation of a delta is an object")
        if "retain" in op:
            if gone or text:
                yield skip, gone, text
                skip, gone, text = 0, 0, ""
            skip += integer(op["retain"], -1)
        elif "insert" in op:
            piece = op["insert"]
            text += piece if isinstance(piece, str) else "\ufffc"
        elif "delete" in op:
            gone += integer(op["delete"], -1)
        if skip < 0 or gone < 0:
            raise ValueError("a length is a number from 0")
    if gone or text:
        yield skip, gone, text


def integer(value: object, default: int) -> int:
    """A whole number, also where it comes as a string."""
    return int(number(value, default))


def number(value: object, default: float) -> float:
    """A number, also where it comes as a string, as parameters do."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        found = float(value)
    except ValueError:
        return default
    return found if abs(found) < 1e15 else default
