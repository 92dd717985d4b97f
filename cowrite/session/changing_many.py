"""Many drafts changed as one: each one step of undo in its own draft, and all taken back together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cowrite.core.edits import Origin
from cowrite.core.provenance import Runs
from cowrite.errors import CowriteError, DraftError
from cowrite.session.beside import change_file
from cowrite.session.draft import DraftSession
from cowrite.store import Store

Piece = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """A draft that was changed: its text and authors before, and its text since."""

    path: Path
    before: str
    runs: Runs
    since: str


def replace_in(session: DraftSession, text: str, edits: list[Piece]) -> Changed:
    """Replace in a draft whose text is still the one that was searched, as one step of undo.

    Raises DraftError where it is another by now, or can't be changed; it is as it was then.
    """
    path, runs = session.file.path, tuple(session.provenance)
    if path is None or session.document.text != text:
        raise DraftError(f"{session.file.name} was changed since it was searched.", "Search again.")
    if session.buffer.read_only is not None:
        raise DraftError(f"{path.name} can't be changed: {session.buffer.read_only}.")
    session.replace_many(edits)
    return Changed(path, text, runs, session.document.text)


def replace_in_file(
    path: Path, text: str, edits: list[Piece], *, store: Store | None, feedback: bool
) -> Changed:
    """The same in a draft that is on no screen, and save it. Raises CowriteError; it is as it was then."""
    done: list[Changed] = []
    change_file(
        path,
        lambda session: done.append(replace_in(session, text, edits)),
        store=store,
        feedback=feedback,
    )
    return done[0]


def take_back_in(session: DraftSession, done: Changed) -> None:
    """Make a draft what it was before. Raises DraftError where it was changed since."""
    if session.document.text != done.since:
        raise DraftError(
            f"{session.file.name} was changed since, and stays as it is.",
            "Undo there, or go back to the snapshot that was taken before.",
        )
    last = session.buffer.history.last
    if last is not None and last.edits and last.edits[0].origin is Origin.REPLACE:
        session.undo()
    if session.document.text != done.before:
        session.become(done.before, done.runs, Origin.UNDO)


def take_back(
    done: list[Changed],
    sessions: Mapping[Path, DraftSession],
    *,
    store: Store | None,
    feedback: bool,
    is_over: Callable[[], bool],
) -> list[tuple[Path, CowriteError]]:
    """Take back what was done to drafts that are on no screen; those in `sessions` are left to who shows them.

    Returns why some stay as they are. is_over: asked before each.
    """
    troubles: list[tuple[Path, CowriteError]] = []
    for one in done:
        if is_over() or one.path in sessions:
            continue

        def change(session: DraftSession, one: Changed = one) -> None:
            take_back_in(session, one)

        try:
            change_file(one.path, change, store=store, feedback=feedback)
        except CowriteError as error:
            troubles.append((one.path, error))
    return troubles
