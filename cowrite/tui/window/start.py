"""The first moments, and the way to another draft: recent ones, a new one, the tour."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.config import project_file
from cowrite.errors import CowriteError
from cowrite.paths import private_folder
from cowrite.tui.services import Window

if TYPE_CHECKING:
    from cowrite.tui.screens.start import ProjectDraft, RecentDraft


def show_start(window: Window) -> None:
    """Let the writer choose what to begin with."""
    recent = recent_drafts(window)
    _choose(window, recent, first_time=not recent)


def choose_draft(window: Window) -> None:
    """The same list, from within a draft."""
    _choose(window, recent_drafts(window), first_time=False)


def _choose(window: Window, recent: list[RecentDraft], *, first_time: bool) -> None:
    from cowrite.tui.screens.start import NEW, TOUR, StartScreen

    def answered(answer: str | None) -> None:
        if answer == NEW:
            draft = window.drafts.current
            if draft is None or draft.session.file.path is not None or draft.session.buffer.dirty:
                window.drafts.open(None)
        elif answer == TOUR:
            take_tour(window)
        elif answer:
            window.drafts.open(Path(answer))

    drafts = project_drafts(window)
    window.push_screen(StartScreen(recent, first_time=first_time, project=drafts), answered)


def project_drafts(window: Window) -> list[ProjectDraft]:
    """The texts of the project that the draft on the screen, or the folder, is in; those of a wrong one are
    none, which its drafts are told."""
    draft = window.drafts.current
    path = draft.session.file.path if draft is not None else None
    if project_file(path) is None:
        return []
    from cowrite.memory.project import find_project, named_files
    from cowrite.tui.screens.start import ProjectDraft

    try:
        project = find_project(path)
        if project is None:
            return []
        return [
            ProjectDraft(one, f"{what} of {project.title}") for one, what in named_files(project)
        ]
    except (CowriteError, OSError):
        return []


def recent_drafts(window: Window) -> list[RecentDraft]:
    """Drafts of earlier sessions that are still there, the last one first."""
    from cowrite.tui.screens.start import RecentDraft

    if window.store is None:
        return []
    here = {
        str(session.file.path.absolute()): "not saved" if session.buffer.dirty else "open"
        for session in (draft.session for draft in window.drafts)
        if session.file.path is not None
    }
    found = [
        RecentDraft(Path(r.path), r.opened_ms / 1000, here.get(r.path, ""))
        for r in window.store.reader.recent(12)
    ]
    return [draft for draft in found if draft.path.is_file()]


def take_tour(window: Window) -> None:
    """Two minutes in a sample draft of the writer's own."""
    from cowrite.logbook.scratch import TOUR as TOUR_FILE
    from cowrite.tui.screens.tour import TOUR

    path = window.paths.data / TOUR_FILE
    try:
        private_folder(path.parent)
        path.write_text(TOUR, encoding="utf-8")
        path.chmod(0o600)
    except (OSError, CowriteError):
        window.tell("The tour can't be written.", f"Is there space in {path.parent}?", "warning")
        return
    window.drafts.open(path)
