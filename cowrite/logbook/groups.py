"""The log's figures by model, draft, week or set of parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Literal, get_args

from cowrite.core.events import SERVED
from cowrite.core.figures import SessionFigures
from cowrite.logbook.statistics import Summary

By = Literal["model", "document", "week", "params"]
GROUPINGS: tuple[By, ...] = get_args(By)


def grouped(
    sessions: Iterable[SessionFigures], by: By, models: Collection[str] | None = None
) -> list[Summary]:
    """A summary for each model, draft, week (ISO, as `2026-W05`) or set of parameters, by name."""
    summaries: dict[str, Summary] = {}
    for session in sessions:
        if session.origin == SERVED:
            continue
        labels = {_label(session, by, name, params) for name, params, _ in session.groups}
        if by in ("document", "week"):
            labels.add(_label(session, by, "", ""))
        for label in labels:
            summary = summaries.setdefault(label, Summary(label))
            summary.add(session, whole=by in ("document", "week"))
        for name, params, figures in session.groups:
            if models is None or name in models:
                summaries[_label(session, by, name, params)].figures.add(figures)
    return [summaries[label] for label in sorted(summaries)]


def _label(session: SessionFigures, by: By, model: str, params: str) -> str:
    match by:
        case "model":
            return model or "unknown"
        case "document":
            return session.document
        case "params":
            return params
        case "week":
            year, week, _ = datetime.fromtimestamp(session.started_ms / 1000, UTC).isocalendar()
            return f"{year}-W{week:02}"
