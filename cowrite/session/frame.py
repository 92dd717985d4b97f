"""Keeps a draft's frame: what the model is told of the kind of text, while the draft is short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cowrite.core.context import ContextPart, PartKind, window_start
from cowrite.core.document import Document, one_line_end
from cowrite.core.frames import ENOUGH, frame_for


class Frame:
    """Of one draft. It follows a short draft, stays as it is while the draft grows, so that nothing is read
    again, and goes when the window leaves the draft's beginning."""

    def __init__(self) -> None:
        self._path: Callable[[], Path | None] = lambda: None
        self._title: Callable[[], str] = lambda: ""
        self._text = ""

    def use(self, path: Callable[[], Path | None], title: Callable[[], str]) -> None:
        """Take the draft's file and its project's title from there."""
        self._path, self._title = path, title

    def parts(self, document: Document, position: int, budget: int) -> tuple[ContextPart, ...]:
        """The frame for a position in a window of at most `budget` characters, if there is one."""
        if len(document) <= ENOUGH:
            draft = one_line_end(document.slice(0, len(document)))
            path = self._path()
            self._text = frame_for(draft, path.stem if path is not None else "", self._title())
        if not self._text or window_start(document, position, max(1, budget)):
            return ()
        return (ContextPart(PartKind.FRAME, self._text, "the draft's name and beginning"),)
