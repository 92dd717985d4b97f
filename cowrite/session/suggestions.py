"""The suggestion on its way: what of it is on screen and where, and how it ends.

A ghost begins where the writer asks, grows as the engine streams, and ends in exactly one way
(`core.outcome.Closing`). It is never in the document, the file or the undo history before it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cowrite.core.events import GHOST, PANE, Arranged, Closed, Quieted, Requested, Shown
from cowrite.core.ghost import Ghosts, Suggestion
from cowrite.core.outcome import Closing
from cowrite.core.quiet import Judge, Quiet
from cowrite.core.suggestion import Candidate, Fit, StopReason
from cowrite.session.ports import EnginePort, Listener
from cowrite.session.session_log import SessionLog


@dataclass(frozen=True, slots=True)
class Bar:
    """What a ghost that nobody asked for must reach to be shown: the mean log-probability of its tokens or,
    where there is an order learned of the writer, the probability that some of it is taken. judge: what must
    not speak against its text."""

    mean_logprob: float
    probability: float | None = None
    judge: Judge = field(default_factory=Judge)

    def why_not(self, candidate: Candidate, text: str, probability: float | None) -> Quiet | None:
        """Why a candidate with this text is not shown; None where it is. probability: as far as known."""
        if (said := self.judge.why_not(text)) is not None:
            return said
        if self.probability is not None:
            likely = probability is not None and probability >= self.probability
        else:
            mean = candidate.mean_logprob
            likely = mean is not None and mean >= self.mean_logprob
        return None if likely else Quiet.UNLIKELY


class Suggestions:
    """The suggestion of one draft, of which there is at most one at a time.

    What the journal's events make of it is in `Ghosts`, which follows the log; here is what makes the
    events.
    """

    def __init__(
        self, ghosts: Ghosts, log: SessionLog, listener: Listener, engine: EnginePort
    ) -> None:
        self._ghosts, self._log = ghosts, log
        self._listener, self._engine = listener, engine
        self._bar: Bar | None = None
        """What the current suggestion must reach; None where it was asked for."""
        self._likely: Mapping[int, float] = {}
        """How likely each of its candidates is taken, as far as that was judged."""
        self._judged: dict[tuple[int, str], Quiet | None] = {}
        """What the bar says of the candidates that have ended, by index and text."""
        self.quiet: Quiet | None = None
        """Why nothing is shown where the writer waits for something."""
        self._in_pane: set[int] = set()
        """The candidates of the current suggestion that the candidates pane shows."""
        self._waits = False
        """Whether all candidates come at once, so that none is shown before it is known which is the best."""
        self._told_only = False

    @property
    def current(self) -> Suggestion | None:
        """The suggestion on its way into the draft."""
        return self._ghosts.current

    @property
    def ghost(self) -> str:
        """The text that is shown at the cursor and isn't in the draft; empty where there is none."""
        suggestion = self.current
        if suggestion is None or self._held_back(suggestion):
            return ""
        return suggestion.ghost

    @property
    def writing(self) -> bool:
        """Whether the engine is still writing the suggestion on screen."""
        return self.current is not None and not self.current.done

    def _held_back(self, suggestion: Suggestion) -> bool:
        """Whether a ghost that nobody asked for has yet to show that it is likely enough."""
        if suggestion.accepted:
            return False
        if self._waits:
            return True
        if self._bar is None:
            return False
        if suggestion.index not in suggestion.finished:
            return True
        return self._why_not(suggestion, suggestion.index) is not None

    def _why_not(self, suggestion: Suggestion, index: int) -> Quiet | None:
        """Why a candidate that has ended is held back; None where it isn't."""
        key = (index, suggestion.texts[index])
        if self._bar is not None and key not in self._judged:
            likely = self._likely.get(index)
            self._judged[key] = self._bar.why_not(suggestion.finished[index], key[1], likely)
        return self._judged.get(key)

    # Beginning

    def begin(
        self,
        asked: Requested,
        *,
        said: str = "",
        replaces: int = 0,
        bar: Bar | None = None,
    ) -> None:
        """Journal a request, and have a suggestion for it on its way.

        said: what every candidate begins with. replaces: how many characters of the draft behind the
        position it is to take the place of. bar: what a ghost that nobody asked for must reach to be shown;
        None where the writer has asked.
        """
        self.close(Closing.REGENERATED)
        self._log.append(asked)
        self._bar, self._likely, self._judged, self.quiet = bar, {}, {}, None
        self._waits = False
        if self.current is not None:
            self.current.begin_with(said)
            self.current.take_place_of(replaces)

    def tell(self) -> None:
        """Let the writer see what there is of it."""
        self.note_ghost()
        self._listener.ghosted()
        self._listener.status()

    def wait_for_order(self) -> None:
        """All candidates come now, and which of them is shown is known with the last."""
        if self.current is not None and not self.current.on_screen:
            self._waits = True

    def show_answer(self) -> None:
        """All candidates have ended: show what is left of them, or say that there is nothing."""
        suggestion, self._waits = self.current, False
        if suggestion is None or suggestion.ghost:
            if suggestion is not None:
                self._hold_back(suggestion)
            self.tell()
        elif suggestion.accepted:
            self.close(Closing.TAKEN)
        else:
            asked_for = self._bar is None
            self.close(Closing.FAILED)
            stops = {one.stop for one in suggestion.finished.values()}
            reason = Quiet.REPEATS if stops == {StopReason.SUFFIX} else Quiet.EMPTY
            self.keep_quiet(reason, suggestion.position, suggestion.suggestion_id)
            if asked_for:
                message = "The model has nothing to say here"
                self._listener.notice(message, "Ask again, or write on.")

    def _hold_back(self, suggestion: Suggestion) -> None:
        """Show the first candidate that may be shown, or say why none is."""
        if self._bar is None or suggestion.accepted or suggestion.on_screen:
            return
        reasons = {
            index: self._why_not(suggestion, index)
            for index in suggestion.choices
            if index in suggestion.finished
        }
        free = [index for index, reason in reasons.items() if reason is None]
        if free:
            suggestion.choose(free[0])
        elif (reason := reasons.get(suggestion.index)) is not None:
            self.keep_quiet(reason, suggestion.position, suggestion.suggestion_id)

    def keep_quiet(self, reason: Quiet, position: int, suggestion_id: str | None = None) -> None:
        """Nothing is shown at this place: journal why, and have the status line say it.

        suggestion_id: what is held back, None where nothing was asked for.
        """
        self.quiet = reason
        self._log.append(Quieted(reason, position, suggestion_id))
        self._listener.status()

    def forget_quiet(self) -> None:
        """The writer goes on."""
        if self.quiet is not None:
            self.quiet = None
            self._listener.status()

    @property
    def quiet_words(self) -> str:
        """Why nothing is shown, in three words; a rest is told elsewhere, for as long as it lasts."""
        return "" if self.quiet in (None, Quiet.RESTS) else self.quiet.words

    def reveal(self) -> bool:
        """The writer asks for what was held back since it is unlikely: show it; false where nothing is."""
        suggestion = self.current
        if suggestion is None or self.quiet is not Quiet.UNLIKELY or not suggestion.ghost:
            return False
        self._bar = self.quiet = None
        self.tell()
        return True

    def arrange(
        self, likely: Mapping[int, float], scores: Mapping[int, float], fit: Fit | None = None
    ) -> None:
        """All candidates have ended, and it is known how likely each is taken and how well each fits: the one
        with the best score comes first.

        What is on screen is never exchanged for it: behind the ghost that the writer reads, the others are
        put in order. Nothing is, where more than that ghost was seen.
        """
        suggestion = self.current
        if suggestion is None:
            return
        self._likely, self._judged, self._waits = likely, {}, False
        shown = suggestion.on_screen
        if shown - {(suggestion.index, GHOST)} or suggestion.index or suggestion.accepted:
            return
        worst = float("-inf")
        order = sorted(suggestion.in_order, key=lambda index: -scores.get(index, worst))
        if shown:
            order.sort(key=lambda index: index != suggestion.index)
        suggestion.arrange(tuple(order))
        if fit is not None:
            fits = tuple(None if one is None else round(one, 3) for one in fit.fits)
            self._log.append(Arranged(suggestion.suggestion_id, tuple(order), fits))
        choices = suggestion.choices
        if not shown and choices:
            suggestion.choose(choices[0])

    # Looking

    def cycle(self, step: int) -> bool:
        """Show the next (1) or previous (-1) candidate; false where there is no other."""
        if self.current is None or not self.current.cycle(step):
            return False
        self.note_ghost()
        self._listener.ghosted()
        return True

    def choose(self, index: int) -> bool:
        """Show the candidate with this index; false where it can't be shown."""
        if self.current is None or not self.current.choose(index):
            return False
        self.note_ghost()
        self._listener.ghosted()
        return True

    def did_show(self, index: int, where: str = GHOST) -> None:
        """A candidate is on screen: journaled once each time that it comes there.

        The ghost stands alone; what the pane shows is there beside it.
        """
        suggestion = self.current
        if suggestion is None or (index, where) in suggestion.on_screen:
            return
        if where == PANE:
            self._in_pane.add(index)
        self._log.append(Shown(suggestion.suggestion_id, index, where))
        if where == GHOST:
            for other in sorted(self._in_pane):
                self.did_show(other, PANE)

    def did_close_pane(self) -> None:
        """The candidates pane shows nothing any more: the ghost is alone again."""
        if self._in_pane:
            self._in_pane.clear()
            if self.current is not None and self.ghost:
                self._log.append(Shown(self.current.suggestion_id, self.current.index))

    def is_drawn_elsewhere(self) -> None:
        """Another program draws it: what is on screen is known by `did_show` alone."""
        self._told_only = True

    def note_ghost(self) -> None:
        """Journal that the current candidate stands in the draft, where it does."""
        if self.current is not None and self.ghost and not self._told_only:
            self.did_show(self.current.index)

    # Ending

    def stop_writing(self) -> None:
        """Let the model stop; what it has written so far stays on screen."""
        if self.current is not None and not self.current.done:
            self._engine.cancel(self.current.suggestion_id)

    def reject(self) -> bool:
        """Say no to the ghost; false where there is none."""
        if self.current is None:
            return False
        self.leave(Closing.REJECTED if self.current.ghost else Closing.CANCELLED)
        return True

    def leave(self, closing: Closing) -> None:
        """The writer goes on without the ghost: the engine stops, and it is off the screen for good."""
        self.stop_writing()
        self.close(closing)

    def leave_if_taken(self) -> None:
        """Close the suggestion where all of a candidate that has ended is in the draft."""
        suggestion = self.current
        if suggestion is not None and suggestion.is_taken:
            self.leave(Closing.TAKEN)

    def close(self, closing: Closing) -> None:
        """Take the suggestion off the screen for good."""
        suggestion = self.current
        if suggestion is None:
            return
        self._in_pane.clear()
        durable = closing in (Closing.TAKEN, Closing.REJECTED)
        closed = Closed(suggestion.suggestion_id, closing, suggestion.index)
        self._log.append(closed, durable=durable)
        self._listener.ghosted()
        self._listener.status()
