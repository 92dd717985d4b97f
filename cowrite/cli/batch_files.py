"""The files of `cowrite complete --batch`: rows that ask, and rows that were answered already."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from cowrite.cli.wishes import Wishes
from cowrite.errors import CowriteError, DraftError, UsageError, unknown

LONGEST_ROW = 16 << 20
"""Bytes of a row that is read."""

_WISHES = tuple(field.name for field in fields(Wishes))
_KEYS = ("id", "prompt", "after", *_WISHES)
_BEGINS = b'{"id":'
"""How a row of answers begins."""

Id = str | int


class BadRowError(Exception):
    """A row that can't be answered; the message says why, without its line's number."""


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    id: Id
    prompt: str
    after: str = ""
    n: int | None = None
    max_tokens: int | None = None
    stop: str | None = None
    seed: int | None = None
    temperature: float | None = None
    preset: str | None = None
    logprobs: int | None = None


class _Answered(msgspec.Struct):
    id: Id
    candidates: list[Any]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row to be answered. wishes: its own over those of the command line."""

    line: int
    id: Id
    prompt: str
    after: str
    wishes: Wishes


def read_row(line: int, data: bytes, wishes: Wishes) -> BatchRow:
    """A line of the file as a row. Raises BadRowError, and UsageError for a slip in a key."""
    try:
        found = msgspec.json.decode(data)
        if isinstance(found, dict) and (strange := [key for key in found if key not in _KEYS]):
            raise unknown("key", strange[0], _KEYS)
        row = msgspec.convert(found, _Row)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRowError(f"It is no row: {error}.") from error
    if not (row.prompt + row.after).strip():
        raise BadRowError("Its prompt is empty.")
    own = {name: value for name in _WISHES if (value := getattr(row, name)) is not None}
    return BatchRow(line, row.id, row.prompt, row.after, replace(wishes, **own))


def lines_of(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers from 1. One that is too long comes without its end."""
    number = 0
    while data := source.readline(LONGEST_ROW):
        number += 1
        if not data.endswith(b"\n"):
            while (more := source.readline(LONGEST_ROW)) and not more.endswith(b"\n"):
                pass
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if data.strip():
            yield number, data


@contextlib.contextmanager
def answers_file(path: Path) -> Iterator[BinaryIO]:
    """A file of answers that is added to, held against other calls as long as it is open.

    The lock is on the file itself, by whatever name it is called: it goes with the process that has it, however
    that ends, and nothing is left beside the file. Where the disk knows no locks, it goes without.
    Raises CowriteError where another call has it, DraftError where it can't be written.
    """
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise DraftError(f"{path} can't be written: {error.strerror}.") from error
    with file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CowriteError(
                    f"Another cowrite is writing its answers into {path}.",
                    "Wait for that one, or name another file with -o.",
                ) from None
            except OSError:
                pass  # a network's disk without locks
        yield file


def answered(path: Path) -> set[Id]:
    """The ids that were answered already, after cutting off a last line that was torn.

    Raises UsageError where the file is something else, DraftError where it can't be read or cut.
    """
    done: set[Id] = set()
    if path.exists() and not path.is_file():
        return done  # a device or a pipe, which has nothing to go on from and may never end
    try:
        with path.open("r+b") as file:
            whole = 0
            number = 0
            while data := file.readline():
                number += 1
                try:
                    done.add(msgspec.json.decode(data, type=_Answered).id)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    if file.read(1) or (
                        whole == 0 and data[: len(_BEGINS)] != _BEGINS[: len(data)]
                    ):
                        raise UsageError(
                            f"{path} is no file of answers: line {number} is none.",
                            "Give another with -o; nothing was written.",
                        ) from None
                    break
                if not data.endswith(b"\n"):
                    file.write(b"\n")
                whole = file.tell()
            file.truncate(whole)
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise DraftError(f"{path} can't be used: {error.strerror}.") from error
    return done


def same_file(first: Path, second: Path) -> bool:
    """Whether both names are of one file that is there."""
    try:
        return first.samefile(second)
    except OSError:
        return False
