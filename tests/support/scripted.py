"""Sessions written by hand, event by event, for tests of what reads them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    DIFF,
    Body,
    Closed,
    Edited,
    Ended,
    Focused,
    Generated,
    Instructed,
    Opened,
    Requested,
    Saved,
    SessionInfo,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, Author, Provenance, Source, one_run
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.core.task import TaskKind

STARTED = 1_767_225_600_000  # 2026-01-01T00:00:00Z


@dataclass
class Scripted:
    """A session as a script: each call appends what cowrite would have logged."""

    text: str = ""
    number: int = 1
    document_path: str = "/drafts/story.md"
    events: list[Stamped] = field(default_factory=list)
    now: int = 0

    def __post_init__(self) -> None:
        self.document = Document(self.text)
        self.provenance = Provenance(one_run(len(self.text), FILE))
        self.asked: dict[str, tuple[str, ...]] = {}
        self.place: dict[str, int] = {}
        self._log(Opened(self.text, one_run(len(self.text), FILE), self.document_path))

    @property
    def info(self) -> SessionInfo:
        return SessionInfo(
            session_id=f"session-{self.number}",
            document_id=hashlib.sha256(
                self.document_path.encode("utf-8", "surrogatepass")
            ).hexdigest()[:32],
            document=self.document_path,
            started_ms=STARTED,
            ended_ms=STARTED + self.now,
            app_version="0.1.0",
        )

    def _log(self, body: Body) -> None:
        self.events.append(Stamped(len(self.events) + 1, self.now, STARTED + self.now, body))

    def wait(self, seconds: float) -> Scripted:
        self.now += round(seconds * 1000)
        return self

    # Edits

    def edit(
        self,
        start: int,
        end: int,
        text: str,
        origin: Origin = Origin.TYPED,
        *,
        source: Source | None = None,
        suggestion_id: str | None = None,
        candidate: int | None = None,
        part: Part | None = None,
        runs: tuple[tuple[int, Source], ...] | None = None,
    ) -> Edit:
        deleted = self.document.slice(start, end)
        author = Author.PASTE if origin is Origin.PASTE else Author.WRITER
        if runs is None:
            runs = one_run(len(text), source or Source(author))
        gone = self.provenance.replace(start, end, runs)
        self.document.replace(start, end, text)
        edit = Edit(start, deleted, text, origin, runs, gone, suggestion_id, candidate, part)
        self._log(Edited(edit))
        return edit

    def type(self, text: str, at: int | None = None) -> Scripted:
        """Key by key, at the end of the draft or at `at`."""
        place = len(self.document) if at is None else at
        for character in text:
            self.edit(place, place, character)
            place += 1
            self.now += 50
        return self

    def backspace(self, count: int, at: int | None = None) -> Scripted:
        place = len(self.document) if at is None else at
        for _ in range(count):
            self.edit(place - 1, place, "")
            place -= 1
            self.now += 50
        return self

    def change(self, old: str, new: str) -> Scripted:
        """Select the first `old` and type `new` in its place, key by key."""
        place = self.document.text.index(old)
        self.edit(place, place + len(old), new[:1])
        return self.type(new[1:], place + 1) if len(new) > 1 else self

    def undo(self, edit: Edit) -> Edit:
        return self.edit(edit.start, edit.end, edit.deleted, Origin.UNDO, runs=edit.gone)

    def redo(self, edit: Edit) -> Edit:
        end = edit.start + len(edit.deleted)
        return self.edit(edit.start, end, edit.inserted, Origin.REDO, runs=edit.runs)

    # Suggestions

    def ask(
        self,
        name: str,
        *texts: str,
        at: int | None = None,
        model: str = "small",
        parent: str | None = None,
        auto: bool = False,
        latency: float = 100.0,
    ) -> Scripted:
        place = len(self.document) if at is None else at
        start = max(0, place - 200)
        end = min(len(self.document), place + 50)
        self._log(
            Requested(
                name,
                place,
                start,
                end,
                Params(n=len(texts) or 1, seed=7),
                model,
                "ab" * 32,
                auto=auto,
                parent_id=parent,
            )
        )
        candidates = tuple(
            Candidate(text, (Token(text, -1.5),) if text else (), StopReason.SENTENCE)
            for text in texts
        )
        self._log(
            Generated(
                name, candidates, Timings(5, 20, 90), 40, 30, first_ms=latency, total_ms=latency * 2
            )
        )
        self.asked[name], self.place[name] = texts, place
        return self

    def tell(self, name: str, instruction: str, passage: str, text: str) -> Scripted:
        """Tell the model what to do with a passage, and take all of what it made of it."""
        start = self.document.text.index(passage)
        end = start + len(passage)
        params = Params(n=1, seed=7)
        self._log(
            Instructed(
                name, TaskKind.REWRITE, instruction, start, end, 0, end, params, "small", "ab" * 32
            )
        )
        candidates = (Candidate(text, (), StopReason.END),)
        self._log(Generated(name, candidates, Timings(5, 20, 90), 40, 30, 100.0, 200.0))
        self.show(name, where=DIFF)
        model = Source(Author.MODEL, name)
        self.edit(
            start, end, text, Origin.SUGGESTION,
            source=model, suggestion_id=name, candidate=0, part=Part.HUNK,
        )  # fmt: skip
        return self.close(name, Closing.TAKEN)

    def show(
        self, name: str, candidate: int = 0, seconds: float = 1.0, where: str = "ghost"
    ) -> Scripted:
        self._log(Shown(name, candidate, where))
        return self.wait(seconds)

    def take(
        self, name: str, text: str | None = None, part: Part = Part.ALL, candidate: int = 0
    ) -> Edit:
        place = self.place[name]
        typed = part is Part.TYPED
        edit = self.edit(
            place,
            place,
            self.asked[name][candidate] if text is None else text,
            Origin.TYPED if typed else Origin.SUGGESTION,
            source=Source(Author.WRITER) if typed else Source(Author.MODEL, name),
            suggestion_id=name,
            candidate=candidate,
            part=part,
        )
        self.place[name] = edit.end
        return edit

    def close(self, name: str, closing: Closing, candidate: int = 0) -> Scripted:
        self._log(Closed(name, closing, candidate))
        return self

    def accept(self, name: str, candidate: int = 0, seconds: float = 1.0) -> Edit:
        """Show, take all, close."""
        self.show(name, candidate, seconds)
        edit = self.take(name, candidate=candidate)
        self.close(name, Closing.TAKEN, candidate)
        return edit

    # The rest

    def focus(self, focused: bool) -> Scripted:
        self._log(Focused(focused))
        return self

    def save(self, path: str | None = None) -> Scripted:
        self._log(Saved(path or self.document_path, "cd" * 32, len(self.document)))
        return self

    def end(self) -> Scripted:
        self._log(Ended(len(self.document), True))
        return self
