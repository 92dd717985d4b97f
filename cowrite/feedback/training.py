"""Suggestion rows -> rows for trainers. `docs/feedback.md` has the table of rules; each has a name here.

Only what the writer's hand says becomes a row: what was ignored or never seen says nothing about its text.
"""

from __future__ import annotations

from collections.abc import Iterator

from cowrite.core.outcome import SEEN_MS, Outcome, Why
from cowrite.core.rows import CONTINUE, About, KtoRow, PreferenceRow, SftRow, SuggestionRow
from cowrite.core.task import TaskKind
from cowrite.feedback.token_border import divided

WEAK = 0.5
"""The weight of a `regenerated` suggestion: the writer wanted another one, which is less than a no; and of
one that was kept though a fault of it was told."""


def sft_rows(row: SuggestionRow) -> Iterator[SftRow]:
    """What the writer kept of it, as a completion."""
    final = row.final_text or ""
    if not final.strip():
        return
    reason = {
        Outcome.ACCEPTED: "kept",
        Outcome.EDITED: "edited",
        Outcome.ACCEPTED_PARTIAL: "accepted part",
    }.get(row.outcome)
    if reason is not None:
        prompt, (completion,) = _divided(row, [final])
        yield SftRow(prompt, completion, _about(row, reason))


def preference_rows(row: SuggestionRow) -> Iterator[PreferenceRow]:
    """Pairs of which the writer chose the first."""
    final, instead = row.final_text or "", row.typed_instead or ""
    match row.outcome:
        case Outcome.ACCEPTED_PARTIAL if is_told(row):
            pair = (final, row.offered, "kept some of it")
        case Outcome.REJECTED if row.task == TaskKind.REWRITE:
            pair = (row.passage, row.offered, "refused, as it was")
        case Outcome.EDITED if is_told(row):
            pair = (final, row.offered, "edited")
        case Outcome.EDITED:
            pair = (final, row.offered if row.in_pane else row.inserted_text, "edited")
        case Outcome.ACCEPTED_PARTIAL if instead.strip():
            pair = (final + instead, row.offered, "accepted part, then typed")
        case Outcome.REJECTED if instead.strip():
            pair = (instead, row.offered, "rejected, then typed")
        case _:
            pair = ("", "", "")
    chosen, rejected, reason = pair
    if chosen.strip() and rejected.strip() and chosen != rejected:
        yield _pair(row, chosen, rejected, reason)
    if row.chosen is None or not row.inserted_text.strip() or not final.strip():
        return  # what was deleted again is no better than what was passed over
    for index, passed in enumerate(row.candidates):
        seen = index != row.chosen and passed.shown_ms >= SEEN_MS
        if seen and passed.text.strip() and passed.text != row.inserted_text:
            yield _pair(row, row.inserted_text, passed.text, "taken, others passed over")


def _pair(row: SuggestionRow, chosen: str, rejected: str, reason: str) -> PreferenceRow:
    prompt, (first, second) = _divided(row, [chosen, rejected])
    return PreferenceRow(prompt, first, second, _about(row, reason))


def kto_rows(row: SuggestionRow) -> Iterator[KtoRow]:
    """Single texts that were wanted, or were not."""
    match row.outcome:
        case Outcome.ACCEPTED:
            yield _single(row, row.inserted_text, True, "kept", WEAK if _faults(row) else 1.0)
        case Outcome.EDITED if not (row.final_text or "").strip():
            yield _single(row, row.inserted_text, False, "deleted again")
        case Outcome.REJECTED if row.offered.strip():
            yield _single(row, row.offered, False, "rejected")
        case Outcome.REGENERATED if row.offered.strip():
            yield _single(row, row.offered, False, "regenerated", 1.0 if _faults(row) else WEAK)
        case Outcome.IGNORED if row.offered.strip() and _faults(row):
            yield _single(row, row.offered, False, "said why")
        case _:
            pass


def _faults(row: SuggestionRow) -> bool:
    """Whether the writer said of a text what is wrong with it; wanting own words is no fault of it."""
    return any(reason != Why.OWN for reason in row.reasons)


def _single(
    row: SuggestionRow, text: str, wanted: bool, reason: str, weight: float = 1.0
) -> KtoRow:
    prompt, (completion,) = _divided(row, [text])
    return KtoRow(prompt, completion, wanted, _about(row, reason, weight))


def is_told(row: SuggestionRow) -> bool:
    """Whether the model was told what to do, and did not go on by itself."""
    return row.task != CONTINUE


def told(row: SuggestionRow) -> str:
    """What a model was told: what it was to know first, the instruction, and the passage where there is one."""
    return "\n\n".join(part for part in (row.head, row.instruction, row.passage) if part.strip())


def _divided(row: SuggestionRow, texts: list[str]) -> tuple[str, list[str]]:
    """The prompt of a row and texts for it, which begin where a token may.

    What the model was given before a suggestion is the frozen head, then the draft.
    """
    if is_told(row):
        return f"{told(row)}\n\n", texts
    return divided(row.head + row.prefix, texts)


def _about(row: SuggestionRow, reason: str, weight: float = 1.0) -> About:
    return About(
        reason=reason,
        weight=weight,
        outcome=row.outcome,
        suggestion_id=row.suggestion_id,
        session_id=row.session_id,
        document=row.document,
        requested_at=row.requested_at,
        suffix=row.suffix,
        model=row.model.name,
        model_sha256=row.model.sha256,
        quantisation=row.model.quantisation,
        adapter=row.model.adapter,
        learned=row.learned,
        app_version=row.app_version,
        task=row.task,
        instruction=row.instruction,
        reasons=row.reasons,
    )
