"""The tail of a session: what is not in the database yet, in a small file that needs no lock of others.

Every event is written here within some milliseconds, by one `write` and without waiting for the disk:
what a killed process has written stays. Every few seconds, and at once for decisions and saves, the
events go on into the database and the tail is cut. The file is locked as long as its session lives, so
it also tells whether a session was killed: then nobody holds the lock.

A record is its length and checksum (4 bytes each, little endian) and MessagePack. The first record is the
session's header. A record that was cut off by a full disk or a lost power ends the file.
"""

from __future__ import annotations

import fcntl
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from cowrite.core.events import Body, SettingChanged, Stamped
from cowrite.paths import open_private, private_folder
from cowrite.store.encode import Header
from cowrite.store.event_types import EVENTS
from cowrite.store.registry import EventType

SUFFIX = ".tail"
FRESH = ".new"
"""A tail that is being made."""
ASIDE = ".unreadable"
UNREADABLE = "log.unreadable"
"""The name of the setting that stands in the place of an event that can't be read."""
_FRAME = struct.Struct("<II")

_encoder = msgspec.msgpack.Encoder()
_record = msgspec.msgpack.Decoder(tuple[int, int, int, int, msgspec.Raw])
_header = msgspec.msgpack.Decoder(Header)


@cache
def _decoder(entry: EventType[Any]) -> msgspec.msgpack.Decoder[Body]:
    return msgspec.msgpack.Decoder(entry.body)


def folder_of(log: Path) -> Path:
    """Where the tails of a log are."""
    return log.with_name(log.name + "-tails")


class Tail:
    """The tail that this process writes. Raises OSError where the disk says no."""

    def __init__(self, folder: Path, header: Header) -> None:
        final = private_folder(folder) / (header.session_id + SUFFIX)
        # Nobody may see the file before it is locked and says whose it is.
        self.path = final.with_suffix(FRESH)
        self._fd = open_private(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._start = self._good = 0
            self._put(_framed(_encoder.encode(header)))
            self._start = self._good
            self.path = self.path.rename(final)
        except BaseException:
            self.end()
            raise

    def append(self, stamped: Iterable[Stamped]) -> None:
        """Write events. None of them counts as written where this raises OSError."""
        self._put(b"".join(map(_frame_event, stamped)))

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError:
            # A full disk takes a part: cut it off, so that what comes later is readable.
            os.ftruncate(self._fd, self._good)
            os.lseek(self._fd, self._good, os.SEEK_SET)
            raise
        self._good += len(data)

    def cut(self) -> None:
        """Forget the events: they are in the database."""
        os.ftruncate(self._fd, self._start)
        os.lseek(self._fd, self._start, os.SEEK_SET)
        self._good = self._start

    def end(self) -> None:
        """Remove the file: the session has ended and nothing of it is missing in the database."""
        self.path.unlink(missing_ok=True)
        os.close(self._fd)

    def leave(self) -> None:
        """Let go of the file as it is; the next process that opens the log takes it in."""
        os.close(self._fd)


class DeadTail:
    """The tail of a session whose process is gone, held by this process alone until `close`."""

    def __init__(self, path: Path, fd: int, header: Header, at: int) -> None:
        self.path = path
        self.header = header
        self._fd = fd
        self._at = at

    def events(self) -> Iterator[Stamped]:
        """The events in it, in order; those before a damaged place."""
        with os.fdopen(os.dup(self._fd), "rb") as file:
            file.seek(self._at)
            for record in _records(file.read()):
                try:
                    seq, mono, wall, number, raw = _record.decode(record)
                except msgspec.MsgspecError:
                    return
                yield Stamped(seq, mono, wall, _body(number, raw))

    def set_aside(self) -> None:
        """Keep the file under another name, where no start looks for it again."""
        self.path = self.path.rename(self.path.with_suffix(ASIDE))

    def close(self, *, remove: bool) -> None:
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._fd)


def is_open(folder: Path, session_id: str) -> bool:
    """Whether a process (this one or another) is writing this session."""
    try:
        fd = _take(folder / (session_id + SUFFIX))
    except BlockingIOError:
        return True
    if fd is not None:
        os.close(fd)
    return False


def open_sessions(folder: Path) -> list[str]:
    """The ids of the sessions that are being written now."""
    return [path.stem for path in sorted(folder.glob("*" + SUFFIX)) if is_open(folder, path.stem)]


def dead_tails(folder: Path) -> Iterator[DeadTail]:
    """The tails that nobody writes any more, oldest first, each locked. The caller closes them."""
    for path in folder.glob("*" + FRESH):
        # Its process was killed while it made the file, before there was anything in it.
        with _taken(path) as fd:
            if fd is not None:
                path.unlink(missing_ok=True)
    for path in sorted(folder.glob("*" + SUFFIX), key=_modified):
        with _taken(path) as fd:
            if fd is None:
                continue
            with os.fdopen(os.dup(fd), "rb") as file:
                first = next(_records(file.read(1 << 20)), None)
            header = _header_in(first)
            if header is None or first is None:
                # The power went before the disk had it: nothing in it can be read.
                path.unlink(missing_ok=True)
                continue
            # The copy of the descriptor holds the same lock.
            yield DeadTail(path, os.dup(fd), header, _FRAME.size + len(first))


def _header_in(record: bytes | None) -> Header | None:
    if record is None:
        return None
    try:
        return _header.decode(record)
    except msgspec.MsgspecError:
        return None


@contextmanager
def _taken(path: Path) -> Iterator[int | None]:
    """The file, locked; None where another process has it or it is gone."""
    try:
        fd = _take(path)
    except BlockingIOError:
        fd = None
    try:
        yield fd
    finally:
        if fd is not None:
            os.close(fd)


def _take(path: Path) -> int | None:
    """A locked descriptor of a file, None where it is gone. Raises BlockingIOError where it is held."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise BlockingIOError(str(error)) from error
    if os.fstat(fd).st_nlink == 0:
        os.close(fd)
        return None
    return fd


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _body(number: int, raw: msgspec.Raw) -> Body:
    """An event's body; a note in its place where this version of cowrite can't read it."""
    known = EVENTS.numbered(number)
    if known is None:
        return SettingChanged(UNREADABLE, f"type {number}")
    try:
        return _decoder(known).decode(raw)
    except msgspec.MsgspecError as error:
        return SettingChanged(UNREADABLE, type(error).__name__)


def _frame_event(stamped: Stamped) -> bytes:
    number = EVENTS.of(type(stamped.body)).number
    return _framed(
        _encoder.encode((stamped.seq, stamped.mono_ms, stamped.wall_ms, number, stamped.body))
    )


def _framed(payload: bytes) -> bytes:
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def _records(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + _FRAME.size <= len(data):
        length, checksum = _FRAME.unpack_from(data, at)
        payload = data[at + _FRAME.size : at + _FRAME.size + length]
        if len(payload) < length or zlib.crc32(payload) != checksum:
            return
        yield payload
        at += _FRAME.size + length
