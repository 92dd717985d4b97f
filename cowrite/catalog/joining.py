"""Model files that come in installed packages: found without importing them, and joined once."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.metadata
import os
import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from filelock import FileLock

from cowrite.catalog.cards import Card, FilePart
from cowrite.catalog.gguf import read_facts
from cowrite.catalog.identity import CHUNK, Progress, Stamp, remember
from cowrite.errors import ModelError
from cowrite.paths import Paths, open_private, private_folder, refused_locks, sync_folder

SPARE = 16 << 20
"""Bytes to leave free on the disk."""


def locate(part: FilePart) -> Path | None:
    """The file of an installed package, None where it is not there. Nothing of it is imported."""
    try:
        distribution = importlib.metadata.distribution(part.package)
    except importlib.metadata.PackageNotFoundError:
        return None
    path = Path(str(distribution.locate_file(part.path)))
    return path if path.is_file() else None


def missing_parts(card: Card) -> list[str]:
    """The packages of the card whose files are not there."""
    return [part.package for part in card.parts if locate(part) is None]


def file_of(card: Card, paths: Paths) -> Path:
    """Where the model is or will be: the user's path, the one package's file, or the cache."""
    if card.added:
        return Path(card.path)
    if len(card.parts) == 1:
        return locate(card.parts[0]) or Path(card.parts[0].path)
    return paths.model_cache / card.file


def join(card: Card, paths: Paths, progress: Progress | None = None) -> Stamp:
    """Join the card's parts into the cache; returns what was found there.

    Two programs may do this at once: the second waits, and finds the file. Raises ModelError.
    """
    private_folder(paths.model_cache)
    target = paths.model_cache / card.file
    # Where no lock can be had, waiting for one would not end: each program then writes a file of its own.
    locks = "flock" not in refused_locks(target.parent)
    lock: AbstractContextManager[object] = nullcontext()
    if locks:
        lock = FileLock(target.with_name(f"{target.name}.lock"), mode=0o600)
    temporary = target.with_name(f".{target.name}{'' if locks else f'.{os.getpid()}'}.joining")
    try:
        with lock:
            if not _is_joined(target, card):
                _join_to(target, temporary, card, progress)
            stat = target.stat()
    except OSError as error:
        raise _trouble(error, card, target.parent) from error
    stamp = Stamp(str(target), stat.st_size, stat.st_mtime_ns, card.sha256, read_facts(target))
    remember(stamp, paths)
    return stamp


def _is_joined(target: Path, card: Card) -> bool:
    """Whether another program has just joined it. Its content was verified before it was renamed."""
    if not target.is_file() or target.stat().st_size != card.size:
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == card.sha256


def _join_to(target: Path, temporary: Path, card: Card, progress: Progress | None) -> None:
    sources = _sources(card)
    free = shutil.disk_usage(target.parent).free
    if free < card.size + SPARE:
        raise _no_room(card, target.parent, free)
    try:
        digest = _copy(sources, temporary, card, progress)
        if digest != card.sha256:
            raise ModelError(
                f"The packages of {card.name} are damaged: joined, they have another sha256 than "
                "the card says.",
                f"Install them again: {card.install} --force-reinstall",
            )
        temporary.replace(target)
    except BaseException:  # the half file must go on an interrupt as well
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _sources(card: Card) -> list[Path]:
    found = [locate(part) for part in card.parts]
    if missing := missing_parts(card):
        raise ModelError(
            f"The model {card.name} is not installed: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing.",
            f"{card.install}" if card.install else "",
        )
    return [path for path in found if path is not None]


def _copy(sources: list[Path], target: Path, card: Card, progress: Progress | None) -> str:
    """Write the sources one behind the other, on the disk when this returns; their sha256."""
    digest = hashlib.sha256()
    done = 0
    with os.fdopen(open_private(target), "wb", buffering=0) as out:
        for source in sources:
            with source.open("rb", buffering=0) as part:
                while chunk := part.read(CHUNK):
                    view = memoryview(chunk)
                    while view:  # an unbuffered write may take less than it is given
                        view = view[out.write(view) :]
                    digest.update(chunk)
                    done += len(chunk)
                    if progress is not None:
                        progress(done, card.size)
        os.fsync(out.fileno())
    return digest.hexdigest()


def _no_room(card: Card, folder: Path, free: int) -> ModelError:
    return ModelError(
        f"The disk is too full to unpack {card.name}: {card.size / 1e6:,.0f} MB are needed in "
        f"{folder}, {free / 1e6:,.0f} MB are free.",
        "Free some space, or set COWRITE_HOME to a folder on another disk.",
    )


def _trouble(error: OSError, card: Card, folder: Path) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _no_room(card, folder, shutil.disk_usage(folder).free)
    return ModelError(
        f"{card.name} can't be unpacked in {folder}: {error.strerror or error}.",
        "Set COWRITE_HOME to a folder that can be written.",
    )
