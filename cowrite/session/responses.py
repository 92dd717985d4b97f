"""What the writer does with suggestions, as the session's events say it, and the restraint that it asks for.

Suggestions that nobody asked for come less often when they are refused: five refusals in a row double the
pause, ten give it a rest. They stay away in headings, after a deletion and while the writer undoes: there it
is known what is wanted, or not known at all. Hiding a ghost by going away is no refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import GHOST, PANE, Body, Closed, Edited, Requested, Shown
from cowrite.core.ghost import Suggestion
from cowrite.core.outcome import Closing, Facts, outcome, verdict
from cowrite.core.quiet import Quiet, TakenAway

if TYPE_CHECKING:
    from cowrite.learning.features import Recent

WARY_FROM = 5
"""Refusals in a row that double the pause."""
RESTS_FROM = 10
"""Refusals in a row that give it a rest."""
REST = 30.0
"""Seconds of a rest."""
_WARY = 2.0


class Responses:
    """Follows the session's log. `clock`: seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._auto = False
        self._shown_at: float | None = None
        self._refused = 0
        """Suggestions in a row that nobody had asked for and the writer refused."""
        self._rests_until: float | None = None
        self._after: Quiet | None = None
        """What the last edit was, where nothing is said behind such: it only took away, undid or redid."""
        self._taken_away = TakenAway()
        self._recent: Recent | None = None

    @property
    def recent(self) -> Recent:
        """What the features of a candidate need of the last decisions."""
        if self._recent is None:
            # Imported here, since the first paint waits for every import of a session.
            from cowrite.learning.features import Recent

            self._recent = Recent()
        return self._recent

    @property
    def resting(self) -> bool:
        """Whether suggestions that nobody asked for have a rest now."""
        return self._rests_until is not None and self._clock() < self._rests_until

    @property
    def took_away(self) -> Quiet | None:
        """Why nothing is said behind the last edit: the writer has just deleted, undone or redone something."""
        return self._after

    def gone_at(self, position: int) -> tuple[str, str]:
        """What the writer took away last right there, and what was typed in its place since."""
        return self._taken_away.at(position)

    @property
    def patience(self) -> float:
        """Times the usual pause."""
        return _WARY if self._refused >= WARY_FROM else 1.0

    def saw(self, body: Body, current: Suggestion | None) -> None:
        """An event is about to be journaled, with this suggestion on its way."""
        match body:
            case Edited(edit):
                self._after = _takes_away(edit)
                self._taken_away.follow(edit)
            case Requested():
                self._auto, self._shown_at = body.auto, None
            case Shown(where=where) if self._shown_at is None and where in (GHOST, PANE):
                self._shown_at = self._clock()
            case Closed():
                if current is not None and current.suggestion_id == body.suggestion_id:
                    self._closed(current, body.closing)
            case _:
                pass

    def _closed(self, suggestion: Suggestion, closing: Closing) -> None:
        now = self._clock()
        shown_ms = 0.0 if self._shown_at is None else max(1.0, (now - self._shown_at) * 1000)
        accepted = suggestion.accepted
        facts = Facts(
            whole=suggestion.texts[suggestion.index],
            inserted=suggestion.taken,
            by_hand=accepted.by_hand,
            final=None,
            # As in the rows of the log: what was taken back by undo was an explicit no.
            closing=Closing.REJECTED if accepted.refused and not accepted else closing,
            shown_ms=shown_ms,
        )
        took = verdict(outcome(facts), facts.closing)
        if took is None:
            return
        self.recent.decided(facts.whole, took=took, refused=not took, now=now)
        if took:
            self._refused, self._rests_until = 0, None
        elif self._auto:
            self._refused += 1
            if self._refused >= RESTS_FROM:
                # Afterwards it is wary still, and five more refusals give it the next rest.
                self._refused, self._rests_until = WARY_FROM, now + REST


def _takes_away(edit: Edit) -> Quiet | None:
    if edit.origin in (Origin.UNDO, Origin.REDO):
        return Quiet.UNDO
    return Quiet.DELETION if edit.deleted and not edit.inserted else None
