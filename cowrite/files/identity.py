"""Whether a file is still the one that was read or written."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.files import osops


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What tells a file's state from another: device, inode, size in bytes, mtime in nanoseconds.

    sha256: of its bytes where they were read, else an empty string; it takes no part in comparing.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    sha256: str = field(default="", compare=False)

    @classmethod
    def of(cls, found: os.stat_result, sha256: str = "") -> FileIdentity:
        """The identity of what `stat` found."""
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, sha256)


def identity(path: Path) -> FileIdentity | None:
    """The identity of the file at `path` now, links followed: one call of `stat`, without its hash.

    None where there is no file or it can't be looked at.
    """
    try:
        return FileIdentity.of(osops.stat(path))
    except (OSError, ValueError):
        return None
