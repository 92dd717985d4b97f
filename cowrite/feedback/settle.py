"""The session is over, and what is known of a suggestion becomes its row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from cowrite.core.document import one_line_end
from cowrite.core.edits import Part
from cowrite.core.events import Generated, Requested, SessionInfo
from cowrite.core.outcome import TOOK, Closing, Facts, Outcome, outcome
from cowrite.core.places import place_of
from cowrite.core.rows import CandidateRow, SuggestionRow
from cowrite.feedback.kept import overlap, standing
from cowrite.feedback.row_parts import (
    candidate_rows,
    latency,
    model_ref,
    standing_at_rest,
    states_until,
)
from cowrite.feedback.suggestion_trace import SuggestionTrace
from cowrite.feedback.survival import measured


class HeavyRequest(msgspec.Struct, array_like=True, frozen=True):
    """The texts of a request, as they wait for the end of the session."""

    body: Requested
    prefix: str
    suffix: str
    wall_ms: int
    near: str = ""
    """The draft right before the position, whether rows need texts or not."""


def iso_time(wall_ms: int) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC: `2026-11-23T13:05:00.123Z`."""
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def settled_row(
    session: SessionInfo,
    trace: SuggestionTrace,
    request: HeavyRequest,
    generated: Generated | None,
    final: str | None,
    now: int,
    quantisations: Mapping[str, str],
) -> SuggestionRow:
    """The row. `final` is what stands in the accepted text's place, `now` when the session ended."""
    body, exposure, accepted = request.body, trace.exposure, trace.suggestion.accepted
    candidates = candidate_rows(generated, exposure)
    inserted = one_line_end(accepted.text)
    kept = one_line_end(final) if accepted and final is not None else None
    verdict, in_pane = _verdict(trace, candidates, inserted, kept)
    took = verdict in TOOK
    instead = None if trace.instead is None else one_line_end(trace.instead.text or "")
    if not took and inserted:
        # The same first letters, typed by the writer: they are what was typed, not what was taken.
        instead = inserted + (instead or "")
    followed = trace.followed if took else None
    index = trace.chosen if took and trace.chosen is not None else (exposure.order or [0])[-1]
    offered = candidates[index].text if index < len(candidates) else ""
    return SuggestionRow(
        suggestion_id=trace.suggestion.suggestion_id,
        session_id=session.session_id,
        document=session.document,
        document_id=session.document_id,
        requested_at=iso_time(request.wall_ms),
        model=model_ref(body, quantisations),
        params=body.params,
        position=body.position,
        head=body.head,
        prefix=request.prefix,
        suffix=request.suffix,
        candidates=candidates,
        shown=tuple(exposure.order),
        chosen=trace.chosen if took else None,
        outcome=verdict,
        closing=trace.suggestion.closing,
        parts=accepted.parts if took else (),
        inserted_text=inserted if took else "",
        by_hand=accepted.by_hand if took else 0,
        in_pane=in_pane,
        final_text=kept if took else None,
        survival=measured(states_until(followed, kept, now), inserted),
        typed_instead=instead,
        shown_ms=exposure.total,
        latency_ms=latency(generated),
        timings_ms=generated.timings if generated else None,
        prompt_tokens=generated.prompt_tokens if generated else 0,
        cached_tokens=generated.cached_tokens if generated else 0,
        auto=body.auto,
        learned=body.learned,
        parent_id=body.parent_id,
        error=generated.error if generated else None,
        app_version=session.app_version,
        origin=session.origin,
        reasons=trace.reasons,
        place=place_of(request.near, offered).value,
        standing_rest=standing_at_rest(followed, inserted),
        standing_end=standing(inserted, kept) if took else None,
        overlap=overlap(offered, instead) if instead and not took else None,
    )


def _verdict(
    trace: SuggestionTrace, candidates: tuple[CandidateRow, ...], inserted: str, kept: str | None
) -> tuple[Outcome, bool]:
    """The outcome, and whether the writer changed the text in the pane before accepting."""
    accepted = trace.suggestion.accepted
    index = trace.chosen if trace.chosen is not None else (trace.exposure.order or [0])[-1]
    whole = candidates[index].text if index < len(candidates) else inserted
    in_pane = Part.PANE.value in accepted.parts and inserted != whole
    if accepted.last is Part.ALL and not in_pane:
        whole = inserted  # all that was there yet, while the model was still writing
    facts = Facts(
        whole=whole,
        inserted=inserted,
        by_hand=accepted.by_hand,
        final=kept,
        # An acceptance that was undone is an explicit no.
        closing=Closing.REJECTED if accepted.refused and not accepted else trace.suggestion.closing,
        shown_ms=trace.exposure.total,
        in_pane=in_pane,
    )
    return outcome(facts), in_pane
