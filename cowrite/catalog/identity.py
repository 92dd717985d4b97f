"""Is a file what its card says it is? Checked by sha256 once, and again when size or time change."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.gguf import read_facts
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import Paths, open_private, private_folder

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""

Check = Callable[[int, GgufFacts], None]
"""Called with size and facts before a file is read from end to end; raises to refuse it."""

CHUNK = 1 << 22


class Stamp(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found when a file was last read from end to end."""

    path: str
    size: int
    mtime_ns: int
    sha256: str
    facts: GgufFacts


def identify(
    path: Path, paths: Paths, progress: Progress | None = None, check: Check | None = None
) -> Stamp:
    """The stamp of a model file, from the last time where the file is unchanged.

    Raises ModelError where the file is missing or no whole GGUF, and what `check` raises.
    """
    known = remembered(path, paths)
    if known is None:
        return examine(path, paths, progress, check)
    if check is not None:
        check(known.size, known.facts)
    return known


def examine(
    path: Path, paths: Paths, progress: Progress | None = None, check: Check | None = None
) -> Stamp:
    """Read the file from end to end, whatever is remembered, and remember what was found."""
    facts = read_facts(path)
    try:
        before = path.stat()
        if check is not None:
            check(before.st_size, facts)
        digest = sha256_of(path, progress)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}.") from error
    stamp = Stamp(str(path), before.st_size, before.st_mtime_ns, digest, facts)
    remember(stamp, paths)
    return stamp


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    """The digest in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    size = path.stat().st_size
    done = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, size)
    return digest.hexdigest()


def _file(path: Path, paths: Paths) -> Path:
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
    return paths.model_cache / "checked" / f"{name}.json"


def remembered(path: Path, paths: Paths) -> Stamp | None:
    """What was found when this file, unchanged since, was last read; None where it was not."""
    try:
        stamp = msgspec.json.decode(_file(path, paths).read_bytes(), type=Stamp)
        now = path.stat()
    except (OSError, msgspec.DecodeError):
        return None
    same = (stamp.path, stamp.size, stamp.mtime_ns) == (str(path), now.st_size, now.st_mtime_ns)
    return stamp if same else None


def remember(stamp: Stamp, paths: Paths) -> None:
    """Keep a stamp. Where that fails, the file is read again the next time: slower, not wrong."""
    target = _file(Path(stamp.path), paths)
    temporary = target.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError, CowriteError):
        private_folder(paths.model_cache)
        private_folder(target.parent)
        with os.fdopen(open_private(temporary), "wb") as file:
            file.write(msgspec.json.encode(stamp))
        temporary.replace(target)


def forget(path: Path, paths: Paths) -> None:
    with contextlib.suppress(OSError):
        _file(path, paths).unlink(missing_ok=True)
