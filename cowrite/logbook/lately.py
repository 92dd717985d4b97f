"""What is known of a suggestion by now: what stands of it in the draft, and what was said of it since."""

from __future__ import annotations

from dataclasses import replace

from cowrite.core.rows import SuggestionRow
from cowrite.feedback.kept import standing_now
from cowrite.store import LogReader


class Lately:
    """Reads the last session of each draft that is asked for, and keeps what it finds of one draft."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self._said: dict[str, tuple[str, ...]] | None = None
        self._last: dict[str, str] | None = None
        """The last session of each draft."""
        self._stands: tuple[str, dict[str, int]] = ("", {})
        """The draft that was asked for last, and what stands in it."""

    def row(self, row: SuggestionRow) -> SuggestionRow:
        """The row with what is known by now. Raises StoreError."""
        if self._said is None:
            self._said = self._log.reasons()
        reasons = self._said.get(row.suggestion_id, row.reasons)
        if row.standing_end is None:
            return replace(row, reasons=reasons)
        stands = self._standing(row.document_id).get(row.suggestion_id, 0)
        return replace(row, reasons=reasons, standing_now=min(stands, len(row.inserted_text)))

    def _standing(self, document_id: str) -> dict[str, int]:
        """By suggestion: its characters in a draft, as the draft's last session left it."""
        if self._last is None:
            # The newest of a draft come last.
            self._last = {one.document_id: one.session_id for one in self._log.sessions()}
        if self._stands[0] != document_id:
            last = self._last.get(document_id)
            found = standing_now(self._log.bursts(last, tokens=False)) if last is not None else {}
            self._stands = (document_id, found)
        return self._stands[1]
