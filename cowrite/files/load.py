"""Opening a draft: whatever the path names, this ends in a text or in one sentence, and never waits."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cowrite.errors import DraftError
from cowrite.files import osops
from cowrite.files.format import UTF8, FileFormat, decode
from cowrite.files.identity import FileIdentity
from cowrite.files.inplace import interrupted
from cowrite.files.trouble import not_a_file, unreadable
from cowrite.paths import expanded

MAX_BYTES = 64 << 20
"""The largest file that is opened as a draft."""

ON_READ_ONLY_DISK = "its disk can only be read"

_TRIES = 3
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class LoadedDraft:
    """A draft as its file has it.

    path: as given, made absolute; None for a draft without a name. real: the path with all links followed,
    the same for every name of the file. advice: what to do about `read_only`, a sentence, or None.
    identity: None for a new draft. read_only: why it can't be saved there, a clause such as
    `its permissions forbid writing`. note: something that the writer should be told, or None.
    """

    path: Path | None
    text: str
    format: FileFormat
    identity: FileIdentity | None
    read_only: str | None
    real: Path | None = None
    note: str | None = None
    advice: str | None = None


def untitled() -> LoadedDraft:
    """A new draft without a name."""
    return LoadedDraft(None, "", UTF8, None, None)


def load(path: Path, *, backups: Path | None = None) -> LoadedDraft:
    """Read a draft. A missing file is a new draft.

    backups: the folder for copies of files that are written in place, the user's by default.
    Raises DraftError for a thing that is no file, can't be read, is larger than `MAX_BYTES`, or is
    missing in a folder that is missing too or can't be written.
    """
    path = checked(path)
    try:
        real = Path(osops.realpath(path))
        try:
            found = osops.stat(path)
        except FileNotFoundError:
            _check_folder(path, real.parent)
            return LoadedDraft(path, "", UTF8, None, None, real)
        data, found = read_file(path, found)
        text, form, reason = decode(data)
        reason = reason or unwritable_reason(path, found)
        seen = FileIdentity.of(found, hashlib.sha256(data).hexdigest())
        note = interrupted(real, data, backups)
        advice = None if form.lossless and b"\0" not in data else _advice(path, data, form)
        return LoadedDraft(path, text, form, seen, reason, real, note, advice)
    except OSError as error:
        raise unreadable(path, error) from error


def _advice(path: Path, data: bytes, form: FileFormat) -> str | None:
    from cowrite.files.advice import conversion_advice  # here, since nearly every draft is UTF-8

    return conversion_advice(path, data, form)


def named(name: str) -> Path:
    """The path of a draft by a name as a writer types it. Raises DraftError where no file can have it,
    UsageError where it is in the home of nobody."""
    path = checked(expanded(name.strip()))
    try:
        osops.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return path
    except OSError as error:
        reason = error.strerror or "it can't be reached"
        raise DraftError(f"No draft can have this name: {reason}.", "Give another one.") from error
    return path


def checked(path: Path) -> Path:
    """The path made absolute. Raises DraftError for a name that no file can have."""
    try:
        if b"\0" not in os.fsencode(path):
            return path.absolute()
    except UnicodeEncodeError:
        pass
    except OSError as error:
        raise DraftError(
            "The folder you are in is no longer there.", "Change to another: cd."
        ) from error
    raise DraftError(f"{str(path)!r} can't be a file's name.", "Give the name of a text file.")


def read_file(path: Path, found: os.stat_result) -> tuple[bytes, os.stat_result]:
    """The bytes of an ordinary file and its state as they were read.

    found: what `stat` said; the kind is looked at before opening, since opening a device may do things,
    and after, since it may be another by then. Raises OSError or DraftError.
    """
    for _ in range(_TRIES):
        _check_kind(path, found)
        fd = osops.open_file(path, _FLAGS)
        try:
            before = osops.fstat(fd)
            _check_kind(path, before)
            data = osops.read_all(fd, MAX_BYTES)
            found = osops.fstat(fd)
        finally:
            osops.close(fd)
        if len(data) > MAX_BYTES:
            raise _too_large(path, max(len(data), found.st_size))
        if FileIdentity.of(before) == FileIdentity.of(found):
            return data, found
    raise DraftError(
        f"{path} is being written by another program.", "Open it again when that is done."
    )


def unwritable_reason(path: Path, found: os.stat_result) -> str | None:
    """Why a file can't be written, None where it seems to be possible.

    A file without any permission to write is meant to stay as it is, also for root, who could.
    """
    if not found.st_mode & 0o222 or not osops.access(path, os.W_OK):
        return ON_READ_ONLY_DISK if _only_read(path) else "its permissions forbid writing"
    return None


def _only_read(path: Path) -> bool:
    """Whether a file is on a disk that is mounted for reading."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _check_kind(path: Path, found: os.stat_result) -> None:
    wrong = not_a_file(path, found.st_mode)
    if wrong is not None:
        raise wrong
    if found.st_size > MAX_BYTES:
        raise _too_large(path, found.st_size)


def _too_large(path: Path, size: int) -> DraftError:
    return DraftError(
        f"{path} has {size / (1 << 20):.0f} MB; a draft may have {MAX_BYTES >> 20} MB.",
        "Divide it into smaller files, a chapter each.",
    )


def _check_folder(path: Path, folder: Path) -> None:
    """Whether a new draft could be saved in `folder`, while nothing has been written yet."""
    try:
        found = osops.stat(folder)
    except FileNotFoundError:
        raise DraftError(
            f"{path} can't be made: there is no folder {folder}.",
            f"Make it first: mkdir -p '{folder}'.",
        ) from None
    if not found.st_mode & 0o222 or not osops.access(folder, os.W_OK | os.X_OK):
        raise DraftError(
            f"{path} can't be made: you may not write in {folder}.",
            "Give a name in another folder.",
        )
