"""A writing session on one draft: its parts, and what the writer does that is about ghost and text at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cowrite import files
from cowrite.core.change import Change
from cowrite.core.document import Document
from cowrite.core.edits import Origin
from cowrite.core.events import Ended, EngineChanged
from cowrite.core.ghost import Ghosts, Suggestion
from cowrite.core.instruction import Rewrite
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, Provenance, Runs, one_run
from cowrite.core.rewrites import Rewrites
from cowrite.engine.protocol import EngineState, HostMessage
from cowrite.session.accepting import Accepting
from cowrite.session.answers import Answers
from cowrite.session.bringing_back import BringingBack
from cowrite.session.buffer import Buffer
from cowrite.session.deciding import Deciding
from cowrite.session.desk import Desk
from cowrite.session.draft_file import DraftFile
from cowrite.session.instructions import Instructions
from cowrite.session.kept_here import KeptHere
from cowrite.session.opening import Beginning
from cowrite.session.options import RequestOptions
from cowrite.session.ordering import Ordering, OrderPort
from cowrite.session.pauses import Pauses
from cowrite.session.ports import EnginePort, Listener, Log, NoEngine, NoJournal, Relay
from cowrite.session.questions import Questions
from cowrite.session.recovery import RecoveryOffer
from cowrite.session.requests import Requests
from cowrite.session.responses import Responses
from cowrite.session.session_log import SessionLog
from cowrite.session.suggestions import Suggestions
from cowrite.store import Journal, Recovery, Store


class DraftSession:
    """One draft in one window, headless: `tui` draws it, scripts and tests call it.

    Each part owns what it writes; what is only about one of them is asked of it: `suggestions.cycle(1)`,
    `file.save()`. The verbs here are about the ghost and the text, and do each once: the ghost first, then
    the text. The properties are what a page draws (`tui.editor.view.DraftView`).
    """

    def __init__(
        self,
        loaded: files.LoadedDraft,
        runs: Runs,
        journal: Journal | None = None,
        *,
        log: Log | None = None,
        engine: EnginePort | None = None,
        options: RequestOptions | None = None,
        listener: Listener | None = None,
        recovery: Recovery | None = None,
        order: OrderPort | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """log: where events go in `journal`'s place. order: where the learned order is. clock: in seconds."""
        self.journal = journal
        self.engine: EnginePort = KeptHere(engine or NoEngine(), lambda: self.file.path)
        self.listener = Relay(listener)
        ghosts = Ghosts()
        responses = Responses(clock)
        rewrites = Rewrites(lambda: self.buffer.document)
        self.log = SessionLog(log or journal or NoJournal(), ghosts, responses, rewrites)
        self.buffer = Buffer(
            loaded.text,
            runs,
            self.log,
            self.listener,
            read_only=loaded.read_only,
            read_only_hint=loaded.advice or "",
        )
        self.suggestions = Suggestions(ghosts, self.log, self.listener, self.engine)
        ordering = Ordering(self.suggestions, responses, self.listener, clock, order)
        self.answers = Answers(
            self.suggestions, ordering, self.log, self.listener, self.engine, clock
        )
        self.requests = Requests(
            self.buffer,
            self.suggestions,
            self.answers,
            ordering,
            self.engine,
            self.listener,
            options or RequestOptions(),
        )
        self.accepting = Accepting(self.buffer, self.suggestions, self.listener)
        desk = Desk(self.buffer, self.log, self.listener, self.engine)
        self.instructions = Instructions(desk, rewrites, self.suggestions, self.answers)
        self.deciding = Deciding(desk, self.instructions)
        (tasks := self.instructions.tasks).know(self.requests.notes_for)
        self.questions = Questions(desk, tasks, self.suggestions, self.answers)
        suggesting = (self.suggestions, self.instructions, self.requests)
        self.pauses = Pauses(desk, *suggesting, ordering, responses, clock)
        self.file = DraftFile(loaded, self.buffer, self.log, self.listener)
        self.requests.know(lambda: self.file.path)
        self.recovery = RecoveryOffer(recovery, self.file, self.log)
        self.notes: list[tuple[str, str]] = []
        """What the writer should be told of the file and the log: sentences, each with its hint."""
        self._engine_was = (self.engine.status.state, self.engine.status.reason)
        self._closed = False

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        store: Store | None,
        engine: EnginePort | None = None,
        options: RequestOptions | None = None,
        listener: Listener | None = None,
        feedback: bool = True,
        order: OrderPort | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> DraftSession:
        """Load a draft (or begin a new one, also without a name) and begin a session on it.

        feedback: whether suggestions and decisions are logged; edits always are, for recovery.
        Raises DraftError where the file can't be read. A log that fails costs the log, not the session.
        """
        begun = Beginning.of(path, store, feedback=feedback)
        session = cls(
            *(begun.loaded, begun.runs, begun.journal),
            engine=engine,
            options=options,
            listener=listener,
            recovery=begun.recovery,
            order=order,
            clock=clock,
        )
        if session.buffer.read_only is not None:
            session.notes.append(session.buffer.read_only_notice())
        session.notes += begun.notes
        return session

    # What a page draws

    @property
    def document(self) -> Document:
        """The draft."""
        return self.buffer.document

    @property
    def provenance(self) -> Provenance:
        """Who wrote which characters of it."""
        return self.buffer.provenance

    @property
    def cursor(self) -> int:
        """Where the cursor is."""
        return self.buffer.cursor

    @property
    def selected(self) -> tuple[int, int]:
        """The selection in the order of the text."""
        return self.buffer.selected

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggestion on its way."""
        return self.suggestions.current

    @property
    def ghost(self) -> str:
        """Its text that is shown and isn't in the draft."""
        return self.suggestions.ghost

    @property
    def rewrite(self) -> Rewrite | None:
        """The rewrite that stands in the draft."""
        return self.instructions.current

    # The ghost first, then the text

    def select(self, anchor: int, head: int) -> None:
        """Move the cursor; a ghost that it leaves behind is closed."""
        self.pauses.end()
        self.buffer.select(anchor, head)
        suggestion = self.suggestion
        if suggestion is not None and self.buffer.selection != (suggestion.position,) * 2:
            self.suggestions.leave(Closing.MOVED)

    def type(self, text: str) -> None:
        """Type; what the ghost says is taken from it, anything else closes it."""
        if self.accepting.agrees(text):
            self.pauses.end()
            self.accepting.type_through(text)
        else:
            self._leave(Closing.TYPED)
            self.buffer.type(text)

    def delete(self, start: int, end: int) -> None:
        """Delete; what was just taken from the ghost goes back to it."""
        if self.accepting.gives_back(start, end):
            self.pauses.end()
            self.buffer.delete(start, end)
            self.listener.ghosted()
        else:
            self._leave(Closing.TYPED)
            self.buffer.delete(start, end)

    def paste(self, text: str, *, goes_on: bool = False) -> None:
        """Paste; a ghost is closed. goes_on: more of the paste before."""
        self._leave(Closing.TYPED)
        self.buffer.paste(text, goes_on=goes_on)

    def cut(self) -> str:
        """Cut; a ghost is closed."""
        self._leave(Closing.TYPED)
        return self.buffer.cut()

    def exchange(self, start: int, end: int, text: str) -> None:
        """Put other signs in the place of what was just typed, as a step of its own for undo."""
        self._leave(Closing.TYPED)
        self.buffer.exchange(start, end, text)

    def replace_many(self, edits: list[tuple[int, int, str]]) -> int:
        """Replace; a ghost is closed."""
        self._leave(Closing.MOVED)
        return self.buffer.replace_many(edits)

    def carry_out(self, change: Change) -> None:
        """Make a change that a key stands for; a ghost is closed."""
        self._leave(Closing.TYPED)
        self.buffer.carry_out(change)

    def become(self, text: str, runs: Runs, origin: Origin) -> bool:
        """Make the draft another text; a ghost is closed."""
        self._leave(Closing.MOVED)
        return self.buffer.become(text, runs, origin)

    def undo(self) -> bool:
        """Undo; the ghost that the undone step was taken from is back, any other is closed."""
        if self.accepting.undo_gives_back():
            self.pauses.end()
            done = self.buffer.undo()
            self.listener.ghosted()
            return done
        self._leave(Closing.MOVED)
        return BringingBack(self.buffer, self.answers, self.requests).undo()

    def redo(self) -> bool:
        """Redo; a ghost is closed."""
        self._leave(Closing.MOVED)
        return self.buffer.redo()

    def reload(self) -> bool:
        """Take over what is in the file now, as one undo step. Raises DraftError."""
        loaded = self.file.read_again()
        if loaded is None:
            return False
        changed = self.become(loaded.text, one_run(len(loaded.text), FILE), Origin.RELOAD)
        self.file.took_over(loaded)
        return changed

    def recover(self) -> bool:
        """Take over what was lost, as one undo step; the file stays as it is until a save."""
        lost = self.recovery.take()
        if lost is None:
            return False
        done = self.become(lost.text, lost.runs, Origin.RECOVER)
        self.select(*lost.selection)
        return done

    def close(self, how: str = "quit") -> None:
        """End the session. `how` says why: `quit`, `discard`, `terminated`, `hangup`.

        Only `quit` and `discard` are the writer's word that what is unsaved may go.
        """
        if self._closed:
            return
        self._closed = True
        self._leave(Closing.ENDED)
        self.instructions.leave(Closing.ENDED)
        self.questions.close()
        self.log.append(Ended(len(self.document), not self.buffer.dirty, how), durable=True)
        if self.journal is not None:
            self.journal.close()

    def _leave(self, closing: Closing) -> None:
        """The writer goes on without the ghost."""
        self.pauses.end()
        self.suggestions.leave(closing)

    # What happens around the draft

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine. Called on the UI thread."""
        self.answers.receive(message)
        self.instructions.receive(message)
        self.questions.receive(message)

    def engine_leaves(self) -> None:
        """Another model takes over: the ghost is of the one before, and what is asked now has no answer."""
        self._leave(Closing.CANCELLED)
        if self.instructions.writing:
            self.instructions.leave(Closing.CANCELLED)
        self.questions.close_unanswered()

    def engine_changed(self) -> None:
        """The engine's status is another one."""
        state, reason = self.engine.status.state, self.engine.status.reason
        if (state, reason) != self._engine_was:
            self._engine_was = (state, reason)
            if state not in (EngineState.READY, EngineState.WRITING):
                self.log.append(EngineChanged(str(state), reason))
        if state in (EngineState.LOADING, EngineState.RESTARTING):
            self.pauses.forget_warmed()
        self.listener.status()
