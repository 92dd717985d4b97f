"""Opening, showing and closing drafts; a window may hold several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual.app import App

from cowrite.errors import CowriteError, StoreError
from cowrite.files import named
from cowrite.session.draft import DraftSession
from cowrite.session.earlier_passages import KeptPassages
from cowrite.session.engine_service import EngineService
from cowrite.session.options import request_options
from cowrite.session.ordering import KeptOrder
from cowrite.session.stories import DraftStory
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.services import OpenDraft, Window
from cowrite.tui.window.messages import LogTrouble


class OpenDrafts:
    """Owns which drafts are open, in the order of opening, and whether the window is being left."""

    def __init__(self, app: App[None], window: Window, engine: EngineService) -> None:
        self._app, self._window, self._engine = app, window, engine
        self._order = KeptOrder(window.paths.ranking)
        self._passages = KeptPassages(window.paths.passages)
        self._open: list[DraftScreen] = []
        self._leaving = False
        self._log_trouble_told: CowriteError | None = None

    def __iter__(self) -> Iterator[DraftScreen]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    def __getitem__(self, index: int) -> DraftScreen:
        return self._open[index]

    @property
    def current(self) -> DraftScreen | None:
        """The one on the screen, also below a dialog."""
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, DraftScreen):
                return screen
        return None

    # Opening

    def make(self, path: Path | None) -> DraftScreen:
        """Open a draft's session and make its screen. Raises DraftError."""
        settings = self._window.settings
        session = DraftSession.open(
            path,
            store=self._window.store,
            engine=self._engine,
            options=request_options(settings),
            feedback=settings.log.enabled,
            order=self._order,
        )
        session.requests.earlier.use(self._passages)
        story = DraftStory(self._window.stories, lambda: session.file.path)
        session.requests.memory.use(story, lambda: session.file.path)
        if session.journal is not None:
            session.journal.on_trouble = self._log_trouble
        self._resume(session)
        screen = DraftScreen(session, self._window)
        self._open.append(screen)
        return screen

    def _resume(self, session: DraftSession) -> None:
        """Put the cursor where it was when the draft was left."""
        store = self._window.store
        if store is None or session.file.path is None or session.journal is None:
            return
        try:
            place = store.reader.cursor_left(str(session.file.path), session.journal.session_id)
        except StoreError:
            return
        session.select(place, place)

    def open(self, path: Path | None) -> DraftScreen | None:
        """Show this draft, opening it where it isn't open yet; None where that fails, which is told."""
        try:
            wanted = named(str(path)) if path is not None else None
            same = (d for d in self._open if wanted is not None and d.session.file.path == wanted)
            draft = next(same, None) or self.make(wanted)
        except CowriteError as error:
            from cowrite.tui.screens.dialogs import notice

            self._window.push_screen(notice(error.message, error.hint))
            return None
        self._drop_if_blank(draft)
        self.show(draft)
        return draft

    def _drop_if_blank(self, instead: DraftScreen) -> None:
        """An untouched draft without a name makes room for another one."""
        blank = self.current
        if blank is None or blank is instead or blank.session.file.path is not None:
            return
        if len(blank.session.document) == 0 and not blank.session.buffer.dirty:
            blank.session.close("quit")
            self._open.remove(blank)

    def show(self, draft: OpenDraft) -> None:
        """Bring an open draft to the screen."""
        wanted = next((screen for screen in self._open if screen is draft), None)
        old = self.current
        if wanted is None or wanted is old:
            return
        if old is not None and old in self._open and not self._app.is_screen_installed(old):
            self._app.install_screen(old, f"draft-{id(old)}")
        self._app.switch_screen(wanted)

    # Closing

    def idle(self) -> float:
        """Seconds since the writer did something in one of them."""
        return min((draft.session.pauses.idle for draft in self), default=0.0)

    def close(self, session: DraftSession, how: str) -> None:
        """End a draft's session; show another one, or end the program after the last."""
        session.close(how)
        closed = [draft for draft in self._open if draft.session is session]
        self._open = [draft for draft in self._open if draft not in closed]
        if not self._open:
            self._app.exit()
            return
        following = self._open[-1]
        self._app.switch_screen(following)
        for draft in closed:
            if self._app.is_screen_installed(draft):
                self._app.uninstall_screen(draft)
        if self._leaving:
            self._app.call_after_refresh(following.files.leave)

    def close_current(self) -> None:
        """Close the draft on the screen."""
        self._leaving = False
        if self.current is not None:
            self.current.files.leave()

    def leave(self) -> None:
        """End the program: close one draft after the other, asking for each that is not saved."""
        self._leaving = True
        if self.current is not None:
            self.current.files.leave()

    @property
    def is_leaving(self) -> bool:
        """Whether the program is being left, and not one draft closed."""
        return self._leaving

    def stay(self) -> None:
        """The writer does not leave after all."""
        self._leaving = False

    def end(self, how: str) -> None:
        """End all sessions, for good: every event so far is on the disk after it."""
        for draft in self._open:
            draft.session.close(how)

    # All of them, or the one on the screen

    def reload(self) -> None:
        """Take over what is in the file of the draft on the screen."""
        if self.current is not None:
            self.current.files.reload()

    def draw(self) -> None:
        """Draw the draft on the screen again: what is marked in it may be something else."""
        if self.current is not None:
            self.current.editor.settle_later()

    def renew_status(self) -> None:
        """Bring the status lines up to date."""
        for draft in self._open:
            draft.status_line.renew()

    def settings_changed(self, key: str) -> None:
        """Go on with the settings there are now, of which `key` is another."""
        for draft in self._open:
            draft.settings_changed(key)

    # The log's trouble comes from a thread

    def _log_trouble(self, error: StoreError | None) -> None:
        self._app.post_message(LogTrouble(error))

    def on_log_trouble(self, message: LogTrouble) -> None:
        """The log can't be written, or can be again."""
        before, self._log_trouble_told = self._log_trouble_told, message.error
        if message.error is None:
            if before is not None:
                self._window.tell("The log is being written again.")
            return
        # Every session says it, and one that could not be read has said it when it was opened.
        notes = (note for draft in self._open for note in draft.session.notes)
        told = {(before.message, before.hint)} if before is not None else set()
        if (message.error.message, message.error.hint) not in told.union(notes):
            self._window.tell(message.error.message, message.error.hint, "warning")
