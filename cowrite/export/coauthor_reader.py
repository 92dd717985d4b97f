"""Reads CoAuthor logs as sessions of cowrite's.

What cowrite has no event for (hovering, reopening) is kept aside, and where the export of an event would
differ from the line that it was read from, the difference is: so an import exports as it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    PANE,
    Body,
    Closed,
    Edited,
    Ended,
    Focused,
    Generated,
    Moved,
    Opened,
    Requested,
    SessionInfo,
    SettingChanged,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, WRITER, Author, Source, one_run
from cowrite.core.suggestion import Candidate, Params, Sampling, StopAt, Timings
from cowrite.export.coauthor import ASIDE, Aside, Line, Lines
from cowrite.export.coauthor_lines import NotCoAuthor, changes, integer, number, read_lines
from cowrite.export.units import Units

STICKY = (
    *("currentSuggestionIndex", "currentHoverIndex", "currentN", "currentMaxToken"),
    *("currentTemperature", "currentTopP", "currentPresencePenalty", "currentFrequencyPenalty"),
)
"""Fields of every line that say how the editor is set, and seldom change."""

NAME = "coauthor"


def read_session(
    path: Path, *, code_points: bool | None = None
) -> tuple[SessionInfo, list[Stamped]]:
    """One file as a session with its events.

    code_points: what its offsets count; None finds out, and takes UTF-16 units where both would do.
    Raises NotCoAuthor, which names the line.
    """
    lines, digest = read_lines(path)
    tries = (False, True) if code_points is None else (code_points,)
    trouble: NotCoAuthor | None = None
    for units in tries:
        try:
            events = list(_Importer(lines, code_points=units).events())
            break
        except NotCoAuthor as error:
            trouble = trouble or error
    else:
        assert trouble is not None
        raise NotCoAuthor(f"{path}: {trouble.message}", trouble.hint)
    info = SessionInfo(
        session_id=digest[:32],
        document_id=f"{NAME}-{digest[:24]}",
        document=f"{NAME}/{path.stem}",
        started_ms=events[0].wall_ms,
        ended_ms=events[-1].wall_ms,
        app_version="",
        origin=NAME,
        extra={"offsets": "code points" if units else "utf-16"},
    )
    return info, events


class _Importer:
    """Walks the lines of one session; `Lines` runs along and says what each event would export as."""

    def __init__(self, lines: list[Line], *, code_points: bool) -> None:
        self._lines = lines
        self._document = Document()
        self._units = Units(self._document, code_points=code_points)
        self._mirror = Lines(code_points=code_points)
        self._code_points = code_points
        self._seq = 0
        self._asked = 0
        self._asked_ms = 0
        self._current: str | None = None
        self._offered: tuple[str, ...] = ()
        self._selected: int | None = None
        self._at = 0
        first = lines[0]["eventTimestamp"]
        self._session = hashlib.sha256(repr((first, len(lines), lines[0])).encode()).hexdigest()[
            :16
        ]
        self._first = first
        self._latest = 0

    def events(self) -> Iterator[Stamped]:
        for index, line in enumerate(self._lines):
            self._at = index
            yield from self._with_aside(line, self._bodies(line))
        last = self._lines[-1]
        yield self._stamp(last, Ended(len(self._document), True, "imported"))

    def _stamp(self, line: Line, body: Body, *, count: bool = True) -> Stamped:
        wall: int = line["eventTimestamp"]
        self._latest = max(self._latest, wall - self._first)
        self._seq += count
        return Stamped(self._seq, self._latest, wall, body)

    def _with_aside(self, line: Line, bodies: list[Body]) -> Iterator[Stamped]:
        """The events of a line, before them what it takes to export the same line again."""
        mirror = self._mirror
        probe = self._stamp(line, Focused(True), count=False)
        before = mirror.line(probe, "")
        state = {key: line[key] for key in STICKY if key in line and line[key] != before[key]}
        if state:
            aside = self._stamp(line, _aside(Aside(state=state)))
            mirror.feed(aside)
            before |= state
            yield aside
        made: list[Line] = []
        for body in bodies:
            if isinstance(body, Generated):
                mirror.know(body)
            made += mirror.feed(replace(probe, body=body))
        if made != [line]:
            other = {key: value for key, value in line.items() if before.get(key, self) != value}
            without = [key for key in before if key not in line]
            kept = Aside(line=other, events=len(bodies), without=without)
            yield self._stamp(line, _aside(kept))
        for body in bodies:
            yield self._stamp(line, body)

    def _bodies(self, line: Line) -> list[Body]:
        name = line["eventName"]
        delta = line.get("textDelta")
        if name == "system-initialize":
            return [self._opened(line)]
        if isinstance(delta, dict) and isinstance(delta.get("ops"), list):
            return list(self._edits(line, delta["ops"]))
        if name.startswith("cursor-"):
            return self._moved(line)
        match name:
            case "suggestion-get":
                return [self._requested(line)]
            case "suggestion-open":
                return self._opened_menu(line)
            case "suggestion-reopen":
                return [*self._shown()]
            case "suggestion-select":
                self._selected = integer(line.get("currentSuggestionIndex"), 0)
                return []
            case "suggestion-close":
                return self._closed(line)
            case "suggestion-fail" if self._current is not None:
                return [Generated(self._current, (), Timings(), error="the service failed")]
            case _:
                return []

    # The text

    def _opened(self, line: Line) -> Opened:
        text = line.get("currentDoc")
        if self._at or not isinstance(text, str):
            raise self._wrong("is a system-initialize where none can be")
        text = text.removesuffix("\n")
        self._document = Document(text)
        self._units = Units(self._document, code_points=self._code_points)
        return Opened(text, one_run(len(text), FILE), None, "import")

    def _edits(self, line: Line, ops: list[Any]) -> Iterator[Body]:
        """A delta as edits: each is a place, what was deleted there and what was inserted."""
        place = 0
        try:
            found = list(changes(ops))
        except ValueError as error:
            raise self._wrong("has a delta that is none") from error
        for start, gone, text in found:
            begin = self._point(place + start)
            end = self._point(place + start + gone)
            place += start + self._size(text)
            yield Edited(self._edit(line, begin, end, text))

    def _edit(self, line: Line, start: int, end: int, text: str) -> Edit:
        by_model = line.get("eventSource") == "api"
        self._units.hold(start)
        deleted, *_ = self._document.replace(start, end, text)
        if not by_model:
            return Edit(start, deleted, text, Origin.TYPED, one_run(len(text), WRITER))
        source = Source(Author.MODEL, self._current)
        candidate = self._chosen(text)
        return Edit(
            start,
            deleted,
            text,
            Origin.SUGGESTION,
            one_run(len(text), source),
            suggestion_id=self._current,
            candidate=candidate,
            part=Part.ALL if self._current is not None else None,
        )

    def _chosen(self, text: str) -> int | None:
        """The candidate that was inserted: the one selected, or else the one with this text."""
        selected, self._selected = self._selected, None
        for index, offered in enumerate(self._offered):
            if offered.strip() == text.strip() and (selected is None or index == selected):
                return index
        return selected if selected is not None and selected < len(self._offered) else None

    def _moved(self, line: Line) -> list[Body]:
        reach = line.get("cursorRange")
        if not isinstance(reach, dict):
            return []
        low = self._point(integer(reach.get("index"), 0))
        high = self._point(integer(reach.get("index"), 0) + integer(reach.get("length"), 0))
        return [Moved(low, high)]

    # Suggestions

    def _requested(self, line: Line) -> Requested:
        self._asked += 1
        self._asked_ms = int(line["eventTimestamp"])
        self._current = f"{NAME}-{self._session}-{self._asked}"
        self._offered = ()
        place = self._place_asked()
        params = Params(
            n=integer(line.get("currentN"), 0),
            max_tokens=integer(line.get("currentMaxToken"), 0),
            stop=StopAt.NONE,
            sampling=Sampling(
                temperature=number(line.get("currentTemperature"), 0.0),
                top_k=0,
                top_p=number(line.get("currentTopP"), 1.0),
                min_p=0.0,
                dry_multiplier=0.0,
            ),
        )
        size = len(self._document)
        return Requested(self._current, place, 0, size, params, NAME, "")

    def _place_asked(self) -> int:
        """Where the text that answers this request goes, or else the end of the draft."""
        for line in self._lines[self._at + 1 :]:
            if line["eventName"] == "suggestion-get":
                break
            delta = line.get("textDelta")
            if isinstance(delta, dict) and line.get("eventSource") == "api":
                ops = delta.get("ops") or [{}]
                first = ops[0] if isinstance(ops[0], dict) else {}
                found = self._units.code_point(integer(first.get("retain"), 0))
                return len(self._document) if found is None else found
        return len(self._document)

    def _opened_menu(self, line: Line) -> list[Body]:
        if self._current is None:
            return []
        offered = line.get("currentSuggestions")
        texts = [
            str(one.get("original", one.get("trimmed", "")))
            for one in (offered if isinstance(offered, list) else [])
            if isinstance(one, dict)
        ]
        self._offered = tuple(texts)
        waited = float(line["eventTimestamp"] - self._asked_ms)
        answer = Generated(
            self._current,
            tuple(Candidate(text) for text in texts),
            Timings(),
            first_ms=waited,
            total_ms=waited,
        )
        return [answer, *self._shown()]

    def _shown(self) -> Iterator[Shown]:
        if self._current is not None:
            for index in range(len(self._offered)):
                yield Shown(self._current, index, PANE)

    def _closed(self, line: Line) -> list[Body]:
        if self._current is None:
            return []
        if self._selected is not None:
            return [Closed(self._current, Closing.TAKEN, self._selected)]
        by_writer = line.get("eventSource") == "user"
        return [Closed(self._current, Closing.REJECTED if by_writer else Closing.TYPED, 0)]

    # Offsets

    def _size(self, text: str) -> int:
        return (
            len(text) if self._code_points else len(text.encode("utf-16-le", "surrogatepass")) // 2
        )

    def _point(self, units: int) -> int:
        """An offset of the file in code points. The browser's document has a last `\\n` of its own."""
        end = self._units.at(len(self._document))
        if end < units <= end + 1:
            return len(self._document)
        found = self._units.code_point(units)
        if found is None:
            raise self._wrong(f"has the offset {units}, which is none of its draft")
        return found

    def _wrong(self, what: str) -> NotCoAuthor:
        return NotCoAuthor(f"event {self._at + 1} {what}.", "Was the file cut or edited?")


def _aside(kept: Aside) -> SettingChanged:
    return SettingChanged(ASIDE, msgspec.json.encode(kept).decode())
