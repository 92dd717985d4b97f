"""The files that a save makes for a moment, and their folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

from cowrite.files import osops

_START, _END = ".cowrite-", ".tmp"
_OLD_SECONDS = 24 * 60 * 60
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF, errno.ENOSYS)


def temporary_name(target: Path) -> Path:
    """A hidden name beside `target` that no other file has. It is short whatever the draft's name is."""
    return target.with_name(f"{_START}{secrets.token_hex(8)}{_END}")


def remove(path: Path) -> None:
    """Remove a file of ours; that this fails is no reason to fail at what was done before."""
    with contextlib.suppress(OSError):
        osops.unlink(path)


def sweep(folder: Path) -> None:
    """Remove what saves have left in `folder` that were cut off, by a power failure say, a day ago or more."""
    with contextlib.suppress(OSError):
        for name in osops.listdir(folder):
            if name.startswith(_START) and name.endswith(_END):
                found = osops.stat(folder / name)
                if found.st_uid == os.getuid() and time.time() - found.st_mtime > _OLD_SECONDS:
                    remove(folder / name)


def sync_folder(folder: Path) -> None:
    """Make the new name durable, where the disk can."""
    try:
        fd = osops.open_file(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            osops.fsync(fd)
        finally:
            osops.close(fd)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
