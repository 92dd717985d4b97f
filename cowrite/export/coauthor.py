"""Sessions in the log format of CoAuthor, so that tools made for that data set read cowrite's too.

One event a line; offsets are UTF-16 units, as its browser counts them (or code points, as some readers
do, where that is asked for). An acceptance is select, close, insert by `api`; there is no reject event.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import (
    GHOST,
    Closed,
    Edited,
    Generated,
    Moved,
    Opened,
    Requested,
    SettingChanged,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author
from cowrite.core.replay import ReplayError
from cowrite.core.suggestion import Candidate, Params
from cowrite.export.lines import write_lines
from cowrite.export.source import ExportSource
from cowrite.export.target import new_file
from cowrite.export.units import Units

ASIDE = "coauthor"
"""The setting under which an import keeps what cowrite has no event for."""

Line = dict[str, Any]

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


def write(source: ExportSource, folder: Path) -> int:
    """A file for each session; returns how many events were written."""
    count = 0
    for session in source.sessions():
        events = session_lines(source.events(session), code_points=source.about().code_points)
        with new_file(folder, f"{file_name(session.session_id)}.jsonl") as out:
            count += write_lines(events, out)
    return count


def file_name(session_id: str) -> str:
    """The session's id, or a hash of it where it can't be a file's name."""
    if _PLAIN_NAME.fullmatch(session_id):
        return session_id
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def session_lines(events: Iterable[Stamped], *, code_points: bool = False) -> Iterator[Line]:
    """One session's events in CoAuthor's terms.

    Events between a request and its answer wait for it, since CoAuthor tells all texts when the first is
    seen.
    """
    writer = Lines(code_points=code_points)
    held: list[Stamped] = []
    waiting: set[str] = set()
    for event in events:
        body = event.body
        if isinstance(body, Requested):
            waiting.add(body.suggestion_id)
        elif isinstance(body, Generated):
            writer.know(body)
            waiting.discard(body.suggestion_id)
        held.append(event)
        if not waiting:
            for one in held:
                yield from writer.feed(one)
            held.clear()
    for one in held:
        yield from writer.feed(one)


class Aside(msgspec.Struct, omit_defaults=True):
    """What an import keeps. state: fields that hold until they are said anew. line: the fields of a line
    that are not as usual, which stands for the lines of the next `events`; without: fields it has not."""

    state: Line = {}
    line: Line = {}
    events: int = 0
    without: list[str] = []


class Lines:
    """Turns events into lines; keeps what each line says of the state of the editor."""

    def __init__(self, *, code_points: bool = False) -> None:
        self.document = Document()
        self._units = Units(self.document, code_points=code_points)
        self._cursor = 0
        self._index = 0
        self._params = Params()
        self._answers: dict[str, Generated] = {}
        self._on_screen: str | None = None
        self._shown: set[str] = set()
        self._in_place_of = 0
        self._state: Line = {}

    def know(self, generated: Generated) -> None:
        """The answer to a request, told ahead of the events that need it."""
        self._answers[generated.suggestion_id] = generated

    def feed(self, event: Stamped) -> list[Line]:
        """The lines of one event, often none or one."""
        body = event.body
        if isinstance(body, SettingChanged) and body.name == ASIDE:
            return self._aside(event, body)
        lines = self._lines(event)
        if self._in_place_of:
            self._in_place_of -= 1
            return []
        return lines

    def line(self, event: Stamped, name: str, by: str = "user", **fields: Any) -> Line:
        """A line with the state of the editor after the event."""
        params = self._params
        return {
            "eventName": name,
            "eventSource": by,
            "eventTimestamp": event.wall_ms,
            "textDelta": "",
            "cursorRange": "",
            "currentDoc": "",
            "currentCursor": self._units.at(self._cursor),
            "currentSuggestions": [],
            "currentSuggestionIndex": self._index,
            "currentHoverIndex": "",
            "currentN": str(params.n),
            "currentMaxToken": str(params.max_tokens),
            "currentTemperature": f"{params.sampling.temperature:g}",
            "currentTopP": f"{params.sampling.top_p:g}",
            "currentPresencePenalty": "0",
            "currentFrequencyPenalty": "0",
            **self._state,
            **fields,
        }

    def _aside(self, event: Stamped, body: SettingChanged) -> list[Line]:
        """What an import has kept: the state of other fields from here on, or a line in the place of
        those of the next events."""
        try:
            kept = msgspec.json.decode(body.value, type=Aside)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return []
        self._state.update(kept.state)
        if not kept.line:
            return []
        self._in_place_of = kept.events
        line = {**self.line(event, ""), **kept.line}
        return [{key: value for key, value in line.items() if key not in kept.without}]

    def _lines(self, event: Stamped) -> list[Line]:
        body = event.body
        match body:
            case Edited(edit):
                return self._edited(event, edit)
            case Moved(anchor, head):
                return [self._moved(event, anchor, head)]
            case Opened():
                return self._opened(event, body.text)
            case Requested():
                self._params = body.params
                return [self.line(event, "suggestion-get")]
            case Shown(suggestion_id, candidate, where):
                if where != GHOST and suggestion_id == self._on_screen:
                    return []
                return self._seen(event, suggestion_id, candidate)
            case Generated():
                return self._generated(event, body)
            case Closed():
                return self._closed(event, body)
            case _:
                return []

    # The text

    def _opened(self, event: Stamped, text: str) -> list[Line]:
        """Readers strip the first document, so white space around it comes as edits of its own."""
        core = text.strip()
        self.document = Document(core)
        self._units = Units(self.document, code_points=self._units.code_points)
        self._cursor = 0
        lines = [self.line(event, "system-initialize", "api", currentDoc=core + "\n")]
        at = text.find(core)
        for place, piece in ((0, text[:at]), (len(text[:at]) + len(core), text[at + len(core) :])):
            if piece:
                lines.append(self._replace(event, place, 0, piece, "user"))
        return lines

    def _edited(self, event: Stamped, edit: Edit) -> list[Line]:
        lines: list[Line] = []
        if edit.origin is Origin.SUGGESTION and edit.suggestion_id is not None:
            lines = self._select(event, edit.suggestion_id, edit.candidate or 0)
        place, gone = edit.start, len(edit.deleted)
        pieces = _pieces(edit)
        if not pieces:
            return [*lines, self._replace(event, place, gone, "", "user")]
        for text, by in pieces:
            lines.append(self._replace(event, place, gone, text, by))
            place, gone = place + len(text), 0
        return lines

    def _replace(self, event: Stamped, start: int, gone: int, text: str, by: str) -> Line:
        """One change of the text. The `retain` comes first also where it is 0: readers rely on it."""
        units = self._units
        if start + gone > len(self.document):
            raise ReplayError(
                f"The edit at {start} does not fit the draft of {len(self.document)} characters.",
                "The log of this session is damaged; choose others with --since or --document.",
            )
        ops: list[Line] = [{"retain": units.at(start)}]
        if text:
            ops.append({"insert": text})
        if gone:
            ops.append({"delete": units.at(start + gone) - units.at(start)})
        units.hold(start)
        self.document.replace(start, start + gone, text)
        self._cursor = start + len(text)
        name = "text-insert" if text else "text-delete"
        return self.line(event, name, by, textDelta={"ops": ops})

    def _moved(self, event: Stamped, anchor: int, head: int) -> Line:
        low, high = self._units.at(min(anchor, head)), self._units.at(max(anchor, head))
        name = "cursor-forward" if head >= self._cursor else "cursor-backward"
        self._cursor = head
        if anchor != head:
            name = "cursor-select"
        return self.line(event, name, cursorRange={"index": low, "length": high - low})

    # Suggestions

    def _generated(self, event: Stamped, body: Generated) -> list[Line]:
        self._answers[body.suggestion_id] = body
        if body.error is not None and body.suggestion_id not in self._shown:
            return [self.line(event, "suggestion-fail", "api")]
        return []

    def _seen(self, event: Stamped, suggestion_id: str, candidate: int) -> list[Line]:
        before, self._index = self._index, candidate
        if suggestion_id == self._on_screen:
            if candidate == before:
                return []
            name = "suggestion-down" if candidate > before else "suggestion-up"
            return [self.line(event, name)]
        self._on_screen = suggestion_id
        if suggestion_id in self._shown:
            return [self.line(event, "suggestion-reopen")]
        self._shown.add(suggestion_id)
        answer = self._answers.get(suggestion_id)
        offered = [_offered(i, one) for i, one in enumerate(answer.candidates if answer else ())]
        return [self.line(event, "suggestion-open", "api", currentSuggestions=offered)]

    def _select(self, event: Stamped, suggestion_id: str, candidate: int) -> list[Line]:
        lines: list[Line] = []
        if self._on_screen != suggestion_id:
            lines += self._seen(event, suggestion_id, candidate)
        self._index = candidate
        self._on_screen = None
        lines.append(self.line(event, "suggestion-select"))
        lines.append(self.line(event, "suggestion-close", "api"))
        return lines

    def _closed(self, event: Stamped, body: Closed) -> list[Line]:
        was_open = self._on_screen == body.suggestion_id
        self._answers.pop(body.suggestion_id, None)
        if not was_open:
            return []
        self._on_screen = None
        by = "user" if body.closing is Closing.REJECTED else "api"
        return [self.line(event, "suggestion-close", by)]


def _pieces(edit: Edit) -> list[tuple[str, str]]:
    """The inserted text by who brought it: what the model wrote is by `api`, also when undo brings it back."""
    if len(edit.runs) <= 1:
        model = edit.origin is Origin.SUGGESTION
        if edit.runs:
            model = edit.runs[0][1].author is Author.MODEL
        return [(edit.inserted, "api" if model else "user")] if edit.inserted else []
    out: list[tuple[str, str]] = []
    at = 0
    for length, source in edit.runs:
        by = "api" if source.author is Author.MODEL else "user"
        text = edit.inserted[at : at + length]
        at += length
        if out and out[-1][1] == by:
            out[-1] = (out[-1][0] + text, by)
        else:
            out.append((text, by))
    return out


def _offered(index: int, candidate: Candidate) -> Line:
    """probability is in percent: 100 times e to the sum of the log-probabilities."""
    total = sum(token.logprob for token in candidate.tokens)
    return {
        "index": index,
        "original": candidate.text,
        "trimmed": candidate.text.strip(),
        "probability": 100 * math.exp(total) if candidate.tokens else None,
        "source": "api",
    }
