"""A writing session on one draft: its file, its journal, its engine, from opening to closing."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cowrite import __version__, files
from cowrite.core.edits import Origin
from cowrite.core.events import Ended, Focused, Opened, Saved, SettingChanged
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, Runs, one_run
from cowrite.errors import DraftError, StoreError
from cowrite.session.asking import Asking
from cowrite.session.buffer import READ_ONLY_HINT
from cowrite.session.ports import EnginePort, Listener, NoJournal
from cowrite.session.revisiting import Revisiting
from cowrite.store import Journal, Recovery, Store

_TWO_WINDOWS = (
    "This draft is open in another window too.",
    "Each window keeps what is written in it, and asks before it saves over the other's.",
)


class DraftSession(Revisiting):
    """One draft in one window, headless: `tui` draws it, scripts and tests call it.

    `recovery` is what an earlier session of this draft left unsaved when it was killed, until the writer
    has decided on it.
    """

    def __init__(
        self,
        loaded: files.LoadedDraft,
        runs: Runs,
        journal: Journal | None,
        *,
        engine: EnginePort | None = None,
        asking: Asking | None = None,
        listener: Listener | None = None,
        recovery: Recovery | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            loaded.text,
            runs,
            journal if journal is not None else NoJournal(),
            engine=engine,
            asking=asking,
            listener=listener,
            read_only=loaded.read_only,
            clock=clock,
        )
        self.read_only_hint = loaded.advice or READ_ONLY_HINT
        self.path: Path | None = loaded.path
        self.journal = journal
        self.recovery = recovery
        self.notes: list[tuple[str, str]] = []
        """What the writer should be told of the file and the log: sentences, each with its hint."""
        self._format = loaded.format
        self._identity = loaded.identity
        self._watch = files.Watch(loaded.path, loaded.identity) if loaded.path is not None else None
        self._closed = False

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        store: Store | None,
        engine: EnginePort | None = None,
        asking: Asking | None = None,
        listener: Listener | None = None,
        feedback: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> DraftSession:
        """Load a draft (or begin a new one, also without a name) and begin a session on it.

        feedback: whether suggestions and decisions are logged; edits always are, for recovery.
        Raises DraftError where the file can't be read. A log that fails costs the log, not the session.
        """
        loaded = files.load(path) if path is not None else files.untitled()
        runs = one_run(len(loaded.text), FILE)
        notes = [(loaded.note, "")] if loaded.note else []
        journal: Journal | None = None
        recovery: Recovery | None = None
        if store is not None:
            name = str(loaded.path) if loaded.path is not None else None
            try:
                if name is not None:
                    runs = store.reader.provenance_for(name, loaded.text) or runs
                    if store.reader.open_elsewhere(name):
                        notes.append(_TWO_WINDOWS)
                recovery = store.reader.unsaved(name)
            except StoreError as error:
                notes.append((error.message, error.hint))
            # Where the log can't be read, it may still be written, at once or a little later.
            opened = Opened(loaded.text, runs, name)
            journal = store.begin(name, opened, app_version=__version__, feedback=feedback)
        if recovery is not None and recovery.text == loaded.text:
            recovery = None
        session = cls(
            loaded,
            runs,
            journal,
            engine=engine,
            asking=asking,
            listener=listener,
            recovery=recovery,
            clock=clock,
        )
        if session.read_only is not None:
            notes.append(session.read_only_notice())
        session.notes = notes
        return session

    @property
    def name(self) -> str:
        """What the draft is called on the screen."""
        return self.path.name if self.path is not None else "untitled"

    # The file

    def save(self, path: Path | None = None, *, force: bool = False, how: str = "save") -> None:
        """Write the draft to its file, or to `path` from now on.

        force: also where the file was changed by another program since it was loaded, or is there under a
        new name. Raises DraftError (`files.ChangedOnDisk` for these cases); the file is then as it was,
        and the draft still unsaved.
        """
        target = path or self.path
        if target is None:
            raise DraftError("This draft has no name yet.", "Save it under a name.")
        if self.read_only is not None and path is None:
            raise DraftError(
                f"This draft is read-only: {self.read_only}", "Save it under another name."
            )
        target = target.absolute()
        own = target == self.path
        expected = self._identity if own else None
        saved = files.save(target, self.document.text, self._format, expected, force=force)
        self.path, self._identity = target, saved.identity
        if own and self._watch is not None:
            self._watch.renew(saved.identity)
        else:
            self.read_only = None
            self._watch = files.Watch(target, saved.identity)
        self.mark_saved()
        self.log(Saved(str(target), saved.sha256, saved.size, how), durable=True)
        self.listener.status()

    def on_disk(self) -> files.OnDisk:
        """What became of the file since it was loaded or saved: cheap, for a look from time to time."""
        return self._watch.look() if self._watch is not None else files.OnDisk.SAME

    def reload(self) -> bool:
        """Take over what is in the file now, as one undo step. Raises DraftError."""
        if self.path is None:
            return False
        loaded = files.load(self.path)
        if loaded.identity is None:
            raise DraftError(
                f"{self.path} is not there any more.", "Save the draft to make it again."
            )
        changed = self.become(loaded.text, one_run(len(loaded.text), FILE), Origin.RELOAD)
        self._identity, self._format = loaded.identity, loaded.format
        self.read_only, self.read_only_hint = loaded.read_only, loaded.advice or READ_ONLY_HINT
        if self._watch is not None:
            self._watch.renew(loaded.identity)
        self.mark_saved()
        self.listener.status()
        return changed

    # Recovery

    def recover(self) -> bool:
        """Take over what was lost, as one undo step; the file stays as it is until a save."""
        recovery = self._settle_recovery("recovered")
        if recovery is None:
            return False
        done = self.become(recovery.text, recovery.runs, Origin.RECOVER)
        self.select(*recovery.selection)
        return done

    def discard_recovery(self) -> None:
        """Go on with what is in the file. The log still holds what was lost."""
        self._settle_recovery("discarded")

    def save_recovery_beside(self) -> Path | None:
        """Write what was lost into a file beside the draft; returns its path. Raises DraftError."""
        if self.recovery is None or self.path is None:
            return None
        beside = files.save_copy(self.path, self.recovery.text, self._format)
        self._settle_recovery("saved beside")
        return beside

    def _settle_recovery(self, how: str) -> Recovery | None:
        recovery, self.recovery = self.recovery, None
        if recovery is not None:
            self.log(SettingChanged("recovery", how), durable=True)
        return recovery

    # The rest of a session's life

    def note_setting(self, name: str, value: str) -> None:
        """Journal that the writer changed a setting."""
        self.log(SettingChanged(name, value))

    def note_focus(self, focused: bool) -> None:
        """Journal that the terminal got or lost the focus."""
        self.log(Focused(focused))

    def close(self, how: str = "quit") -> None:
        """End the session. `how` says why: `quit`, `discard`, `terminated`, `hangup`.

        Only `quit` and `discard` are the writer's word that what is unsaved may go.
        """
        if self._closed:
            return
        self._closed = True
        self._leave(Closing.ENDED)
        self.log(Ended(len(self.document), not self.dirty, how), durable=True)
        if self.journal is not None:
            self.journal.close()
