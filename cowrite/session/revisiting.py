"""Going back to what was generated: an earlier suggestion again, or another word in the middle of one.

Both are requests of their own in the journal, with the suggestion that they go back to as their parent. What
comes stands as a ghost where the other text begins, and takes its place only when it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.accepted_spans import Span, SpanTokens, span_at, span_tokens
from cowrite.core.events import Generated
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, Timings, Token, is_part, one_kind_of_line
from cowrite.session.accepting import Suggesting


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was generated before: the suggestion that it was, and the candidates to show again."""

    suggestion_id: str
    candidates: tuple[Candidate, ...]


class Revisiting(Suggesting):
    """A draft whose writer can go back to what the model said."""

    def revisit(
        self, again: Earlier, index: int = 0, *, at: int | None = None, replaces: int = 0
    ) -> bool:
        """Show what was generated before; false where there is nothing to show.

        at: where, the cursor where None. replaces: how many characters behind it are to give way.
        """
        if self._refuses() or not 0 <= index < len(again.candidates):
            return False
        self._leave(Closing.REGENERATED)
        self.history.close()
        position = self.cursor if at is None else at
        self.select(position, position)
        context = self._context(position, replaces)
        suggestion = self._begin(
            position, context, self.asking.params, again.suggestion_id, replaces
        )
        self._remember(suggestion.suggestion_id, again.candidates)
        self.log(Generated(suggestion.suggestion_id, again.candidates, Timings()))
        suggestion.texts = [one_kind_of_line(candidate.text) for candidate in again.candidates]
        suggestion.index, suggestion.done = index, True
        suggestion.finished = set(range(len(suggestion.texts)))
        self.finished = dict(enumerate(again.candidates))
        self._note_shown()
        self.listener.ghosted()
        self.listener.status()
        return True

    # Another word

    def ask_from(self, token: int, alternative: int) -> bool:
        """Ask again with the shown candidate up to its `token` and there the `alternative` instead.

        False where that is not known: the candidate is still being written, or has been begun to be taken.
        """
        suggestion = self.suggestion
        candidate = self.finished.get(suggestion.index) if suggestion is not None else None
        if suggestion is None or candidate is None or suggestion.taken or self._refuses():
            return False
        chosen = _alternative(candidate, token, alternative)
        if chosen is None or not self._can_ask():
            return False
        self._request(
            suggestion.position,
            parent=suggestion.suggestion_id,
            lead=(*candidate.tokens[:token], chosen),
            replaces=suggestion.replaces,
        )
        return True

    def span(self) -> Span | None:
        """The accepted span that the cursor is in."""
        return span_at(self.provenance, self.cursor)

    def span_tokens(self, candidates: tuple[Candidate, ...]) -> SpanTokens | None:
        """The tokens of the span that the cursor is in, of these candidates of its suggestion."""
        span = self.span()
        return span_tokens(self.document, span, candidates) if span is not None else None

    def ask_from_span(self, found: SpanTokens, token: int, alternative: int) -> bool:
        """Ask how an accepted span goes on from one of its tokens, with an alternative there instead.

        The rest of the span stays in the draft until some of the new text is accepted. False where the
        token is gone from the draft, or there is no such alternative.
        """
        place = found.places[token] if 0 <= token < len(found.places) else None
        chosen = _alternative(found.candidate, token, alternative)
        if place is None or chosen is None or self._refuses() or not self._can_ask():
            return False
        self._leave(Closing.REGENERATED)
        start = place[0]
        self.select(start, start)
        self._request(
            start,
            parent=found.span.suggestion_id,
            lead=(chosen,),
            replaces=found.span.end - start,
        )
        return True


def _alternative(candidate: Candidate, token: int, alternative: int) -> Token | None:
    """One of a token's alternatives as the token that takes its place; a part of a character can't."""
    if not 0 <= token < len(candidate.tokens):
        return None
    others = candidate.tokens[token].alternatives
    if not 0 <= alternative < len(others):
        return None
    text, logprob = others[alternative]
    if is_part(text):
        return None
    return Token(text, logprob, others)
