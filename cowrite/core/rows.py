"""Rows made of the journal: what the feedback room writes and the export room reads.

Every row can be made again from the events of its session; none of them is kept as truth.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.outcome import Closing, Outcome
from cowrite.core.suggestion import Params, StopReason, Timings, Token

CONTINUE = "continue"
"""The task of a suggestion at the cursor, which no instruction asked for."""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model wrote. `quantisation` and `adapter` are None where they are not known."""

    name: str
    sha256: str
    quantisation: str | None = None
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate as it ended, and for how many milliseconds it was on screen."""

    text: str
    tokens: tuple[Token, ...]
    mean_logprob: float | None
    stop: StopReason | None
    shown_ms: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the request to the first text and to the last, as the writer waited for them."""

    first: float | None
    total: float | None


@dataclass(frozen=True, slots=True)
class SpanState:
    """What had become of an accepted text at a moment after its (last) acceptance.

    at: `15s` `30s` `120s` `300s` `600s`, `save` or `end`. after_ms: since the acceptance. text: what stood
    in its place. characters, words: Levenshtein distance to the text as it was inserted. kept: the share
    of the inserted characters that is still there, 0 to 1.
    """

    at: str
    after_ms: int
    text: str
    characters: int
    words: int
    kept: float


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One request and all that came of it.

    prefix, suffix: the draft around the position, as the model saw it. shown: the candidates on screen, in
    the order they were first seen. chosen: the candidate of which something was taken. parts: how it was
    taken, in order. inserted_text: all that it put into the draft; by_hand: how many of those characters
    the writer typed through. final_text: what stood in its place at settle, None where nothing was
    inserted. typed_instead: what the writer wrote in its place, None where that was not looked for. learned:
    as in `core.events.Requested`. task: `CONTINUE`, or what the model was told to do (`core.task.TaskKind`).

    Of an instruction, `passage` is what the model was shown to work on, inserted_text the whole passage as it
    was right after something was taken last, and final_text what stood in its place at settle; its parts are
    the hunks that were taken.

    reasons: what the writer said of it (`core.outcome.Why`), in that order, each once. place: the kind of its
    place (`core.places.Place`), empty for an instruction. standing_rest, standing_end, standing_now: how many
    characters of inserted_text still stood when the draft had been left alone for 10 s, at the session's end,
    and in the draft as the log knows it last; None where nothing was inserted or that is not known. overlap:
    the share of the first 50 characters typed after a refusal that the refused text says as well.
    """

    suggestion_id: str
    session_id: str
    document: str
    document_id: str
    requested_at: str
    model: ModelRef
    params: Params
    position: int
    head: str
    prefix: str
    suffix: str
    candidates: tuple[CandidateRow, ...]
    shown: tuple[int, ...]
    chosen: int | None
    outcome: Outcome
    closing: Closing | None
    parts: tuple[str, ...]
    inserted_text: str
    by_hand: int
    in_pane: bool
    final_text: str | None
    survival: tuple[SpanState, ...]
    typed_instead: str | None
    shown_ms: int
    latency_ms: Latency
    timings_ms: Timings | None
    prompt_tokens: int
    cached_tokens: int
    auto: bool
    learned: str
    parent_id: str | None
    error: str | None
    app_version: str
    origin: str
    task: str = CONTINUE
    instruction: str = ""
    preset: str = ""
    passage: str = ""
    hunks_refused: int = 0
    reasons: tuple[str, ...] = ()
    place: str = ""
    standing_rest: int | None = None
    standing_end: int | None = None
    standing_now: int | None = None
    overlap: float | None = None

    @property
    def offered(self) -> str:
        """The text of the candidate that was taken from, or else seen last; empty where there was none."""
        index = self.chosen if self.chosen is not None else (self.shown[-1] if self.shown else 0)
        return self.candidates[index].text if index < len(self.candidates) else ""


@dataclass(frozen=True, slots=True)
class About:
    """Where a training row comes from. `reason` says by which rule; `weight` is 1 unless the sign is weak.
    `reasons` are the writer's own, as in `SuggestionRow`."""

    reason: str
    weight: float
    outcome: Outcome
    suggestion_id: str
    session_id: str
    document: str
    requested_at: str
    suffix: str
    model: str
    model_sha256: str
    quantisation: str | None
    adapter: str | None
    learned: str
    app_version: str
    task: str = CONTINUE
    instruction: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SftRow:
    """Supervised: the completion is what the writer kept."""

    prompt: str
    completion: str
    about: About


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    """Of two texts for one prompt, the writer chose the first."""

    prompt: str
    chosen: str
    rejected: str
    about: About


@dataclass(frozen=True, slots=True)
class KtoRow:
    """One text that the writer wanted (label true) or did not."""

    prompt: str
    completion: str
    label: bool
    about: About


TrainingRow = SftRow | PreferenceRow | KtoRow
