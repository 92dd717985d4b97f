"""What a session begins with: the draft's file, and what the log knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite import __version__, files
from cowrite.core.events import Opened
from cowrite.core.provenance import FILE, Runs, one_run
from cowrite.errors import StoreError
from cowrite.session.known import Known
from cowrite.store import Journal, Recovery, Store


@dataclass(frozen=True, slots=True)
class Beginning:
    """The draft as it was read, who wrote it, where its session is logged, and what an earlier one lost.

    notes: what the writer should be told, each with its hint.
    """

    loaded: files.LoadedDraft
    runs: Runs
    journal: Journal | None
    recovery: Recovery | None
    notes: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: Path | None, store: Store | None, *, feedback: bool) -> Beginning:
        """Load a draft, or begin a new one, and a session in the log. Raises DraftError."""
        loaded = files.load(path) if path is not None else files.untitled()
        runs = one_run(len(loaded.text), FILE)
        notes = [(loaded.note, "")] if loaded.note else []
        journal: Journal | None = None
        recovery: Recovery | None = None
        if store is not None:
            name = str(loaded.path) if loaded.path is not None else None
            try:
                known = Known.of(store, loaded)
                runs, recovery = known.runs or runs, known.lost
                notes += known.notes
            except StoreError as error:
                notes.append((error.message, error.hint))
            # Where the log can't be read, it may still be written, at once or a little later.
            opened = Opened(loaded.text, runs, name)
            journal = store.begin(name, opened, app_version=__version__, feedback=feedback)
        if recovery is not None and recovery.text == loaded.text:
            recovery = None
        return cls(loaded, runs, journal, recovery, tuple(notes))
