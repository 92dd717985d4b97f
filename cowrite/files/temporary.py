"""The files that a save makes for a moment, and their folder."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from cowrite.files import osops
from cowrite.paths import NO_FOLDER_SYNC, TEMPORARY

_OLD_SECONDS = 24 * 60 * 60


def remove(path: Path) -> None:
    """Remove a file of ours; that this fails is no reason to fail at what was done before."""
    with contextlib.suppress(OSError):
        osops.unlink(path)


def sweep(folder: Path) -> None:
    """Remove what saves have left in `folder` that were cut off, by a power failure say, a day ago or more."""
    start, end = TEMPORARY
    with contextlib.suppress(OSError):
        for name in osops.listdir(folder):
            if name.startswith(start) and name.endswith(end):
                found = osops.stat(folder / name)
                if found.st_uid == os.getuid() and time.time() - found.st_mtime > _OLD_SECONDS:
                    remove(folder / name)


def sync_folder(folder: Path) -> None:
    """As `paths.sync_folder`, by this room's calls, which tests can make fail."""
    try:
        fd = osops.open_file(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            osops.fsync(fd)
        finally:
            osops.close(fd)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
