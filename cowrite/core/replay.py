"""The draft as it was at any event of a session: text, who wrote it, and the selection.

A session's events begin with `Opened`; each later one is applied to what the earlier ones left. Recovery,
survival and the player all read a session through this.
"""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Body, Edited, Moved, Opened
from cowrite.core.provenance import FILE, PASTE, WRITER, Author, Provenance, Runs, Source, one_run
from cowrite.errors import CowriteError


class ReplayError(CowriteError):
    """An edit does not fit the draft that the events before it left."""


def usual_runs(edit: Edit) -> Runs:
    """Who wrote an edit's inserted text where nothing else is said: it follows from the edit's origin."""
    return one_run(len(edit.inserted), usual_source(edit.origin, edit.suggestion_id))


def usual_source(origin: Origin, suggestion_id: str | None = None) -> Source:
    """Whose text an edit of this origin brings as a rule."""
    match origin:
        case Origin.SUGGESTION:
            return Source(Author.MODEL, suggestion_id)
        case Origin.PASTE:
            return PASTE
        case Origin.RELOAD:
            return FILE
        case _:
            return WRITER


class Replay:
    """Applies events one by one. Positions are code points; `selection` is `(anchor, head)`."""

    __slots__ = ("document", "provenance", "selection")

    def __init__(
        self, text: str = "", runs: Runs | None = None, selection: tuple[int, int] = (0, 0)
    ) -> None:
        self.document = Document(text)
        self.provenance = Provenance(one_run(len(text), FILE) if runs is None else runs)
        self.selection = selection

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def runs(self) -> Runs:
        return tuple(self.provenance)

    def apply(self, body: Body) -> None:
        """Do what the event did to the draft; most kinds do nothing.

        Raises ReplayError where an edit deletes other characters than are there; the draft is then as it
        was before.
        """
        if isinstance(body, Edited):
            self._edit(body.edit)
        elif isinstance(body, Moved):
            self.selection = (body.anchor, body.head)
        elif isinstance(body, Opened):
            self.document = Document(body.text)
            self.provenance = Provenance(body.runs or one_run(len(body.text), FILE))
            self.selection = (0, 0)

    def show(self, runs: Runs, selection: tuple[int, int]) -> None:
        """Have these authors and this selection, for a text that was changed from outside."""
        self.provenance = Provenance(runs)
        self.selection = selection

    def _edit(self, edit: Edit) -> None:
        end = edit.start + len(edit.deleted)
        if not 0 <= edit.start <= end <= len(self.document) or (
            edit.deleted and self.document.slice(edit.start, end) != edit.deleted
        ):
            raise ReplayError(
                f"The edit at {edit.start} does not fit the draft of {len(self.document)} characters.",
                "The log of this session is damaged from here on.",
            )
        self.document.replace(edit.start, end, edit.inserted)
        self.provenance.replace(edit.start, end, edit.runs or usual_runs(edit))
        self.selection = (edit.end, edit.end)
