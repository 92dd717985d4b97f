"""Find and replace across a project's chapters: searched and written on threads, told on the screen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.session.draft import DraftSession
    from cowrite.tui.draft.finding import Query
    from cowrite.tui.draft.finding_across import Found, Texts
    from cowrite.tui.draft.replacing_across import Replacing
    from cowrite.tui.screens.across import AcrossScreen, Chosen

_TELL_EVERY = 0.1
"""Seconds between two tellings of what was found."""


class AcrossFound(PartMessage):
    """More was found by a search, by its number. trouble, is_done: it is over."""

    def __init__(
        self, number: int, found: list[Found], trouble: str = "", *, is_done: bool
    ) -> None:
        super().__init__()
        self.number, self.found, self.trouble, self.is_done = number, found, trouble, is_done


class AcrossDo(PartMessage):
    """Something to do on the window's thread."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self.do = do


class Across(Feature):
    """Owns the search across chapters, and the last replacement, to take it back."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._screen: AcrossScreen | None = None
        self._chapters: list[Path] = []
        self._number = 0
        self._texts: Texts | None = None
        self._reading = threading.Lock()
        self._replacing: Replacing | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"replace-across": self.show}

    def show(self) -> None:
        """The screen, with what is selected as the term."""
        from cowrite.memory.project import chapter_files, find_project
        from cowrite.tui.screens.across import AcrossScreen

        try:
            project = find_project(self.session.file.path)
            self._chapters = chapter_files(project) if project is not None else []
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
            return
        if not self._chapters:
            hint = "`cowrite new DIR` makes a project, also of a folder with texts."
            self.window.tell("This draft is in no project with chapters.", hint)
            return
        start, end = self.session.selected
        term = self.session.document.slice(start, min(end, start + 200))
        one_line = "" if "\n" in term or "\r" in term else term
        self._screen = AcrossScreen(self, one_line, len(self._chapters))
        self.window.push_screen(self._screen, self._closed)

    def _closed(self, answer: str | None) -> None:
        screen, self._screen = self._screen, None
        self._number += 1
        if answer is None or screen is None:
            return
        chapter, _, place = answer.partition(":")
        self.window.drafts.open(screen.path_of(int(chapter)))
        draft = self.window.drafts.current
        if draft is not None:
            draft.session.select(int(place), int(place))

    def sessions(self) -> dict[Path, DraftSession]:
        """The drafts that are open, by path."""
        found = (draft.session for draft in self.window.drafts)
        return {one.file.path: one for one in found if one.file.path is not None}

    # Searching

    def search(self, query: Query) -> None:
        """Begin a search; the one before ends at its next chapter."""
        self._number += 1
        drafts = {path: session.document.text for path, session in self.sessions().items()}
        args = (self._number, query, drafts)
        threading.Thread(target=self._search, args=args, name="across", daemon=True).start()

    def _search(self, number: int, query: Query, drafts: dict[Path, str]) -> None:
        """On a thread of its own."""
        from cowrite.tui.draft.finding_across import Texts, find_across

        gathered: list[Found] = []
        trouble, told = "", time.monotonic()
        with self._reading:
            self._texts = self._texts or Texts()
            try:
                over = lambda: number != self._number  # noqa: E731
                for one in find_across(query, self._chapters, drafts, self._texts, over):
                    gathered.append(one)
                    if time.monotonic() - told > _TELL_EVERY:
                        self._post(AcrossFound(number, gathered, is_done=False))
                        gathered, told = [], time.monotonic()
            except CowriteError as error:
                trouble = error.message
        self._post(AcrossFound(number, gathered, trouble, is_done=True))

    def _post(self, message: PartMessage) -> None:
        self.screen.post_message(message)

    def on_across_found(self, message: AcrossFound) -> None:
        """Show it, where it is of the last search."""
        if self._screen is None or message.number != self._number:
            return
        if message.found:
            self._screen.add(message.found)
        if message.is_done:
            self._screen.ended(message.trouble)

    # Replacing

    def replace(self, query: Query, chosen: Chosen, template: str) -> None:
        """Replace in all chapters, a snapshot before."""
        from cowrite.tui.draft.replacing_across import Plan, Replacing

        plan = Plan(query, chosen, template)
        self._replacing = Replacing(self, plan)
        self._replacing.begin()

    def undo(self) -> None:
        """Take the last replacement back."""
        if self._replacing is None or not self._replacing.done:
            self.window.tell("There is nothing to undo here.")
        else:
            self._replacing.undo()

    def stop(self) -> bool:
        """Stop a replacement; false where none runs."""
        return self._replacing is not None and self._replacing.stop()

    def on_across_do(self, message: AcrossDo) -> None:
        """Do what a thread wants to be done on this one."""
        message.do()

    def soon(self, do: Callable[[], None]) -> None:
        """Have something done on the window's thread. From any thread."""
        self._post(AcrossDo(do))

    def say(self, said: str, *, busy: bool) -> None:
        """Tell it where it is read."""
        if self._screen is not None:
            self._screen.say(said, busy=busy)
        elif not busy:
            self.window.tell(said)
