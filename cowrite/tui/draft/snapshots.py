"""Snapshots of the draft, or of all chapters of its project: taken, compared, gone back to."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.core.events import Snapshotted
    from cowrite.core.replay import Replay
    from cowrite.logbook.snapshots import Snapshot
    from cowrite.session.draft import DraftSession
    from cowrite.store import Store
    from cowrite.store.named_places import Kept
    from cowrite.tui.screens.snapshots import ChangedSince

_MOST_SHOWN = 400
"""Lines of a diff that are shown: nobody reads more before deciding."""


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


class SnapshotsDo(PartMessage):
    """Something that a thread wants to be done on the window's."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self.do = do


class Snapshots(Feature):
    """Owns nothing that lasts: snapshots are in the log."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._known: dict[str, Snapshot] = {}
        self._comparing = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"snapshots": self.show}

    @property
    def is_reading(self) -> bool:
        """Whether it is being looked up what changed."""
        return self._comparing

    def on_snapshots_do(self, message: SnapshotsDo) -> None:
        """Do it."""
        message.do()
        self._comparing = False

    def _on_thread(self, do: Callable[[Store], Callable[[], None]]) -> None:
        """Do something with the log on a thread, and then what it gives back on this one; errors are told."""
        store = self.window.store
        if store is None:
            self.window.tell("There is no log, so no snapshots.", "cowrite doctor says more.")
            return
        beside = store.beside()

        def run() -> None:
            try:
                with beside.reader:
                    then = do(beside)
            except CowriteError as error:
                then = partial(self.window.tell, error.message, error.hint, "warning")
            self.screen.post_message(SnapshotsDo(then))

        threading.Thread(target=run, name="snapshots", daemon=True).start()

    def _sessions(self) -> dict[Path, DraftSession]:
        """The drafts that are open, by their paths with all links followed, as the log names them."""
        found = (draft.session for draft in self.window.drafts)
        return {_real(one.file.path): one for one in found if one.file.path is not None}

    def _chapters(self) -> tuple[list[Path], Path | None]:
        """The chapters of the draft's project, and its file; none where it is in none."""
        from cowrite.memory.project import chapter_files, find_project

        project = find_project(self.session.file.path)
        if project is None:
            return [], None
        return [*map(_real, chapter_files(project))], _real(project.file)

    # The list

    def show(self) -> None:
        """The snapshots that have the draft, or a chapter of its project."""
        from cowrite.logbook.snapshots import snapshots
        from cowrite.tui.screens.snapshots import SnapshotsScreen

        if self.session.file.path is None:
            self.window.tell("This draft has no name yet.", "Save it first.")
            return
        path = _real(self.session.file.path)
        try:
            chapters, file = self._chapters()
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
            return
        scope = [path, *chapters, *([file] if file is not None else [])]
        screen = SnapshotsScreen(len(chapters))

        def read(store: Store) -> Callable[[], None]:
            found = snapshots(store.reader, scope)
            self._known = {one.identity: one for one in found}
            return partial(screen.show, found)

        self.window.push_screen(screen, partial(self._answered, path, chapters))
        self._on_thread(read)

    def _answered(self, path: Path, chapters: list[Path], answer: str | None) -> None:
        from cowrite.tui.screens.dialogs import Prompt
        from cowrite.tui.screens.snapshots import NEW, NEW_HERE

        if answer in (NEW, NEW_HERE):
            paths = chapters if answer == NEW and chapters else [path]
            title = f"A snapshot of {path.name if paths == [path] else 'all chapters'}"
            prompt = Prompt(title, body="Its name; nothing for the time.")
            self.window.push_screen(prompt, partial(self._take, paths))
        elif answer is not None:
            self._compare(self._known[answer])

    def _take(self, paths: list[Path], name: str | None) -> None:
        """Keep the drafts as they are: on the screen where they are open, in their files else."""
        import time

        from cowrite.core.dates import minute
        from cowrite.session.snapshotting import a_name, keep_open, taking

        if name is None:
            return
        said = taking(a_name(name) or minute(time.time_ns() // 1_000_000))
        own, closed = keep_open(self._sessions(), paths, said)
        self._on_thread(partial(self._keep, paths, own, closed, said))

    def _keep(
        self,
        paths: list[Path],
        own: list[Kept],
        closed: list[Path],
        said: Snapshotted,
        store: Store,
    ) -> Callable[[], None]:
        from cowrite.session.snapshotting import keep_rest

        done = keep_rest(store, own, closed, said)
        kept = counted(len(paths) - len(done.troubles), "draft")
        why = done.troubles[0][1].message if done.troubles else ""
        return partial(self.window.tell, f"Kept {kept} as “{said.name}”.", why)

    # Since one, and back

    def _compare(self, snapshot: Snapshot) -> None:
        texts = {path: session.document.text for path, session in self._sessions().items()}

        def read(store: Store) -> Callable[[], None]:
            from cowrite.core.diff import in_lines
            from cowrite.logbook.snapshots import differing
            from cowrite.session.beside import text_in
            from cowrite.tui.screens.snapshots import ChangedSince

            now = []
            for path in snapshot.drafts:
                try:
                    now.append((path, texts[path] if path in texts else text_in(path)))
                except CowriteError:
                    now.append((path, ""))
            changed, paths, room = [], [], _MOST_SHOWN
            for path, then, since in differing(store.reader, snapshot, now):
                lines = tuple(islice(in_lines(then, since), room)) if room else ()
                room -= len(lines)
                changed.append(ChangedSince(path.name, lines))
                paths.append(path)
            return partial(self._ask, snapshot, changed, paths, whole=room > 0)

        self._comparing = True
        self._on_thread(read)

    def _ask(
        self, snapshot: Snapshot, changed: list[ChangedSince], paths: list[Path], *, whole: bool
    ) -> None:
        from cowrite.tui.screens.snapshots import BACK, BACK_HERE, SinceSnapshot

        here = None if self.session.file.path is None else _real(self.session.file.path)

        def answered(answer: str | None) -> None:
            if answer == BACK:
                self._go_back(snapshot, paths)
            elif answer == BACK_HERE and here is not None:
                self._go_back(snapshot, [here])

        is_here = here in paths
        self.window.push_screen(
            SinceSnapshot(snapshot, changed, is_here=is_here, whole=whole), answered
        )

    def _go_back(self, snapshot: Snapshot, paths: list[Path]) -> None:
        """Make drafts what they were; what they are now is kept as a snapshot before."""
        from cowrite.session.snapshotting import keep_open, taking

        name = f"before going back to “{snapshot.name}”"
        said = taking(name, automatic=True)
        sessions = self._sessions()
        _, closed = keep_open(sessions, paths, said)

        def read(store: Store) -> Callable[[], None]:
            from cowrite.logbook.snapshots import there
            from cowrite.session.snapshotting import take

            then = {path: there(store.reader, snapshot, path) for path in paths}
            if closed and self.window.settings.log.enabled:
                take(store, [path for path in closed if path.exists()], said)
            return partial(self._become, snapshot, then)

        self._on_thread(read)

    def _become(self, snapshot: Snapshot, then: dict[Path, Replay]) -> None:
        """On this thread what is open, the rest on another."""
        from cowrite.session.snapshotting import go_back, go_back_in_file

        sessions, rest = self._sessions(), {}
        for path, draft in then.items():
            if path in sessions:
                go_back(sessions[path], draft)
            else:
                rest[path] = draft
        feedback = self.window.settings.log.enabled

        def write(store: Store) -> Callable[[], None]:
            why = []
            for path, draft in rest.items():
                try:
                    go_back_in_file(path, draft, store=store, feedback=feedback)
                except CowriteError as error:
                    why.append(error.message)
            done = counted(len(then) - len(why), "draft")
            said = f"Went back to “{snapshot.name}” in {done}."
            severity = "warning" if why else "information"
            return partial(self.window.tell, said, " ".join(why[:3]), severity)

        self._on_thread(write)
