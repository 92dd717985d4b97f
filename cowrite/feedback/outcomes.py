"""Journal events of one session -> one row for each suggestion, with its outcome and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    Burst,
    Closed,
    Edited,
    Ended,
    Focused,
    Generated,
    Opened,
    Requested,
    Saved,
    SessionInfo,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.replay import ReplayError
from cowrite.core.rows import SuggestionRow
from cowrite.feedback.settle import HeavyRequest, settled_row
from cowrite.feedback.spill_file import Spool
from cowrite.feedback.suggestion_trace import Asked
from cowrite.feedback.survival import Survival
from cowrite.feedback.typed_instead import Instead

_AGAIN = frozenset({Origin.UNDO, Origin.REDO})
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
    reader = Reader()
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


class Reader:
    """Takes the events of one session, in order, and then gives its rows.

    texts: whether rows need what stood around the request and what was typed instead.
    """

    def __init__(self, *, texts: bool = True) -> None:
        self.document = Document()
        self._texts = texts
        self._ended = False
        self._survival = Survival(self.document)
        self._asked: dict[str, Asked] = {}
        self._open: list[Asked] = []
        self._watches: list[Instead] = []
        self._spool = Spool()
        self._focused = True
        self._hidden: list[tuple[Asked, list[int]]] = []
        self._now = 0

    def close(self) -> None:
        self._spool.close()

    def feed(self, event: Stamped) -> None:
        """Take one event. Raises ReplayError where an edit does not fit the draft."""
        body = event.body
        now = self._now = event.mono_ms
        if isinstance(body, Edited):
            self._survival.advance(now)
            self._edited(body.edit, now)
        elif isinstance(body, Shown):
            self._shown(body, now)
        elif isinstance(body, Closed):
            self._closed(body, now)
        elif isinstance(body, Requested):
            self._requested(body, event.wall_ms)
        elif isinstance(body, Generated):
            if (asked := self._asked.get(body.suggestion_id)) is not None:
                asked.generated = self._spool.add(_ENCODER.encode(body))
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
        while index < count:
            edit, now = burst.edit(at, index, count), last
            if self._by_letter(edit, last):
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
        self._watches = [watch for watch in self._watches if not watch.before(edit, now, document)]
        own = self._asked.get(edit.suggestion_id) if edit.suggestion_id else None
        accepts = own is not None and edit.part is not None and edit.origin not in _AGAIN
        gone = None if accepts else self._taken_back(edit)
        try:
            document.replace(edit.start, edit.start + len(edit.deleted), edit.inserted)
        except IndexError as error:
            raise ReplayError(
                f"The edit at {edit.start} does not fit the draft of {len(document)} characters.",
                "The log of this session is damaged from here on.",
            ) from error
        self._survival.edited(edit, now, own.accepted if own is not None and accepts else None)
        if own is not None and accepts:
            self._accept(own, edit, now)
        elif gone is None and edit.origin is Origin.REDO and edit.inserted:
            self._given_again(edit)
        if self._watches:
            self._watches = [watch for watch in self._watches if not watch.after(document)]

    def _accept(self, asked: Asked, edit: Edit, now: int) -> None:
        asked.taken.add(edit.inserted, edit.part or Part.ALL)
        asked.chosen = edit.candidate
        asked.place = edit.end
        if asked.accepted is None:
            asked.accepted = self._survival.begin(asked.suggestion_id, edit.start, edit.end, now)
        else:
            self._survival.taken_again(asked.accepted, now)

    def _taken_back(self, edit: Edit) -> Asked | None:
        """The suggestion whose taken text this edit gives back whole: by undo, or into an open ghost."""
        if edit.inserted or not edit.deleted:
            return None
        by_hand: bool | None = None
        if edit.origin in _AGAIN:
            owners = {source.suggestion_id for _, source in edit.gone} - {None}
            by_hand = not owners
            candidates = [self._asked[one] for one in owners if one in self._asked] or self._near()
        elif edit.origin is Origin.TYPED:
            candidates = self._open
        else:
            return None
        end = edit.start + len(edit.deleted)
        for asked in candidates:
            if asked.accepted is None:
                continue
            start, stop = self._survival.spans.bounds(asked.accepted.span)
            if stop == end and start <= edit.start:
                untouched = self.document.slice(start, stop) == asked.taken.text
                if untouched and asked.taken.take_back(edit.deleted, by_hand=by_hand):
                    asked.place = edit.start
                    return asked
        return None

    def _near(self) -> list[Asked]:
        """The suggestions whose accepted text is where the last edit was."""
        return [self._asked[accepted.key] for accepted in self._survival.here()]

    def _given_again(self, edit: Edit) -> None:
        by_hand = all(source.suggestion_id is None for _, source in edit.runs)
        for asked in self._near():
            if asked.accepted is None or asked.accepted.span.end != edit.end:
                continue
            if asked.taken.give_again(edit.inserted, by_hand=by_hand):
                asked.place = edit.end
                return

    # Suggestions

    def _requested(self, body: Requested, wall_ms: int) -> None:
        prefix = self._around(body.window_start, body.position)
        suffix = self._around(body.position, body.window_end)
        request = HeavyRequest(body, prefix, suffix, wall_ms)
        asked = Asked(body.suggestion_id, body.position, self._spool.add(_ENCODER.encode(request)))
        self._asked[body.suggestion_id] = asked
        self._open.append(asked)

    def _around(self, start: int, end: int) -> str:
        if not self._texts:
            return ""
        return one_line_end(self.document.slice(start, min(end, len(self.document))))

    def _shown(self, body: Shown, now: int) -> None:
        if (asked := self._asked.get(body.suggestion_id)) is not None:
            alone = body.where == "ghost"
            asked.sight.show(body.candidate, now, alone=alone, focused=self._focused)

    def _closed(self, body: Closed, now: int) -> None:
        asked = self._asked.get(body.suggestion_id)
        if asked is None:
            return
        asked.closing = body.closing
        asked.sight.pause(now)
        if asked in self._open:
            self._open.remove(asked)
        if self._texts and body.closing in _LOOKS_FOR_INSTEAD and asked.instead is None:
            asked.instead = Instead(asked.place, now)
            self._watches.append(asked.instead)

    def _focus(self, focused: bool, now: int) -> None:
        """Nothing is seen in a terminal that is behind another window."""
        if focused == self._focused:
            return
        self._focused = focused
        if not focused:
            self._hidden = [(asked, asked.sight.pause(now)) for asked in self._open]
            return
        for asked, on_screen in self._hidden:
            if asked.closing is None:
                for candidate in on_screen:
                    asked.sight.show(candidate, now, alone=False, focused=True)
        self._hidden = []

    # Settling

    def rows(
        self, session: SessionInfo, quantisations: Mapping[str, str]
    ) -> Iterator[SuggestionRow]:
        """The session is over: each suggestion becomes a row.

        Where it did not end, it goes on or was cut off: what was still open then, with nothing taken of
        it, has no outcome and no row.
        """
        now = self._now
        self._survival.advance(now)
        for asked in self._open:
            asked.sight.pause(now)
        for watch in self._watches:
            watch.finish(self.document)
        for asked in self._asked.values():
            if not self._ended and asked.closing is None and not asked.decided:
                continue
            request = _REQUEST.decode(self._spool.get(asked.requested))
            key = asked.generated
            generated = _GENERATED.decode(self._spool.get(key)) if key else None
            final = self._survival.text(asked.accepted) if asked.accepted else None
            yield settled_row(session, asked, request, generated, final, now, quantisations)
