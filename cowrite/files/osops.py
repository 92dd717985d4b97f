"""Every call of this room to the operating system, by name.

The rest of `cowrite.files` calls these and nothing else of `os`, so that a test can make any of them fail,
or stop the world between two of them, and then look at what is on the disk.
"""

from __future__ import annotations

import os
import sys

access = os.access
close = os.close
fchmod = os.fchmod
fchown = os.fchown
fstat = os.fstat
fsync = os.fsync
ftruncate = os.ftruncate
link = os.link
listdir = os.listdir
lseek = os.lseek
open_file = os.open
read = os.read
realpath = os.path.realpath
rename = os.replace
stat = os.stat
unlink = os.unlink
write = os.write

if sys.platform == "linux":
    getxattr = os.getxattr
    listxattr = os.listxattr
    removexattr = os.removexattr
    setxattr = os.setxattr
else:

    def listxattr(_path: int | os.PathLike[str]) -> list[str]:
        """Python reads extended attributes on Linux alone; elsewhere a file seems to have none."""
        return []

    def getxattr(_path: int | os.PathLike[str], _name: str) -> bytes:
        raise NotImplementedError

    def setxattr(_path: int | os.PathLike[str], _name: str, _value: bytes) -> None:
        raise NotImplementedError

    def removexattr(_path: int | os.PathLike[str], _name: str) -> None:
        raise NotImplementedError


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`, however little the system takes at once."""
    left = memoryview(data)
    while left:
        left = left[write(fd, left) :]


def read_all(fd: int, limit: int) -> bytes:
    """Read to the end of the file, or one byte beyond `limit`: enough to know that it is longer."""
    chunks = []
    room = limit + 1
    while room > 0 and (chunk := read(fd, min(room, 1 << 20))):
        chunks.append(chunk)
        room -= len(chunk)
    return b"".join(chunks)
