"""The first moments: the start screen, recent drafts, the tour."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.errors import CowriteError
from cowrite.paths import private_folder
from cowrite.tui.window.appearance import LooksSide
from cowrite.tui.window.drafts import DraftsSide

if TYPE_CHECKING:
    from cowrite.tui.screens.start import RecentDraft


class StartingSide(DraftsSide, LooksSide):
    """Where a writer goes from here."""

    def show_start(self) -> None:
        """Recent drafts, a new one, the tour."""
        from cowrite.tui.screens.start import StartScreen

        recent = self._recent()
        self.push_screen(StartScreen(recent, first_time=not recent), self._started)

    def choose_draft(self) -> None:
        """The same list, from within a draft."""
        from cowrite.tui.screens.start import StartScreen

        self.push_screen(StartScreen(self._recent(), first_time=False), self._started)

    def _started(self, answer: str | None) -> None:
        from cowrite.tui.screens.start import NEW, TOUR

        if answer is None:
            return
        if answer == NEW:
            if (
                self.draft is None
                or self.draft.session.file.path is not None
                or self.draft.session.buffer.dirty
            ):
                self.new_draft()
        elif answer == TOUR:
            self.take_tour()
        elif answer:
            self.open_draft(Path(answer))

    def _recent(self) -> list[RecentDraft]:
        """Drafts of earlier sessions that are still there, the last one first."""
        from cowrite.tui.screens.start import RecentDraft

        if self.store is None:
            return []
        here = {
            str(session.file.path.absolute()): "not saved" if session.buffer.dirty else "open"
            for session in (draft.session for draft in self.drafts)
            if session.file.path is not None
        }
        found = [
            RecentDraft(Path(r.path), r.opened_ms / 1000, here.get(r.path, ""))
            for r in self.store.reader.recent(12)
        ]
        return [draft for draft in found if draft.path.is_file()]

    def take_tour(self) -> None:
        """Two minutes in a sample draft of the writer's own."""
        from cowrite.tui.screens.tour import TOUR

        path = self.paths.data / "tour.md"
        try:
            private_folder(path.parent)
            path.write_text(TOUR, encoding="utf-8")
            path.chmod(0o600)
        except (OSError, CowriteError):
            self.tell("The tour can't be written.", f"Is there space in {path.parent}?", "warning")
            return
        self.open_draft(path)

    def choose_model(self) -> None:
        """Ask for a model that is known here; it is used from now on and kept in the settings."""
        from cowrite import catalog
        from cowrite.tui.screens.choosing import Chooser, Entry

        known = catalog.cards(self.paths).values()
        entries = [Entry(card.name, card.name, card.title) for card in known]

        def chosen(name: str | None) -> None:
            if not name:
                return
            try:
                self.change_setting("model.name", name)
            except CowriteError as error:
                self.tell(error.message, error.hint, "warning")

        chooser = Chooser(
            "Model", entries, free="Use the file", placeholder="a name, or a GGUF file's path"
        )
        self.push_screen(chooser, chosen)
