"""A draft that is on no screen, changed and saved: it has a session of its own, so the log knows all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cowrite import files
from cowrite.errors import DraftError
from cowrite.session.draft import DraftSession
from cowrite.store import Store

Change = Callable[[DraftSession], object]
"""Changes a draft, as one step of undo. Raises CowriteError where it does not want to."""


def change_file(path: Path, change: Change, *, store: Store | None, feedback: bool) -> bool:
    """Open a draft, change it, save it and end its session; false where nothing was to change.

    Nothing is half done: where it can't be changed or saved, the file is as it was, and the log says that the
    change was taken back. A draft that another window has open, or that has words which were not saved when
    its window ended, stays as it is, since its writer has to decide about it. store: of this thread. Raises
    CowriteError.
    """
    if store is not None and store.reader.open_elsewhere(str(path)):
        raise DraftError(f"{path.name} is open in another window.", "Close it there first.")
    session = DraftSession.open(path, store=store, feedback=feedback)
    try:
        _refuse(session)
        change(session)
        if not session.buffer.dirty:
            return False
        try:
            session.file.save()
        except DraftError:
            session.undo()
            raise
        return True
    finally:
        session.close("discard" if session.buffer.dirty else "quit")


def _refuse(session: DraftSession) -> None:
    """Raise DraftError for a draft that is for its writer to look at first."""
    name = session.file.name
    if session.recovery.lost is not None:
        raise DraftError(
            f"{name} has words that were not saved when its window ended.",
            "Open it, and decide about them first.",
        )
    if session.buffer.read_only is not None:
        raise DraftError(f"{name} can't be written: {session.buffer.read_only}.")


def text_in(path: Path) -> str:
    """A draft's text as its file has it. Raises DraftError, also where it is not text or not there."""
    loaded = files.load(path)
    if loaded.identity is None:
        raise DraftError(f"{path.name} is not there.")
    if not loaded.format.lossless:
        raise DraftError(f"{path.name} can't be used: {loaded.read_only}.")
    return loaded.text
