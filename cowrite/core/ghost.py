"""A suggestion's life, from its request to its end: what a session's events make of it.

The live session, the replay and the feedback read it here, as they read the draft's text in `core.replay`.
What has no event, the text that the model is still writing, is told by methods of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cowrite.core import segmentation
from cowrite.core.accepted_text import AcceptedText
from cowrite.core.document import one_line_end
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    GHOST,
    PANE,
    Arranged,
    Body,
    Closed,
    Edited,
    Ended,
    Generated,
    Moved,
    Opened,
    Requested,
    Shown,
)
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, one_kind_of_line

Texts = Mapping[str, tuple[str, ...]]
"""The candidates of each suggestion, by its id."""

_AGAIN = frozenset({Origin.UNDO, Origin.REDO})
_TAKES_BACK = frozenset({Origin.TYPED, Origin.UNDO, Origin.REDO})


class Effect(StrEnum):
    """What an edit did to a suggestion."""

    TOOK = "took"
    """Some of it went into the draft."""
    GAVE_BACK = "gave back"
    """What was taken last is the ghost's again."""
    KEPT = "kept"
    """It stands where it stood, wherever that is now."""
    BROKE = "broke"
    """Its place was written over."""


@dataclass(slots=True)
class Suggestion:
    """A request that is being answered, looked at or taken: the model behind the ghost.

    `position` is where the ghost begins in the draft; it moves on as parts are taken. `accepted` is what of
    it is already in the draft. `replaces` is how many characters of the draft behind `position` give way to
    the first part that is accepted; until then they stay as they are. `finished` are the candidates that
    have ended, by index. `on_screen` are those that can be seen, each with where. `order` is in which order
    they are gone through, where that is not the one in which they were written; indexes never change.
    """

    suggestion_id: str
    position: int
    texts: list[str]
    index: int = 0
    done: bool = False
    replaces: int = 0
    finished: dict[int, Candidate] = field(default_factory=dict)
    accepted: AcceptedText = field(default_factory=AcceptedText)
    on_screen: set[tuple[int, str]] = field(default_factory=set)
    order: tuple[int, ...] = ()
    closing: Closing | None = None
    broken: bool = False
    """Whether its place was written over: it can't be followed any more."""
    _room: str = ""
    """What of the draft gave way to it: undo brings that back."""

    @property
    def taken(self) -> str:
        """What of the current candidate is in the draft, with `\\n` between its lines."""
        return one_line_end(self.accepted.text)

    @property
    def ghost(self) -> str:
        """What of the current candidate is not in the draft yet."""
        text, taken = self.texts[self.index], self.taken
        return text[len(taken) :] if text.startswith(taken) else ""

    @property
    def is_taken(self) -> bool:
        """Whether all of a candidate that has ended is in the draft."""
        return not self.ghost and self.index in self.finished

    @property
    def choices(self) -> list[int]:
        """The candidates that can be shown now, in their order: those with text beyond what was taken."""
        taken, texts = self.taken, self.texts
        return [
            index
            for index in self.in_order
            if len(texts[index]) > len(taken) and texts[index].startswith(taken)
        ]

    @property
    def in_order(self) -> tuple[int, ...]:
        """All candidates, in the order in which they are gone through and listed."""
        return self.order if len(self.order) == len(self.texts) else tuple(range(len(self.texts)))

    def part(self, part: Part) -> str:
        """The text that accepting `part` of the ghost would take."""
        ghost = self.ghost
        match part:
            case Part.WORD:
                return ghost[: segmentation.word_end(ghost)]
            case Part.SENTENCE:
                return ghost[: segmentation.next_sentence_end(ghost)]
            case Part.PARAGRAPH:
                return ghost[: segmentation.paragraph_end(ghost)]
            case Part.ALL | Part.PANE | Part.HUNK:
                return ghost
            case Part.TYPED:
                return ghost[:1]

    def copy(self) -> Suggestion:
        """The same, to be changed by itself."""
        return replace(
            self,
            texts=list(self.texts),
            finished=dict(self.finished),
            accepted=self.accepted.copy(),
            on_screen=set(self.on_screen),
        )

    # What the events say

    def shown(self, candidate: int, where: str = GHOST) -> None:
        """A candidate came on screen: as the ghost, in the place of all others, or beside them."""
        if where == GHOST:
            self.on_screen.clear()
            self.index = candidate
        self.on_screen.add((candidate, where))

    def edited(self, edit: Edit) -> Effect:
        """The draft was changed."""
        own = edit.suggestion_id == self.suggestion_id
        if own and edit.part is not None and edit.origin not in _AGAIN:
            self.accepted.add(edit.inserted, edit.part)
            self.index = self.index if edit.candidate is None else edit.candidate
            self.position = edit.end
            return Effect.TOOK
        if self.broken:
            return Effect.BROKE
        low, high = edit.start, edit.start + len(edit.deleted)
        if edit.deleted and not edit.inserted:
            back = high == self.position and edit.origin in _TAKES_BACK
            if back and self.accepted.take_back(edit.deleted):
                self.position = low
                return Effect.GAVE_BACK
            if low == self.position:
                if edit.origin is Origin.REPLACE:
                    self._room, self.replaces = edit.deleted, 0
                return Effect.KEPT
        restored = edit.inserted if edit.origin is Origin.UNDO and not edit.deleted else ""
        if restored and low == self.position and restored == self._room:
            self._room, self.replaces = "", len(restored)
            return Effect.KEPT
        if self.on_screen and low <= self.position <= high:
            self.broken = True
            return Effect.BROKE
        self.position = _moved(self.position, edit)
        return Effect.KEPT

    def answered(self, candidates: tuple[Candidate, ...]) -> None:
        """All candidates have ended: these texts replace what was known before.

        Another one is the current where that one fell.
        """
        self.texts = [one_kind_of_line(candidate.text) for candidate in candidates] or [""]
        self.finished = dict(enumerate(candidates))
        self.done = True
        choices = self.choices
        if choices and self.index not in choices:
            self.index = choices[0]
        self.index = min(self.index, len(self.texts) - 1)

    def closed(self, closing: Closing) -> None:
        """It left the screen."""
        self.closing = closing
        self.on_screen.clear()

    # What the model says meanwhile, and what the writer looks at

    def begin_with(self, text: str) -> None:
        """Every candidate begins with this text."""
        self.texts = [one_kind_of_line(text)] * len(self.texts)

    def grow(self, candidate: int, text: str) -> None:
        """The model wrote on at a candidate; nothing where there is no such candidate."""
        if 0 <= candidate < len(self.texts):
            self.texts[candidate] += one_kind_of_line(text)

    def ended(self, candidate: int, value: Candidate) -> None:
        """One candidate has ended; nothing where there is no such candidate."""
        if 0 <= candidate < len(self.texts):
            self.finished[candidate] = value
            self.texts[candidate] = one_kind_of_line(value.text)

    def take_place_of(self, size: int) -> None:
        """So many characters of the draft behind it give way when some of it is accepted."""
        self.replaces = size

    def arrange(self, order: tuple[int, ...]) -> None:
        """Go through the candidates in this order: each index once."""
        self.order = order

    def choose(self, index: int) -> bool:
        """Make another candidate the current one; false where it can't be shown."""
        if index not in self.choices:
            return False
        self.index = index
        return True

    def cycle(self, step: int) -> bool:
        """Make the next (1) or previous (-1) candidate the current one; false where there is no other."""
        choices = self.choices
        if not choices or choices == [self.index]:
            return False
        if self.index in choices:
            self.index = choices[(choices.index(self.index) + step) % len(choices)]
        else:
            self.index = choices[0 if step > 0 else -1]
        return True


class Ghosts:
    """The suggestion that is on its way at each moment of a session: applies events one by one.

    texts: the candidates of suggestions whose texts are known before they are asked for, as in a replay.
    """

    __slots__ = ("_cursor", "_texts", "current")

    def __init__(self, texts: Texts | None = None) -> None:
        self._texts: Texts = texts or {}
        self._cursor = 0
        self.current: Suggestion | None = None

    def apply(self, body: Body) -> None:
        """Do what the event did to the suggestion; most kinds do nothing."""
        match body:
            case Edited(edit):
                self._cursor = edit.end
                if self.current is not None and self.current.edited(edit) is Effect.BROKE:
                    self.current = None
            case Moved():
                self._cursor = body.head
            case Requested():
                self.current = self._begun(body)
            case Shown() if body.where in (GHOST, PANE):
                self._shown(body)
            case Generated():
                if (current := self._known(body.suggestion_id)) and body.error is None:
                    current.answered(body.candidates)
            case Arranged():
                if current := self._known(body.suggestion_id):
                    current.arrange(body.order)
            case Closed():
                if current := self._known(body.suggestion_id):
                    current.closed(body.closing)
                    self.current = None
            case Opened() | Ended():
                self._cursor, self.current = 0, None
            case _:
                pass

    def copy(self) -> Ghosts:
        """The same moment, to go on from by itself."""
        fresh = Ghosts(self._texts)
        fresh._cursor = self._cursor
        fresh.current = None if self.current is None else self.current.copy()
        return fresh

    def _known(self, suggestion_id: str) -> Suggestion | None:
        current = self.current
        return current if current is not None and current.suggestion_id == suggestion_id else None

    def _begun(self, body: Requested) -> Suggestion:
        if (texts := self._texts.get(body.suggestion_id)) is None:
            return Suggestion(body.suggestion_id, body.position, [""] * body.params.n)
        return _known(body.suggestion_id, body.position, texts)

    def _shown(self, body: Shown) -> None:
        """A candidate came on screen; of a suggestion that was closed before, at the cursor."""
        current = self._known(body.suggestion_id)
        if current is None:
            texts = self._texts.get(body.suggestion_id)
            if texts is None:
                return
            current = _known(body.suggestion_id, self._cursor, texts)
        if 0 <= body.candidate < len(current.texts):
            if not current.on_screen and body.suggestion_id in self._texts:
                current.choose(body.candidate)  # the first of a list stands in the draft meanwhile
            current.shown(body.candidate, body.where)
            self.current = current


def _known(suggestion_id: str, position: int, texts: tuple[str, ...]) -> Suggestion:
    """A suggestion whose texts are known."""
    return Suggestion(suggestion_id, position, list(map(one_kind_of_line, texts)), done=True)


def _moved(place: int, edit: Edit) -> int:
    """Where `place` is after an edit: what is before it pushes it, what covers it takes it along."""
    end = edit.start + len(edit.deleted)
    if place >= end:
        return place + len(edit.inserted) - len(edit.deleted)
    return min(place, edit.start)
