"""Candidates as JSON, for `cowrite complete` with one text and with many."""

from __future__ import annotations

from typing import Any

from cowrite.core.suggestion import Candidate, bytes_of


def candidate_rows(candidates: tuple[Candidate, ...], logprobs: int) -> list[dict[str, Any]]:
    """Those that have a text. logprobs: alternatives that were asked for, 0 for no tokens at all."""
    return [_row(candidate, logprobs) for candidate in candidates if candidate.text]


def _row(candidate: Candidate, logprobs: int) -> dict[str, Any]:
    mean = candidate.mean_logprob
    row: dict[str, Any] = {
        "text": candidate.text,
        "tokens": len(candidate.tokens),
        "mean_logprob": None if mean is None else round(mean, 4),
        "stop": candidate.stop,
    }
    if logprobs:
        row["logprobs"] = [
            {
                "text": t.text,
                "bytes": list(bytes_of(t)),
                "logprob": round(t.logprob, 4),
                "alternatives": t.alternatives,
            }
            for t in candidate.tokens
        ]
    return row
