"""The projects of a window's drafts: each is read by a thread, and read again when its files are others."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.config import project_file
from cowrite.errors import CowriteError

if TYPE_CHECKING:
    from cowrite.memory.keeper import Keeper
    from cowrite.memory.story import Story

EVERY = 2.0
"""Seconds between two looks at a project's files."""

_TURN = 0.0005
"""Seconds that the thread which reads may keep the interpreter."""

_LOOK_FOR_IT = 5.0
"""Seconds for which it is known whether a folder is in a project."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a draft that one can go back to."""

    path: Path
    cursor: int


class Stories:
    """Owns one keeper a project, and where the writer has come from to an entry of lore.

    tell: says what is wrong with a project's files, once.
    """

    def __init__(self, tell: Callable[[str, str, str], None]) -> None:
        self._tell = tell
        self._keepers: dict[Path, Keeper] = {}
        self._wrong: dict[Path, CowriteError | None] = {}
        """What is wrong with a file that names no project; None where it has settings alone."""
        self._files: dict[Path, tuple[float, Path | None]] = {}
        self._told: dict[Path, tuple[str, ...]] = {}
        self._looked: dict[Path, float] = {}
        self._reading = False
        self.came_from: Place | None = None

    def story_of(self, draft: Path | None) -> Story | None:
        """The story of the project that a draft is in, as it was read last; None where there is none yet."""
        file = self._file_of(draft)
        keeper = self._keepers.get(file) if file is not None else None
        return keeper.story if keeper is not None else None

    def is_in_project(self, draft: Path | None) -> bool:
        """Whether a draft is in a project, be it read or not."""
        file = self._file_of(draft)
        return file is not None and file not in self._wrong

    def refresh(self, draft: Path | None) -> None:
        """Look whether the files of a draft's project are others, in a thread, and say what is wrong with
        them.
        """
        file = self._file_of(draft)
        if file is None:
            return
        self._say_troubles(file)
        now = time.monotonic()
        if not self._reading and now - self._looked.get(file, -EVERY) >= EVERY:
            self._reading = True
            args = (file,)
            threading.Thread(target=self._look, args=args, name="story", daemon=True).start()

    def _say_troubles(self, file: Path) -> None:
        error, keeper = self._wrong.get(file), self._keepers.get(file)
        troubles: tuple[str, ...] = ()
        if error is not None:
            troubles = tuple(filter(None, (error.message, error.hint)))
        elif keeper is not None and keeper.story is not None:
            troubles = keeper.story.troubles
        if troubles != self._told.get(file, ()):
            self._told[file] = troubles
            if troubles:
                self._tell(troubles[0], "\n".join(troubles[1:]), "warning")

    def _look(self, file: Path) -> None:
        """On a thread of its own, which gives way to the writer's keys: an interpreter's turn is 5 ms else,
        and a key would wait for some of them."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        collecting = gc.isenabled()
        gc.disable()  # a story is no circle, and looking at it while it grows takes some tenths of a second
        try:
            keeper = self._keepers.get(file) or self._begun(file)
            if keeper is not None:
                keeper.look()
                self._keepers[file] = keeper
        finally:
            sys.setswitchinterval(usual)
            if collecting:
                gc.enable()
            self._looked[file] = time.monotonic()
            self._reading = False

    def _begun(self, file: Path) -> Keeper | None:
        """A keeper for a project's file; None where it names none, or is wrong."""
        import cowrite.memory.choosing  # noqa: F401  # here, so that no key waits for its import
        from cowrite.memory.keeper import Keeper
        from cowrite.memory.project import read_project

        try:
            project = read_project(file)
        except CowriteError as error:
            self._wrong[file] = error
            return None
        if project is None:
            self._wrong[file] = None
            return None
        self._wrong.pop(file, None)
        return Keeper(project)

    def _file_of(self, draft: Path | None) -> Path | None:
        if draft is None:
            return None
        now = time.monotonic()
        looked, file = self._files.get(draft.parent, (-_LOOK_FOR_IT, None))
        if now - looked >= _LOOK_FOR_IT:
            file = project_file(draft)
            self._files[draft.parent] = (now, file)
        return file


class DraftStory:
    """The story for one draft, whatever its file is called by now: its memory's `StoryPort`."""

    def __init__(self, stories: Stories, draft: Callable[[], Path | None]) -> None:
        self._stories, self._draft = stories, draft

    @property
    def story(self) -> Story | None:
        """As it was read last."""
        return self._stories.story_of(self._draft())

    def refresh(self) -> None:
        """Look whether its files are others."""
        self._stories.refresh(self._draft())
