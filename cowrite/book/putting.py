"""Where a book is written: whole or not at all, and never over what is not cowrite's own making.

A book is made again and again, so its own earlier file gives way. What was changed since in another program, or
was never made here, stays until --force says otherwise: the file's digest is kept in the cache when it is
written.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cowrite.errors import CowriteError, UsageError
from cowrite.export import whole_file
from cowrite.paths import Paths, private_folder, write_private


def check_place(paths: Paths, output: Path, own: frozenset[Path], *, force: bool) -> Path:
    """Where the file really goes, links followed. own: files that are never written over.

    Raises UsageError where something is there that must stay.
    """
    target = output.resolve() if output.is_symlink() else output
    if target.resolve() in own:
        raise UsageError(f"{output} is one of the book's own texts.", "Name another file with -o.")
    if force or not target.is_file():
        return target
    if _digest(target) != _known(paths, target):
        raise UsageError(
            f"{output} is there already and is not as cowrite wrote it last.",
            "Name another one with -o, or overwrite it with --force.",
        )
    return target


def put(paths: Paths, target: Path, data: bytes) -> None:
    """Write the file, readable as the writer's other files are. Raises CowriteError."""
    mask = os.umask(0)
    os.umask(mask)
    with whole_file(target, force=True) as out:
        out.write(data)
        os.fchmod(out.fileno(), 0o666 & ~mask)
    try:
        private_folder(paths.cache / "books")
        write_private(_place(paths, target), hashlib.sha256(data).hexdigest().encode())
    except (OSError, CowriteError):
        return  # it is asked for --force then, the next time


def _known(paths: Paths, target: Path) -> str:
    try:
        return _place(paths, target).read_text()
    except (OSError, UnicodeError):
        return ""


def _place(paths: Paths, target: Path) -> Path:
    name = hashlib.sha256(os.fsencode(target.absolute())).hexdigest()[:24]
    return paths.cache / "books" / name


def _digest(target: Path) -> str:
    try:
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CowriteError(f"{target} can't be read: {error.strerror or error}.") from error
