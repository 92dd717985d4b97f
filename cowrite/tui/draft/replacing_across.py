"""One replacement across chapters: open drafts on the window's thread, all others on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from cowrite.core.events import Snapshotted
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.session.changing_many import (
    Changed,
    replace_in,
    replace_in_file,
    take_back,
    take_back_in,
)
from cowrite.session.draft import DraftSession
from cowrite.session.snapshotting import name_here, take, taking
from cowrite.store import Store
from cowrite.tui.draft.finding import Query
from cowrite.tui.draft.finding_across import Found, Piece, Place, edits_of
from cowrite.tui.services import Window


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be replaced: a query, what it found in each chapter and is wanted, and what comes there."""

    query: Query
    chosen: list[tuple[Found, list[Place]]]
    template: str

    @property
    def name(self) -> str:
        """What the snapshot before it is called."""
        return f"before “{self.query.text[:60]}” became “{self.template[:60]}”"


class Host(Protocol):
    """Where a replacement is told and done."""

    window: Window

    def sessions(self) -> dict[Path, DraftSession]:
        """The drafts that are open."""

    def soon(self, do: Callable[[], None]) -> None:
        """Have something done on the window's thread."""

    def say(self, said: str, *, busy: bool) -> None:
        """Tell how far it is, or what became of it."""


Edits = list[tuple[Found, list[Piece]]]


class Replacing:
    """Owns what was replaced and what could not be, and whether it is being stopped."""

    def __init__(self, host: Host, plan: Plan) -> None:
        self._host, self._plan = host, plan
        self.done: list[Changed] = []
        self._pieces = 0
        self._troubles: list[tuple[Path, CowriteError]] = []
        self._stopping = False
        self._running = False

    def stop(self) -> bool:
        """Stop behind the chapter that is being written; false where nothing runs."""
        self._stopping = self._running
        return self._running

    def _on_thread(self, do: Callable[[], None]) -> None:
        self._running, self._stopping = True, False

        def run() -> None:
            try:
                do()
            except CowriteError as error:
                said = f"{error.message} {error.hint}".strip()
                self._host.soon(partial(self._over, said))

        threading.Thread(target=run, name="across", daemon=True).start()

    def _over(self, said: str) -> None:
        self._running = False
        self._host.say(said, busy=False)

    @contextmanager
    def _store(self) -> Iterator[Store | None]:
        """The log for a thread."""
        store = self._host.window.store
        if store is None:
            yield None
            return
        beside = store.beside()
        with beside.reader:
            yield beside

    # Replacing

    def begin(self) -> None:
        """Work out all edits before the first is made; a thread does, since an expression may take long."""
        self._host.say("Replacing …", busy=True)
        sessions, said = self._host.sessions(), taking(self._plan.name, automatic=True)
        self._on_thread(lambda: self._prepare(sessions, said))

    def _prepare(self, sessions: Mapping[Path, DraftSession], said: Snapshotted) -> None:
        """On a thread: the edits, and a snapshot of what is not open."""
        plan = self._plan
        edits: Edits = []
        for found, places in plan.chosen:
            pieces = edits_of(plan.query, found, places, plan.template)
            if pieces:
                edits.append((found, pieces))
            if self._stopping:
                self._host.soon(lambda: self._over("Stopped: nothing was changed."))
                return
        closed = [found.path for found, _ in edits if found.path not in sessions]
        with self._store() as store:
            if store is not None and closed and self._host.window.settings.log.enabled:
                take(store, closed, said)
        self._host.soon(lambda: self._replace(edits, said))

    def _replace(self, edits: Edits, said: Snapshotted) -> None:
        """On the window's thread: in what is open, and then the rest on a thread."""
        sessions, rest = self._host.sessions(), []
        for found, pieces in edits:
            session = sessions.get(found.path)
            if session is None:
                rest.append((found, pieces))
                continue
            name_here(session, said)
            self._try(found.path, pieces, partial(replace_in, session, found.text, pieces))
        feedback = self._host.window.settings.log.enabled
        self._on_thread(lambda: self._replace_in_files(rest, feedback))

    def _replace_in_files(self, edits: Edits, feedback: bool) -> None:
        with self._store() as store:
            for number, (found, pieces) in enumerate(edits):
                if self._stopping:
                    break
                said = f"Replacing: {number:,} of {counted(len(edits), 'file')} …"
                self._host.soon(partial(self._host.say, said, busy=True))
                given = (found.path, found.text, pieces)
                do = partial(replace_in_file, *given, store=store, feedback=feedback)
                self._try(found.path, pieces, do)
        self._host.soon(self._told)

    def _try(self, path: Path, pieces: list[Piece], do: Callable[[], Changed]) -> None:
        try:
            self.done.append(do())
            self._pieces += len(pieces)
        except CowriteError as error:
            self._troubles.append((path, error))

    def _told(self) -> None:
        drafts = counted(len(self.done), "chapter")
        said = f"Replaced {self._pieces:,} in {drafts}. Alt+U takes all of it back."
        if self._stopping:
            said = f"Stopped: {said[0].lower()}{said[1:]}"
        self._over(said + self._not_done())

    def _not_done(self) -> str:
        """Why some chapters stayed as they were; the first ones are named."""
        if not self._troubles:
            return ""
        told = "\n".join(error.message for _, error in self._troubles[:3])
        more = len(self._troubles) - 3
        return f"\nNot in {counted(len(self._troubles), 'chapter')}:\n{told}" + (
            f"\nand {more:,} more" if more > 0 else ""
        )

    # Taking back

    def undo(self) -> None:
        """Make all chapters what they were, but for those that were changed since."""
        self._host.say("Undoing …", busy=True)
        self._troubles, sessions = [], self._host.sessions()
        for one in self.done:
            if one.path in sessions:
                try:
                    take_back_in(sessions[one.path], one)
                except CowriteError as error:
                    self._troubles.append((one.path, error))
        feedback = self._host.window.settings.log.enabled
        self._on_thread(lambda: self._undo_in_files(sessions, feedback))

    def _undo_in_files(self, sessions: Mapping[Path, DraftSession], feedback: bool) -> None:
        with self._store() as store:
            self._troubles += take_back(
                self.done,
                sessions,
                store=store,
                feedback=feedback,
                is_over=lambda: self._stopping,
            )
        self._host.soon(self._undone)

    def _undone(self) -> None:
        stayed = {path for path, _ in self._troubles}
        count = sum(1 for one in self.done if one.path not in stayed)
        self.done = [one for one in self.done if one.path in stayed]
        self._over(f"Taken back in {counted(count, 'chapter')}." + self._not_done())
