"""Noticing that another program has touched the draft's file."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path

from cowrite.errors import DraftError
from cowrite.files import osops
from cowrite.files.identity import FileIdentity, identity
from cowrite.files.load import read_file


class OnDisk(StrEnum):
    """What became of the draft's file."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    APPEARED = "appeared"
    """The draft is new, but there is a file of its name now."""


class Watch:
    """Looks at a file from time to time: one `stat`, and its bytes only when that says something new.

    A file that was touched but holds the same bytes is the same.
    """

    def __init__(self, path: Path, expected: FileIdentity | None) -> None:
        self._path = path
        self.renew(expected)

    def renew(self, expected: FileIdentity | None) -> None:
        """From now on compare with this one: the draft was loaded or saved."""
        self._expected = self._seen = expected
        self._verdict = OnDisk.SAME

    def look(self) -> OnDisk:
        """What became of the file; never raises and never waits."""
        now = identity(self._path)
        if now != self._seen:
            self._seen = now
            self._verdict = self._compare(now)
        return self._verdict

    def _compare(self, now: FileIdentity | None) -> OnDisk:
        expected = self._expected
        if expected is None:
            return OnDisk.SAME if now is None else OnDisk.APPEARED
        if now is None:
            return OnDisk.GONE
        if now == expected or self._same_bytes(expected, now):
            return OnDisk.SAME
        return OnDisk.CHANGED

    def _same_bytes(self, expected: FileIdentity, now: FileIdentity) -> bool:
        if not expected.sha256 or expected.size != now.size:
            return False
        try:
            data, _ = read_file(self._path, osops.stat(self._path))
        except (OSError, DraftError):
            return False
        return hashlib.sha256(data).hexdigest() == expected.sha256
