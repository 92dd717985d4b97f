"""What was generated at a place before, to show one of it again."""

from __future__ import annotations

from cowrite.errors import CowriteError
from cowrite.session.drafting import DraftSession
from cowrite.session.logbook import Choice, LogSource
from cowrite.session.revisiting import TAIL, Earlier, earlier, same_place
from cowrite.store import Store
from cowrite.tui.screens.choosing import Chooser, Entry

_MOST = 200


def found_here(store: Store | None, session: DraftSession) -> list[Earlier]:
    """Every suggestion that the log has for the place at the cursor, the last one first."""
    if store is None or session.journal is None:
        return []
    session.journal.flush(1.0)
    cursor = session.cursor
    before = session.document.slice(max(0, cursor - TAIL - 1), cursor).replace("\r\n", "\n")
    path = session.path
    choice = (
        Choice(document=str(path.absolute()))
        if path is not None
        else Choice(session=session.journal.session_id)
    )
    found: list[Earlier] = []
    try:
        rows = LogSource(store, choice).suggestions()
        found += [earlier(row) for row in rows if same_place(row, before)]
    except CowriteError as error:
        session.listener.notice(error.message, error.hint, "warning")
    return [again for again in found[::-1] if again.candidates][:_MOST]


class EarlierScreen(Chooser):
    """Answers with `WHICH INDEX`: which of the suggestions, and which of its candidates."""

    def __init__(self, found: list[Earlier]) -> None:
        entries = [
            Entry(f"{which} {index}", candidate.text.strip(), again.outcome.value.replace("_", " "))
            for which, again in enumerate(found)
            for index, candidate in enumerate(again.candidates)
        ]
        super().__init__("Suggested here before", entries)
