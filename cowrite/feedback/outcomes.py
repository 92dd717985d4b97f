"""Journal events of one session -> one row for each suggestion, with its outcome and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import (
    Burst,
    Closed,
    Edited,
    Ended,
    Focused,
    Generated,
    Instructed,
    Opened,
    Reasoned,
    Refused,
    Requested,
    Saved,
    SessionInfo,
    Shown,
    Stamped,
)
from cowrite.core.ghost import Effect
from cowrite.core.outcome import SEEN_MS, Closing
from cowrite.core.places import NEAR
from cowrite.core.replay import ReplayError
from cowrite.core.rows import SuggestionRow
from cowrite.feedback.kept import TYPED, last_pause
from cowrite.feedback.settle import HeavyRequest, settled_row
from cowrite.feedback.spill_file import SpillFile
from cowrite.feedback.suggestion_trace import SuggestionTrace
from cowrite.feedback.survival import Survival
from cowrite.feedback.told import ToldReader
from cowrite.feedback.typed_instead import TypedInstead

_LOOKS_FOR_INSTEAD = frozenset({Closing.REJECTED, Closing.TYPED})

_ENCODER = msgspec.msgpack.Encoder()
_REQUEST = msgspec.msgpack.Decoder(HeavyRequest)
_GENERATED = msgspec.msgpack.Decoder(Generated)


def suggestion_rows(
    session: SessionInfo,
    events: Iterable[Stamped | Burst],
    *,
    quantisations: Mapping[str, str] | None = None,
    troubles: list[str] | None = None,
) -> Iterator[SuggestionRow]:
    """The rows of one session, in the order of its requests.

    quantisations: by the model file's sha256. troubles: gets a sentence where the session is damaged, and
    the rows are those up to there; without it, ReplayError is raised. Memory does not grow with the edits;
    of each suggestion some hundred bytes are kept until the session is over, its texts in a temporary file.
    """
    reader = OutcomeReader()
    try:
        try:
            for event in events:
                if isinstance(event, Burst):
                    reader.feed_burst(event)
                else:
                    reader.feed(event)
        except ReplayError as error:
            if troubles is None:
                raise
            troubles.append(f"Session {session.session_id} is damaged: {error.message}")
        yield from reader.rows(session, quantisations or {})
    finally:
        reader.close()


class OutcomeReader:
    """Takes the events of one session, in order, and then gives its rows.

    texts: whether rows need what stood around the request and what was typed instead.
    """

    def __init__(self, *, texts: bool = True) -> None:
        self.document = Document()
        self._texts = texts
        self._ended = False
        self._survival = Survival(self.document)
        self._traces: dict[str, SuggestionTrace] = {}
        self._open: list[SuggestionTrace] = []
        self._watches: list[TypedInstead] = []
        self._spilled = SpillFile()
        self._told = ToldReader(self._spilled, texts=texts)
        self._order: list[str] = []
        """The ids of suggestions and instructions as they were asked for."""
        self._focused = True
        self._now = self._began = 0

    def close(self) -> None:
        self._spilled.close()

    def feed(self, event: Stamped) -> None:
        """Take one event. Raises ReplayError where an edit does not fit the draft."""
        body = event.body
        now = self._now = self._began = event.mono_ms
        if isinstance(body, Edited):
            self._survival.rest(now)
            self._survival.advance(now)
            self._edited(body.edit, now)
        elif isinstance(body, Shown):
            if (trace := self._traces.get(body.suggestion_id)) is not None:
                trace.shown(body, now, focused=self._focused)
            elif body.suggestion_id in self._told:
                self._told.shown(body, now, focused=self._focused)
        elif isinstance(body, Closed):
            self._closed(body, now)
        elif isinstance(body, Requested):
            self._requested(body, event.wall_ms)
        elif isinstance(body, Generated):
            if (trace := self._traces.get(body.suggestion_id)) is not None:
                trace.answered(self._spilled.add(_ENCODER.encode(body)))
            elif body.suggestion_id in self._told:
                self._told.answered(body)
        elif isinstance(body, Instructed):
            self._order.append(body.suggestion_id)
            self._told.told(body, self.document, event.wall_ms)
        elif isinstance(body, Reasoned):
            self._reasoned(body)
        elif isinstance(body, Refused):
            self._told.refused(body)
        elif isinstance(body, Saved):
            self._survival.advance(now)
            self._survival.saved(now)
        elif isinstance(body, Focused):
            self._focus(body.focused, now)
        elif isinstance(body, Opened):
            self.document = Document(body.text)
            self._survival = Survival(self.document)
        elif isinstance(body, Ended):
            self._ended = True

    def feed_burst(self, burst: Burst) -> None:
        """Take plain typing in one piece, as if its events came one by one. Raises ReplayError.

        What is typed beside an accepted text, or in the place of a refused one, is looked at by the letter.
        """
        times = burst.mono_ms
        at, index, count, last = burst.start, 0, len(times), times[-1]
        paused = last_pause(times) if self._survival.waits else 0
        while index < count:
            edit, now = burst.edit(at, index, count), last
            self._began = times[index]
            self._survival.rest(self._began)
            if self._by_letter(edit, last) or (index < paused and self._survival.waits):
                edit, now = burst.edit(at, index, index + 1), times[index]
                index += 1
            else:
                index = count
            self._now = now
            # In one piece: no accepted text changes, or none before its next state is due.
            self._survival.advance(now)
            self._edited(edit, now)
            at = edit.end

    def _by_letter(self, edit: Edit, until: int) -> bool:
        if self._watches or (edit.deleted and self._open):
            return True
        end = edit.start + len(edit.deleted)
        return not self._survival.at_once(edit.start, end, until)

    # Edits

    def _edited(self, edit: Edit, now: int) -> None:
        document = self.document
        self._watches = [
            watch for watch in self._watches if not watch.before(edit, self._began, document)
        ]
        own = self._traces.get(edit.suggestion_id) if edit.suggestion_id else None
        effects = {trace.edited(edit) for trace in self._open}
        if own is not None and own not in self._open:
            effects.add(own.edited(edit))  # such as from a menu, which closes before its text comes
        taken = own if Effect.TOOK in effects else None
        gave_back = Effect.GAVE_BACK in effects or (taken is None and self._undid(edit))
        try:
            document.replace(edit.start, edit.start + len(edit.deleted), edit.inserted)
        except IndexError as error:
            raise ReplayError(
                f"The edit at {edit.start} does not fit the draft of {len(document)} characters.",
                "The log of this session is damaged from here on.",
            ) from error
        followed = taken.followed if taken is not None else self._told.own(edit)
        self._survival.edited(edit, now, followed)
        self._told.edited(edit, self._survival, now)
        if taken is not None:
            self._follow(taken, edit, now)
        elif not gave_back and edit.origin is Origin.REDO and edit.inserted:
            self._redid(edit)
        if self._watches:
            self._watches = [watch for watch in self._watches if not watch.after(document)]

    def _follow(self, trace: SuggestionTrace, edit: Edit, now: int) -> None:
        """Follow what was just taken through the edits to come."""
        if trace.followed is not None:
            self._survival.taken_again(trace.followed, now)
        else:
            name = trace.suggestion.suggestion_id
            trace.follow(self._survival.begin(name, edit.start, edit.end, now))

    # What undo and redo do to a suggestion after its end: its accepted text is known by its place

    def _undid(self, edit: Edit) -> bool:
        """Whether this edit takes back, whole, what had been taken last of a suggestion."""
        if edit.inserted or not edit.deleted or edit.origin not in (Origin.UNDO, Origin.REDO):
            return False
        owners = {source.suggestion_id for _, source in edit.gone} - {None}
        known = [self._traces[one] for one in owners if one in self._traces] or self._near()
        end = edit.start + len(edit.deleted)
        for trace in known:
            if trace.followed is None:
                continue
            start, stop = self._survival.regions.bounds(trace.followed.region)
            if stop != end or start > edit.start:
                continue
            accepted = trace.suggestion.accepted
            untouched = self.document.slice(start, stop) == accepted.text
            if untouched and accepted.take_back(edit.deleted, by_hand=not owners):
                return True
        return False

    def _near(self) -> list[SuggestionTrace]:
        """The suggestions whose accepted text is where the last edit was."""
        here = [followed.key for followed in self._survival.here()]
        return [self._traces[key] for key in here if key in self._traces]

    def _redid(self, edit: Edit) -> None:
        by_hand = all(source.suggestion_id is None for _, source in edit.runs)
        for trace in self._near():
            if trace.followed is None or trace.followed.region.end != edit.end:
                continue
            if trace.suggestion.accepted.give_again(edit.inserted, by_hand=by_hand):
                return

    # Suggestions

    def _requested(self, body: Requested, wall_ms: int) -> None:
        prefix = self._around(body.window_start, body.position)
        suffix = self._around(body.position, body.window_end)
        near = self.document.slice(max(0, body.position - NEAR), body.position)
        request = HeavyRequest(body, prefix, suffix, wall_ms, near)
        trace = SuggestionTrace(body, self._spilled.add(_ENCODER.encode(request)))
        self._traces[body.suggestion_id] = trace
        self._open.append(trace)
        self._order.append(body.suggestion_id)

    def _around(self, start: int, end: int) -> str:
        if not self._texts:
            return ""
        return one_line_end(self.document.slice(start, min(end, len(self.document))))

    def _closed(self, body: Closed, now: int) -> None:
        trace = self._traces.get(body.suggestion_id)
        if trace is None:
            if body.suggestion_id in self._told:
                self._told.closed(body, now)
            return
        trace.closed(body, now)
        if trace in self._open:
            self._open.remove(trace)
        looks = self._texts or trace.exposure.total >= SEEN_MS
        if looks and body.closing in _LOOKS_FOR_INSTEAD and trace.instead is None:
            self._watches.append(trace.watch(now, None if self._texts else TYPED + 1))

    def _reasoned(self, body: Reasoned) -> None:
        trace, reason = self._traces.get(body.suggestion_id), body.reason.value
        if trace is None:
            self._told.reasoned(body)
        elif reason not in trace.reasons:
            trace.reasons += (reason,)

    def _focus(self, focused: bool, now: int) -> None:
        """Nothing is seen in a terminal that is behind another window."""
        self._focused = focused
        for trace in self._open:
            trace.look(now, focused=focused)
        self._told.look(now, focused=focused)

    # Settling

    def rows(
        self, session: SessionInfo, quantisations: Mapping[str, str]
    ) -> Iterator[SuggestionRow]:
        """The session is over: each suggestion becomes a row.

        Where it did not end, it goes on or was cut off: what was still open then, with nothing taken of
        it, has no outcome and no row.
        """
        now = self._now
        self._survival.rest(now)
        self._survival.advance(now)
        for trace in self._open:
            trace.look(now, focused=False)
        for watch in self._watches:
            watch.finish(self.document)
        self._told.look(now, focused=False)
        for name in self._order:
            if name in self._told:
                told = self._told.row(
                    name, session, self._survival, now, quantisations, ended=self._ended
                )
                if told is not None:
                    yield told
                continue
            trace = self._traces[name]
            if not self._ended and trace.suggestion.closing is None and not trace.decided:
                continue
            request = _REQUEST.decode(self._spilled.get(trace.requested))
            key = trace.generated
            generated = _GENERATED.decode(self._spilled.get(key)) if key else None
            final = self._survival.text(trace.followed) if trace.followed else None
            yield settled_row(session, trace, request, generated, final, now, quantisations)
