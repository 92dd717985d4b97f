"""The adapters that were learned: their versions, which one is in use, and the way back.

`adapters/MODEL/VERSION/` holds `learned-VERSION.gguf` and `version.json`; `adapters/MODEL/in-use` names the
version that is used, 0 for the model as it came. All are written whole or not at all. MODEL is the beginning of
the model file's SHA-256, so that an adapter never meets another model.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cowrite.catalog.identity import sha256_of
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import private_folder, write_private

KEPT = 5
"""Versions of a model's adapter that are kept: the newest, and always the one in use."""

BASE = 0
"""The version that stands for no adapter."""

_FORM = 1


class Version(msgspec.Struct, frozen=True):
    """One adapter. `made_ms`: since 1970. parent: the version that training went on from, 0 for none.

    documents: ids and titles of what it was trained on, those of its parents too; seen: marks of the
    paragraphs (`split.mark_of`). tokens: how many were trained on, in all. sha256: of the adapter's file.
    figures: what the gate measured, by name. reason: the gate's sentence. promoted: whether it passed.
    """

    number: int
    model_name: str
    model_sha256: str
    made_ms: int
    parent: int
    documents: dict[str, str]
    seen: frozenset[str]
    tokens: int
    seconds: float
    sha256: str
    figures: dict[str, float] = {}
    reason: str = ""
    promoted: bool = False
    form: int = _FORM


@dataclass(frozen=True, slots=True)
class LearnedAdapter:
    """An adapter that is to be used, and its version. `path` is the GGUF file."""

    path: Path
    version: Version


@dataclass(slots=True)
class Registry:
    """The versions in a folder. Reads the disk each time: other processes change it too."""

    folder: Path
    troubles: list[str] = field(default_factory=list)
    """A sentence for each version that could not be read."""

    def versions(self, model_sha256: str) -> list[Version]:
        """Those of a model, oldest first."""
        found = []
        for path in self._of(model_sha256).glob("*/version.json"):
            version = self._read(path)
            if version is not None and version.model_sha256 == model_sha256:
                found.append(version)
        return sorted(found, key=lambda version: version.number)

    def models(self) -> list[str]:
        """The SHA-256 of each model that has versions."""
        found = {
            version.model_sha256
            for path in self.folder.glob("*/*/version.json")
            if (version := self._read(path)) is not None
        }
        return sorted(found)

    def in_use(self, model_sha256: str) -> LearnedAdapter | None:
        """The adapter that is used with a model, None for the model as it came."""
        number = self._number(model_sha256)
        if number == BASE:
            return None
        version = self._read(self._at(model_sha256, number) / "version.json")
        path = self._file(model_sha256, number)
        if version is None or version.model_sha256 != model_sha256 or not path.is_file():
            self.troubles.append(
                f"The learned adapter {number} is gone or damaged; it is not used."
            )
            return None
        return LearnedAdapter(path, version)

    def check(self, adapter: LearnedAdapter) -> bool:
        """Whether the file is the one that passed the gate."""
        with contextlib.suppress(OSError):
            return sha256_of(adapter.path) == adapter.version.sha256
        return False

    def next_number(self, model_sha256: str) -> int:
        """The number of the next version; none is given twice."""
        names = [path.name for path in self._of(model_sha256).glob("*") if path.name.isdigit()]
        return max([self._number(model_sha256), *map(int, names)], default=0) + 1

    def add(self, version: Version, adapter: Path) -> None:
        """Keep a new version; `adapter` is moved. Older ones beyond `KEPT` are deleted."""
        place = self._at(version.model_sha256, version.number)
        with _told(place):
            private_folder(place)
            adapter.replace(self._file(version.model_sha256, version.number))
            write_private(place / "version.json", msgspec.json.encode(version))
        self._forget_oldest(version.model_sha256)

    def use(self, model_sha256: str, number: int) -> int:
        """Use a version from now on, `BASE` for none; returns the one before. Raises UsageError."""
        before = self._number(model_sha256)
        if number != BASE and not any(v.number == number for v in self.versions(model_sha256)):
            known = ", ".join(str(v.number) for v in self.versions(model_sha256)) or "none"
            raise UsageError(
                f"There is no version {number} of what was learned.", f"Kept: {known}."
            )
        place = self._of(model_sha256)
        with _told(place):
            private_folder(place)
            write_private(place / "in-use", str(number).encode())
        return before

    def before(self, model_sha256: str) -> int:
        """The version that a rollback leads to: what the one in use was trained from, or the model itself."""
        adapter = self.in_use(model_sha256)
        if adapter is None:
            return BASE
        kept = {v.number: v for v in self.versions(model_sha256) if v.promoted}
        return adapter.version.parent if adapter.version.parent in kept else BASE

    def forget(self, document_id: str | None = None) -> list[Version]:
        """Delete the versions that saw a document (None: all), their files overwritten; returns them.

        One that is in use gives way to the newest one before it that did not see it.
        """
        gone = []
        for model in self.models():
            versions = self.versions(model)
            saw = [v for v in versions if document_id is None or document_id in v.documents]
            left = [v.number for v in versions if v not in saw and v.promoted]
            number = self._number(model)
            if any(v.number == number for v in saw):
                self.use(model, max((n for n in left if n < number), default=BASE))
            for version in saw:
                self._delete(self._at(model, version.number))
            gone += saw
        return gone

    # The disk

    def _of(self, model_sha256: str) -> Path:
        return self.folder / (model_sha256[:16] or "unknown")

    def _at(self, model_sha256: str, number: int) -> Path:
        return self._of(model_sha256) / str(number)

    def _file(self, model_sha256: str, number: int) -> Path:
        """The adapter's file. Its name is what requests are logged with."""
        return self._at(model_sha256, number) / f"learned-{number}.gguf"

    def _number(self, model_sha256: str) -> int:
        try:
            return int((self._of(model_sha256) / "in-use").read_text("ascii"))
        except (OSError, ValueError):
            return BASE

    def _read(self, path: Path) -> Version | None:
        try:
            version = msgspec.json.decode(path.read_bytes(), type=Version)
        except (OSError, msgspec.MsgspecError):
            self.troubles.append(f"The version in {path.parent} can't be read.")
            return None
        return version if version.form == _FORM else None

    def _forget_oldest(self, model_sha256: str) -> None:
        versions, used = self.versions(model_sha256), self._number(model_sha256)
        for version in versions[: max(0, len(versions) - KEPT)]:
            if version.number != used:
                self._delete(self._at(model_sha256, version.number))

    def _delete(self, place: Path) -> None:
        with _told(place):
            for path in place.glob("*"):
                overwrite(path)
            shutil.rmtree(place, ignore_errors=True)


def overwrite(path: Path) -> None:
    """Write zeros over a file and delete it. Raises OSError.

    A disk that copies what it writes (solid-state drives, file systems with snapshots) may keep the old
    blocks: docs/learning.md says so.
    """
    if path.is_file() and not path.is_symlink():
        size = path.stat().st_size
        with open(path, "r+b") as file:
            for at in range(0, size, 1 << 20):
                file.write(bytes(min(1 << 20, size - at)))
            file.flush()
            os.fsync(file.fileno())
    path.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CowriteError(
            f"What was learned can't be written to {place}: {error.strerror or error}.",
            "Is there space, and may its folder be written?",
        ) from error
