"""From chapter to chapter of a project, and its outline."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.errors import CowriteError
from cowrite.tui.commands.actions import BY_ID
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.logbook.chapter_rows import ChapterReader, ChapterTable, Open
    from cowrite.memory.project import Project
    from cowrite.tui.draft.project_edits import ProjectEdits
    from cowrite.tui.screens.project import ProjectScreen


class ChaptersRead(PartMessage):
    """The chapters were read, or could not be."""

    def __init__(self, table: ChapterTable | None, error: CowriteError | None) -> None:
        super().__init__()
        self.table, self.error = table, error


class ProjectWritten(PartMessage):
    """Something was done to the project's file, or could not be. last: nothing else waits."""

    def __init__(self, project: Project | None, error: CowriteError | None, last: bool) -> None:
        super().__init__()
        self.project, self.error, self.last = project, error, last


class Chapters(Feature):
    """Owns the screen of the draft's project, what was read for it, and what was done to the project's file."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._screen: ProjectScreen | None = None
        self._reader: ChapterReader | None = None
        self._edits: ProjectEdits | None = None
        self._reading = threading.Lock()

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "project": self.show,
            "next-chapter": lambda: self._step(1),
            "previous-chapter": lambda: self._step(-1),
        }

    def _found(self) -> tuple[Project, list[Path]] | None:
        """The draft's project and its chapters; None where there are none, which is told."""
        from cowrite.memory.project import chapter_files, find_project

        project = find_project(self.session.file.path)
        if project is None:
            hint = "`cowrite new DIR` makes a project, also of a folder with texts."
            self.window.tell("This draft is in no project.", hint)
            return None
        found = chapter_files(project)
        if not found:
            hint = f'Name them in {project.file.name}: chapters = ["chapters/*.md"]'
            self.window.tell("The project has no chapters.", hint)
            return None
        return project, found

    def _step(self, step: int) -> None:
        """To the next chapter or the one before, where the writer left it; from another text to the first."""
        found = self._found()
        if found is None:
            return
        _, chapters = found
        path = self.session.file.path
        if path not in chapters:
            self.window.drafts.open(chapters[0])
            return
        there = chapters.index(path) + step
        if not 0 <= there < len(chapters):
            which = "last" if step > 0 else "first"
            self.window.tell(f"This is the {which} chapter.")
            return
        self.window.drafts.open(chapters[there])

    def show(self) -> None:
        """The project's chapters, to go to one."""
        found = self._found()
        if found is None:
            return
        from cowrite.tui.draft.project_edits import ProjectEdits
        from cowrite.tui.screens.project import ProjectScreen

        project, chapters = found
        path = self.session.file.path
        here = chapters.index(path) if path in chapters else None
        self._edits = self._edits or ProjectEdits(
            project.file, self._written, lambda: self._keep(project.file)
        )
        self._screen = ProjectScreen(project.title, here, self._edits, self.window)
        self.window.push_screen(self._screen, self._closed)
        args = (project, self._open_now())
        threading.Thread(target=self._read, args=args, name="chapters", daemon=True).start()

    def _open_now(self) -> Open:
        sessions = [draft.session for draft in self.window.drafts]
        return {
            session.file.path: (session.document.text, tuple(session.buffer.provenance))
            for session in sessions
            if session.file.path is not None
        }

    def _read(self, project: Project, drafts: Open) -> None:
        """On a thread of its own."""
        from cowrite.logbook.chapter_rows import ChapterReader

        today = datetime.datetime.now().astimezone().date()
        with self._reading:
            self._reader = self._reader or ChapterReader(self.window.store)
            try:
                table = self._reader.read(project, drafts, today)
            except CowriteError as error:
                self.screen.post_message(ChaptersRead(None, error))
            else:
                self.screen.post_message(ChaptersRead(table, None))

    def _keep(self, file: Path) -> None:
        """A snapshot of the project's file, on a thread of its own."""
        from cowrite.session.snapshotting import take, taking

        if self.window.store is not None and self.window.settings.log.enabled:
            beside = self.window.store.beside()
            with beside.reader:
                take(beside, [file], taking("before chapters were moved", automatic=True))

    def _written(self, project: Project | None, error: CowriteError | None, last: bool) -> None:
        """On a thread of its own."""
        self.screen.post_message(ProjectWritten(project, error, last))

    def on_project_written(self, message: ProjectWritten) -> None:
        """Say what went wrong, and show the chapters as the file has them once all is written."""
        if message.error is not None:
            self.window.tell(message.error.message, message.error.hint, "warning")
        if self._screen is not None and message.last:
            self._screen.became(message.project)

    def on_chapters_read(self, message: ChaptersRead) -> None:
        """Show them."""
        if self._screen is None:
            return
        if message.table is not None:
            self._screen.show(message.table)
        elif message.error is not None:
            self._screen.failed(message.error)

    async def _closed(self, answer: str | None) -> None:
        shown, self._screen = self._screen, None
        if answer is None or shown is None:
            return
        if answer in BY_ID:
            await self.window.perform(BY_ID[answer])
            return
        chapter, _, place = answer.partition(":")
        self.window.drafts.open(shown.path_of(int(chapter)))
        draft = self.window.drafts.current
        if place and draft is not None:
            draft.session.select(int(place), int(place))
