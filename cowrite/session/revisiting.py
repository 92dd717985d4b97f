"""Going back to what was generated: an earlier suggestion again, or another word in the middle of one.

Both are requests of their own in the journal, with the suggestion that they go back to as their parent.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cowrite.core.events import Generated, Requested
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.suggestion import Candidate, Suggestion, Timings, Token, one_kind_of_line
from cowrite.core.window import Context
from cowrite.engine.protocol import Done, Finished, HostMessage
from cowrite.session.suggesting import Suggesting

if TYPE_CHECKING:
    from cowrite.core.rows import SuggestionRow

TAIL = 80
"""Characters before the cursor that make a place: the draft may change anywhere else."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was generated at a place before. requested_at: ISO time in UTC."""

    suggestion_id: str
    candidates: tuple[Candidate, ...]
    outcome: Outcome
    requested_at: str


def same_place(row: SuggestionRow, before: str) -> bool:
    """Whether a logged request was made where `before` is the draft's text up to the cursor."""
    tail = before[-TAIL:]
    if len(before) <= TAIL:
        return row.prefix == before
    return row.prefix.endswith(tail)


def earlier(row: SuggestionRow) -> Earlier:
    """A logged suggestion as something to go back to."""
    candidates = tuple(Candidate(c.text, c.tokens, c.stop) for c in row.candidates if c.text)
    return Earlier(row.suggestion_id, candidates, row.outcome, row.requested_at)


class Revisiting(Suggesting):
    """A draft whose writer can go back to what the model said."""

    _lead: tuple[Token, ...] = ()

    def revisit(self, again: Earlier, index: int = 0) -> bool:
        """Show what was generated at this place before; false where there is nothing to show."""
        if self._refuses() or not 0 <= index < len(again.candidates):
            return False
        self._leave(Closing.REGENERATED)
        self.history.close()
        identity, position = uuid.uuid4().hex, self.cursor
        context = self._context(position)
        self.log(
            Requested(
                identity,
                position,
                context.start,
                context.end,
                self.asking.params,
                self.model_name,
                self.model_sha256,
                head=context.head,
                parent_id=again.suggestion_id,
            )
        )
        self.log(Generated(identity, again.candidates, Timings()))
        texts = [one_kind_of_line(candidate.text) for candidate in again.candidates]
        numbers = set(range(len(texts)))
        self.suggestion = Suggestion(identity, position, texts, index, done=True, finished=numbers)
        self.finished = dict(enumerate(again.candidates))
        self._auto = False
        self._note_shown()
        self.listener.ghosted()
        self.listener.status()
        return True

    def ask_from(self, token: int, alternative: int) -> bool:
        """Ask again with the shown candidate up to its `token` and there the `alternative` instead.

        False where that is not known: the candidate is still being written, or has been begun to be taken.
        """
        suggestion = self.suggestion
        candidate = self.finished.get(suggestion.index) if suggestion is not None else None
        if suggestion is None or candidate is None or suggestion.taken or self.engine is None:
            return False
        if not 0 <= token < len(candidate.tokens):
            return False
        others = candidate.tokens[token].alternatives
        if not 0 <= alternative < len(others):
            return False
        text, logprob = others[alternative]
        lead = (*candidate.tokens[:token], Token(text, logprob, others))
        self._lead = lead
        try:
            self.ask()
        finally:
            self._lead = ()
        fresh = self.suggestion
        if fresh is None or fresh is suggestion:
            return False
        self._leads = {fresh.suggestion_id: lead}
        fresh.texts = [one_kind_of_line(_text(lead))] * len(fresh.texts)
        self.listener.ghosted()
        return True

    _leads: dict[str, tuple[Token, ...]] = {}  # noqa: RUF012 - replaced, never changed

    def _context(self, position: int) -> Context:
        context = super()._context(position)
        return (
            replace(context, before=context.before + _text(self._lead)) if self._lead else context
        )

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine; what was chosen by hand comes before what it wrote."""
        lead = self._leads.get(getattr(message, "request_id", None) or "")
        if lead is not None and isinstance(message, Finished):
            whole = _led(lead, message.candidate_value)
            message = Finished(message.request_id, message.candidate, whole)
        elif lead is not None and isinstance(message, Done):
            candidates = tuple(_led(lead, candidate) for candidate in message.candidates)
            message = Done(
                message.request_id,
                candidates,
                message.prompt_tokens,
                message.cached_tokens,
                message.timings,
                message.seed,
            )
        super().receive(message)


def _text(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text for token in tokens)


def _led(lead: tuple[Token, ...], candidate: Candidate) -> Candidate:
    return Candidate(_text(lead) + candidate.text, (*lead, *candidate.tokens), candidate.stop)
