"""Saving, naming, opening and leaving a draft."""

from __future__ import annotations

import os
from pathlib import Path

from textual.timer import Timer

from cowrite.errors import CowriteError, DraftError
from cowrite.files import ChangedOnDisk, OnDisk, load, named
from cowrite.tui.draft.feature import Actions, Feature, Host

LOOK_AT_DISK = 3.0
"""Seconds between two looks at the draft's file."""

_SAVED = "saved"
"""What the status line says until something is changed again."""


class Files(Feature):
    """Owns the questions about the draft's file, and the clocks that save and watch it."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._leaving = False
        """A question about leaving is on the screen."""
        self._told_changed = False
        self._autosaving: Timer | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "save": self.save,
            "save-as": self.save_as,
            "open": self.open,
            "quit": self.window.drafts.leave,
        }

    def mounted(self) -> None:
        """Begin to save and to watch the file."""
        self.screen.set_interval(LOOK_AT_DISK, self.look_at_disk)
        self._begin_autosave()

    def shown(self) -> None:
        """Offer what a killed session left."""
        self.offer_recovery()

    def settings_changed(self, key: str) -> None:
        """Save at other times."""
        if key == "editor.autosave_s":
            self._begin_autosave()

    def save(self) -> None:
        """Save; a draft without a name, or one that can't be written, is given one."""
        if self.session.file.path is None or not self.session.file.is_whole:
            self.save_as()
        elif (buffer := self.session.buffer).read_only is not None:
            self._ask_name(f"Read-only: {buffer.read_only}.\n{buffer.read_only_hint}")
        else:
            self._save()

    def save_as(self) -> None:
        """Ask for a name and save there; a draft in another encoding is to be converted first."""
        if self.session.file.is_whole:
            self._ask_name("")
        else:
            self._say(DraftError(*self.session.buffer.read_only_notice()))

    def open(self) -> None:
        """Another draft: a recent one, or by its name."""
        from cowrite.tui.window.start import choose_draft

        choose_draft(self.window)

    def changed(self, *_lines: int) -> None:
        """What was saved is not what is there any more."""
        self.status.take_back(_SAVED)

    def _begin_autosave(self) -> None:
        if self._autosaving is not None:
            self._autosaving.stop()
        seconds = self.window.settings.editor.autosave_s
        self._autosaving = self.screen.set_interval(seconds, self._autosave) if seconds else None

    def _autosave(self) -> None:
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
            self.window.tell(error.message, error.hint, "warning")

    def _save(self, path: Path | None = None, *, force: bool = False) -> bool:
        """Save; what fails is told in a dialog. Returns whether it is saved."""
        try:
            self.session.file.save(path, force=force)
        except ChangedOnDisk as error:
            self._ask_conflict(error)
        except CowriteError as error:
            self._say(error)
        else:
            self.status.flash(_SAVED)
            return True
        return False

    def _say(self, error: CowriteError) -> None:
        """An error that must be read."""
        from cowrite.tui.screens import questions

        self.window.push_screen(questions.told(error))

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
                self.window.drafts.close(self.session, "quit")

        self.window.push_screen(
            questions.new_name(path, body, self.session.document.text), answered
        )

    def _ask_overwrite(self, target: Path, *, then_leave: bool) -> None:
        from cowrite.tui.screens import questions

        def answered(value: str | None) -> None:
            if value == "overwrite" and self._save(target, force=True) and then_leave:
                self.window.drafts.close(self.session, "quit")

        self.window.push_screen(questions.overwrite(target), answered)

    # Another program has written the file

    def _ask_conflict(self, error: ChangedOnDisk) -> None:
        from cowrite.tui.screens import questions

        theirs: str | None
        try:
            theirs = load(error.path).text
        except DraftError:
            theirs = None
        question = questions.conflict(error, theirs, self.session.document.text)
        self.window.push_screen(question, self._conflict_answered)

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
            self.status.flash("loaded")

    def look_at_disk(self) -> None:
        """Say once when another program has written the draft's file."""
        changed = self.session.file.on_disk() not in (OnDisk.SAME, OnDisk.GONE)
        if changed and not self._told_changed:
            self.window.tell(
                f"{self.session.file.name} was changed by another program.",
                "Saving will show the difference; the palette can load it.",
                "warning",
            )
        self._told_changed = changed

    # Recovery

    def offer_recovery(self) -> None:
        """Show what a killed session left unsaved, and ask what to do with it."""
        session, lost = self.session, self.session.recovery.lost
        if lost is None:
            return
        from cowrite.tui.screens import questions

        saved, has_file = session.document.text, session.file.path is not None
        question = questions.recovery(session.file.name, saved, lost.text, has_file=has_file)
        self.window.push_screen(question, self._recovery_answered)

    def _recovery_answered(self, value: str | None) -> None:
        if value == "recover":
            self.session.recover()
            self.status.flash("recovered, not saved yet")
        elif value == "discard":
            self.session.recovery.discard()
        elif value == "beside":
            try:
                path = self.session.recovery.save_beside()
            except CowriteError as error:
                self._say(error)
            else:
                self.window.tell(f"What was lost is in {path}.")
        else:
            self.window.tell("Nothing was decided: it will be offered again.")

    # Leaving

    def leave(self) -> None:
        """Close this draft; ask first where it is not saved."""
        if not self.session.buffer.dirty:
            self.window.drafts.close(self.session, "quit")
            return
        if self._leaving:
            return
        self._leaving = True
        from cowrite.tui.screens import questions

        question = questions.unsaved(self.session.file.name, ending=self.window.drafts.is_leaving)
        self.window.push_screen(question, self._leave_answered)

    def _leave_answered(self, value: str | None) -> None:
        self._leaving = False
        if value == "discard":
            self.window.drafts.close(self.session, "discard")
        elif value == "save":
            if self.session.file.path is None or self.session.buffer.read_only is not None:
                self._ask_name("", then_leave=True)
            elif self._save():
                self.window.drafts.close(self.session, "quit")
        else:
            self.window.drafts.stay()
