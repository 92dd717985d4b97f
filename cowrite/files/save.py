"""Saving a draft so that at every moment the old file or the new one is there, whole."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cowrite.errors import DraftError
from cowrite.files import osops
from cowrite.files.attributes import NotKeptError, copy_attributes
from cowrite.files.format import UTF8, FileFormat, encode
from cowrite.files.identity import FileIdentity
from cowrite.files.inplace import write_in_place
from cowrite.files.load import MAX_BYTES, ON_READ_ONLY_DISK, checked, read_file, unwritable_reason
from cowrite.files.temporary import remove, sweep, sync_folder
from cowrite.files.trouble import not_a_file, unwritable
from cowrite.paths import temporary_name

_TEMPORARY = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

# The folder, or a mount on the file, does not let another take the file's place.
_FOLDER_REFUSES = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EACCES)


class ChangedOnDisk(DraftError):  # noqa: N818 - what the writer calls it
    """The file is not the one that was read; nothing was written.

    expected: the identity it had, None where there was no file. found: the one it has.
    """

    def __init__(self, path: Path, expected: FileIdentity | None, found: FileIdentity) -> None:
        if expected is None:
            what, hint = "There is already a file", "Overwrite it, or save under another name."
        else:
            what, hint = (
                "Another program has changed",
                "Look at the difference; then overwrite it, load it, or save under another name.",
            )
        super().__init__(f"{what} {path}.", hint)
        self.path, self.expected, self.found = path, expected, found


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that is in its file. size: bytes. sha256: of these bytes. in_place: see `files.inplace`."""

    path: Path
    sha256: str
    size: int
    identity: FileIdentity
    in_place: bool = False


def save(
    path: Path,
    text: str,
    form: FileFormat,
    expected: FileIdentity | None,
    *,
    force: bool = False,
    backups: Path | None = None,
) -> Saved:
    """Write `text` to `path`, links followed.

    expected: the identity of the file when it was read or written last, None for a new one; if it is
    another by now, and its bytes too, ChangedOnDisk is raised, unless `force`. A file that was deleted
    is made again. backups: see `load`. Raises DraftError for every other failure; the old file is then
    as it was.
    """
    path = checked(path)
    data = encode(text, form)
    if len(data) > MAX_BYTES:
        raise DraftError(
            f"{path} was not saved: the text is larger than {MAX_BYTES >> 20} MB, which could not be opened.",
            "Divide it into smaller files.",
        )
    sha256 = hashlib.sha256(data).hexdigest()

    def check() -> None:
        if not force:
            _check_unchanged(path, expected, len(data), sha256)

    try:
        target = Path(osops.realpath(path))
        found, in_place = _write(path, target, data, check, backups)
    except OSError as error:
        raise unwritable(path, error) from error
    return Saved(path, sha256, len(data), FileIdentity.of(found, sha256), in_place)


def save_copy(path: Path, text: str, form: FileFormat = UTF8, word: str = "recovered") -> Path:
    """Write `text` beside `path`, as `name.recovered.md` or `name.recovered-2.md`, never over a file.

    Returns where it is. Raises DraftError.
    """
    path = checked(path)
    for number in range(1, 1000):
        suffix = f".{word}" if number == 1 else f".{word}-{number}"
        copy = path.with_name(f"{path.stem}{suffix}{path.suffix}")
        try:
            return save(copy, text, form if form.lossless else UTF8, None).path
        except ChangedOnDisk:
            continue
    raise DraftError(f"There are too many copies of {path} already.", "Remove some of them.")


def _write(
    path: Path, target: Path, data: bytes, check: Callable[[], None], backups: Path | None
) -> tuple[os.stat_result, bool]:
    """The file's state afterwards, and whether it was written in place."""
    # Not the target: a link loop resolves to a name that is not there, and would be made.
    old = _stat(path)
    if old is None:
        return _put(target, None, data, check), False
    wrong = not_a_file(path, old.st_mode)
    if wrong is not None:
        raise wrong
    reason = unwritable_reason(path, old)
    if reason is not None:
        change = "" if reason == ON_READ_ONLY_DISK else "Change them (chmod u+w), or save"
        raise DraftError(
            f"{path} was not saved: {reason}.", f"{change or 'Save'} under another name."
        )
    check()
    if old.st_nlink == 1:
        try:
            return _put(target, old, data, check), False
        except NotKeptError:
            pass
        except OSError as error:
            if error.errno not in _FOLDER_REFUSES:
                raise
    before, _ = read_file(target, old)
    return write_in_place(target, before, data, backups, check), True


def _put(
    target: Path, old: os.stat_result | None, data: bytes, check: Callable[[], None]
) -> os.stat_result:
    """Write a temporary file beside `target` and give it that name; returns its state."""
    temporary = temporary_name(target)
    # A new draft gets what the umask and the folder say; the copy of an old one is private till it is like it.
    fd = osops.open_file(temporary, _TEMPORARY, 0o666 if old is None else 0o600)
    try:
        try:
            osops.write_all(fd, data)
            if old is not None:
                copy_attributes(target, old, fd)
            osops.fsync(fd)
            check()
            if old is None:
                _give_new_name(temporary, target, check)
            else:
                osops.rename(temporary, target)
        except BaseException:
            remove(temporary)
            raise
        found = osops.fstat(fd)
    finally:
        osops.close(fd)
    sync_folder(target.parent)
    sweep(target.parent)
    return found


def _give_new_name(temporary: Path, target: Path, check: Callable[[], None]) -> None:
    """Name the file `target` if that is free: a link fails where a file has come up meanwhile."""
    try:
        osops.link(temporary, target)
    except FileExistsError:
        check()
        osops.rename(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        osops.rename(temporary, target)
    else:
        remove(temporary)


def _check_unchanged(path: Path, expected: FileIdentity | None, size: int, sha256: str) -> None:
    """Raise ChangedOnDisk if the file is not the expected one.

    The bytes that were expected, and those that are to be written (`size`, `sha256`), are no change.
    """
    found = _stat(path)
    if found is None or FileIdentity.of(found) == expected:
        return
    known = {sha256: size} | ({expected.sha256: expected.size} if expected is not None else {})
    if found.st_size in known.values():
        data, _ = read_file(path, found)
        if hashlib.sha256(data).hexdigest() in known:
            return
    raise ChangedOnDisk(path, expected, FileIdentity.of(found))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return osops.stat(path)
    except FileNotFoundError:
        return None
