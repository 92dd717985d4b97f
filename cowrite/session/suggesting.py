"""Asking for suggestions and deciding on them: the life of a ghost.

A ghost begins where the writer asks, grows as the engine streams, and ends in exactly one way
(`core.outcome.Closing`). It is never in the document, the file or the undo history before it is taken.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import Closed, EngineChanged, Generated, Requested, Shown
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author, Runs, Source, one_run
from cowrite.core.suggestion import Candidate, Params, Suggestion, Timings
from cowrite.core.window import Context, context_at
from cowrite.engine.protocol import (
    Chunk,
    Done,
    Failed,
    Finished,
    HostMessage,
    Loaded,
    Started,
    StateChanged,
)
from cowrite.session.editing import Editing, Listener, Log

WINDOW_CHARS = 6000
"""Characters of draft that are sent while the model hasn't said how many it can take."""


class Engine(Protocol):
    """What a session needs of `engine.client.EngineClient`."""

    def warm(self, context: Context) -> None: ...

    def suggest(self, request_id: str, context: Context, params: Params) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """How a session asks: from the settings, and changed by the writer as the session goes on.

    context_budget: the most characters of draft that the model is shown, 0 for what the model can take.
    head: frozen text before it.
    auto: ask by itself after `auto_pause` seconds without a key; ghosts whose mean log-probability is
    below `auto_threshold` stay away. run_ahead: whether new text is evaluated while the writer pauses.
    """

    params: Params = field(default_factory=Params)
    context_budget: int = 0
    head: str = ""
    auto: bool = False
    auto_pause: float = 0.9
    auto_threshold: float = -2.5
    run_ahead: bool = True


@dataclass(slots=True)
class _Pending:
    """A request that the engine hasn't answered in full."""

    asked_at: float
    first_at: float | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    finished: dict[int, Candidate] = field(default_factory=dict)


class Suggesting(Editing):
    """A draft with a ghost in it. `suggestion` is the one on screen, or None."""

    def __init__(
        self,
        text: str,
        runs: Runs,
        log: Log,
        *,
        asking: Asking | None = None,
        listener: Listener | None = None,
        read_only: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(text, runs, log, listener=listener, read_only=read_only)
        self.asking = asking or Asking()
        self.engine: Engine | None = None
        self.engine_state = "loading"
        self.engine_reason = ""
        self.model_name = ""
        self.model_sha256 = ""
        self.suggestion: Suggestion | None = None
        self.finished: dict[int, Candidate] = {}
        """The candidates of `suggestion` that have ended, by index."""
        self._auto = False
        self._pending: dict[str, _Pending] = {}
        self._on_screen: tuple[str, int] | None = None
        self._clock = clock
        self._active_at = clock()
        self._window_chars = WINDOW_CHARS
        self._warmed: tuple[int, int] | None = None
        self._auto_asked: tuple[int, int] | None = None

    @property
    def ghost(self) -> str:
        """The text that is shown at the cursor and isn't in the draft; empty where there is none."""
        suggestion = self.suggestion
        if suggestion is None or self._held_back(suggestion):
            return ""
        return suggestion.ghost

    @property
    def writing(self) -> bool:
        """Whether the engine is still writing the suggestion on screen."""
        return self.suggestion is not None and not self.suggestion.done

    def _held_back(self, suggestion: Suggestion) -> bool:
        """Whether a ghost that nobody asked for has yet to show that it is likely enough."""
        if not self._auto:
            return False
        ended = self.finished.get(suggestion.index)
        likely = ended.mean_logprob if ended is not None else None
        return likely is None or likely < self.asking.auto_threshold

    # Asking

    def ask(self, *, auto: bool = False) -> None:
        """Ask for suggestions at the cursor. With a ghost on screen, ask for others."""
        if self._refuses():
            return
        if self.engine is None or self.engine_state == "no model":
            if not auto:
                reason = self.engine_reason or "the model is still being made ready"
                self.listener.notice(f"There is no model to ask: {reason}", severity="warning")
            return
        parent = self.suggestion.suggestion_id if self.suggestion else None
        self._close(Closing.REGENERATED)
        self.history.close()
        position = self.cursor
        context = self._context(position)
        identity = uuid.uuid4().hex
        params = self.asking.params
        if params.seed is None:
            params = replace(params, seed=secrets.randbits(31))
        self.log(
            Requested(
                identity,
                position,
                context.start,
                context.end,
                params,
                self.model_name,
                self.model_sha256,
                head=context.head,
                auto=auto,
                parent_id=parent,
            )
        )
        self.suggestion = Suggestion(identity, position, [""] * params.n)
        self.finished = {}
        self._auto = auto
        self._pending[identity] = _Pending(self._clock())
        self.engine.suggest(identity, context, params)
        self.listener.ghosted()
        self.listener.status()

    def _context(self, position: int) -> Context:
        asking = self.asking
        budget = asking.context_budget or self._window_chars
        return context_at(self.document, position, budget=budget, head=asking.head)

    def tick(self) -> None:
        """Do what a pause is for: run ahead, ask by itself. The UI calls this some times a second."""
        self.flush_moves()
        if self.engine is None or self.read_only is not None:
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
        ready = self.engine_state == "ready" and self.suggestion is None and len(self.document) > 0
        if (
            self.asking.auto
            and ready
            and idle >= self.asking.auto_pause
            and self._auto_asked != place
        ):
            self._auto_asked = place
            if self.selection[0] == self.cursor:
                self.ask(auto=True)

    # Deciding

    def cycle(self, step: int) -> bool:
        """Show the next (1) or previous (-1) candidate; false where there is no other."""
        if self.suggestion is None or not self.suggestion.cycle(step):
            return False
        self._note_shown()
        self.listener.ghosted()
        return True

    def choose(self, index: int) -> bool:
        """Show the candidate with this index; false where it can't be shown."""
        suggestion = self.suggestion
        if suggestion is None or index not in suggestion.choices:
            return False
        suggestion.index = index
        self._note_shown()
        self.listener.ghosted()
        return True

    def accept(self, part: Part = Part.ALL) -> str:
        """Take a part of the ghost into the draft, as one undo step; returns what was taken."""
        suggestion = self.suggestion
        if suggestion is None or not self.ghost:
            return ""
        text = suggestion.part(part)
        self._insert(suggestion, text, part)
        if part is Part.ALL and not suggestion.done:
            self._cancel(suggestion)
            self._close(Closing.TAKEN)
        else:
            self._close_if_taken()
        return text

    def accept_edited(self, text: str) -> None:
        """Take `text`, which the writer made of the ghost in the pane, in its place."""
        suggestion = self.suggestion
        if suggestion is None or self._refuses():
            return
        self._cancel(suggestion)
        self._insert(suggestion, text, Part.PANE, whole=False)
        self._close(Closing.TAKEN)

    def reject(self) -> bool:
        """Say no to the ghost; false where there is none."""
        if self.suggestion is None:
            return False
        self._cancel(self.suggestion)
        self._close(Closing.REJECTED if self.suggestion.ghost else Closing.CANCELLED)
        return True

    def _insert(
        self, suggestion: Suggestion, text: str, part: Part, *, whole: bool = True
    ) -> Edit | None:
        if not text:
            return None
        identity = suggestion.suggestion_id
        source = Source(Author.MODEL, identity)
        fresh = self._with_newlines(text)
        place = suggestion.position
        self.history.close()
        edit = self._edit(
            place,
            place,
            fresh,
            Origin.SUGGESTION,
            runs=one_run(len(fresh), source),
            suggestion_id=identity,
            candidate=suggestion.index,
            part=part,
        )
        if edit is not None and whole:
            suggestion.take(text)
            suggestion.position = edit.end
            self.listener.ghosted()
        return edit

    # The writer's hands, with a ghost on screen

    def select(self, anchor: int, head: int) -> None:
        """Move the cursor; a ghost that it leaves behind is closed."""
        self._active_at = self._clock()
        super().select(anchor, head)
        suggestion = self.suggestion
        if suggestion is not None and self.selection != (suggestion.position,) * 2:
            self._cancel(suggestion)
            self._close(Closing.MOVED)

    def type(self, text: str) -> None:
        """Type; what the ghost says is taken from it, anything else closes it."""
        self._active_at = self._clock()
        suggestion = self.suggestion
        if suggestion is not None and self.selection == (suggestion.position,) * 2:
            ghost = self.ghost
            if text and ghost.startswith(text):
                self._type_through(suggestion, text)
                return
        self._leave(Closing.TYPED)
        super().type(text)

    def _type_through(self, suggestion: Suggestion, text: str) -> None:
        edit = self._edit(
            suggestion.position,
            suggestion.position,
            text,
            Origin.TYPED,
            suggestion_id=suggestion.suggestion_id,
            candidate=suggestion.index,
            part=Part.TYPED,
        )
        if edit is None:
            return
        suggestion.take(text)
        suggestion.position = edit.end
        self._close_if_taken()
        self.listener.ghosted()

    def delete(self, start: int, end: int) -> None:
        """Delete; what was just taken from the ghost goes back to it."""
        self._active_at = self._clock()
        suggestion = self.suggestion
        if suggestion is not None and end == suggestion.position and start < end:
            gone = self.document.slice(start, end).replace("\r\n", "\n")
            if suggestion.give_back(gone):
                super().delete(start, end)
                suggestion.position = start
                self.listener.ghosted()
                return
        self._leave(Closing.TYPED)
        super().delete(start, end)

    def paste(self, text: str) -> None:
        """Paste; a ghost is closed."""
        self._leave(Closing.TYPED)
        super().paste(text)

    def cut(self) -> str:
        """Cut; a ghost is closed."""
        self._leave(Closing.TYPED)
        return super().cut()

    def replace_many(self, edits: list[tuple[int, int, str]]) -> int:
        """Replace; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().replace_many(edits)

    def become(self, text: str, runs: Runs, origin: Origin) -> bool:
        """Make the draft another text; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().become(text, runs, origin)

    def undo(self) -> bool:
        """Undo; a ghost gets back what the undone step had taken from it, or is closed."""
        self._active_at = self._clock()
        suggestion, step = self.suggestion, self.history.last
        if suggestion is not None and step is not None and len(step.edits) == 1:
            edit = step.edits[0]
            own = edit.suggestion_id == suggestion.suggestion_id and edit.end == suggestion.position
            if own and suggestion.give_back(edit.inserted.replace("\r\n", "\n")):
                done = super().undo()
                suggestion.position = edit.start
                self.listener.ghosted()
                return done
        self._leave(Closing.MOVED)
        return super().undo()

    def redo(self) -> bool:
        """Redo; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().redo()

    # What the engine says

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine. Called on the UI thread."""
        match message:
            case StateChanged():
                self._receive_state(message.state, message.reason)
            case Loaded():
                if not self.asking.context_budget:
                    self._window_chars = message.window_chars
            case Started():
                if (pending := self._pending.get(message.request_id)) is not None:
                    pending.prompt_tokens = message.prompt_tokens
                    pending.cached_tokens = message.cached_tokens
            case Chunk():
                self._receive_chunk(message)
            case Finished():
                self._receive_finished(message)
            case Done():
                self._receive_done(message)
            case Failed():
                self._receive_failed(message)
            case _:
                pass

    def _receive_state(self, state: str, reason: str) -> None:
        if (state, reason) == (self.engine_state, self.engine_reason):
            return
        self.engine_state, self.engine_reason = state, reason
        if state not in ("ready", "writing"):
            self.log(EngineChanged(str(state), reason))
        if state in ("loading", "restarting"):
            self._warmed = None
        self.listener.status()

    def _current(self, request_id: str) -> Suggestion | None:
        suggestion = self.suggestion
        if suggestion is not None and suggestion.suggestion_id == request_id:
            return suggestion
        return None

    def _receive_chunk(self, message: Chunk) -> None:
        pending = self._pending.get(message.request_id)
        if pending is not None and pending.first_at is None:
            pending.first_at = self._clock()
        suggestion = self._current(message.request_id)
        if suggestion is None or not 0 <= message.candidate < len(suggestion.texts):
            return
        suggestion.texts[message.candidate] += message.text
        if message.candidate == suggestion.index:
            self._note_shown()
        self.listener.ghosted()

    def _receive_finished(self, message: Finished) -> None:
        pending = self._pending.get(message.request_id)
        if pending is not None:
            pending.finished[message.candidate] = message.candidate_value
        suggestion = self._current(message.request_id)
        if suggestion is None or not 0 <= message.candidate < len(suggestion.texts):
            return
        self.finished[message.candidate] = message.candidate_value
        suggestion.finished.add(message.candidate)
        suggestion.texts[message.candidate] = message.candidate_value.text
        self._note_shown()
        self.listener.ghosted()

    def _receive_done(self, message: Done) -> None:
        pending = self._pending.pop(message.request_id, None)
        if pending is None:
            return
        self.log(
            Generated(
                message.request_id,
                message.candidates,
                message.timings,
                message.prompt_tokens,
                message.cached_tokens,
                first_ms=_ms(pending.asked_at, pending.first_at),
                total_ms=_ms(pending.asked_at, self._clock()),
            )
        )
        suggestion = self._current(message.request_id)
        if suggestion is not None:
            self._settle_texts(suggestion, message.candidates)

    def _settle_texts(self, suggestion: Suggestion, candidates: tuple[Candidate, ...]) -> None:
        """Put the final texts in the place of what was streamed; show another where the one shown fell."""
        for index, candidate in enumerate(candidates[: len(suggestion.texts)]):
            suggestion.texts[index] = candidate.text
            self.finished[index] = candidate
        suggestion.done = True
        choices = suggestion.choices
        if suggestion.index not in choices and choices:
            suggestion.index = choices[0]
        if not suggestion.ghost:
            if suggestion.taken:
                self._close(Closing.TAKEN)
            else:
                self._close(Closing.FAILED)
                if not self._auto:
                    self.listener.notice(
                        "The model has nothing to say here", "Ask again, or write on."
                    )
            return
        self._note_shown()
        self.listener.ghosted()
        self.listener.status()

    def _receive_failed(self, message: Failed) -> None:
        if message.request_id is None:
            self.listener.notice(message.message, message.hint, "warning")
            return
        pending = self._pending.pop(message.request_id, None)
        if pending is None:
            return
        ended = tuple(pending.finished[index] for index in sorted(pending.finished))
        self.log(
            Generated(
                message.request_id,
                ended,
                Timings(),
                first_ms=_ms(pending.asked_at, pending.first_at),
                total_ms=_ms(pending.asked_at, self._clock()),
                error=message.message,
            )
        )
        if self._current(message.request_id) is not None:
            self._close(Closing.FAILED)
            self.listener.notice(message.message, message.hint, "warning")

    # Closing

    def _note_shown(self) -> None:
        """Journal that the current candidate is on screen, once each time that it comes there."""
        suggestion = self.suggestion
        if suggestion is None or not self.ghost:
            return
        shown = (suggestion.suggestion_id, suggestion.index)
        if shown != self._on_screen:
            self._on_screen = shown
            self.log(Shown(*shown))

    def _close_if_taken(self) -> None:
        suggestion = self.suggestion
        if suggestion is not None and not suggestion.ghost and suggestion.index in self.finished:
            self._cancel(suggestion)
            self._close(Closing.TAKEN)

    def _leave(self, closing: Closing) -> None:
        """The writer goes on without the ghost."""
        self._active_at = self._clock()
        if self.suggestion is not None:
            self._cancel(self.suggestion)
            self._close(closing)

    def _cancel(self, suggestion: Suggestion) -> None:
        """Stop the engine's work on a suggestion that is still being written."""
        if not suggestion.done and self.engine is not None:
            self.engine.cancel(suggestion.suggestion_id)

    def _close(self, closing: Closing) -> None:
        """Take the suggestion off the screen for good."""
        suggestion = self.suggestion
        if suggestion is None:
            return
        self.suggestion = None
        self._on_screen = None
        durable = closing in (Closing.TAKEN, Closing.REJECTED)
        self.log(Closed(suggestion.suggestion_id, closing, suggestion.index), durable=durable)
        self.listener.ghosted()
        self.listener.status()

    def set_asking(self, **changes: object) -> None:
        """Change how the session asks, from now on."""
        self.asking = replace(self.asking, **changes)  # type: ignore[arg-type]


def _ms(start: float, end: float | None) -> float | None:
    return None if end is None else round((end - start) * 1000, 1)
