"""The draft and the ghost or rewrite in it, as they were after some of a session's events."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cowrite.core.diff import difference
from cowrite.core.document import Document
from cowrite.core.edits import Edit
from cowrite.core.events import (
    Body,
    Edited,
    Generated,
    Instructed,
    Opened,
    Requested,
    Stamped,
)
from cowrite.core.ghost import Ghosts, Suggestion, Texts
from cowrite.core.instruction import Rewrite
from cowrite.core.provenance import Provenance, Runs
from cowrite.core.replay import Replay
from cowrite.core.rewrites import Rewrites

Lines = tuple[int, int, int]
"""`(first, before, after)`: the lines [first, first + before) became [first, first + after)."""


def offered(events: list[Stamped]) -> dict[str, tuple[str, ...]]:
    """The candidates of each suggestion, as they ended.

    The log has them when the last one is written, which is after the first is seen: so they are looked up
    before the session is played.
    """
    return {
        body.suggestion_id: tuple(candidate.text for candidate in body.candidates)
        for stamped in events
        if isinstance(body := stamped.body, Generated)
    }


@dataclass(frozen=True, slots=True)
class State:
    """What a scene shows at one moment."""

    text: str
    runs: Runs
    selection: tuple[int, int]
    ghosts: Ghosts
    rewrites: Rewrites


class Scene:
    """Applies events one by one.

    `document` is one object for good, so that who draws it can follow its changes. texts: the candidates of
    the session's suggestions (`offered`).
    """

    def __init__(self, texts: Texts) -> None:
        self._replay = Replay()
        self._ghosts = Ghosts(texts)
        self._rewrites = Rewrites(lambda: self.document, texts.get)

    @property
    def document(self) -> Document:
        return self._replay.document

    @property
    def provenance(self) -> Provenance:
        return self._replay.provenance

    @property
    def selection(self) -> tuple[int, int]:
        return self._replay.selection

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggestion that is on screen, from its first candidate to its end."""
        current = self._ghosts.current
        return current if current is not None and current.on_screen else None

    @property
    def rewrite(self) -> Rewrite | None:
        """The rewrite that stands in the draft, from its first candidate to its end."""
        current = self._rewrites.current
        return current if current is not None and current.on_screen else None

    def apply(self, body: Body) -> Lines | None:
        """Do what an event did; returns the lines that it changed.

        Raises ReplayError where an edit does not fit the draft; the scene is then as it was before.
        """
        lines = None
        match body:
            case Edited(edit):
                first = self._line_at(edit.start - 1 if self._behind_return(edit) else edit.start)
                last = self._line_at(edit.start + len(edit.deleted))
                count = self.document.line_count
                self._replay.apply(body)
                before = last - first + 1
                lines = first, before, before + self.document.line_count - count
            case Opened():
                fresh = Replay()
                fresh.apply(body)
                lines = self._become(fresh.text, fresh.runs, fresh.selection)
            case Requested():
                body = replace(body, position=min(body.position, len(self.document)))
            case Instructed():
                body = replace(body, start=min(body.start, len(self.document)))
            case _:
                self._replay.apply(body)
        self._ghosts.apply(body)
        self._rewrites.apply(body)
        return lines

    def _line_at(self, offset: int) -> int:
        return self.document.line_at(min(max(0, offset), len(self.document)))

    def _behind_return(self, edit: Edit) -> bool:
        """Whether an edit may make one ending of two signs: the line before it ends with `\\r`."""
        return self.document.slice(max(0, edit.start - 1), edit.start) == "\r"

    # Moments

    def state(self) -> State:
        """What is shown now, to come back to it."""
        replay = self._replay
        ghosts, rewrites = self._ghosts.copy(), self._rewrites.copy()
        return State(replay.text, replay.runs, replay.selection, ghosts, rewrites)

    def become(self, state: State) -> Lines | None:
        """Show another moment; returns the lines that changed, None where the text is the same."""
        self._ghosts, self._rewrites = state.ghosts.copy(), state.rewrites.copy()
        return self._become(state.text, state.runs, state.selection)

    def _become(self, text: str, runs: Runs, selection: tuple[int, int]) -> Lines | None:
        replay = self._replay
        old = replay.text
        lines = None
        if text != old:
            start, end, fresh = difference(old, text)
            _, first, before, after = replay.document.replace(start, end, text[start:fresh])
            lines = first, before, after
        replay.show(runs, selection)
        return lines
