"""Keeps a project as its files are: reads them again when they are others."""

from __future__ import annotations

from dataclasses import replace

from cowrite.errors import CowriteError
from cowrite.memory.project import Project, read_project
from cowrite.memory.story import Story, read_story, state_of


class Keeper:
    """One project's story. `look` is for one thread at a time; `story` may be read by any."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.story: Story | None = None

    def look(self) -> bool:
        """Look at the files, and read them where they have changed; true where there is another story."""
        before = self.story
        if before is not None and before.state and self._state() == before.state:
            return False
        trouble = self._read_project()
        fresh = read_story(self._project)
        if trouble:
            fresh = replace(fresh, troubles=(trouble, *fresh.troubles))
        self.story = fresh
        return before is None or (fresh.state, fresh.troubles) != (before.state, before.troubles)

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        try:
            return state_of(self._project)
        except (CowriteError, OSError):
            return ()

    def _read_project(self) -> str:
        """What the project's file says now; where it is wrong, what it said before, and why in a sentence."""
        try:
            self._project = read_project(self._project.file) or self._project
        except CowriteError as error:
            return error.message
        return ""
