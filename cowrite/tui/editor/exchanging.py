"""What a sign that is typed at a place of a draft is exchanged for, by the page's settings. Pure."""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.language import language_at
from cowrite.core.quotation import STYLES, Quotes, of_language
from cowrite.core.reading import Reading
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.prose_here import prose_before
from cowrite.tui.editor.typography import Typed, exchanged


def exchange_for(
    document: Document, reading: Reading, start: int, end: int, sign: str, look: Look
) -> Typed | None:
    """What becomes of `sign`, typed in the place of `start` to `end`; None where it stays, as in code."""
    before = prose_before(document, reading, start, sign)
    if before is None:
        return None
    after = document.slice(end, min(end + 1, len(document)))
    return exchanged(before, sign, after, _quotes(document, start, sign, look))


def _quotes(document: Document, place: int, sign: str, look: Look) -> Quotes:
    """The quotes of the style that is chosen, or of the language that is spoken around a place."""
    if sign not in "\"'" or look.quotes in STYLES:
        return STYLES.get(look.quotes, STYLES["english"])
    return of_language(language_at(document, place) or look.language)
