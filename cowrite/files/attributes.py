"""Giving a new file the owner, mode and extended attributes of the one whose place it takes."""

from __future__ import annotations

import errno
import os
import stat as modes
from pathlib import Path

from cowrite.files import osops


class NotKeptError(Exception):
    """A new file can't be like the old one; the old one has to be written in place."""


def copy_attributes(old: Path, found: os.stat_result, fd: int) -> None:
    """Make the file `fd` like `old`, of which `stat` said `found`.

    Raises NotKeptError where something can't be kept: somebody else's file, an attribute that takes rights.
    """
    try:
        own = osops.fstat(fd)
        if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
            osops.fchown(fd, found.st_uid, found.st_gid)
        # After the owner, since changing that clears bits; before the access list, which narrows it.
        osops.fchmod(fd, modes.S_IMODE(found.st_mode))
        _copy_xattrs(old, fd)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EINVAL):
            raise NotKeptError from error
        raise


def _copy_xattrs(old: Path, fd: int) -> None:
    """Extended attributes, access lists among them, as the old file has them and no others."""
    wanted, own = _xattrs(old), _xattrs(fd)
    for name, value in wanted.items():
        if own.get(name) != value:
            osops.setxattr(fd, name, value)
    for name in own.keys() - wanted.keys():
        # A folder's default access list gives one to each new file.
        if not name.startswith("security."):
            osops.removexattr(fd, name)


def _xattrs(file: Path | int) -> dict[str, bytes]:
    try:
        return {name: osops.getxattr(file, name) for name in osops.listxattr(file)}
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return {}
        raise
