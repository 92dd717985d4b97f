"""Asking for suggestions: at the cursor, again, from a word on, and by itself in a pause."""

from __future__ import annotations

import uuid
from dataclasses import replace

from cowrite.core.events import Requested
from cowrite.core.outcome import Closing
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Params, Suggestion, Token, one_kind_of_line
from cowrite.core.window import Context, context_at
from cowrite.engine.protocol import EngineState
from cowrite.session.suggestions import Answering, Pending

OPENING = "Chapter One\n\n"
"""What a model is shown before an empty draft: out of nothing it writes about anything at all, so the first
suggestion would be a shop's notice as likely as a story's beginning. It is logged as the request's head."""

_BLANK = 64
"""Characters of white space that still make an empty draft."""


class Requesting(Answering):
    """A draft whose writer can ask."""

    def ask(self, *, auto: bool = False) -> None:
        """Ask for suggestions at the cursor. With a ghost on screen, ask for others in its place."""
        if self._refuses():
            return
        if not self._can_ask(quiet=auto):
            return
        suggestion = self.suggestion
        parent = suggestion.suggestion_id if suggestion else None
        replaces = suggestion.replaces if suggestion else 0
        self._request(self.cursor, parent=parent, replaces=replaces, auto=auto)

    def _can_ask(self, *, quiet: bool = False) -> bool:
        """Whether there is a model; where there is none, the writer is told why."""
        status = self.engine.status
        if status.can_ask:
            return True
        if not quiet:
            reason = status.reason or "the model is still being made ready"
            self.listener.notice(f"There is no model to ask: {reason}", severity="warning")
        return False

    def _request(
        self,
        position: int,
        *,
        parent: str | None = None,
        lead: tuple[Token, ...] = (),
        replaces: int = 0,
        auto: bool = False,
    ) -> Suggestion:
        """Begin a suggestion at `position`, in the place of the one on screen.

        lead: tokens that every candidate begins with. replaces: how many characters of the draft behind
        `position` it is to take the place of; the model is not shown them.
        """
        self._close(Closing.REGENERATED)
        self.history.close()
        context = self._context(position, replaces)
        said = "".join(token.text for token in lead)
        asked = replace(context, before=context.before + said) if lead else context
        params = self.asking.params
        if params.seed is None:
            params = replace(params, seed=self._seed(asked))
        suggestion = self._begin(position, context, params, parent, replaces, auto=auto)
        suggestion.texts = [one_kind_of_line(said)] * params.n
        self._pending[suggestion.suggestion_id] = Pending(self._clock(), lead=lead)
        self.engine.suggest(suggestion.suggestion_id, asked, params)
        if said:
            self._note_shown()
        self.listener.ghosted()
        self.listener.status()
        return suggestion

    def _begin(
        self,
        position: int,
        context: Context,
        params: Params,
        parent: str | None,
        replaces: int,
        *,
        auto: bool = False,
    ) -> Suggestion:
        """Journal a request, and have an empty suggestion for it on screen."""
        identity, status = uuid.uuid4().hex, self.engine.status
        self.log(
            Requested(
                identity,
                position,
                context.start,
                # Between the position and what the model was shown stands what is to be replaced.
                position if replaces else context.end,
                params,
                status.model_name,
                status.model_sha256,
                head=context.head,
                auto=auto,
                parent_id=parent,
                adapter=status.adapter,
            )
        )
        self.suggestion = Suggestion(identity, position, [""] * params.n, replaces=replaces)
        self.finished = {}
        self._auto = auto
        return self.suggestion

    def _seed(self, context: Context) -> int:
        """The seed of this place, another one each time that it is asked there again in a row."""
        seed = place_seed(context)
        again = self._asked is not None and self._asked[0] == seed
        self._asked = (seed, self._asked[1] + 1 if again and self._asked else 0)
        return place_seed(context, self._asked[1])

    def _context(self, position: int, replaces: int = 0) -> Context:
        asking = self.asking
        budget = asking.context_budget or self.engine.status.window_chars
        head = asking.head
        if not head and len(self.document) <= _BLANK and not self.document.text.strip():
            head = OPENING
        context = context_at(self.document, position, budget=budget, head=head)
        if not replaces:
            return context
        behind = context_at(self.document, position + replaces, budget=1)
        return replace(context, after=behind.after, end=behind.end)

    def tick(self) -> None:
        """Do what a pause is for: run ahead, ask by itself. The UI calls this some times a second."""
        self.flush_moves()
        status = self.engine.status
        if not status.connected or self.read_only is not None:
            return
        place = (self.document.version, self.cursor)
        idle = self._clock() - self._active_at
        if (
            self.asking.run_ahead
            and self.suggestion is None
            and self._warmed != place
            and idle >= 0.1
        ):
            self._warmed = place
            self.engine.warm(self._context(self.cursor))
        ready = (
            status.state is EngineState.READY and self.suggestion is None and len(self.document) > 0
        )
        if (
            self.asking.auto
            and ready
            and idle >= self.asking.auto_pause
            and self._auto_asked != place
        ):
            self._auto_asked = place
            if self.selection[0] == self.cursor:
                self.ask(auto=True)
