"""Instructions of one session: how long answers were seen, what of them was taken, what became of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import Closed, Generated, Instructed, Reasoned, Refused, SessionInfo, Shown
from cowrite.core.hunks import repeats, undoes
from cowrite.core.instruction import Rewrite
from cowrite.core.outcome import TOOK, Closing, Facts, Outcome, outcome
from cowrite.core.rows import CandidateRow, SuggestionRow
from cowrite.core.task import TaskKind
from cowrite.feedback.exposure import Exposure
from cowrite.feedback.kept import standing
from cowrite.feedback.row_parts import (
    candidate_rows,
    latency,
    model_ref,
    standing_at_rest,
    states_until,
)
from cowrite.feedback.settle import iso_time
from cowrite.feedback.spill_file import SpillFile
from cowrite.feedback.survival import FollowedText, Survival, measured

Key = tuple[int, int]


class _HeavyTold(msgspec.Struct, array_like=True, frozen=True):
    """The texts of an instruction, as they wait for the end of the session."""

    body: Instructed
    passage: str
    prefix: str
    suffix: str
    wall_ms: int


_ENCODER = msgspec.msgpack.Encoder()
_TOLD = msgspec.msgpack.Decoder(_HeavyTold)
_GENERATED = msgspec.msgpack.Decoder(Generated)


class ToldTrace:
    """What is known so far of one instruction. Its texts are kept elsewhere."""

    __slots__ = (
        "after", "chosen", "exposure", "followed", "generated", "put", "reasons", "requested", "rewrite",
    )  # fmt: skip

    def __init__(self, rewrite: Rewrite, requested: Key) -> None:
        self.rewrite = rewrite
        """Followed by its edits alone: where the passage is, and what of it was taken."""
        self.requested = requested
        self.generated: Key | None = None
        self.exposure = Exposure()
        self.reasons: tuple[str, ...] = ()
        self.chosen: int | None = None
        self.followed: FollowedText | None = None
        self.after = ""
        """The passage right after something was taken last."""
        self.put: Edit | None = None
        """What put an answer into the draft last."""

    def look(self, now: int, *, focused: bool) -> None:
        """From now on what is on screen is seen, or nothing is."""
        self.exposure.see(self.rewrite.on_screen if focused else (), now)

    def take_back(self, edit: Edit) -> None:
        """An answer that an undo takes out of the draft is not taken, until a redo."""
        put = self.put
        if put is None:
            return
        if edit.origin is Origin.UNDO and undoes(edit, put):
            self.after = ""
        elif edit.origin is Origin.REDO and repeats(edit, put):
            self.after = put.inserted.strip()


class ToldReader:
    """Takes a session's events about instructions. texts: whether rows need what stood around them."""

    def __init__(self, spilled: SpillFile, *, texts: bool) -> None:
        self._spilled, self._texts = spilled, texts
        self._traces: dict[str, ToldTrace] = {}
        self._open: list[ToldTrace] = []

    def __contains__(self, suggestion_id: str | None) -> bool:
        return suggestion_id in self._traces

    def told(self, body: Instructed, document: Document, wall_ms: int) -> None:
        """An instruction was given."""
        end = min(body.end, len(document))
        before = document.slice(min(body.start, end), end)
        passage = one_line_end(before) if self._texts else ""
        heavy = _HeavyTold(
            body if self._texts else replace(body, given=None, notes=""),
            passage,
            self._around(document, body.window_start, body.start),
            self._around(document, body.end, body.window_end),
            wall_ms,
        )
        place = (body.start, "") if body.kind is TaskKind.ASK else (body.start, before)
        rewrite = Rewrite(body.suggestion_id, body.kind, "", *place, [""] * body.params.n)
        trace = ToldTrace(rewrite, self._spilled.add(_ENCODER.encode(heavy)))
        self._traces[body.suggestion_id] = trace
        self._open.append(trace)

    def _around(self, document: Document, start: int, end: int) -> str:
        if not self._texts or start >= end:
            return ""
        return one_line_end(document.slice(start, min(end, len(document))))

    def answered(self, body: Generated) -> None:
        """Its candidates have ended."""
        self._traces[body.suggestion_id].generated = self._spilled.add(_ENCODER.encode(body))

    def shown(self, body: Shown, now: int, *, focused: bool) -> None:
        """A candidate came on screen, in the place of the one before."""
        trace = self._traces[body.suggestion_id]
        trace.rewrite.on_screen = {body.candidate}
        trace.exposure.note(body.candidate)
        trace.look(now, focused=focused)

    def refused(self, body: Refused) -> None:
        """A hunk was refused."""
        if body.suggestion_id in self._traces:
            self._traces[body.suggestion_id].rewrite.refused += 1

    def reasoned(self, body: Reasoned) -> None:
        """The writer said why; nothing where it is of another session's."""
        trace = self._traces.get(body.suggestion_id)
        if trace is not None and body.reason.value not in trace.reasons:
            trace.reasons += (body.reason.value,)

    def closed(self, body: Closed, now: int) -> None:
        """It left the screen."""
        trace = self._traces[body.suggestion_id]
        trace.rewrite.closing = body.closing
        trace.rewrite.on_screen = set()
        trace.exposure.see((), now)
        if trace in self._open and body.closing is not Closing.TAKEN:
            self._open.remove(trace)

    def look(self, now: int, *, focused: bool) -> None:
        """The terminal got or lost the focus."""
        for trace in self._open:
            trace.look(now, focused=focused)

    def own(self, edit: Edit) -> FollowedText | None:
        """What of an instruction's text an edit goes on with."""
        trace = self._traces.get(edit.suggestion_id or "")
        return trace.followed if trace is not None and _takes(edit) else None

    def edited(self, edit: Edit, survival: Survival, now: int) -> None:
        """The draft was changed; its passages follow, and what was taken is followed from now on."""
        for trace in list(self._open):
            rewrite, taken = trace.rewrite, trace.rewrite.taken
            own = edit.suggestion_id == rewrite.suggestion_id and _takes(edit)
            if rewrite.kind is TaskKind.ASK:
                if own:
                    self._took(trace, edit, _said(edit), survival, now)
                    trace.put = edit
                else:
                    trace.take_back(edit)
                continue
            rewrite.edited(edit)
            if own:
                self._took(trace, edit, (rewrite.start, rewrite.end), survival, now)
            elif rewrite.taken != taken:
                trace.after = rewrite.passage if rewrite.taken else ""
            if rewrite.broken:
                self._open.remove(trace)

    def _took(
        self, trace: ToldTrace, edit: Edit, place: tuple[int, int], survival: Survival, now: int
    ) -> None:
        trace.chosen = edit.candidate
        if trace.followed is None:
            trace.followed = survival.begin(trace.rewrite.suggestion_id, *place, now)
        else:
            survival.taken_again(trace.followed, now)
        whole = edit.part is Part.HUNK
        trace.after = trace.rewrite.passage if whole else edit.inserted.strip()

    # Settling

    def row(
        self,
        name: str,
        session: SessionInfo,
        survival: Survival,
        now: int,
        quantisations: Mapping[str, str],
        *,
        ended: bool,
    ) -> SuggestionRow | None:
        """The row of one; None where it was still open when the session was cut off."""
        trace = self._traces[name]
        if not ended and trace.rewrite.closing is None and not trace.after:
            return None
        told = _TOLD.decode(self._spilled.get(trace.requested))
        key = trace.generated
        generated = _GENERATED.decode(self._spilled.get(key)) if key else None
        final = survival.text(trace.followed) if trace.followed is not None else None
        return _row(session, trace, told, generated, final, now, quantisations)


def _said(edit: Edit) -> tuple[int, int]:
    """Where an answer that was put into the draft stands, without the spaces that keep it apart."""
    text = edit.inserted
    low = len(text) - len(text.lstrip())
    return edit.start + low, edit.start + max(low, len(text.rstrip()))


def _takes(edit: Edit) -> bool:
    """Whether an edit puts some of an answer into the draft, and is no undo or redo."""
    return edit.part is not None and edit.origin.value == "suggestion"


def _row(
    session: SessionInfo,
    trace: ToldTrace,
    told: _HeavyTold,
    generated: Generated | None,
    final: str | None,
    now: int,
    quantisations: Mapping[str, str],
) -> SuggestionRow:
    body, exposure, rewrite = told.body, trace.exposure, trace.rewrite
    candidates = candidate_rows(generated, exposure)
    inserted = one_line_end(trace.after)
    kept = one_line_end(final) if inserted and final is not None else None
    verdict = _verdict(trace, candidates, inserted, kept, told.passage)
    took = verdict in TOOK
    followed = trace.followed if took else None
    return SuggestionRow(
        suggestion_id=body.suggestion_id,
        session_id=session.session_id,
        document=session.document,
        document_id=session.document_id,
        requested_at=iso_time(told.wall_ms),
        model=model_ref(body, quantisations),
        params=body.params,
        position=body.start,
        head=body.notes,
        prefix=told.prefix,
        suffix=told.suffix,
        candidates=candidates,
        shown=tuple(exposure.order),
        chosen=trace.chosen if took else None,
        outcome=verdict,
        closing=rewrite.closing,
        parts=_parts(rewrite) if took else (),
        inserted_text=inserted if took else "",
        by_hand=0,
        in_pane=False,
        final_text=kept if took else None,
        survival=measured(states_until(followed, kept, now), inserted),
        typed_instead=None,
        shown_ms=exposure.total,
        latency_ms=latency(generated),
        timings_ms=generated.timings if generated else None,
        prompt_tokens=generated.prompt_tokens if generated else 0,
        cached_tokens=generated.cached_tokens if generated else 0,
        auto=False,
        learned="",
        parent_id=body.parent_id,
        error=generated.error if generated else None,
        app_version=session.app_version,
        origin=session.origin,
        task=body.kind.value,
        instruction=body.instruction,
        preset=body.preset,
        passage=told.passage if body.given is None else body.given,
        hunks_refused=rewrite.refused,
        reasons=trace.reasons,
        standing_rest=standing_at_rest(followed, inserted),
        standing_end=standing(inserted, kept) if took else None,
    )


def _parts(rewrite: Rewrite) -> tuple[str, ...]:
    """How what was taken came into the draft."""
    if rewrite.kind is TaskKind.ASK:
        return (Part.ALL.value,)
    return (Part.HUNK.value,) * max(1, rewrite.taken)


def _verdict(
    trace: ToldTrace,
    candidates: tuple[CandidateRow, ...],
    inserted: str,
    kept: str | None,
    passage: str,
) -> Outcome:
    index = trace.chosen if trace.chosen is not None else (trace.exposure.order or [0])[-1]
    whole = candidates[index].text if index < len(candidates) else inserted
    if whole.strip() == inserted.strip():
        whole = inserted
    closing = trace.rewrite.closing
    if inserted and kept is not None and kept == passage != inserted:
        inserted, kept, closing = "", None, Closing.REJECTED  # taken back: an explicit no
    if trace.followed is not None and not inserted:
        closing = Closing.REJECTED
    return outcome(Facts(whole, inserted, 0, kept, closing, trace.exposure.total))
