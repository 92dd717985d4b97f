"""Taking snapshots, and going back to them: of drafts on the screen and of those that are not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cowrite import __version__, files
from cowrite.core.edits import Origin
from cowrite.core.events import Snapshotted
from cowrite.core.provenance import FILE, one_run
from cowrite.core.replay import Replay
from cowrite.errors import CowriteError
from cowrite.session.beside import change_file
from cowrite.session.draft import DraftSession
from cowrite.store import Store
from cowrite.store.named_places import Kept

LONGEST_NAME = 200
"""Characters of a snapshot's name."""


@dataclass(slots=True)
class Done:
    """What became of drafts. done: those of which it is true. troubles: why others stayed as they were."""

    done: list[Path] = field(default_factory=list)
    troubles: list[tuple[Path, CowriteError]] = field(default_factory=list)


def a_name(said: str) -> str:
    """A snapshot's name in one line."""
    return " ".join(said.split())[:LONGEST_NAME]


def name_here(session: DraftSession, said: Snapshotted) -> bool:
    """Give the draft as it is on the screen a name; false where its session is not one that stays.

    Such a one, without feedback, is forgotten when it ends.
    """
    if session.journal is None or not session.journal.feedback:
        return False
    session.log.append(said, durable=True)
    return True


def take(store: Store, paths: Iterable[Path], said: Snapshotted) -> Done:
    """Keep drafts as they are in their files, under a name; all that can be read, or none.

    Their text is what is in the file now, whoever wrote it. store: of this thread. Raises StoreError.
    """
    out, kept = Done(), []
    for path in paths:
        try:
            loaded = files.load(path)
        except CowriteError as error:
            out.troubles.append((path, error))
            continue
        if loaded.identity is None:
            out.troubles.append((path, CowriteError(f"{path.name} is not there.")))
            continue
        runs = store.reader.provenance_for(str(path), loaded.text)
        kept.append(Kept(str(path), loaded.text, runs or one_run(len(loaded.text), FILE)))
        out.done.append(path)
    if kept:
        store.keep(kept, said, app_version=__version__)
    return out


def taking(name: str, *, automatic: bool = False) -> Snapshotted:
    """What the log says of a snapshot that is taken now."""
    return Snapshotted(a_name(name), uuid.uuid4().hex, automatic)


def keep_open(
    sessions: Mapping[Path, DraftSession], paths: Iterable[Path], said: Snapshotted
) -> tuple[list[Kept], list[Path]]:
    """Give drafts that are open a name, as they are on the screen; what is left is for `keep_rest`.

    For the thread of the window. An automatic one is not taken of a draft on which no feedback is kept, since
    it would keep what its writer does not want kept.
    """
    own: list[Kept] = []
    closed: list[Path] = []
    for path in paths:
        session = sessions.get(path)
        if session is None:
            closed.append(path)
        elif not name_here(session, said) and not said.automatic:
            own.append(Kept(str(path), session.document.text, tuple(session.provenance)))
    return own, closed


def keep_rest(store: Store, own: Sequence[Kept], closed: Iterable[Path], said: Snapshotted) -> Done:
    """Keep what `keep_open` has left. store: of this thread. Raises StoreError."""
    if own:
        store.keep(own, said, app_version=__version__)
    return take(store, closed, said)


def go_back(session: DraftSession, then: Replay) -> bool:
    """Make a draft what it was, as one step of undo; false where it is that."""
    return session.become(then.text, then.runs, Origin.RECOVER)


def go_back_in_file(path: Path, then: Replay, *, store: Store | None, feedback: bool) -> bool:
    """The same of a draft that is on no screen, and save it; false where nothing was to change.

    Raises CowriteError; the draft is as it was then.
    """
    return change_file(path, lambda session: go_back(session, then), store=store, feedback=feedback)
