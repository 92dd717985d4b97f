"""Where an export goes: whole or not at all, readable by its owner alone, never over something else."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cowrite.errors import CowriteError, UsageError
from cowrite.paths import open_private


@contextlib.contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write to that appears under its name when all of it is written; mode 0600.

    A link that has the name is replaced, not followed. Raises UsageError where the name is taken and
    `force` is false, CowriteError where it can't be written.
    """
    _check(path, force=force, folder=False)
    temporary = _beside(path)
    try:
        with os.fdopen(open_private(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _put(temporary, path, force=force)
    except OSError as error:
        raise _trouble(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: Path, *, force: bool) -> Iterator[Path]:
    """A folder to fill that appears under its name when it is full; mode 0700.

    With `force`, files of an older export are replaced and what else is there stays.
    """
    _check(path, force=force, folder=True)
    temporary = _beside(path)
    try:
        temporary.mkdir(mode=0o700)
        yield temporary
        if os.path.lexists(path):
            _merge(temporary, path)
        else:
            temporary.rename(path)
    except OSError as error:
        raise _trouble(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def new_file(folder: Path, name: str) -> BinaryIO:
    """A private file in a folder that is being filled; `name` may have folders of its own."""
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")


def _check(path: Path, *, force: bool, folder: bool) -> None:
    if not path.name or path.name in (".", ".."):
        raise UsageError(
            f"{path} is no name to export to.", "Give the name of a new file or folder."
        )
    if not path.parent.is_dir():
        raise UsageError(
            f"There is no folder {path.parent}.", "Make it first, or name another one."
        )
    if not os.path.lexists(path):
        return
    if path.is_dir() and not path.is_symlink():
        if not folder:
            raise UsageError(f"{path} is a folder.", "Name a file in it.")
        if not any(path.iterdir()):
            return
    elif folder:
        raise UsageError(f"{path} is there already and is no folder.", "Name another one.")
    elif not path.is_file() and not path.is_symlink():
        raise UsageError(
            f"{path} is no ordinary file.", "Name another one, or `-` for standard output."
        )
    if not force:
        raise UsageError(
            f"{path} is there already.", "Name another one, or overwrite it with --force."
        )


def _put(temporary: Path, path: Path, *, force: bool) -> None:
    """Give the file its name; without `force`, only while nobody else has taken it meanwhile."""
    if force:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", "Name another one.") from error
    except OSError:  # a file system without hard links
        temporary.rename(path)


def _merge(fresh: Path, old: Path) -> None:
    for one in sorted(fresh.rglob("*")):
        there = old / one.relative_to(fresh)
        if one.is_dir():
            if there.is_symlink():
                raise UsageError(f"{there} is a link.", "Remove it, or name another folder.")
            there.mkdir(mode=0o700, exist_ok=True)
        else:
            one.replace(there)


def _trouble(path: Path, error: OSError) -> CowriteError:
    return CowriteError(
        f"{path} can't be written: {error.strerror or error}.",
        "Free some space, or name another place with -o.",
    )
