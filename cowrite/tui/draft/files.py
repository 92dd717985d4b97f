"""Saving, naming, opening and leaving a draft."""

from __future__ import annotations

import os
from pathlib import Path

from cowrite.errors import CowriteError, DraftError
from cowrite.files import ChangedOnDisk, OnDisk, load, named
from cowrite.tui.draft.feature import DraftBase


class FileActions(DraftBase):
    """What ctrl+s, ctrl+o and ctrl+q do."""

    leaving = False
    """A question about leaving is on the screen."""

    async def action_save(self) -> None:
        """Save; a draft without a name, or one that can't be written, is given one."""
        if self.session.file.path is None:
            await self.action_save_as()
        elif self.session.buffer.read_only is not None:
            self._ask_name(
                f"Read-only: {self.session.buffer.read_only}.\n{self.session.buffer.read_only_hint}"
            )
        else:
            self._save()

    async def action_save_as(self) -> None:
        """Ask for a name and save there."""
        self._ask_name("")

    def action_open(self) -> None:
        """Another draft: a recent one, or by its name."""
        self.window.choose_draft()

    def autosave(self) -> None:
        """Save without a word, where that is possible."""
        session = self.session
        if (
            session.file.path is None
            or session.buffer.read_only is not None
            or not session.buffer.dirty
        ):
            return
        try:
            session.file.save(how="autosave")
        except CowriteError as error:
            self.tell(error.message, error.hint, "warning")

    def _save(self, path: Path | None = None, *, force: bool = False) -> bool:
        """Save; what fails is told in a dialog. Returns whether it is saved."""
        try:
            self.session.file.save(path, force=force)
        except ChangedOnDisk as error:
            self._ask_conflict(error)
        except CowriteError as error:
            self._say(error)
        else:
            self.flash("saved")
            return True
        return False

    def _say(self, error: CowriteError) -> None:
        """An error that must be read."""
        from cowrite.tui.screens import questions

        self.app.push_screen(questions.told(error))

    def _ask_name(self, body: str, *, then_leave: bool = False) -> None:
        from cowrite.tui.screens import questions

        path = self.session.file.path

        def answered(name: str | None) -> None:
            if name is None:
                return
            target = named(name)
            if target != path and os.path.lexists(target):
                self._ask_overwrite(target, then_leave=then_leave)
            elif self._save(target) and then_leave:
                self.window.close_draft(self.session, "quit")

        self.app.push_screen(questions.new_name(path, body, self.session.document.text), answered)

    def _ask_overwrite(self, target: Path, *, then_leave: bool) -> None:
        from cowrite.tui.screens import questions

        def answered(value: str | None) -> None:
            if value == "overwrite" and self._save(target, force=True) and then_leave:
                self.window.close_draft(self.session, "quit")

        self.app.push_screen(questions.overwrite(target), answered)

    # Another program has written the file

    def _ask_conflict(self, error: ChangedOnDisk) -> None:
        from cowrite.tui.screens import questions

        theirs: str | None
        try:
            theirs = load(error.path).text
        except DraftError:
            theirs = None
        question = questions.conflict(error, theirs, self.session.document.text)
        self.app.push_screen(question, self._conflict_answered)

    def _conflict_answered(self, value: str | None) -> None:
        if value == "overwrite":
            self._save(force=True)
        elif value == "load":
            self.reload()
        elif value == "beside":
            self._ask_name("")

    def reload(self) -> None:
        """Take over what is in the file; undo brings the draft back."""
        try:
            self.session.reload()
        except CowriteError as error:
            self._say(error)
        else:
            self.flash("loaded")

    def look_at_disk(self) -> None:
        """Say once when another program has written the draft's file."""
        changed = self.session.file.on_disk() not in (OnDisk.SAME, OnDisk.GONE)
        if changed and not self._told_changed:
            self.tell(
                f"{self.session.file.name} was changed by another program.",
                "Saving will show the difference; the palette can load it.",
                "warning",
            )
        self._told_changed = changed

    _told_changed = False

    # Recovery

    def offer_recovery(self) -> None:
        """Show what a killed session left unsaved, and ask what to do with it."""
        session, lost = self.session, self.session.recovery.lost
        if lost is None:
            return
        from cowrite.tui.screens import questions

        saved, has_file = session.document.text, session.file.path is not None
        question = questions.recovery(session.file.name, saved, lost.text, has_file=has_file)
        self.app.push_screen(question, self._recovery_answered)

    def _recovery_answered(self, value: str | None) -> None:
        if value == "recover":
            self.session.recover()
            self.flash("recovered, not saved yet")
        elif value == "discard":
            self.session.recovery.discard()
        elif value == "beside":
            try:
                path = self.session.recovery.save_beside()
            except CowriteError as error:
                self._say(error)
            else:
                self.tell(f"What was lost is in {path}.")
        else:
            self.tell("Nothing was decided: it will be offered again.")

    # Leaving

    async def action_quit(self) -> None:
        """End the program, after a question for each draft that is not saved."""
        self.window.leave()

    def leave(self) -> None:
        """Close this draft; ask first where it is not saved."""
        if not self.session.buffer.dirty:
            self.window.close_draft(self.session, "quit")
            return
        if self.leaving:
            return
        self.leaving = True
        from cowrite.tui.screens import questions

        question = questions.unsaved(self.session.file.name, ending=self.window.is_leaving)
        self.app.push_screen(question, self._leave_answered)

    def _leave_answered(self, value: str | None) -> None:
        self.leaving = False
        if value == "discard":
            self.window.close_draft(self.session, "discard")
        elif value == "save":
            if self.session.file.path is None or self.session.buffer.read_only is not None:
                self._ask_name("", then_leave=True)
            elif self._save():
                self.window.close_draft(self.session, "quit")
        else:
            self.window.stay()
