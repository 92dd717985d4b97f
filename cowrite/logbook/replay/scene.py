"""The draft and the ghost in it, as they were after some of a session's events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cowrite.core.difference import difference
from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Edit
from cowrite.core.events import (
    Body,
    Closed,
    Edited,
    Ended,
    Generated,
    Opened,
    Requested,
    Shown,
    Stamped,
)
from cowrite.core.provenance import Provenance, Runs
from cowrite.core.replay import Replay
from cowrite.core.suggestion import Suggestion

Lines = tuple[int, int, int]
"""`(first, before, after)`: the lines [first, first + before) became [first, first + after)."""

Texts = Mapping[str, tuple[str, ...]]
"""The candidates of each suggestion."""


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
    """What a scene shows at one moment. `asked`: the last request that nothing was shown of, and where."""

    text: str
    runs: Runs
    selection: tuple[int, int]
    suggestion: Suggestion | None = None
    asked: tuple[str, int] | None = None


class Scene:
    """Applies events one by one.

    `document` is one object for good, so that who draws it can follow its changes. The ghost is on screen
    from `Shown` to `Closed`, and gives what was taken of it to the draft, as in the session.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._replay = Replay()
        self._asked: tuple[str, int] | None = None
        self.suggestion: Suggestion | None = None

    @property
    def document(self) -> Document:
        return self._replay.document

    @property
    def provenance(self) -> Provenance:
        return self._replay.provenance

    @property
    def selection(self) -> tuple[int, int]:
        return self._replay.selection

    def apply(self, body: Body) -> Lines | None:
        """Do what an event did; returns the lines that it changed.

        Raises ReplayError where an edit does not fit the draft; the scene is then as it was before.
        """
        match body:
            case Edited(edit):
                first = self._line_at(edit.start - 1 if self._behind_return(edit) else edit.start)
                last, count = (
                    self._line_at(edit.start + len(edit.deleted)),
                    self.document.line_count,
                )
                self._replay.apply(body)
                self._follow(edit)
                before = last - first + 1
                return first, before, before + self.document.line_count - count
            case Opened():
                fresh = Replay()
                fresh.apply(body)
                return self.become(State(fresh.text, fresh.runs, fresh.selection))
            case Requested():
                self.suggestion = None
                self._asked = (body.suggestion_id, body.position)
            case Shown():
                self._show(body)
            case Closed():
                if self.suggestion and self.suggestion.suggestion_id == body.suggestion_id:
                    self.suggestion = None
            case Ended():
                self.suggestion = None
            case _:
                self._replay.apply(body)
        return None

    def _line_at(self, offset: int) -> int:
        return self.document.line_at(min(max(0, offset), len(self.document)))

    def _behind_return(self, edit: Edit) -> bool:
        """Whether an edit may make one ending of two signs: the line before it ends with `\\r`."""
        return self.document.slice(max(0, edit.start - 1), edit.start) == "\r"

    # The ghost

    def _show(self, shown: Shown) -> None:
        """Bring a candidate to the screen. Of several that a list showed at once it is the first."""
        texts = self._texts.get(shown.suggestion_id, ())
        if not 0 <= shown.candidate < len(texts):
            return
        suggestion = self.suggestion
        if suggestion is not None and suggestion.suggestion_id == shown.suggestion_id:
            if shown.where == "ghost":
                suggestion.index = shown.candidate
            return
        asked, self._asked = self._asked, None
        known = asked is not None and asked[0] == shown.suggestion_id
        place = asked[1] if asked is not None and known else self.selection[1]
        self.suggestion = Suggestion(
            shown.suggestion_id,
            min(place, len(self.document)),
            list(texts),
            shown.candidate,
            done=True,
        )

    def _follow(self, edit: Edit) -> None:
        """Let an edit take from the ghost, give back to it, move it or end it."""
        if self._asked is not None:
            name, place = self._asked
            self._asked = (name, _moved(place, edit))
        suggestion = self.suggestion
        if suggestion is None:
            return
        end = edit.start + len(edit.deleted)
        own = edit.suggestion_id == suggestion.suggestion_id
        if own and edit.candidate is not None and 0 <= edit.candidate < len(suggestion.texts):
            suggestion.index = edit.candidate
        fresh = one_line_end(edit.inserted)
        if own and not edit.deleted and suggestion.ghost.startswith(fresh):
            suggestion.take(fresh)
            suggestion.position = edit.end
        elif end == suggestion.position and edit.deleted and not edit.inserted:
            if suggestion.give_back(one_line_end(edit.deleted)):
                suggestion.position = edit.start
            else:
                self.suggestion = None
        elif edit.start == suggestion.position and not edit.inserted:
            pass  # what the ghost comes in the place of makes room
        elif edit.start <= suggestion.position <= end:
            self.suggestion = None
        else:
            suggestion.position = _moved(suggestion.position, edit)

    # Moments

    def state(self) -> State:
        """What is shown now, to come back to it."""
        replay, suggestion = self._replay, self.suggestion
        copy = None if suggestion is None else replace(suggestion)
        return State(replay.text, replay.runs, replay.selection, copy, self._asked)

    def become(self, state: State) -> Lines | None:
        """Show another moment; returns the lines that changed, None where the text is the same."""
        replay = self._replay
        old = replay.text
        lines = None
        if state.text != old:
            start, end, fresh = difference(old, state.text)
            _, *lines_changed = replay.document.replace(start, end, state.text[start:fresh])
            first, before, after = lines_changed
            lines = (first, before, after)
        replay.provenance = Provenance(state.runs)
        replay.selection = state.selection
        self.suggestion = None if state.suggestion is None else replace(state.suggestion)
        self._asked = state.asked
        return lines


def _moved(place: int, edit: Edit) -> int:
    """Where `place` is after an edit: what is before it pushes it, what covers it takes it along."""
    end = edit.start + len(edit.deleted)
    if place >= end:
        return place + len(edit.inserted) - len(edit.deleted)
    return min(place, edit.start)
