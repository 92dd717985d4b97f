"""One file, downloaded: gone on with after a break, and compared with its sha256 before it gets its name.

What has come lies in `.NAME.part`, and beside it `.NAME.part.json` says of what it is a part. It is gone on
with (`Range`) only if it is a part of the same: by the server's own mark (`If-Range`), or by the sha256 that
the whole has to have. A server that begins again is followed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from cowrite.catalog.identity import CHUNK
from cowrite.errors import ModelError
from cowrite.hub.listing import RemoteFile, length_of
from cowrite.hub.refusals import refused
from cowrite.hub.web import CUT, TRIES, Answer, UnreachableError, Web, shown, unreachable
from cowrite.paths import open_private, sync_folder, write_private

_READ = 1 << 18
SLOWEST, SLOW_S = 1024, 60.0
"""A connection that brings fewer bytes a second than this, for so many seconds, is given up."""

Done = Callable[[int], object]
"""Called with the bytes of the file that are here."""


class _Mark(Struct, frozen=True, forbid_unknown_fields=True):
    """What a part is a part of. etag: the server's mark of it, empty where it has none to rely on."""

    url: str
    size: int
    sha256: str
    etag: str


@dataclass(slots=True)
class _Part:
    """The file while it comes, with the digest of what is here."""

    path: Path
    remote: RemoteFile
    done: int = 0
    etag: str = ""
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def marks(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def mark(self) -> _Mark:
        return _Mark(shown(self.remote.url), self.remote.size, self.remote.sha256, self.etag)

    def take_up(self) -> None:
        """Go on with what is here from before, if it is a part of the same."""
        kept = self.kept()
        if kept is None or not (kept.etag or kept.sha256):
            return
        with os.fdopen(os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            while chunk := file.read(CHUNK):
                self.digest.update(chunk)
                self.done += len(chunk)
        self.etag = kept.etag

    def kept(self) -> _Mark | None:
        """The mark of what is here from before, None where that is no part of the same."""
        try:
            kept = msgspec.json.decode(self.marks.read_bytes(), type=_Mark)
            size = self.path.lstat().st_size
        except (OSError, msgspec.DecodeError):
            return None
        same = msgspec.structs.replace(kept, etag="") == msgspec.structs.replace(
            self.mark(), etag=""
        )
        return kept if same and size <= kept.size else None

    def begin(self, etag: str) -> None:
        """From the first byte; nothing from before is kept."""
        self.done, self.etag, self.digest = 0, etag, hashlib.sha256()
        self.path.unlink(missing_ok=True)
        write_private(self.marks, msgspec.json.encode(self.mark()))

    def drop(self) -> None:
        """Keep nothing of it."""
        for path in (self.path, self.marks):
            path.unlink(missing_ok=True)


def waiting(target: Path, remote: RemoteFile) -> int:
    """Bytes of the file that are here from before, by what lies beside it. Nothing is read through."""
    part = _Part(_part_path(target), remote)
    kept = part.kept()
    return part.path.lstat().st_size if kept and (kept.etag or kept.sha256) else 0


def _part_path(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def fetch(web: Web, remote: RemoteFile, target: Path, done: Done) -> tuple[Path, str]:
    """Download a file beside `target`, which is not touched; the path where it lies, whole and on the disk, and
    its sha256. `settle` gives it its name.

    Raises ModelError: where the connection is cut for good or the disk is full, what has come is kept for the
    next time; where it is not what it should be, nothing is.
    """
    part = _Part(_part_path(target), remote)
    try:
        part.take_up()
        _all_of(web, part, done)
    except OSError as error:
        raise cannot_write(error, target.parent) from error
    digest = part.digest.hexdigest()
    if remote.sha256 and digest != remote.sha256:
        part.drop()
        raise ModelError(
            f"What came from {remote.host} as {remote.name} has another sha256 than it should: {digest}, not "
            f"{remote.sha256}. Nothing of it was kept.",
            "Try again; if it comes again, the file is not the one that was meant.",
        )
    return part.path, digest


def settle(path: Path, target: Path) -> None:
    """Give a downloaded file its name. Raises ModelError."""
    try:
        path.replace(target)
        path.with_name(f"{path.name}.json").unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(error, target.parent) from error


def _all_of(web: Web, part: _Part, done: Done) -> None:
    """Ask until all is here. A connection that was cut is made again, while each brings something."""
    idle = 0
    while part.done < part.remote.size:
        before = part.done
        try:
            _some_of(web, part, done)
        except UnreachableError as error:
            idle = 0 if part.done > before else idle + 1
            if idle >= TRIES or (idle and not before):
                here, whole = part.done / 1e6, part.remote.size / 1e6
                hint = f"{here:,.0f} of {whole:,.0f} MB are here: the same command goes on."
                raise UnreachableError(error.message, hint if part.done else error.hint) from error
            web.tell(f"The connection to {part.remote.host} was cut: going on.")
            web.sleep(min(30.0, 2.0**idle))


def _some_of(web: Web, part: _Part, done: Done) -> None:
    """One connection's worth. Raises UnreachableError where it is cut."""
    if part.done and not (part.etag or part.remote.sha256):
        part.begin("")  # nothing would tell that the rest is of another file
    headers = {"Range": f"bytes={part.done}-"} if part.done else {}
    if part.done and part.etag:
        headers["If-Range"] = part.etag
    answer = web.ask(part.remote.url, headers)
    try:
        if answer.status == 416 and part.done:
            part.begin("")  # it has changed, or has no such end: from the start
            return
        if answer.status not in (200, 206):
            raise refused(answer, part.remote.name, "", has_token=bool(web.token))
        if length_of(answer) != part.remote.size:
            part.drop()
            raise ModelError(
                f"{part.remote.name} has another length at {part.remote.host} now.", "Try again."
            )
        start = answer.header("Content-Range").removeprefix("bytes ").partition("-")[0]
        if answer.status == 206 and start != str(part.done):
            if not part.done:
                raise ModelError(
                    f"{part.remote.host} gives another part of the file than was asked for."
                )
            part.begin("")
            return
        if answer.status == 200 or not part.done:
            part.begin(_mark_of(answer))
        _write(answer, part, done)
    finally:
        answer.close()


def _mark_of(answer: Answer) -> str:
    """What a server knows this content by: a strong etag (RFC 9110, 13.1.5), or nothing."""
    etag = answer.header("ETag").strip()
    strong = etag.startswith('"') and etag.endswith('"') and etag.isprintable() and len(etag) < 300
    return etag if strong else ""


def _write(answer: Answer, part: _Part, done: Done) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    slow_since, slow_from = time.monotonic(), part.done
    with os.fdopen(open_private(part.path, flags), "wb", buffering=0) as out:
        try:
            while part.done < part.remote.size:
                chunk = _read(answer)
                view = memoryview(chunk)[: part.remote.size - part.done]
                while view:  # an unbuffered write may take less than it is given
                    wrote = out.write(view)
                    part.digest.update(view[:wrote])
                    part.done += wrote
                    view = view[wrote:]
                done(part.done)
                if time.monotonic() - slow_since > SLOW_S:
                    if part.done - slow_from < SLOWEST * SLOW_S:
                        raise unreachable(answer.url, TimeoutError())
                    slow_since, slow_from = time.monotonic(), part.done
        finally:
            os.fsync(out.fileno())


def _read(answer: Answer) -> bytes:
    """What has come of a body. Raises UnreachableError where no more will."""
    try:
        read = getattr(answer.body, "read1", answer.body.read)
        chunk: bytes = read(_READ)
    except CUT as error:
        raise unreachable(answer.url, error) from error
    if not chunk:
        raise unreachable(answer.url, ConnectionError())
    return chunk


def cannot_write(error: OSError, folder: Path) -> ModelError:
    """Why nothing can be written there, in a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ModelError(
            f"The disk is full: {folder}.",
            "Free some space; the same command goes on where it stopped.",
        )
    return ModelError(
        f"The model can't be written in {folder}: {error.strerror or error}.",
        "Set COWRITE_HOME to a folder that can be written.",
    )
