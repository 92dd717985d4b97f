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
from cowrite.core.rows import CandidateRow, Latency, ModelRef, SuggestionRow
from cowrite.feedback.kept import overlap, standing
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
    candidates = tuple(
        CandidateRow(one.text, one.tokens, one.mean_logprob, one.stop, exposure.of(index))
        for index, one in enumerate(generated.candidates if generated else ())
    )
    inserted = _plain(accepted.text)
    kept = _plain(final) if accepted and final is not None else None
    verdict, in_pane = _verdict(trace, candidates, inserted, kept)
    took = verdict in TOOK
    instead = None if trace.instead is None else _plain(trace.instead.text or "")
    if not took and inserted:
        # The same first letters, typed by the writer: they are what was typed, not what was taken.
        instead = inserted + (instead or "")
    states: list[tuple[str, int, str]] = []
    if took and trace.followed is not None:
        states = [(at, after, _plain(text)) for at, after, text in trace.followed.states]
        states.append(("end", now - trace.followed.since, kept or ""))
    index = trace.chosen if took and trace.chosen is not None else (exposure.order or [0])[-1]
    offered = candidates[index].text if index < len(candidates) else ""
    at_rest = trace.followed.at_rest if took and trace.followed is not None else None
    return SuggestionRow(
        suggestion_id=trace.suggestion.suggestion_id,
        session_id=session.session_id,
        document=session.document,
        document_id=session.document_id,
        requested_at=iso_time(request.wall_ms),
        model=ModelRef(
            body.model_name,
            body.model_sha256,
            quantisations.get(body.model_sha256),
            body.adapter,
        ),
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
        survival=measured(states, inserted),
        typed_instead=instead,
        shown_ms=exposure.total,
        latency_ms=Latency(generated.first_ms, generated.total_ms)
        if generated
        else Latency(None, None),
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
        standing_rest=standing(inserted, None if at_rest is None else _plain(at_rest)),
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


def _plain(text: str) -> str:
    """With line endings as models write them."""
    return one_line_end(text)
