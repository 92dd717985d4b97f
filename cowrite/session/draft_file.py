"""The file of a draft: where it is, how it is written, and what other programs do to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cowrite import files
from cowrite.core.events import Saved
from cowrite.errors import DraftError
from cowrite.session.buffer import Buffer
from cowrite.session.ports import Listener
from cowrite.session.session_log import SessionLog


class DraftFile:
    """The file that a draft was loaded from and is saved to; `path` is None while it has no name."""

    def __init__(
        self, loaded: files.LoadedDraft, buffer: Buffer, log: SessionLog, listener: Listener
    ) -> None:
        self._buffer, self._log, self._listener = buffer, log, listener
        self.path: Path | None = loaded.path
        self._format = loaded.format
        self._identity = loaded.identity
        self._watch = files.Watch(loaded.path, loaded.identity) if loaded.path is not None else None

    @property
    def name(self) -> str:
        """What the draft is called on the screen."""
        return self.path.name if self.path is not None else "untitled"

    @property
    def is_whole(self) -> bool:
        """Whether the text is all that its file says; what is not can't be saved under any name."""
        return self._format.lossless

    def save(self, path: Path | None = None, *, force: bool = False, how: str = "save") -> None:
        """Write the draft to its file, or to `path` from now on.

        force: also where the file was changed by another program since it was loaded, or is there under a
        new name. Raises DraftError (`files.ChangedOnDisk` for these cases); the file is then as it was,
        and the draft still unsaved.
        """
        buffer = self._buffer
        target = path or self.path
        if target is None:
            raise DraftError("This draft has no name yet.", "Save it under a name.")
        if buffer.read_only is not None and path is None:
            raise DraftError(
                f"This draft is read-only: {buffer.read_only}", "Save it under another name."
            )
        target = target.absolute()
        own = target == self.path
        expected = self._identity if own else None
        saved = files.save(target, buffer.document.text, self._format, expected, force=force)
        self.path, self._identity = target, saved.identity
        if own and self._watch is not None:
            self._watch.renew(saved.identity)
        else:
            buffer.set_read_only(None)
            self._watch = files.Watch(target, saved.identity)
        buffer.mark_saved()
        self._log.append(Saved(str(target), saved.sha256, saved.size, how), durable=True)
        self._listener.status()

    def was_saved(self, path: Path) -> None:
        """Another editor has written the draft into this file. Nothing is noted where that can't be read."""
        try:
            data, found = files.read_file(path, path.stat())
        except (OSError, DraftError):
            return
        digest = hashlib.sha256(data).hexdigest()
        self.path, self._identity = path, files.FileIdentity.of(found, digest)
        self._watch = files.Watch(path, self._identity)
        self._buffer.mark_saved()
        self._log.append(Saved(str(path), digest, len(data)), durable=True)
        self._listener.status()

    def save_copy(self, text: str) -> Path | None:
        """Write another text into a file beside this one; returns its path. Raises DraftError."""
        return files.save_copy(self.path, text, self._format) if self.path is not None else None

    def on_disk(self) -> files.OnDisk:
        """What became of the file since it was loaded or saved: cheap, for a look from time to time."""
        return self._watch.look() if self._watch is not None else files.OnDisk.SAME

    def read_again(self) -> files.LoadedDraft | None:
        """What is in the file now; None where there is no name. Raises DraftError."""
        if self.path is None:
            return None
        loaded = files.load(self.path)
        if loaded.identity is None:
            raise DraftError(
                f"{self.path} is not there any more.", "Save the draft to make it again."
            )
        return loaded

    def took_over(self, loaded: files.LoadedDraft) -> None:
        """The draft is what `read_again` has found in the file."""
        self._identity, self._format = loaded.identity, loaded.format
        self._buffer.set_read_only(loaded.read_only, loaded.advice or "")
        if self._watch is not None:
            self._watch.renew(loaded.identity)
        self._buffer.mark_saved()
        self._listener.status()
