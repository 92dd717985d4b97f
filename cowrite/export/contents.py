"""What a data set holds, as its card tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cowrite.core.events import SessionInfo
from cowrite.core.rows import SuggestionRow


@dataclass(slots=True)
class Contents:
    """What was written. files: rows by configuration and split. taken, kept: suggestions of which something
    was taken, and the sum of the shares of it that stood at the end.
    """

    files: dict[str, dict[str, int]] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    suggestions: int = 0
    sessions: int = 0
    drafts: set[str] = field(default_factory=set)
    taken: int = 0
    kept: float = 0.0

    def count_session(self, session: SessionInfo) -> None:
        """Count a session."""
        self.sessions += 1
        self.drafts.add(session.document_id)

    def count(self, row: SuggestionRow) -> None:
        """Count a suggestion."""
        self.suggestions += 1
        self.outcomes[row.outcome.value] = self.outcomes.get(row.outcome.value, 0) + 1
        self.models[row.model.sha256] = row.model.name
        if row.survival:
            self.taken += 1
            self.kept += row.survival[-1].kept
