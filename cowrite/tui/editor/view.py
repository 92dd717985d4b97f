"""What a page draws: a draft with its authors, a selection and a ghost, whoever holds them."""

from __future__ import annotations

from typing import Protocol

from cowrite.core.document import Document
from cowrite.core.ghost import Suggestion
from cowrite.core.instruction import Rewrite
from cowrite.core.provenance import Provenance


class DraftView(Protocol):
    """A session that is being written, or one that is played again. Offsets are code points."""

    @property
    def document(self) -> Document:
        """The draft."""

    @property
    def provenance(self) -> Provenance:
        """Who wrote which characters of it."""

    @property
    def cursor(self) -> int:
        """Where the cursor is."""

    @property
    def selected(self) -> tuple[int, int]:
        """The selection in the order of the text."""

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggestion on screen."""

    @property
    def ghost(self) -> str:
        """Its text that is shown and isn't in the draft."""

    @property
    def rewrite(self) -> Rewrite | None:
        """The rewrite that stands in the draft."""
