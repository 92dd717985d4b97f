"""Opening, showing and closing drafts; a window may hold several."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on

from cowrite.errors import CowriteError, StoreError
from cowrite.files import named
from cowrite.session.draft import DraftSession
from cowrite.session.options import request_options
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.window.ending import EndingSide
from cowrite.tui.window.engine import EngineSide
from cowrite.tui.window.messages import StreakRead

if TYPE_CHECKING:
    from cowrite.logbook.streak import Streak
    from cowrite.tui.services import Window


class DraftsSide(EngineSide, EndingSide):
    """Which drafts are open, and which one is on the screen."""

    _leaving = False
    streak: Streak | None = None
    """Days with writing; None until somebody wants it and the log was read."""
    _streak_wanted = False

    def want_streak(self) -> None:
        """Read the streak from the log, in a thread, once."""
        if not self._streak_wanted:
            self._streak_wanted = True
            threading.Thread(target=self._read_streak, name="streak", daemon=True).start()

    def _read_streak(self) -> None:
        from cowrite.logbook.streak import read_streak

        today = datetime.datetime.now().astimezone().date()
        self.post_message(StreakRead(read_streak(self.paths, today)))

    @on(StreakRead)
    def _streak_read(self, message: StreakRead) -> None:
        self.streak = message.streak
        for draft in self.drafts:
            draft.status_line.renew()

    def make_draft(self, path: Path | None) -> DraftScreen:
        """Open a draft's session and make its screen. Raises DraftError."""
        session = DraftSession.open(
            path,
            store=self.store,
            engine=self.engine,
            options=request_options(self.settings),
            feedback=self.settings.log.enabled,
        )
        if session.journal is not None:
            session.journal.on_trouble = self.log_trouble
        self._resume(session)
        screen = DraftScreen(session, cast("Window", self))
        self.drafts.append(screen)
        return screen

    def _resume(self, session: DraftSession) -> None:
        """Put the cursor where it was when the draft was left."""
        if self.store is None or session.file.path is None or session.journal is None:
            return
        try:
            place = self.store.reader.cursor_left(
                str(session.file.path), session.journal.session_id
            )
        except StoreError:
            return
        session.select(place, place)

    def open_draft(self, path: Path | None) -> DraftScreen | None:
        """Show this draft, opening it where it isn't open yet; None where that fails, which is told."""
        try:
            wanted = named(str(path)) if path is not None else None
            same = (d for d in self.drafts if wanted is not None and d.session.file.path == wanted)
            draft = next(same, None) or self.make_draft(wanted)
        except CowriteError as error:
            from cowrite.tui.screens.dialogs import notice

            self.push_screen(notice(error.message, error.hint))
            return None
        self._drop_if_blank(draft)
        self.show_draft(draft)
        return draft

    def _drop_if_blank(self, instead: DraftScreen) -> None:
        """An untouched draft without a name makes room for another one."""
        blank = self.draft
        if blank is None or blank is instead or blank.session.file.path is not None:
            return
        if len(blank.session.document) == 0 and not blank.session.buffer.dirty:
            blank.session.close("quit")
            self.drafts.remove(blank)

    def show_draft(self, draft: DraftScreen) -> None:
        """Bring an open draft to the screen."""
        if draft is self.draft:
            return
        old = self.draft
        if old is not None and old in self.drafts and not self.is_screen_installed(old):
            self.install_screen(old, f"draft-{id(old)}")
        self.switch_screen(draft)

    def new_draft(self) -> None:
        """Begin a draft without a name."""
        self.open_draft(None)

    def close_current(self) -> None:
        """Close the draft on the screen."""
        if self.draft is not None:
            self._leaving = False
            self.draft.leave()

    def leave(self) -> None:
        """End the program: close one draft after the other, asking for each that is not saved."""
        self._leaving = True
        if self.draft is not None:
            self.draft.leave()

    @property
    def is_leaving(self) -> bool:
        """Whether the program is being left, and not one draft closed."""
        return self._leaving

    def stay(self) -> None:
        """The writer does not leave after all."""
        self._leaving = False

    def close_draft(self, session: DraftSession, how: str) -> None:
        """End a draft's session; show another one, or end the program after the last."""
        session.close(how)
        closed = [draft for draft in self.drafts if draft.session is session]
        self.drafts = [draft for draft in self.drafts if draft not in closed]
        if not self.drafts:
            self.exit()
            return
        following = self.drafts[-1]
        self.switch_screen(following)
        for draft in closed:
            if self.is_screen_installed(draft):
                self.uninstall_screen(draft)
        if self._leaving:
            self.call_after_refresh(following.leave)

    def reload(self) -> None:
        """Take over what is in the file of the draft on the screen."""
        if self.draft is not None:
            self.draft.reload()
