"""What is asked and answered, in the log: a session for each client, of the origin `serve`.

What a program does with an answer is not known here: it is shown nowhere, so that its outcome is `unseen`, and
nothing is learned from it.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from cowrite import __version__
from cowrite.config import Settings
from cowrite.core.conversation import Speaker, Turn
from cowrite.core.diff import difference
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import (
    SERVED,
    Closed,
    Edited,
    Ended,
    EngineLoaded,
    Generated,
    Opened,
    Requested,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, one_run
from cowrite.core.suggestion import Timings
from cowrite.engine.protocol import Converse, Done, Failed, Loaded, ModelFile, Suggest
from cowrite.errors import StoreError
from cowrite.session.options import how_loaded
from cowrite.store import Journal, Store

MOST_OPEN = 16
"""Clients whose sessions are open at once; that of the one who has asked least lately ends before another."""

_LONGEST = 80
"""Characters of a client's name, which it chooses."""

_SPEAKERS = {Speaker.SYSTEM: "System", Speaker.USER: "User", Speaker.MODEL: "Assistant"}


@dataclass(slots=True)
class _Session:
    journal: Journal
    text: str = ""
    loaded: EngineLoaded | None = None


class Record:
    """The log of a server. Everything here runs on the event loop, and nothing of it waits for the disk."""

    def __init__(
        self, store: Store, model: ModelFile, settings: Settings, say: Callable[[str], None]
    ) -> None:
        self._store, self._model, self._settings, self._say = store, model, settings, say
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._loaded: EngineLoaded | None = None

    def loaded(self, message: Loaded) -> None:
        """This is how the model is evaluated from now on."""
        self._loaded = how_loaded(message, self._settings)

    def answered(self, client: str, asked: Suggest | Converse, answer: Done | Failed) -> None:
        """Log a request that has ended, as one that was made on what the model was shown of its text."""
        session = self._session(client)
        before, after, head = _shown(asked)
        text = before + after
        put = session.journal.append
        if self._loaded is not None and session.loaded != self._loaded:
            session.loaded = self._loaded
            put(self._loaded)
        if text != session.text:
            put(Edited(_becoming(session.text, text)))
            session.text = text
        name = uuid.uuid4().hex
        seed = answer.seed if isinstance(answer, Done) else asked.params.seed
        params = replace(asked.params, seed=seed)
        file = self._model
        put(
            Requested(
                name,
                len(before),
                0,
                len(text),
                params,
                file.name,
                file.sha256,
                head=head,
                adapter=_adapter(file),
            )
        )
        put(_generated(name, answer))
        put(Closed(name, Closing.ENDED, 0))

    def close(self) -> None:
        """End all sessions, and let go of the log."""
        while self._sessions:
            self._end(next(iter(self._sessions)))
        self._store.close()

    def _session(self, client: str) -> _Session:
        found = self._sessions.get(client)
        if found is not None:
            self._sessions.move_to_end(client)
            return found
        while len(self._sessions) >= MOST_OPEN:
            self._end(next(iter(self._sessions)))
        journal = self._store.begin(
            title(client), Opened("", (), None), app_version=__version__, origin=SERVED
        )
        journal.on_trouble = self._troubled
        found = self._sessions[client] = _Session(journal)
        return found

    def _end(self, client: str) -> None:
        session = self._sessions.pop(client)
        session.journal.append(Ended(len(session.text), True), durable=True)
        session.journal.close()

    def _troubled(self, trouble: StoreError | None) -> None:
        if trouble is not None:
            self._say(f"The log can't be written: {trouble.message}")


def _adapter(file: ModelFile) -> str | None:
    """The adapter as requests of a window name it, None where there is none."""
    return None if file.adapter is None else f"{file.adapter.stem}@sha256:{file.adapter_sha256}"


def title(client: str) -> str:
    """What a client's sessions are called in the log, as drafts are called by their paths."""
    plain = "".join(sign if sign.isprintable() else " " for sign in client[:_LONGEST])
    return f"served to {' '.join(plain.split()) or 'a program'}"


def _shown(asked: Suggest | Converse) -> tuple[str, str, str]:
    """The text before and after the place that was asked for, and what else the model was shown."""
    if isinstance(asked, Suggest):
        context = asked.context
        return context.before, context.after, context.head + context.near
    return transcript(asked.turns), "", ""


def transcript(turns: tuple[Turn, ...]) -> str:
    """A conversation as a text: the log has no other form for it."""
    said = "".join(f"{_SPEAKERS[turn.speaker]}: {turn.text}\n\n" for turn in turns)
    return f"{said}{_SPEAKERS[Speaker.MODEL]}: "


def _becoming(old: str, new: str) -> Edit:
    start, end, fresh = difference(old, new)
    gone, come = old[start:end], new[start:fresh]
    runs, were = one_run(len(come), FILE), one_run(len(gone), FILE)
    return Edit(start, gone, come, Origin.RELOAD, runs, were)


def _generated(name: str, answer: Done | Failed) -> Generated:
    if isinstance(answer, Failed):
        error = f"{answer.message} {answer.hint}".strip()
        return Generated(name, (), Timings(), error=error)
    return Generated(
        name,
        answer.candidates,
        answer.timings,
        answer.prompt_tokens,
        answer.cached_tokens,
        first_ms=answer.timings.first,
        total_ms=answer.timings.total,
    )
