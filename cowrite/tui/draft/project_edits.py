"""What is done to a project's file from the window: one thing after the other, on a thread, with undo."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.memory.project import Project, read_project
from cowrite.memory.project_file import ProjectEdit, set_plan, take_back
from cowrite.memory.reordering import move

Job = Callable[[], None]
Tell = Callable[[Project | None, CowriteError | None, bool], None]
"""Told, on the thread, of the project as it is now (None: it can't be read), of what went wrong, and whether
this was the last one that waited."""


class ProjectEdits:
    """Owns what was done to a project's file from this window, to take it back.

    Writing waits for the disk, so it is done on a thread, which ends where nothing waits any more.
    """

    def __init__(self, file: Path, tell: Tell, keep: Job) -> None:
        """keep: takes a snapshot of the file, before the first chapter is moved."""
        self._file, self._tell, self._before = file, tell, [keep]
        self._done: list[ProjectEdit] = []
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether something is not written yet."""
        return self._waiting > 0

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done) or self.busy

    def move(self, chapter: Path, step: int) -> None:
        """Put a chapter one place up (-1) or down (1)."""
        self._soon(lambda: self._move(chapter, step))

    def plan(
        self, project: Project, chapter: Path, goal: int | None = None, status: str | None = None
    ) -> None:
        """Write a chapter's goal or status; None leaves what the file says."""
        self._soon(lambda: self._keep(set_plan(project, chapter, goal, status)))

    def undo(self) -> None:
        """Take the last one back."""
        self._soon(self._take_back)

    def _move(self, chapter: Path, step: int) -> None:
        while self._before:
            with suppress(CowriteError):  # without a log there is still the way back by `undo`
                self._before.pop()()
        self._keep(move(self._file, chapter, step))

    def _keep(self, done: ProjectEdit | None) -> None:
        if done is not None:
            self._done.append(done)

    def _take_back(self) -> None:
        if self._done:
            take_back(self._done.pop())

    def _soon(self, job: Job) -> None:
        with self._lock:
            self._jobs.put(job)
            self._waiting += 1
            if self._waiting == 1:
                threading.Thread(target=self._run, name="project-file", daemon=True).start()

    def _run(self) -> None:
        last = False
        while not last:
            job, error, project = self._jobs.get(), None, None
            try:
                job()
            except CowriteError as trouble:
                error = trouble
            try:
                project = read_project(self._file)
            except CowriteError as trouble:
                error = error or trouble
            with self._lock:
                self._waiting -= 1
                last = self._waiting == 0
            self._tell(project, error, last)
