"""From a name to its entry of lore, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.words import words
from cowrite.errors import CowriteError
from cowrite.session.stories import Place
from cowrite.tui.draft.feature import Actions, Feature

if TYPE_CHECKING:
    from cowrite.memory.lore import Entry
    from cowrite.memory.story import Story
    from cowrite.session.draft import DraftSession

_LONGEST = 80
"""Characters of a selection that can be a name."""


class Lore(Feature):
    """Goes to entries, and makes new ones; entries are drafts like any other."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"jump-lore": self.jump}

    def jump(self) -> None:
        """From a name to its entry, from an entry to where one came from; where there is none, offer to make
        it.
        """
        path = self.session.file.path
        story = self.window.stories.story_of(path)
        if story is None:
            self._say_why(path)
            return
        if path is not None and _is_lore(story, path):
            self._back(story, path)
            return
        name, entry = self._named(story)
        if entry is not None:
            self._go(entry.path, entry)
        elif not name:
            self.window.tell("There is no name at the cursor.", "Put it into one, or select it.")
        elif not story.project.lore:
            hint = f'Name a file in {story.project.file.name}: lore = "lore.md"'
            self.window.tell("The project has no lore.", hint)
        else:
            self._offer(story, name)

    def _say_why(self, path: Path | None) -> None:
        if self.window.stories.is_in_project(path):
            self.window.tell("The project is still being read.", "Try again in a moment.")
            return
        hint = "`cowrite new DIR` makes a project, with a place for names and notes."
        self.window.tell("This draft is in no project.", hint)

    def _named(self, story: Story) -> tuple[str, Entry | None]:
        """The name at the cursor, or the selection, and its entry."""
        document, (low, high) = self.session.document, self.session.selected
        line, column = document.locate(low)
        text = document.line(line)
        last = column if low == high else column + min(high - low, len(text) - column)
        for named in story.lore.named(text, loose=True):
            if named.start <= column and last <= named.end:
                return text[named.start : named.end], story.lore.entries[named.entry]
        if low < high:
            chosen = text[column:last].strip()
            return (chosen, None) if len(chosen) <= _LONGEST else ("", None)
        return _name_at(text, column), None

    def _leave_for(self, target: Path) -> DraftSession | None:
        """Open a draft, remembering where one came from; its session, None where it can't be opened."""
        path = self.session.file.path
        if path is not None:
            self.window.stories.came_from = Place(path, self.session.cursor)
        return self._opened(target)

    def _opened(self, target: Path) -> DraftSession | None:
        self.window.drafts.open(target)
        draft = self.window.drafts.current
        return draft.session if draft is not None and draft.session.file.path == target else None

    def _go(self, target: Path, entry: Entry) -> None:
        """To the entry, as the draft has it by now."""
        from cowrite.memory.lore import entries_of

        session = self._leave_for(target)
        if session is None:
            return
        found = entries_of(session.document.text, target)
        start = next((one.start for one in found if one.name == entry.name), entry.start)
        place = min(start, len(session.document))
        session.select(place, place)

    def _offer(self, story: Story, name: str) -> None:
        from cowrite.tui.screens.dialogs import Choice, Question

        target = _home(story, name)
        body = f"It would be in {target.name}."
        choices = (Choice("make", "Make one", "m"), Choice("no", "Go on writing", "g"))

        def answered(value: str | None) -> None:
            if value == "make":
                self._make(target, name)

        title = f"There is no entry for “{name}”."
        self.window.push_screen(Question(title, body, choices), answered)

    def _make(self, target: Path, name: str) -> None:
        """A heading at the end of the lore, in its draft: it is saved when the writer saves it."""
        session = self._leave_for(target)
        if session is None:
            return
        end = len(session.document)
        session.select(end, end)
        text = session.document.text
        lead = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
        session.paste(f"{lead}## {name}\n\n")

    def _back(self, story: Story, path: Path) -> None:
        """To where one came from; else to the first chapter that names the entry at the cursor."""
        place = self.window.stories.came_from
        if place is None or place.path == path:
            place = self._first_named(story, path)
        if place is None:
            self.window.tell("No chapter names this yet.")
            return
        self.window.stories.came_from = None
        session = self._opened(place.path)
        if session is not None:
            cursor = min(place.cursor, len(session.document))
            session.select(cursor, cursor)

    def _first_named(self, story: Story, path: Path) -> Place | None:
        from cowrite.files import load
        from cowrite.memory.lore import entries_of
        from cowrite.memory.naming import LoreIndex

        found = list(entries_of(self.session.document.text, path))
        here = [entry for entry in found if entry.start <= self.session.cursor] or found
        index = LoreIndex(here[-1:])
        for chapter in story.chapters:
            try:
                named = index.named(load(chapter.path).text)
            except CowriteError:
                continue
            if named:
                return Place(chapter.path, named[0].start)
        return None


def _is_lore(story: Story, path: Path) -> bool:
    return any(path == one or one in path.parents for one in story.project.lore)


def _home(story: Story, name: str) -> Path:
    """The file in which a new entry goes: the first one of lore, or one of its own in a folder."""
    first = story.project.lore[0]
    if first.is_dir():
        stem = "".join(sign if sign.isalnum() or sign in " -_'" else "-" for sign in name)
        return first / f"{stem.strip() or 'entry'}.md"
    return first


def _name_at(text: str, column: int) -> str:
    """The word at a column, with the words beside it that begin with a capital too, as in `Marta Quill`."""
    places = list(words(text))
    at = next((i for i, (low, high) in enumerate(places) if low <= column <= high), None)
    if at is None:
        return ""
    first = last = at
    if text[places[at][0]].isupper():
        while first and _goes_on(text, places[first - 1], places[first]):
            first -= 1
        while last + 1 < len(places) and _goes_on(text, places[last], places[last + 1]):
            last += 1
    return text[places[first][0] : places[last][1]].removesuffix("'s").removesuffix("’s")


def _goes_on(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    between = text[one[1] : other[0]]
    return between in (" ", "-") and text[one[0]].isupper() and text[other[0]].isupper()
