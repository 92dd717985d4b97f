"""What of its project stands beside a draft when the model is asked: looked for in pauses, and kept in
between.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cowrite.core.context import NEAR, ContextPart, PartKind
from cowrite.core.document import Document, one_line_end

if TYPE_CHECKING:
    from cowrite.learning.passages import PassageIndex
    from cowrite.memory.choosing import Item
    from cowrite.memory.naming import LoreIndex
    from cowrite.memory.story import Story


class StoryPort(Protocol):
    """Where a project's story is: kept by the window, read once by a command, or a stand-in."""

    @property
    def story(self) -> Story | None:
        """As it was read last; None while that is not done."""

    def refresh(self) -> None:
        """Look whether its files are others, in the background."""


class Memory:
    """Beside one draft: which parts of its project stand there, and why. Without a project it has none."""

    def __init__(self) -> None:
        self._port: StoryPort | None = None
        self._draft: Callable[[], Path | None] = lambda: None
        self._story: Story | None = None
        self._chapters: frozenset[str] = frozenset()
        self._held: tuple[int, ...] = ()
        self._looked: tuple[int, int] | None = None
        """Where was looked last, and for a window of how many characters."""
        self._reserved = 0
        self.items: tuple[Item, ...] = ()
        """All that could stand there, and why it does or not; in the order in which it stands."""

    def use(self, port: StoryPort | None, draft: Callable[[], Path | None]) -> None:
        """Take the story from there from now on. draft: this draft's file, as it is called now."""
        self._port, self._draft = port, draft
        self._story, self._held, self._looked, self._reserved = None, (), None, 0
        self.items, self._chapters = (), frozenset()

    @property
    def parts(self) -> tuple[ContextPart, ...]:
        """What stands there."""
        return tuple(item.part for item in self.items if item.text)

    @property
    def told(self) -> str:
        """The texts of what stands there."""
        return "\n".join(item.text for item in self.items)

    @property
    def title(self) -> str:
        """The project's, empty without one."""
        return self._story.project.title if self._story is not None else ""

    @property
    def reserved(self) -> int:
        """Characters of the window that are its own, whatever stands there."""
        return self._reserved

    def passages(self) -> tuple[PassageIndex, int, str] | None:
        """The other chapters' passages: their index, the most tokens of them, and this draft's name there."""
        story = self._story
        if story is None or story.passages is None:
            return None
        from cowrite.memory.story import name_of

        here = self._path
        return story.passages, story.project.passages, name_of(here) if here is not None else ""

    def has(self, source: str) -> bool:
        """Whether a passage is one of the project's."""
        return source in self._chapters

    @property
    def _path(self) -> Path | None:
        path = self._draft()
        return Path(os.path.normpath(path)) if path is not None else None

    def refresh(self) -> None:
        """Have the project's files looked at."""
        if self._port is not None:
            self._port.refresh()

    def is_far(self, cursor: int, total: int) -> bool:
        """Whether what stands there was looked for elsewhere, or not at all."""
        if self._port is None or self._port.story is None:
            return False
        if self._looked is None or self._port.story is not self._story:
            return True
        return abs(cursor - self._looked[0]) > NEAR or self._looked[1] != total

    def look(self, document: Document, cursor: int, total: int, instruction: str = "") -> bool:
        """Choose what stands there for the words before the cursor; true where that is something else now.

        total: characters of the window. instruction: what the writer asks for, which may name things too.
        """
        story = self._port.story if self._port is not None else None
        if story is None:
            return False
        from cowrite.memory.choosing import LAST_WORDS, budgets, chosen

        if story is not self._story:
            from cowrite.memory.story import name_of

            self._held = self._again(story.lore)
            self._story = story
            self._chapters = frozenset(name_of(chapter.path) for chapter in story.chapters)
        self._looked = (cursor, total)
        before = self.parts, self._reserved
        room = budgets(story, total)
        words = one_line_end(document.slice(max(0, cursor - LAST_WORDS), cursor))
        self._held, self.items = chosen(story, self._path, room, self._held, words, instruction)
        self._reserved = room.reserved
        return before != (self.parts, self._reserved)

    def notes_for(self, words: str, total: int, instruction: str) -> tuple[str, ...]:
        """What the model is told before an instruction on these words, the stablest first; see `items_for`."""
        return tuple(item.text for item in self.items_for(words, total, instruction) if item.text)

    def items_for(self, words: str, total: int, instruction: str) -> tuple[Item, ...]:
        """What could be told before an instruction on these words: notes, then lore that they name, then lore
        that the instruction names. What stands beside the draft stays as it is.

        total: characters of the window, of which the instruction's own text wants the most.
        """
        story = self._port.story if self._port is not None else None
        if story is None:
            return ()
        from cowrite.memory.choosing import budgets, chosen

        room = budgets(story, total // 2)
        held, items = chosen(story, self._path, room, (), words, "")
        _, more = chosen(story, self._path, room, held, words, instruction)
        told = (PartKind.NOTES, PartKind.LORE)
        still = {item.text: item for item in more if item.text and item.kind in told}
        texts = dict.fromkeys(item.text for item in (*items, *more) if item.text in still)
        out = (item for item in more if item.kind in told and not item.text)
        return (*(still[text] for text in texts), *out)

    def _again(self, lore: LoreIndex) -> tuple[int, ...]:
        """The entries that stood there, as they are numbered in another story."""
        if self._story is None or not self._held:
            return ()
        were = self._story.lore.entries
        numbers = {(entry.path, entry.name): number for number, entry in enumerate(lore.entries)}
        names = ((were[number].path, were[number].name) for number in self._held)
        return tuple(numbers[name] for name in names if name in numbers)
