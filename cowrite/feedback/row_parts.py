"""What the rows of suggestions and of instructions have in common, made of what was followed in the session."""

from __future__ import annotations

from collections.abc import Mapping

from cowrite.core.document import one_line_end
from cowrite.core.events import Generated, Instructed, Requested
from cowrite.core.rows import CandidateRow, Latency, ModelRef
from cowrite.feedback.exposure import Exposure
from cowrite.feedback.kept import standing
from cowrite.feedback.survival import FollowedText


def candidate_rows(generated: Generated | None, exposure: Exposure) -> tuple[CandidateRow, ...]:
    """The candidates, with how long each was seen; none where the engine never ended."""
    return tuple(
        CandidateRow(one.text, one.tokens, one.mean_logprob, one.stop, exposure.of(index))
        for index, one in enumerate(generated.candidates if generated else ())
    )


def model_ref(body: Requested | Instructed, quantisations: Mapping[str, str]) -> ModelRef:
    """The model that was asked. quantisations: by the file's sha256."""
    return ModelRef(
        body.model_name, body.model_sha256, quantisations.get(body.model_sha256), body.adapter
    )


def latency(generated: Generated | None) -> Latency:
    """How long the writer waited, as the window measured it."""
    return Latency(generated.first_ms, generated.total_ms) if generated else Latency(None, None)


def states_until(
    followed: FollowedText | None, kept: str | None, now: int
) -> list[tuple[str, int, str]]:
    """The states of a text that was taken, each as (at, milliseconds after, text), with that at the session's
    end, `now`. kept: what it was then. None of what was not followed."""
    if followed is None:
        return []
    states = [(at, after, one_line_end(text)) for at, after, text in followed.states]
    return [*states, ("end", now - followed.since, kept or "")]


def standing_at_rest(followed: FollowedText | None, inserted: str) -> int | None:
    """How many characters stood when the draft had been left alone first; None where it was not."""
    at_rest = followed.at_rest if followed is not None else None
    return standing(inserted, None if at_rest is None else one_line_end(at_rest))
