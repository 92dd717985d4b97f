"""What the operating system's refusals mean to a writer."""

from __future__ import annotations

import errno
import stat as modes
from pathlib import Path

from cowrite.errors import DraftError

_READING = {
    errno.EACCES: ("may not be read by you", "Look at its permissions and its folder's: ls -ld."),
    errno.EPERM: ("may not be read by you", "Look at its permissions and its folder's: ls -ld."),
    errno.ELOOP: ("is a link that leads back to itself", "Give the name of the file itself."),
    errno.ENAMETOOLONG: ("has too long a name for this disk", "Give it a shorter name."),
    errno.ENOTDIR: (
        "lies below something that is not a folder",
        "Look at the path: is a part of it a file?",
    ),
    errno.EIO: (
        "can't be read, the disk fails",
        "Copy what you can from this disk, and look at its health.",
    ),
    errno.ENXIO: ("is not an ordinary file", "Give the name of a text file."),
    errno.ENOENT: ("is not there", "Look at the name."),
}

UNSAVED = "Your text is still here, and in the log."
"""The comfort for a draft in the window, at the end of a hint."""

_WRITING = {
    errno.ENOSPC: ("the disk is full", f"Free some space and save again. {UNSAVED}"),
    errno.EDQUOT: (
        "your quota on this disk is used up",
        f"Free some space and save again. {UNSAVED}",
    ),
    errno.EACCES: (
        "you may not write there",
        f"Change the permissions, or save under another name. {UNSAVED}",
    ),
    errno.EPERM: (
        "you may not write there",
        f"Change the permissions, or save under another name. {UNSAVED}",
    ),
    errno.EROFS: (
        "this disk can only be read",
        f"Save under another name, on a disk that can be written. {UNSAVED}",
    ),
    errno.EIO: ("the disk fails", f"Save under another name, on another disk. {UNSAVED}"),
    errno.ENAMETOOLONG: (
        "the name is too long for this disk",
        f"Save under a shorter name. {UNSAVED}",
    ),
    errno.ENOENT: (
        "its folder is no longer there",
        f"Make the folder again, or save under another name. {UNSAVED}",
    ),
    errno.ENOTDIR: (
        "it lies below something that is not a folder",
        f"Save under another name. {UNSAVED}",
    ),
    errno.ELOOP: ("it is a link that leads back to itself", f"Save under another name. {UNSAVED}"),
    errno.EFBIG: ("the file would be too large for this disk", f"Save on another disk. {UNSAVED}"),
    errno.EISDIR: ("it is a folder", f"Save under another name. {UNSAVED}"),
    errno.EMFILE: ("too many files are open", f"Close some programs and save again. {UNSAVED}"),
    errno.ENFILE: ("too many files are open", f"Close some programs and save again. {UNSAVED}"),
}

_KINDS = {
    modes.S_IFDIR: "is a folder, not a file",
    modes.S_IFIFO: "is a named pipe, not a file",
    modes.S_IFCHR: "is a device, not a file",
    modes.S_IFBLK: "is a device, not a file",
    modes.S_IFSOCK: "is a socket, not a file",
}


def unreadable(path: Path, error: OSError) -> DraftError:
    """The error of a file that can't be read."""
    what, hint = _READING.get(error.errno or 0, (f"can't be read: {_words(error)}", ""))
    return DraftError(f"{path} {what}.", hint)


def unwritable(path: Path, error: OSError) -> DraftError:
    """The error of a file that can't be written; the old one is whole."""
    why, hint = _WRITING.get(
        error.errno or 0, (_words(error), f"Try again, or save under another name. {UNSAVED}")
    )
    return DraftError(f"{path} was not saved: {why}.", hint)


def not_a_file(path: Path, mode: int) -> DraftError | None:
    """The error of a thing that is no ordinary file, None where `mode` (st_mode) is one's."""
    if modes.S_ISREG(mode):
        return None
    kind = _KINDS.get(modes.S_IFMT(mode), "is not an ordinary file")
    return DraftError(f"{path} {kind}.", "Give the name of a text file.")


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).rstrip(".")
