"""What the log knows of a draft when it is opened, also where its file has another name by now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from cowrite import __version__, files
from cowrite.core.provenance import Runs
from cowrite.store import Recovery, Store

if TYPE_CHECKING:
    from cowrite.store.recognising import Formerly

_TWO_WINDOWS = (
    "This draft is open in another window too.",
    "Each window keeps what is written in it, and asks before it saves over the other's.",
)


@dataclass(frozen=True, slots=True)
class Known:
    """runs: who wrote the text, None where the log does not know. lost: what was not saved the last time.

    notes: what the writer should be told, each with its hint.
    """

    runs: Runs | None
    lost: Recovery | None
    notes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, store: Store, loaded: files.LoadedDraft) -> Known:
        """Look a draft up. One that was moved is logged under its new name from here on. Raises StoreError."""
        log = store.reader
        if loaded.path is None:
            return cls(None, log.unsaved(None))
        name = str(loaded.path)
        before = None
        if loaded.identity is not None:
            before = log.recognise(name, loaded.text, loaded.identity.sha256)
        if before is None or not before.moved:
            runs = log.provenance_for(before.path if before is not None else name, loaded.text)
            notes = () if before is None else _copied(before)
            if log.open_elsewhere(name):
                notes += (_TWO_WINDOWS,)
            return cls(runs, log.unsaved(name), notes)
        store.rename(before.path, name, before.how, app_version=__version__, over=before.over)
        runs, lost = log.provenance_for(name, loaded.text), log.unsaved(name)
        said = f"This was {PurePath(before.path).name}: what the log knows of that goes along."
        return cls(runs, lost, ((said, before.path),))


def _copied(before: Formerly) -> tuple[tuple[str, str], ...]:
    """What to say of a text that is of several drafts which are gone. Nothing of a plain copy."""
    if not before.others:
        return ()
    names = " and ".join(PurePath(one).name for one in (before.path, *before.others)[:3])
    return ((f"This text is that of {names}.", "cowrite log move OLD NEW says which draft it is."),)
