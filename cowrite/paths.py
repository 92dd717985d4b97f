"""Where cowrite keeps its things: one place for every folder and file.

`COWRITE_HOME` puts all of them under one folder; otherwise each lies where the platform wants it.
Folders are made with mode 0700 and files with 0600, since the log holds what the writer typed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import platformdirs

from cowrite.errors import CowriteError, UsageError

APP = "cowrite"

TEMPORARY = (".cowrite-", ".tmp")
"""How the names of files begin and end that are there for a moment only."""

NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF, errno.ENOSYS)
"""What a disk answers, a network's for the most part, that can't make the names in a folder durable."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user. Nothing is made until `private_folder` is called on one of them."""

    config: Path
    data: Path
    cache: Path
    state: Path

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def words_file(self) -> Path:
        """The writer's own words, which spell-check leaves alone."""
        return self.config / "words.txt"

    @property
    def log_file(self) -> Path:
        """The feedback log, a SQLite database."""
        return self.data / "log.sqlite3"

    @property
    def models(self) -> Path:
        """Cards of models that the user added."""
        return self.data / "models"

    @property
    def learning(self) -> Path:
        """What was learned from the writer: corpus, passages, adapters."""
        return self.data / "learning"

    @property
    def ranking(self) -> Path:
        """What was learned of the order of candidates."""
        return self.learning / "ranking"

    @property
    def passages(self) -> Path:
        """The index of the writer's earlier passages, made of what is learned from."""
        return self.learning / "passages.sqlite3"

    @property
    def model_cache(self) -> Path:
        """Model files that cowrite joined from packages."""
        return self.cache / "models"

    @property
    def kv_cache(self) -> Path:
        """States of the engine, kept between sessions."""
        return self.cache / "kv"

    @property
    def engine_log(self) -> Path:
        return self.state / "engine.log"

    @property
    def crash_folder(self) -> Path:
        return self.state / "crashes"


def user_paths() -> Paths:
    """The folders for this user, `COWRITE_HOME` first."""
    home = os.environ.get("COWRITE_HOME")
    if home:
        root = expanded(home, "COWRITE_HOME").absolute()
        return Paths(root / "config", root / "data", root / "cache", root / "state")
    return Paths(
        platformdirs.user_config_path(APP),
        platformdirs.user_data_path(APP),
        platformdirs.user_cache_path(APP),
        platformdirs.user_state_path(APP),
    )


def expanded(name: str | Path, place: str = "") -> Path:
    """A path as it was given, with the home that its `~` or `~user` means.

    Where there is no such user, `~name` is a name like any other: alone, or of a folder that is here. That
    comes back absolute, as does `./~name`, so that it is never taken for a home later. place: what gave it.
    Raises UsageError where it is nowhere.
    """
    path, given = Path(name), str(name)
    if not given.startswith("~"):
        return _here(path) if str(path).startswith("~") else path
    try:
        return path.expanduser()
    except (RuntimeError, ValueError):  # no such user, and no name that one can have
        first = path.parts[0]
    said = f"{place}: " if place else ""
    if first == "~":
        raise UsageError(f"{said}{given} is nowhere: your home is not known.", "Set HOME.")
    if len(path.parts) > 1 and not os.path.lexists(first):
        why = f"there is no user '{first[1:]}', and no folder {first} here"
        raise UsageError(f"{said}{given} is nowhere: {why}.", "Write the whole path.")
    return _here(path)


def _here(path: Path) -> Path:
    """The path in this folder, if that is still there."""
    with contextlib.suppress(OSError):
        return path.absolute()
    return path


def private_folder(path: Path) -> Path:
    """Make `path` (and what is above it) if it is not there, readable by this user alone.

    A folder that all users share, such as /tmp, is left as it is. Raises CowriteError where it can't be
    made or is not a folder.
    """
    try:
        for folder in (
            *reversed(path.parents),
            path,
        ):  # parents=True would leave theirs to the umask
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
        found = path.stat()
        shared = found.st_uid != os.getuid() or found.st_mode & stat.S_ISVTX
        if found.st_mode & 0o077 and not shared:
            path.chmod(0o700)
    except OSError as error:
        raise CowriteError(
            f"The folder {path} can't be made: {error.strerror or error}.",
            "Free some space or set COWRITE_HOME to a folder that can be written.",
        ) from error
    return path


def refused_locks(folder: Path) -> frozenset[str]:
    """Which locks can't be had on files of this folder, as on some network drives: `fcntl`, `flock`.

    `fcntl` is what SQLite needs. Tried on a file of its own that is gone again. Empty also where no file can
    be made: that is another trouble.
    """
    import tempfile  # it brings much along, and is needed when there is trouble

    try:
        fd, name = tempfile.mkstemp(prefix=".locks-", dir=folder)
    except OSError:
        return frozenset()
    refused = set()
    try:
        for kind, lock in (("flock", fcntl.flock), ("fcntl", fcntl.lockf)):
            try:
                lock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                lock(fd, fcntl.LOCK_UN)
            except OSError:
                refused.add(kind)
    finally:
        os.close(fd)
        Path(name).unlink(missing_ok=True)
    return frozenset(refused)


class ExposedError(Exception):
    """What a file holds is a secret, and others can read it."""


def read_secret(file: BinaryIO, most: int) -> bytes:
    """At most `most` bytes of an open file that its owner alone can read. Raises ExposedError, and OSError."""
    if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
        raise ExposedError
    return file.read(most)


def open_private(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> int:
    """Open a file descriptor with mode 0600 whatever the umask says. Never follows a link."""
    fd = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    os.fchmod(fd, 0o600)
    return fd


def temporary_name(target: Path) -> Path:
    """A hidden name beside `target` that no other file has. It is short whatever the name of the target is."""
    start, end = TEMPORARY
    return target.with_name(f"{start}{os.urandom(8).hex()}{end}")


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable, where the disk can. Raises OSError where it should have."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise


def write_private(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file: the old one or the new one, whole, whatever happens, and mode 0600.

    Raises OSError where it can't be written; nothing is left of the attempt then.
    """
    fresh = temporary_name(path)
    try:
        with open(open_private(fresh), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:  # an interrupt too must not leave the half of it
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
