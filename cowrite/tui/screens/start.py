"""What is there when cowrite is started without a file: recent drafts, a new one, the tour."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.tui.screens.choosing import Choice, Chooser

NEW = "\0new"
TOUR = "\0tour"


@dataclass(frozen=True, slots=True)
class RecentDraft:
    """A draft that was open before. seen: wall-clock seconds of the last session's start.

    here: what it is in this window, `open` or `not saved`; empty where it isn't open.
    """

    path: Path
    seen: float
    here: str = ""


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A text of the project. what: its place there, such as `chapter 2 of The Mill`."""

    path: Path
    what: str


def ago(seconds: float) -> str:
    """How long ago, in words."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // size)
        if count >= 1:
            return f"{count} {unit}{'s' if count != 1 else ''} ago"
    return "just now"


class StartScreen(Chooser):
    """Answers with a path, `NEW` or `TOUR`; None (escape) is a new draft too."""

    def __init__(
        self,
        recent: list[RecentDraft],
        *,
        first_time: bool,
        project: Sequence[ProjectDraft] = (),
        now: float | None = None,
    ) -> None:
        now = time.time() if now is None else now
        drafts = [Choice(str(r.path), r.path.name, _about(r, now)) for r in recent]
        tour = Choice(TOUR, "Take the tour", "two minutes, in a sample draft")
        new = Choice(NEW, "New draft", "give it a name when you save it")
        known = {recent_draft.path for recent_draft in recent}
        drafts += [
            Choice(str(one.path), one.path.name, one.what)
            for one in project
            if one.path not in known
        ]
        entries = [tour, new, *drafts] if first_time else [*drafts, new, tour]
        super().__init__("cowrite", entries, free="Open", placeholder="a file's name, or choose")


def _about(draft: RecentDraft, now: float) -> str:
    """Where a draft is and when it was open; what is open says so first, where nothing is cut."""
    folder = _folder(draft.path)
    return f"{draft.here}  {folder}" if draft.here else f"{folder}  {ago(now - draft.seen)}"


def _folder(path: Path) -> str:
    try:
        return f"~/{path.parent.relative_to(Path.home())}".removesuffix("/.")
    except ValueError:
        return str(path.parent)
