"""Writing over a file where a new one can't take its place: hard links, folders that can't be written.

That can be cut off in the middle, so a copy of the old bytes is put in the user's state folder first. It
is removed when the write is done; if it is still there when the file is opened, the writer is told.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cowrite.errors import CowriteError, DraftError
from cowrite.files import osops
from cowrite.files.temporary import remove, sync_folder
from cowrite.paths import private_folder, user_paths

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_WHOLE, _PART = ".bak", ".part"


def default_backups() -> Path:
    """Where copies are kept while a file is written in place."""
    return user_paths().state / "backups"


def write_in_place(
    target: Path, old: bytes, new: bytes, backups: Path | None, check: Callable[[], None]
) -> os.stat_result:
    """Make `new` of the file `target`, which holds `old`; returns its state afterwards.

    check: called before the first byte is changed, raises where the file is not the expected one.
    Raises OSError; the old bytes are then in the file again, or DraftError says where they are.
    """
    copy = _back_up(target, old, new, backups or default_backups())
    whole = True
    try:
        fd = osops.open_file(target, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            check()
            whole = False
            try:
                _overwrite(fd, old, new)
            except BaseException:
                _put_back(target, fd, old, copy)
                whole = True
                raise
            whole = True
            found = osops.fstat(fd)
        finally:
            osops.close(fd)
    finally:
        if whole:
            remove(copy)
    for leftover in _copies(target, copy.parent, _WHOLE, _PART):
        remove(leftover)
    return found


def interrupted(target: Path, data: bytes, backups: Path | None) -> str | None:
    """What to tell the writer if a write of `target`, which now holds `data`, was cut off in the middle."""
    folder = backups or default_backups()
    for copy in _copies(target, folder, _WHOLE):
        try:
            fd = osops.open_file(copy, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                kept = osops.read_all(fd, osops.fstat(fd).st_size)
            finally:
                osops.close(fd)
        except OSError:
            continue
        # Its name tells the bytes that should have come: all of them did, or none.
        if kept == data or copy.name.split("-")[1] == _short(data):
            remove(copy)
        else:
            return f"An earlier save of this file was cut off; what it held before is in {copy}."
    return None


def _overwrite(fd: int, old: bytes, new: bytes) -> None:
    """The tail first: it needs room on the disk, and until it is there no old byte is touched."""
    if len(new) > len(old):
        osops.lseek(fd, len(old), os.SEEK_SET)
        osops.write_all(fd, new[len(old) :])
        osops.fsync(fd)
    osops.lseek(fd, 0, os.SEEK_SET)
    osops.write_all(fd, new[: len(old)])
    if len(new) < len(old):
        osops.ftruncate(fd, len(new))
    osops.fsync(fd)


def _put_back(target: Path, fd: int, old: bytes, copy: Path) -> None:
    try:
        osops.lseek(fd, 0, os.SEEK_SET)
        osops.write_all(fd, old)
        osops.ftruncate(fd, len(old))
        osops.fsync(fd)
    except OSError as error:
        raise DraftError(
            f"{target} was not saved, and what it held could not be put back.",
            f"The old text is in {copy}. Your new text is still here: save it under another name.",
        ) from error


def _key(target: Path) -> str:
    return _short(os.fsencode(target))


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _back_up(target: Path, old: bytes, new: bytes, folder: Path) -> Path:
    """A private, synced copy of the old bytes. Raises DraftError; then nothing was touched."""
    copy = folder / f"{_key(target)}-{_short(new)}-{secrets.token_hex(4)}{_WHOLE}"
    part = copy.with_suffix(_PART)
    try:
        private_folder(folder)
        fd = osops.open_file(part, _NEW, 0o600)
        try:
            osops.write_all(fd, old)
            osops.fsync(fd)
        finally:
            osops.close(fd)
        osops.rename(part, copy)
        sync_folder(folder)
    except (OSError, CowriteError) as error:
        remove(part)
        remove(copy)
        why = error.message if isinstance(error, CowriteError) else error.strerror or str(error)
        raise DraftError(
            f"{target} was not saved: it must be written in place, and no safety copy could be made ({why}).",
            f"Make room in {folder}, or save under another name.",
        ) from error
    except BaseException:
        remove(part)
        remove(copy)
        raise
    return copy


def _copies(target: Path, folder: Path, *endings: str) -> list[Path]:
    """The safety copies of a file that are there, in the order of their names."""
    key = _key(target)
    try:
        names = osops.listdir(folder)
    except OSError:
        return []
    return sorted(
        folder / name for name in names if name.startswith(key) and name.endswith(endings)
    )
