"""A session's events as people would tell them: a line each, keystrokes gathered into passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.document import one_line_end
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    ANSWER,
    DIFF,
    GHOST,
    Closed,
    Edited,
    Ended,
    EngineChanged,
    Generated,
    Instructed,
    Opened,
    Refused,
    Requested,
    Saved,
    SettingChanged,
    Shown,
    Snapshotted,
    Stamped,
)
from cowrite.core.ghost import Texts
from cowrite.core.outcome import Closing
from cowrite.core.task import TaskKind
from cowrite.export.coauthor import ASIDE

_PASSAGE = 40
"""Characters after which a passage ends with its word."""

_PAUSE_MS = 5000
"""A pause that ends a passage."""


class EntryKind(StrEnum):
    """What an entry is about."""

    ASKED = "asked"
    SHOWN = "shown"
    TOOK = "took"
    REFUSED = "refused"
    WROTE = "wrote"
    CHANGED = "changed"
    SAVED = "saved"
    NOTE = "note"


STOPS = frozenset({EntryKind.ASKED, EntryKind.TOOK, EntryKind.REFUSED, EntryKind.SAVED})
"""Where a jump from event to event stops: requests, decisions, saves."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: at which event (counted from 0) and when it began, what happened, and the words of it.

    at_ms: since the session's start. Texts are as they were logged: make them printable to show them.
    """

    index: int
    at_ms: int
    kind: EntryKind
    said: str
    quoted: str = ""

    @property
    def is_stop(self) -> bool:
        return self.kind in STOPS


_PARTS = {
    Part.WORD: "took a word",
    Part.SENTENCE: "took a sentence",
    Part.PARAGRAPH: "took a paragraph",
    Part.PANE: "changed and took",
    Part.HUNK: "took a change",
}

_CLOSED = {
    Closing.REJECTED: (EntryKind.REFUSED, "refused"),
    Closing.TYPED: (EntryKind.REFUSED, "wrote on instead"),
    Closing.MOVED: (EntryKind.REFUSED, "went elsewhere"),
    Closing.CANCELLED: (EntryKind.NOTE, "cancelled"),
    Closing.FAILED: (EntryKind.NOTE, "nothing came"),
}
"""How a suggestion's end is told. What was taken or asked for again has a line of its own."""

_ORIGINS = {
    Origin.PASTE: "pasted",
    Origin.CUT: "cut",
    Origin.UNDO: "undid",
    Origin.REDO: "redid",
    Origin.REPLACE: "replaced",
    Origin.RELOAD: "took over the file",
    Origin.RECOVER: "recovered",
}


@dataclass(slots=True)
class _Passage:
    """Keystrokes one after the other: `written` is what they left, `gone` what of older text they deleted."""

    index: int
    at_ms: int
    end: int
    last_ms: int
    said: str = "wrote"
    kind: EntryKind = EntryKind.WROTE
    suggestion_id: str | None = None
    written: str = ""
    gone: str = ""


def timeline(events: Sequence[Stamped], texts: Texts) -> list[TimelineEntry]:
    """The entries of a session, in order. texts: the candidates of each suggestion (`scene.offered`)."""
    teller = _Teller(texts)
    for index, stamped in enumerate(events):
        teller.take(index, stamped)
    teller.end_passage()
    return teller.entries


class _Teller:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._passage: _Passage | None = None
        self._step: tuple[Origin, int] | None = None
        self._listed: str | None = None
        self._current: str | None = None
        self.entries: list[TimelineEntry] = []

    def take(self, index: int, stamped: Stamped) -> None:
        """Tell one event, or gather it."""
        now, body = stamped.mono_ms, stamped.body
        match body:
            case Edited(edit):
                self._edited(index, now, edit)
            case Opened():
                self._tell(index, now, EntryKind.NOTE, "opened", f"{len(body.text):,} characters")
            case Requested():
                self._listed, self._current = None, body.suggestion_id
                again = "asked again" if body.parent_id is not None else "asked"
                self._tell(index, now, EntryKind.ASKED, "asked by itself" if body.auto else again)
            case Instructed():
                self._listed, self._current = None, body.suggestion_id
                said = "asked about it" if body.kind is TaskKind.ASK else "told the model"
                self._tell(index, now, EntryKind.ASKED, said, body.instruction)
            case Refused():
                self._tell(index, now, EntryKind.REFUSED, "refused a change")
            case Generated() if body.error is not None:
                self._tell(index, now, EntryKind.NOTE, "the model failed", body.error)
            case Shown():
                self._shown(index, now, body)
            case Closed():
                if body.closing in _CLOSED:
                    self._tell(index, now, *_CLOSED[body.closing])
            case Snapshotted():
                self._tell(index, now, EntryKind.SAVED, "snapshot", body.name)
            case Saved():
                self._tell(index, now, EntryKind.SAVED, "saved")
            case SettingChanged() if body.name != ASIDE:
                self._tell(index, now, EntryKind.NOTE, f"set {body.name}", body.value)
            case EngineChanged():
                self._tell(index, now, EntryKind.NOTE, f"model: {body.state}", body.reason)
            case Ended():
                self._tell(index, now, EntryKind.NOTE, "ended", "" if body.saved else "not saved")
            case _:
                pass

    def _tell(self, index: int, now: int, kind: EntryKind, said: str, quoted: str = "") -> None:
        self.end_passage()
        self._step = None
        self.entries.append(TimelineEntry(index, now, kind, said, quoted))

    def _shown(self, index: int, now: int, shown: Shown) -> None:
        texts = self._texts.get(shown.suggestion_id, ())
        text = texts[shown.candidate] if 0 <= shown.candidate < len(texts) else ""
        if shown.where in (GHOST, DIFF, ANSWER):
            said = f"shown {shown.candidate + 1}/{len(texts)}" if len(texts) > 1 else "shown"
            self._tell(index, now, EntryKind.SHOWN, said, text)
        elif self._listed != shown.suggestion_id:  # a list shows all of its candidates at once
            self._listed = shown.suggestion_id
            self._tell(index, now, EntryKind.SHOWN, f"shown {len(texts)}", text)

    # Edits

    def _edited(self, index: int, now: int, edit: Edit) -> None:
        if edit.origin is Origin.SUGGESTION:
            said = _PARTS.get(edit.part, "took") if edit.part is not None else "took"
            self._tell(index, now, EntryKind.TOOK, said, edit.inserted)
        elif edit.origin is Origin.TYPED:
            self._typed(index, now, edit)
        elif self._step != (edit.origin, now):
            words = edit.deleted if edit.origin is Origin.CUT else edit.inserted
            self._tell(index, now, EntryKind.CHANGED, _ORIGINS[edit.origin], words)
            self._step = (
                edit.origin,
                now,
            )  # an undo or a replacement everywhere is many edits at once

    def _typed(self, index: int, now: int, edit: Edit) -> None:
        along = edit.suggestion_id if edit.part is Part.TYPED else None
        passage = self._passage
        if passage is None or not _goes_on(passage, now, edit, along):
            self.end_passage()
            self._step = None
            passage = self._passage = _Passage(index, now, edit.start + len(edit.deleted), now)
            if along is not None:
                passage.said, passage.kind = "typed along", EntryKind.TOOK
                passage.suggestion_id = along
        _gather(passage, now, edit)

    def end_passage(self) -> None:
        """Tell what was gathered."""
        passage, self._passage = self._passage, None
        if passage is None:
            return
        written = passage.written
        if written.strip():
            entry = TimelineEntry(passage.index, passage.at_ms, passage.kind, passage.said, written)
        elif passage.gone:
            entry = TimelineEntry(
                passage.index, passage.at_ms, EntryKind.CHANGED, "deleted", passage.gone
            )
        elif "\n" in one_line_end(written):
            entry = TimelineEntry(
                passage.index, passage.at_ms, EntryKind.WROTE, "began a paragraph"
            )
        else:
            return
        self.entries.append(entry)


def _goes_on(passage: _Passage, now: int, edit: Edit, along: str | None) -> bool:
    """Whether a keystroke belongs to the passage: it follows soon, at its end, and begins no new word
    of a passage that is long enough."""
    if now - passage.last_ms > _PAUSE_MS or passage.suggestion_id != along:
        return False
    if edit.start + len(edit.deleted) != passage.end and edit.start != passage.end:
        return False
    begins_word = passage.written[-1:].isspace() and not edit.inserted[:1].isspace()
    return not (len(passage.written) >= _PASSAGE and begins_word and edit.inserted)


def _gather(passage: _Passage, now: int, edit: Edit) -> None:
    behind = edit.start == passage.end and bool(edit.deleted)
    if behind:
        passage.gone += edit.deleted
    else:
        own = min(len(edit.deleted), len(passage.written))
        passage.written = passage.written[: len(passage.written) - own]
        passage.gone = edit.deleted[: len(edit.deleted) - own] + passage.gone
    passage.written += edit.inserted
    passage.end, passage.last_ms = edit.end, now
