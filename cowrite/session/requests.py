"""Asking for suggestions: at the cursor, again, from another word on; and going back to earlier ones.

Going back is a request of its own in the journal, with the suggestion that it goes back to as its parent. What
comes stands as a ghost where the other text begins, and takes its place only when it is accepted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.accepted_spans import SpanTokens
from cowrite.core.context import Context, ContextPart, PartKind, context_at
from cowrite.core.events import Requested
from cowrite.core.outcome import Closing
from cowrite.core.quiet import NEAR, Judge
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Earlier, Params, Token
from cowrite.session.answers import Answers
from cowrite.session.buffer import Buffer
from cowrite.session.earlier_passages import EarlierPassages
from cowrite.session.frame import Frame
from cowrite.session.memory import Memory
from cowrite.session.options import RequestOptions
from cowrite.session.ordering import Ordering
from cowrite.session.ports import EnginePort, Listener
from cowrite.session.suggestions import Suggestions

if TYPE_CHECKING:
    from cowrite.learning.order import Order


class Requests:
    """Asks the engine for what is to stand at a place of the draft. `options` say how."""

    def __init__(
        self,
        buffer: Buffer,
        suggestions: Suggestions,
        answers: Answers,
        ordering: Ordering,
        engine: EnginePort,
        listener: Listener,
        options: RequestOptions,
    ) -> None:
        self._buffer, self._suggestions, self._answers = buffer, suggestions, answers
        self._ordering = ordering
        self._engine, self._listener = engine, listener
        self.options = options
        self.earlier, self.memory = EarlierPassages(), Memory()
        self._frame = Frame()
        self._shown_for: tuple[str, Context] | None = None
        """The suggestion that was asked for last, and what the model was shown for it."""
        self._asked: tuple[int, int] | None = None
        """The seed of the place that was asked at last, and how often since in a row."""

    def use(self, options: RequestOptions) -> None:
        """Ask in this way from now on."""
        self._suggestions.forget_quiet()
        self.options = options

    def know(self, path: Callable[[], Path | None]) -> None:
        """Where the draft's file is, as it is called now: its name tells what kind of text it is."""
        self._frame.use(path, lambda: self.memory.title)

    # At the cursor

    def ask(self, *, auto: bool = False, gone: tuple[str, str] = ("", "")) -> None:
        """Ask for suggestions at the cursor. With a ghost on screen, ask for others in its place.

        gone: what the writer has just taken away there, and typed there since.
        """
        if not auto and self._suggestions.reveal():
            return
        if self._buffer.refuses() or not self._can_ask(quiet=auto):
            return
        if self.memory.is_far(self._buffer.cursor, self.window):
            self.look_for_names()
        suggestion = self._suggestions.current
        parent = suggestion.suggestion_id if suggestion else None
        replaces = suggestion.replaces if suggestion else 0
        self._request(self._buffer.cursor, parent=parent, replaces=replaces, auto=auto, gone=gone)

    def shown(self) -> Context:
        """What the model was shown for the suggestion on screen; without one, what it would be shown now."""
        asked = self._shown_for
        suggestion = self._suggestions.current
        if asked is not None and suggestion is not None and suggestion.suggestion_id == asked[0]:
            return asked[1]
        return self.context_at(self._buffer.cursor)

    def context_at(self, position: int, replaces: int = 0) -> Context:
        """What the model is shown at a position, without the characters behind it that are replaced."""
        document, options = self._buffer.document, self.options
        head = options.head
        parts = [ContextPart(PartKind.HEAD, head, "model.head of the settings")] if head else []
        parts += (  # without a reserve, so that they don't move the window
            part for part in self.earlier.parts if options.passages or self.memory.has(part.source)
        )
        if not head:
            parts += self._frame.parts(document, position, self.window - self.memory.reserved)
        context = context_at(
            document,
            position,
            budget=self.window,
            parts=(*parts, *self.memory.parts),
            reserved=len(head) + self.memory.reserved,
        )
        if not replaces:
            return context
        behind = context_at(document, position + replaces, budget=1)
        return replace(context, after=behind.after, end=behind.end)

    @property
    def window(self) -> int:
        """Characters before the position that the model is shown, with what is reserved for other parts."""
        return self.options.context_budget or self._engine.status.window_chars

    def look_for_passages(self) -> bool:
        """Look which earlier passages should stand before the draft; true where those are others now."""
        buffer, memory = self._buffer, self.memory
        at, tokens = (buffer.document, buffer.cursor), self.options.passages
        return self.earlier.look(*at, tokens, self.window, memory.passages(), memory.told)

    def look_for_names(self, instruction: str = "") -> bool:
        """Look what of the project should stand beside the draft; true where that is something else now."""
        return self.memory.look(
            self._buffer.document, self._buffer.cursor, self.window, instruction
        )

    def notes_for(self, words: str, instruction: str) -> tuple[str, ...]:
        """What of the project goes with an instruction on these words: texts, the stablest first."""
        return self.memory.notes_for(words, self.window, instruction)

    def compared(self) -> tuple[Context, Params] | None:
        """What would be asked at the cursor, for asking it in two ways; None where nothing can be asked."""
        if not self._can_ask():
            return None
        context = self.context_at(self._buffer.cursor)
        return context, replace(self._params, seed=place_seed(context))

    def _can_ask(self, *, quiet: bool = False) -> bool:
        """Whether there is a model; where there is none, the writer is told why."""
        status = self._engine.status
        if not status.can_ask and not quiet:
            reason = status.reason or "the model is still being made ready"
            self._listener.notice(f"There is no model to ask: {reason}", severity="warning")
        return status.can_ask

    def _request(
        self,
        position: int,
        *,
        parent: str | None = None,
        lead: tuple[Token, ...] = (),
        replaces: int = 0,
        auto: bool = False,
        gone: tuple[str, str] = ("", ""),
    ) -> None:
        """Begin a suggestion at `position`, in the place of the one on screen.

        lead: tokens that every candidate begins with. replaces: how many characters of the draft behind
        `position` it is to take the place of; the model is not shown them.
        """
        self._buffer.history.close()
        context = self.context_at(position, replaces)
        said = "".join(token.text for token in lead)
        shown = replace(context, before=context.before + said) if lead else context
        order = self._ordering.current() if self.options.order else None
        params = self._params_at(shown, order, auto=auto)
        self._asked = self._place_of(shown)
        asked = self._requested(position, context, params, parent, replaces, auto=auto)
        asked = replace(asked, learned=self._learned(order))
        judge = Judge(shown.before[-NEAR:], shown.after[:NEAR], *gone)
        bar = self.options.bar(judge, learned=order is not None) if auto else None
        self._suggestions.begin(asked, said=said, replaces=replaces, bar=bar)
        self._ordering.asked(asked.suggestion_id, order, context, auto)
        self._answers.expect(asked.suggestion_id, lead)
        self._shown_for = (asked.suggestion_id, context)
        self._engine.suggest(asked.suggestion_id, shown, params)
        self._suggestions.tell()

    def _learned(self, order: Order | None) -> str:
        """All that was learned and is in use, besides an adapter: `order 3, passages`."""
        passages = bool(self.options.passages and self.earlier.parts)
        parts = ("" if order is None else order.label, "passages" if passages else "")
        return ", ".join(filter(None, parts))

    @property
    def _params(self) -> Params:
        return self.options.params_with(self._engine.status.advice)

    def _params_at(self, context: Context, order: Order | None, *, auto: bool) -> Params:
        """Those of a request at a place: its seed is the place's, another one each time in a row."""
        params = self._params
        if auto and order is not None and self.options.timing:
            params = replace(params, max_tokens=order.timing.most(params.max_tokens))
        if params.seed is None:
            params = replace(params, seed=place_seed(context, self._place_of(context)[1]))
        return params

    def _place_of(self, context: Context) -> tuple[int, int]:
        """The seed of a place, and how often was asked there in a row before."""
        seed, asked = place_seed(context), self._asked
        return seed, asked[1] + 1 if asked is not None and asked[0] == seed else 0

    def expected(self) -> tuple[Context, Params]:
        """The request that comes if the writer asks at the cursor now, or asking by itself does."""
        order = self._ordering.current() if self.options.order else None
        context = self.context_at(self._buffer.cursor)
        return context, self._params_at(context, order, auto=self.options.auto)

    def _requested(
        self,
        position: int,
        context: Context,
        params: Params,
        parent: str | None,
        replaces: int,
        *,
        auto: bool = False,
    ) -> Requested:
        """The journal's event of a request, with a new id."""
        status = self._engine.status
        return Requested(
            uuid.uuid4().hex,
            position,
            context.start,
            # Between the position and what the model was shown stands what is to be replaced.
            position if replaces else context.end,
            params,
            status.model_name,
            status.model_sha256,
            head=context.head + context.near,
            auto=auto,
            parent_id=parent,
            adapter=status.adapter,
        )

    # Going back to what was generated

    def revisit(
        self, again: Earlier, index: int = 0, *, at: int | None = None, replaces: int = 0
    ) -> bool:
        """Show what was generated before; false where there is nothing to show.

        at: where, the cursor where None. replaces: how many characters behind it are to give way.
        """
        if self._buffer.refuses() or not 0 <= index < len(again.candidates):
            return False
        self._suggestions.leave(Closing.REGENERATED)
        position = self._buffer.cursor if at is None else at
        self._buffer.history.close()
        self._buffer.select(position, position)
        context = self.context_at(position, replaces)
        asked = self._requested(
            position,
            context,
            self._params,
            again.suggestion_id,
            replaces,
        )
        self._suggestions.begin(asked, replaces=replaces)
        self._answers.give(asked.suggestion_id, again.candidates)
        self._suggestions.choose(index)
        self._suggestions.tell()
        return True

    # Another word

    def ask_from(self, token: int, alternative: int) -> bool:
        """Ask again with the shown candidate up to its `token` and there the `alternative` instead.

        False where that is not known: the candidate is still being written, or has been begun to be taken.
        """
        suggestion = self._suggestions.current
        candidate = suggestion.finished.get(suggestion.index) if suggestion is not None else None
        if suggestion is None or candidate is None or suggestion.accepted:
            return False
        if self._buffer.refuses():
            return False
        chosen = candidate.alternative(token, alternative)
        if chosen is None or not self._can_ask():
            return False
        self._request(
            suggestion.position,
            parent=suggestion.suggestion_id,
            lead=(*candidate.tokens[:token], chosen),
            replaces=suggestion.replaces,
        )
        return True

    def ask_from_span(self, found: SpanTokens, token: int, alternative: int) -> bool:
        """Ask how an accepted span goes on from one of its tokens, with an alternative there instead.

        The rest of the span stays in the draft until some of the new text is accepted. False where the
        token is gone from the draft, or there is no such alternative.
        """
        place = found.places[token] if 0 <= token < len(found.places) else None
        chosen = found.candidate.alternative(token, alternative)
        if place is None or chosen is None or self._buffer.refuses() or not self._can_ask():
            return False
        self._suggestions.leave(Closing.REGENERATED)
        start = place[0]
        self._buffer.select(start, start)
        self._request(
            start,
            parent=found.span.suggestion_id,
            lead=(chosen,),
            replaces=found.span.end - start,
        )
        return True
